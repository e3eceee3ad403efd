import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KubeObject, project } from '../contract/index.ts';
import { type Difference, decided, differences, isEmpty, isPlain, nameOf, pathText } from './differences.ts';

/** Carries differences out: what each says is put where it says. */
function applied(object: unknown, changes: readonly Difference[]): unknown {
  return changes.reduce((whole, { steps, to }) => put(whole, steps, to), object);
}

function put(value: unknown, [step, ...deeper]: Difference['steps'], to: unknown): unknown {
  if (step === undefined) return to;
  if (typeof step === 'string') {
    const fields = isPlain(value) ? value : {};
    return { ...fields, [step]: put(fields[step], deeper, to) };
  }
  const list = (Array.isArray(value) ? value : []) as Readonly<Record<string, unknown>>[];
  const others = list.filter((item) => nameOf(item) !== step.item);
  const found = list.find((item) => nameOf(item) === step.item);
  const item = put(found ?? { name: step.item }, deeper, to);
  // A variable whose value is gone is gone.
  const gone = item === undefined || (isPlain(item) && deeper[0] === 'value' && to === undefined && item['valueFrom'] === undefined);
  return gone ? others : [...others, item];
}

/** As far as differences go: what is empty is absent, and named items stand in any order. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normal);
    const named = items.every((item) => isPlain(item) && nameOf(item) !== undefined);
    return named ? items.sort((a, b) => ((nameOf(a as never) ?? '') < (nameOf(b as never) ?? '') ? -1 : 1)) : items;
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, normal(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner)));
}

const word = fc.stringMatching(/^[a-z]{1,4}$/);
const container = fc.record(
  {
    image: word,
    args: fc.array(word, { maxLength: 3 }),
    env: fc.uniqueArray(fc.record({ name: word, value: fc.string({ minLength: 1, maxLength: 6 }) }), {
      selector: (v) => v.name,
      maxLength: 3,
    }),
    ports: fc.uniqueArray(fc.record({ containerPort: fc.integer({ min: 1, max: 5 }) }), { selector: (p) => p.containerPort, maxLength: 3 }),
    resources: fc.record({ requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), word) }),
    readinessProbe: fc.record({ httpGet: fc.record({ path: word, port: fc.integer({ min: 1, max: 9 }) }) }),
  },
  { requiredKeys: ['image'] },
);
const deployment = fc
  .record({
    labels: fc.dictionary(fc.constantFrom('tier', 'app.kubernetes.io/name'), word),
    annotations: fc.dictionary(fc.constantFrom('team', 'example.com/owner', 'deployment.kubernetes.io/revision'), word),
    replicas: fc.option(fc.nat(5), { nil: undefined }),
    readyReplicas: fc.nat(5),
    containers: fc.dictionary(word, container, { maxKeys: 3 }),
    tolerations: fc.array(fc.record({ key: fc.constantFrom('a', 'b'), effect: word }), { maxLength: 3 }),
  })
  .map(({ labels, annotations, replicas, readyReplicas, containers, tolerations }): KubeObject =>
    project('Deployment', {
      metadata: { name: 'checkout', namespace: 'shop', labels, annotations },
      spec: {
        replicas,
        selector: {},
        template: { spec: { containers: Object.entries(containers).map(([name, c]) => ({ name, ...c })), tolerations } },
      },
      status: { readyReplicas },
    }),
  );

test('the differences, carried out on what was, give what is', () => {
  fc.assert(
    fc.property(deployment, deployment, (before, after) => {
      const found = differences(decided(before), decided(after));
      expect(normal(applied(decided(before), found))).toEqual(normal(decided(after)));
    }),
    { numRuns: 500 },
  );
});

test('an object has no differences from itself, whatever its status', () => {
  fc.assert(
    fc.property(deployment, fc.nat(9), (object, readyReplicas) => {
      const again = { ...object, status: { ...(object as KubeObject<'Deployment'>).status, readyReplicas } } as KubeObject;
      expect(differences(decided(object), decided(again))).toEqual([]);
    }),
  );
});

test('what is empty is as good as absent; what is not is told whole', () => {
  expect(differences({ spec: { a: [] } }, { spec: { a: null, b: {} } })).toEqual([]);
  expect(differences({}, { spec: { b: {} } })).toEqual([{ steps: ['spec'], from: undefined, to: { b: {} } }]);
});

test('paths are written as people write them', () => {
  expect(pathText(['spec', 'template', 'spec', 'containers', { item: 'app' }, 'image'])).toBe('spec.template.spec.containers[app].image');
  expect(pathText(['metadata', 'labels', 'app.kubernetes.io/name'])).toBe('metadata.labels[app.kubernetes.io/name]');
  expect(pathText(['spec', 'ports', { item: '8080' }, 'targetPort'])).toBe('spec.ports[8080].targetPort');
});
