import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type Kind, type KubeObject, project } from '../../contract/index.ts';
import { ChangeRecorder } from './changes.ts';

const NOW = Date.parse('2026-11-20T12:00:00.400Z');
const at = (ms: number) => `${new Date(NOW + ms).toISOString().slice(0, 19)}Z`;

/** A recorder fed with raw objects as a session feeds it; `told` after a flush. */
function recorder(now = () => NOW) {
  const told: Change[] = [];
  const own = new ChangeRecorder('east', (changes) => told.push(...changes), now);
  const known = new Map<string, KubeObject>();
  const see = (
    kind: Kind,
    raw: { readonly metadata: { readonly name: string; readonly [field: string]: unknown }; readonly [field: string]: unknown },
    first = false,
  ) => {
    const key = `${kind} ${raw.metadata.name}`;
    const after = project(kind, raw);
    own.observed(kind, `shop/${raw.metadata.name}`, () => known.get(key), after, raw, first);
    known.set(key, after);
  };
  const gone = (kind: Kind, name: string) => {
    const before = known.get(`${kind} ${name}`);
    own.observed(kind, `shop/${name}`, () => before, undefined, undefined, false);
  };
  const flush = () => {
    own.flush();
    return told;
  };
  return { see, gone, flush };
}

const wrote = (manager: string, time: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});
const meta = (name: string, version: string, more: object = {}) => ({
  name,
  namespace: 'shop',
  uid: `uid-${name}`,
  resourceVersion: version,
  ...more,
});
const deployment = (version: string, image: string, more: { metadata?: object; replicas?: number; env?: object[] } = {}) => ({
  metadata: meta('checkout', version, more.metadata),
  spec: {
    replicas: more.replicas ?? 2,
    selector: {},
    template: { spec: { containers: [{ name: 'app', image, env: more.env ?? [] }] } },
  },
  status: { readyReplicas: Number(version) },
});

test('says who changed which field from what to what, and nothing of a status', () => {
  const { see, flush } = recorder();
  see('Deployment', deployment('1', 'app:1'));
  see('Deployment', deployment('2', 'app:1'));
  const image = { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:image': {} } } } } } };
  see(
    'Deployment',
    deployment('3', 'app:2', {
      metadata: {
        generation: 7,
        annotations: { 'deployment.kubernetes.io/revision': '4', 'kubernetes.io/change-cause': 'release 2' },
        managedFields: [
          wrote('kube-controller-manager', at(0), { 'f:status': {} }, 'status'),
          wrote('kubectl-label', at(0), { 'f:metadata': { 'f:labels': { 'f:tier': {} } } }),
          wrote('kubectl-set', at(0), image),
        ],
      },
    }),
  );
  const [created, changed, ...more] = flush();
  expect(more).toEqual([]);
  expect(created).toMatchObject({ type: 'created', by: null });
  expect(changed).toMatchObject({
    context: 'east',
    type: 'changed',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout', uid: 'uid-checkout' },
    by: { manager: 'kubectl-set', operation: 'Update', cause: 'release 2' },
    fields: [{ path: 'spec.template.spec.containers[app].image', from: 'app:1', to: 'app:2' }],
    generation: 7,
    revision: '4',
    beforeKnown: true,
    count: 1,
    summary: 'Deployment shop/checkout: image of container app app:1 → app:2, by kubectl-set (release 2)',
  });
});

test('of a ConfigMap or Secret it says which key, and never a value or anything that tells it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Kind>('Secret', 'ConfigMap'),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), { maxKeys: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), { maxKeys: 4 }),
      (kind, before, after) => {
        const { see, flush } = recorder();
        see(kind, { metadata: meta('s', '1'), data: before });
        see(kind, { metadata: meta('s', '2'), data: after });
        const told = flush().filter((c) => c.type === 'changed');
        const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
        const differ = [...keys].filter((k) => before[k] !== after[k]).sort();
        expect(told.flatMap((c) => c.fields.map((f) => f.path)).sort()).toEqual(differ.map((k) => `data[${k}]`));
        const text = JSON.stringify(told);
        for (const value of [...Object.values(before), ...Object.values(after)]) expect(text).not.toContain(value);
      },
    ),
    { numRuns: 150 },
  );
});

test('a variable that is a credential is masked by its name, another is said', () => {
  const { see, flush } = recorder();
  see('Deployment', deployment('1', 'app:1'));
  see(
    'Deployment',
    deployment('2', 'app:1', {
      env: [
        { name: 'DB_PASSWORD', value: 'geheim123' },
        { name: 'LEVEL', value: 'debug' },
      ],
    }),
  );
  const [, changed] = flush();
  expect(changed?.fields).toEqual([
    { path: 'spec.template.spec.containers[app].env[DB_PASSWORD].value', from: null, to: '[masked]' },
    { path: 'spec.template.spec.containers[app].env[LEVEL].value', from: null, to: 'debug' },
  ]);
});

test('at the first reading, what the server remembers of a week is told without what was before', () => {
  const { see, flush } = recorder();
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  see(
    'Deployment',
    deployment('9', 'app:1', {
      metadata: {
        creationTimestamp: at(-30 * 86_400_000),
        managedFields: [
          wrote('helm', at(-30 * 86_400_000), { 'f:spec': {} }),
          wrote('kubectl-scale', at(-3_600_000), replicas),
          wrote('kube-controller-manager', at(-60_000), { 'f:status': {} }, 'status'),
        ],
      },
    }),
    true,
  );
  expect(flush()).toMatchObject([
    {
      at: new Date(Date.parse(at(-3_600_000))).toISOString(),
      type: 'changed',
      by: { manager: 'kubectl-scale' },
      fields: [{ path: 'spec.replicas', from: null, to: null }],
      beforeKnown: false,
      summary: 'Deployment shop/checkout: replicas written, by kubectl-scale',
    },
  ]);
});

test('the same fields changed again and again by the same manager are one entry, with the first value and the last', () => {
  const { see, flush } = recorder();
  for (let n = 1; n <= 30; n++) see('Deployment', deployment(String(n), 'app:1', { replicas: n }));
  const changed = flush().filter((c) => c.type === 'changed');
  expect(changed).toMatchObject([{ fields: [{ path: 'spec.replicas', from: '1', to: '30' }], count: 29 }]);
});

test('an object made anew under its old name is a deletion and a creation; pods and Jobs of a CronJob are nobody’s change', () => {
  const { see, gone, flush } = recorder();
  see('ConfigMap', { metadata: meta('c', '1') });
  see('ConfigMap', { metadata: { ...meta('c', '2'), uid: 'another' } });
  gone('ConfigMap', 'c');
  const owned = { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'n', uid: 'u', controller: true }] };
  see('Job', { metadata: meta('nightly-1', '1', owned), spec: { template: { spec: {} } } } as never);
  see('Pod', { metadata: meta('p', '1'), spec: {} } as never);
  expect(flush().map((c) => `${c.resource.kind} ${c.type}`)).toEqual([
    'ConfigMap created',
    'ConfigMap deleted',
    'ConfigMap created',
    'ConfigMap deleted',
  ]);
});
