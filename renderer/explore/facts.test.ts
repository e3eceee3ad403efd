import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';

test('what an object says of itself, from wherever it stands', () => {
  expect(
    factsOf({
      kind: 'Widget',
      metadata: {
        creationTimestamp: '2026-01-01T00:00:00Z',
        ownerReferences: [{ kind: 'Factory', name: 'f' }],
        labels: { app: 'web' },
        annotations: { note: '<b>x</b>' },
      },
      status: {
        phase: 'Running',
        replicas: 3,
        ready: false,
        nested: { a: 1 },
        conditions: [{ type: 'Ready', status: 'False', reason: 'Why' }],
      },
    }),
  ).toEqual({
    apiVersion: '',
    kind: 'Widget',
    uid: '',
    created: '2026-01-01T00:00:00Z',
    owners: [{ apiVersion: '', kind: 'Factory', name: 'f' }],
    plain: [
      ['phase', 'Running'],
      ['replicas', '3'],
      ['ready', 'false'],
    ],
    conditions: [{ type: 'Ready', status: 'False', reason: 'Why', message: '' }],
    labels: [['app', 'web']],
    annotations: [['note', '<b>x</b>']],
    containers: [],
    selectsPods: false,
    ports: [],
    keys: [],
  });
});

test('of a Secret the keys and their sizes, never a value', () => {
  const { keys } = factsOf({ kind: 'Secret', data: { password: '[masked, 16 characters, 1a2b3c4d]', odd: 'c2VjcmV0' } });
  expect(keys).toEqual([
    ['password', '12 bytes'],
    ['odd', 'masked'],
  ]);
});

test('what leads to pods has containers and ports', () => {
  const spec = { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080, name: 'http' }] }] };
  expect(factsOf({ kind: 'Deployment', spec: { selector: { matchLabels: { app: 'a' } }, template: { spec } } })).toMatchObject({
    containers: [{ name: 'app', image: 'app:1' }],
    selectsPods: true,
    ports: [{ port: '8080', name: 'http' }],
  });
  expect(factsOf({ kind: 'Service', spec: { selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] } })).toMatchObject({
    selectsPods: true,
    ports: [{ port: '80', name: '' }],
  });
  expect(factsOf({ kind: 'PersistentVolumeClaim', spec: { selector: { matchLabels: { app: 'a' } } } }).selectsPods).toBe(false);
});

test.each(
  [
    null,
    'nonsense',
    [],
    { metadata: 7, status: { conditions: 'x' } },
    { metadata: { ownerReferences: [null], creationTimestamp: 'never' } },
  ].map((object) => ({ object })),
)('nonsense is an object without facts: $object', ({ object }) => {
  const { kind, created, plain, labels } = factsOf(object);
  expect({ kind, created, labels }).toEqual({ kind: '', created: undefined, labels: [] });
  expect(plain.every(([, value]) => value !== '')).toBe(true);
});
