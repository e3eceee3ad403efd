import { expect, test } from 'vitest';
import type { FaultCase } from '../case.ts';
import { type RawObject, podSays } from '../conditions.ts';
import { loadCases } from '../play.ts';
import { type Script, scriptOf } from '../script.ts';
import { chooseVariants, variantAgain } from './choose.ts';
import { Dice } from './dice.ts';
import { original } from './lens.ts';
import { renaming } from './rename.ts';
import { asKind, isWorkload, podSpecOf } from './workload-kind.ts';

const scripts = (await loadCases()).map(scriptOf);
const SEED = 20_260_101;
const variants = chooseVariants(scripts, 400, SEED);
const faultOf = (script: Script) => script.case as FaultCase;

/** What stands at a field path such as `spec.containers[1].env[0].name`. */
function valueAt(object: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\[(?:"([^"]+)"|(\d+)|([\w-]+))\]|([^.[\]]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? m[4] ?? '');
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);
}

test('the same seed makes the same variants, another seed others; one is made again from its id', () => {
  const plain = (list: readonly Script[]) => list.map((s) => JSON.stringify([s.case.id, s.namespace, s.before, s.objects]));
  expect(plain(chooseVariants(scripts, 400, SEED))).toEqual(plain(variants));
  expect(plain(chooseVariants(scripts, 400, SEED + 1))).not.toEqual(plain(variants));
  const last = variants.at(-1);
  expect(variantAgain(scripts, last?.case.id ?? '')?.objects).toEqual(last?.objects);
  expect(new Set(variants.map((s) => s.case.id)).size).toBe(400);
});

test('what must be said names an object that is there, and a field that it has wherever the original has it', () => {
  for (const variant of variants) {
    const { expect: wanted, id } = faultOf(variant);
    const find = (all: readonly RawObject[]) => all.find((o) => o.kind === wanted.kind && o.metadata.name === wanted.name);
    const object = find(variant.objects) ?? find(variant.before);
    expect(object, id).toBeDefined();
    if (wanted.field === undefined) continue;
    const from = scripts.find((s) => s.case.id === id.split('~')[0]);
    const { kind, name, field } = (from?.case as FaultCase).expect;
    const was = [...(from?.objects ?? []), ...(from?.before ?? [])].find((o) => o.kind === kind && o.metadata.name === name);
    if (valueAt(was, field ?? '') !== undefined) expect(valueAt(object, wanted.field), `${id} ${wanted.field}`).toBeDefined();
  }
});

test('bystanders are there, and selectors still fit the pods that they fitted', () => {
  for (const { case: c, before, objects } of variants) {
    for (const { kind, name } of c.bystanders)
      expect(
        [...before, ...objects].some((o) => o.kind === kind && o.metadata.name === name),
        c.id,
      ).toBe(true);
    for (const object of objects) {
      const { selector, template } = (object['spec'] ?? {}) as {
        selector?: { matchLabels?: Record<string, string> };
        template?: { metadata?: { labels?: Record<string, string> } };
      };
      if (isWorkload(object.kind) && selector?.matchLabels !== undefined)
        expect(template?.metadata?.labels, c.id).toMatchObject(selector.matchLabels);
    }
  }
});

test('variants differ in kind of workload, place of the container, names and namespaces', () => {
  const kinds = new Set(variants.flatMap((v) => v.says?.split(', ')[0] ?? []));
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod']) expect([...kinds]).toContain(kind);
  const places = new Set(variants.flatMap((v) => v.says?.split(', ')[1] ?? []));
  expect([...places].sort()).toEqual(['alone', 'first', 'init', 'second', 'sidecar']);
  const names = new Set(scripts.flatMap((s) => s.objects.map((o) => o.metadata.name)));
  const signed = (s: Script) => /caBundle|BEGIN CERTIFICATE|kubernetes\.io\/tls/.test(JSON.stringify([s.before, s.objects]));
  expect(variants.filter((v) => !signed(v) && names.has(faultOf(v).expect.name)).map((v) => v.case.id)).toEqual([]);
  expect(new Set(variants.map((v) => v.namespace)).size).toBeGreaterThan(390);
});

test('other names: what differed by two swapped letters does so still; what the program reads stays', () => {
  const config = (name: string): RawObject => ({ kind: 'ConfigMap', metadata: { name }, data: { colour: 'blue' } });
  const pod: RawObject = {
    kind: 'Pod',
    metadata: { name: 'painter', labels: { app: 'painter' } },
    spec: {
      containers: [
        {
          name: 'app',
          image: 'quarterdeck/workload:2',
          args: ['serve', '-depends-on', 'painter:80', '-require-env', 'PAINT_URL'],
          env: [{ name: 'PAINT_URL', valueFrom: { configMapKeyRef: { name: 'palette-cofnig', key: 'colour' } } }],
        },
      ],
    },
  };
  const names = renaming([config('palette-config'), pod], new Dice(5));
  const [right, wrong] = [names.text('palette-config'), names.text('palette-cofnig')];
  expect(right).not.toBe('palette-config');
  expect([...right].sort()).toEqual([...wrong].sort());
  const [was, is] = [...right].map((letter, i) => [letter, wrong[i]]).filter(([a, b]) => a !== b);
  expect(was?.toReversed()).toEqual(is);
  const text = JSON.stringify(names.object(pod));
  for (const old of ['painter', 'palette', 'colour', '"name":"app"', 'PAINT_']) expect(text).not.toContain(old);
  for (const kept of ['quarterdeck/workload:2', '"serve"', '-depends-on', `${names.text('painter')}:80`, '_URL', names.text('PAINT_URL')])
    expect(text).toContain(kept);
});

test('a condition of the original sees the variant under the names that it knows', () => {
  const pod: RawObject = {
    kind: 'Pod',
    metadata: { name: 'other-5d8f-x2x4z' },
    status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] },
  };
  const seen = { list: (kind: string) => (kind === 'Pod' ? [pod] : []), get: () => undefined };
  const lens = original(new Map([['catalog', 'other']]));
  expect([lens(podSays('catalog', 'ErrImagePull'))(seen), podSays('catalog', 'ErrImagePull')(seen)]).toEqual([true, false]);
});

test('the pods stay the same under another controller, but for what only others know', () => {
  const script = scripts.find((s) => s.objects.some((o) => o.kind === 'Deployment'));
  const deployment = script?.objects.find((o) => o.kind === 'Deployment');
  if (deployment === undefined) throw new Error('There is no Deployment in the cases.');
  const spec = podSpecOf(deployment);
  for (const kind of ['StatefulSet', 'DaemonSet', 'Pod'] as const)
    expect(podSpecOf(asKind(deployment, kind).at(-1) ?? deployment)).toEqual(spec);
  for (const kind of ['Job', 'CronJob'] as const)
    expect(podSpecOf(asKind(deployment, kind)[0] ?? deployment)).toMatchObject({ restartPolicy: 'OnFailure' });
});
