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
    kind: 'Widget',
    created: '2026-01-01T00:00:00Z',
    owners: ['Factory/f'],
    plain: [
      ['phase', 'Running'],
      ['replicas', '3'],
      ['ready', 'false'],
    ],
    conditions: [{ type: 'Ready', status: 'False', reason: 'Why', message: '' }],
    labels: [['app', 'web']],
    annotations: [['note', '<b>x</b>']],
  });
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
