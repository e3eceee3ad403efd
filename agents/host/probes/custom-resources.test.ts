import { expect, test } from 'vitest';
import type { Probe } from '../../contract/index.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import { customFacts } from './custom-resources.ts';
import { PROBES } from './index.ts';

const probe: Extract<Probe, { type: 'customResources' }> = {
  type: 'customResources',
  group: 'farm.example',
  version: 'v1beta2',
  plural: 'fields',
  kind: 'Field',
};
const field = (more: object, meta: object = {}) => ({
  metadata: { name: 'north', namespace: 'shop', uid: 'u1', creationTimestamp: '2026-01-01T00:00:00Z', ...meta },
  ...more,
});

test('reads one page of the kind in all namespaces, and needs to list it', async () => {
  const asked: unknown[] = [];
  const transport = {
    get: (path: string, { query }: { query: object }) => {
      asked.push([path, query]);
      return Promise.resolve({ ok: true, value: { items: [field({})], metadata: { continue: 'more' } } });
    },
  } as unknown as ReadOnlyTransport;
  const rehearse = { pod: () => Promise.reject(new Error('nothing is rehearsed')) };
  const answer = await PROBES.customResources.run(probe, { transport, rehearse, signal: new AbortController().signal });
  expect(asked).toEqual([['/apis/farm.example/v1beta2/fields', { limit: 500 }]]);
  expect(answer).toMatchObject({ ok: true, value: { truncated: true, objects: [{ name: 'north', conditions: [] }] } });
  expect(PROBES.customResources.needs(probe)).toEqual([{ verb: 'list', group: 'farm.example', resource: 'fields' }]);
});

test('conditions, generations, owners and what is suspended or leaving are kept, whatever else the kind has', () => {
  const condition = {
    type: 'Ready',
    status: 'False',
    reason: 'Dry',
    message: 'm',
    lastTransitionTime: '2026-02-01T00:00:00Z',
    observedGeneration: 3,
  };
  const { objects } = customFacts(
    [
      field(
        {
          spec: { suspend: true, secret: 'value' },
          status: { observedGeneration: 4, conditions: [condition, { type: 'Old', status: true }, 'nonsense'] },
        },
        { generation: 5, deletionTimestamp: '2026-03-01T00:00:00Z', ownerReferences: [{ uid: 'o1' }, { uid: 'o2', controller: true }] },
      ),
    ],
    false,
  );
  expect(objects).toEqual([
    {
      name: 'north',
      namespace: 'shop',
      uid: 'u1',
      owner: 'o2',
      generation: 5,
      observedGeneration: 4,
      suspended: true,
      leaving: true,
      created: '2026-01-01T00:00:00.000Z',
      over: false,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Dry', message: 'm', at: '2026-02-01T00:00:00.000Z', observedGeneration: 3 },
        // Where a condition does not say since when, it is as old as the object.
        { type: 'Old', status: 'True', reason: '', message: '', at: '2026-01-01T00:00:00.000Z' },
      ],
    },
  ]);
});

test('the Secret that a spec names as its own, or as its target, is kept by name alone', () => {
  const specs = [{ secretName: 'tls' }, { target: { name: 'stripe' } }, { destination: { name: 'db', create: true } }, { target: 'x' }, {}];
  const facts = customFacts(
    specs.map((spec) => field({ spec })),
    false,
  );
  expect(facts.objects.map((o) => o.secret)).toEqual(['tls', 'stripe', 'db', undefined, undefined]);
});

test('kinds that do it in another way are read as having no conditions, and nonsense is left out', () => {
  const odd = [field({ status: 'fine' }), field({ spec: 7, status: { conditions: { ready: true } } }), { metadata: {} }, null];
  expect(customFacts(odd, false).objects.map((o) => o.conditions)).toEqual([[], []]);
  expect(
    customFacts(
      Array.from({ length: 700 }, () => field({})),
      false,
    ),
  ).toMatchObject({ truncated: true, objects: { length: 500 } });
});

test('the words that sum a status up are kept, with what is said beside it, and whether it is a run that has ended', () => {
  const statuses = [
    { phase: 'Refused', message: 'no water' },
    { state: 'waiting', reason: 'the pump is denied' },
    { health: 'red', phase: 'Digging' },
    { phase: 'Invalid', validationErrors: ['no such field', 'another'], completionTimestamp: '2026-03-01T00:00:00Z' },
    { health: { status: 'Degraded' } },
    {},
  ];
  const { objects } = customFacts(
    statuses.map((status) => field({ status })),
    false,
  );
  expect(objects.map((o) => [o.summary?.words.map((w) => `${w.field} ${w.word}`).join(), o.summary?.message, o.over])).toEqual([
    ['phase Refused', 'no water', false],
    ['state waiting', 'the pump is denied', false],
    ['phase Digging,health red', '', false],
    ['phase Invalid', 'no such field', true],
    [undefined, undefined, false],
    [undefined, undefined, false],
  ]);
});

test('a condition with no status says by being there what it says', () => {
  const { objects } = customFacts([field({ status: { conditions: [{ type: 'ReadError', message: 'm' }] } })], false);
  expect(objects[0]?.conditions).toMatchObject([{ type: 'ReadError', status: 'True', message: 'm' }]);
});

test('what a spec refers to: the kind follows from the field where it is not written', () => {
  const spec = {
    issuerRef: { name: 'le' },
    chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: 'flux' } } },
    scaleRefs: [{ name: 'a', kind: 'B' }, { other: 'x' }],
    ref: { name: 'no field of that name ends so' },
    passwordRef: 'plain',
  };
  expect(customFacts([field({ spec })], false).objects.map((o) => o.refs)).toEqual([
    [
      { kind: 'Issuer', name: 'le' },
      { kind: 'HelmRepository', name: 'charts', namespace: 'flux' },
      { kind: 'B', name: 'a' },
    ],
  ]);
  expect(customFacts([field({ spec: {} })], false).objects[0]).not.toHaveProperty('refs');
});

test('a run that only counts its errors says how many', () => {
  const status = { phase: 'PartiallyFailed', errors: 3, warnings: 0 };
  expect(customFacts([field({ status })], false).objects.map((o) => o.summary?.message)).toEqual(['errors: 3']);
});
