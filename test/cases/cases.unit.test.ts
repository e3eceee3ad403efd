import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isControl } from './case.ts';
import { isClusterScoped, objectsOf } from './cluster-client.ts';
import { type RawObject, type Snapshot, endpoints, podSays, rolledOut, unschedulable } from './conditions.ts';
import { loadCases } from './play.ts';
import { table } from './table.ts';

const cases = await loadCases();
const files = (id: string) => ['before.yaml', 'objects.yaml'].map((f) => join(import.meta.dirname, id, f)).filter((f) => existsSync(f));

test.each(cases.map((c) => [c.id, c] as const))('%s can be played: its objects are those it speaks of', (_id, c) => {
  const objects = files(c.id).flatMap(objectsOf);
  const has = (kind: string, name: string) => objects.some((o) => o.kind === kind && o.metadata.name === name);
  expect(objects.filter((o) => o.metadata.namespace?.startsWith('$(NAMESPACE)') === false)).toEqual([]);
  expect(objects.filter((o) => isClusterScoped(o.kind) && !/(?:^|\.)qd-case-|^\$\(NAMESPACE\)(-|$)/.test(o.metadata.name))).toEqual([]);
  expect(c.bystanders.filter((b) => !has(b.kind, b.name))).toEqual([]);
  expect(isControl(c) || has(c.expect.kind, c.expect.name)).toBe(true);
  expect(c.id.startsWith(String(c.family).padStart(2, '0'))).toBe(true);
});

/** Whole words, and hosts of URLs; a path is no name. */
const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/(?<![\w/-])[\w-]+|(?<=\/\/)[\w-]+/g));
/** Of these the checks look whether one of a name that is missing is in another namespace. */
const SOUGHT = ['Service', 'PersistentVolumeClaim'];

test('no case lacks by name what another has: they are played side by side, in namespaces of one cluster', () => {
  const all = cases.map(({ id }) => ({ id, objects: files(id).flatMap(objectsOf) }));
  const met = all.flatMap(({ id, objects }) => {
    const own = new Set(objects.map((o) => o.metadata.name));
    const named = wordsOf(JSON.stringify(objects));
    return all.flatMap((other) =>
      other.objects
        .filter(({ kind, metadata: { name } }) => SOUGHT.includes(kind) && named.has(name) && !own.has(name))
        .map(({ kind, metadata }) => `${id} names ${kind} ${metadata.name}, which ${other.id} has`),
    );
  });
  expect(met).toEqual([]);
});

const seen = (...objects: RawObject[]): Snapshot => ({
  list: (kind) => objects.filter((o) => o.kind === kind),
  get: (kind, name) => objects.find((o) => o.kind === kind && o.metadata.name === name),
});
const pod = (name: string, status: object): RawObject => ({ kind: 'Pod', metadata: { name }, status });

test('conditions read what the API says', () => {
  const waiting = pod('web-1', { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] });
  expect([
    podSays('web', 'ErrImagePull')(seen(waiting)),
    podSays('web', 'OOMKilled')(seen(waiting)),
    podSays('api', 'ErrImagePull')(seen(waiting)),
  ]).toEqual([true, false, false]);
  const refused = pod('db-0', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] });
  expect([unschedulable('db')(seen(refused)), unschedulable('db')(seen(pod('db-0', {})))]).toEqual([true, false]);
  const deployment = (status: object): RawObject => ({
    kind: 'Deployment',
    metadata: { name: 'web', generation: 2 },
    spec: { replicas: 1 },
    status,
  });
  const done = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  expect([
    rolledOut('Deployment', 'web')(seen(deployment(done))),
    rolledOut('Deployment', 'web')(seen(deployment({ ...done, observedGeneration: 1 }))),
  ]).toEqual([true, false]);
  const slice: RawObject = {
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', labels: { 'kubernetes.io/service-name': 'web' } },
    ports: [{ port: 80 }],
    endpoints: [
      { addresses: ['10.0.0.1'], conditions: { ready: true } },
      { addresses: ['10.0.0.2'], conditions: { ready: false } },
    ],
  };
  expect(endpoints(seen(slice), 'web')).toEqual(['10.0.0.1']);
});

test('the table shows what failed', () => {
  const text = table([
    { id: '07-x', failures: ['does not mention "a"'], cause: 'CFG-001 Deployment/x', seconds: 0.42, found: false, one: true },
  ]);
  expect(text.split('\n').slice(1)).toEqual([
    '07-x  CFG-001 Deployment/x  NO     yes  0.4                     -     -         -            -',
    '',
    '07-x: does not mention "a"',
  ]);
});
