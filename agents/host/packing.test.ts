import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../contract/index.ts';
import { type Packed, Packer, samePacked, unpack } from './packing.ts';

/** Anything a projection may hold: texts with NULs and times among them, absent fields, lists, maps. */
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.constantFrom(
      '2026-11-20T08:15:30Z',
      '\u00010',
      '\u0001',
      'twice here',
      'twice here',
      '2026-02-30T00:00:00Z',
      '2026-11-20T08:15:30.5Z',
      '',
      '\0',
      'a\0b',
      '12',
      'null',
    ),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
  ),
  any: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
  ),
})).any;
const object = fc.record({
  kind: fc.constantFrom('Pod', 'Service'),
  metadata: fc.record({
    name: fc.string(),
    ownerReferences: fc.array(fc.record({ uid: fc.constantFrom('a', 'b') }), { maxLength: 1 }),
  }),
  spec: value,
}) as fc.Arbitrary<unknown> as fc.Arbitrary<KubeObject>;

test('what is packed is read back as it was, whatever was packed before', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 30 }), (objects) => {
      const packer = new Packer();
      const packed = objects.map((o) => packer.pack(o));
      expect(packed.map(unpack)).toEqual(objects);
    }),
    { numRuns: 300 },
  );
});

test('a form survives the copy to another thread', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 12 }), (objects) => {
      const packer = new Packer();
      const packed = structuredClone(objects.map((o) => packer.pack(o)));
      expect(packed.map(unpack)).toEqual(objects);
    }),
    { numRuns: 100 },
  );
});

const pod = (n: number, restarts = 0): KubeObject =>
  ({
    kind: 'Pod',
    metadata: { name: `web-${n}`, uid: `uid-${n}`, resourceVersion: String(n), ownerReferences: [{ uid: 'rs' }] },
    spec: { containers: [{ name: 'app', image: 'web:1', env: [{ name: 'A', value: 'same in all' }] }], nodeName: `node-${n % 7}` },
    status: { startTime: '2026-11-20T08:15:30Z', containerStatuses: [{ restartCount: restarts }] },
  }) as unknown as KubeObject;

test('pods of one owner come to share a form, and hold as their own only what differs', () => {
  const packer = new Packer();
  for (let n = 0; n < 20; n++) packer.pack(pod(n));
  const [a, b] = [packer.pack(pod(100)), packer.pack(pod(101))];
  expect(a.form).toBe(b.form);
  expect(a.leaves.split('\0')).toEqual(['web-100', 'uid-100', '100', 'node-2']);
  const [one, other] = [unpack(a), unpack(b)] as unknown as { spec: { containers: unknown } }[];
  expect(one?.spec.containers).toBe(other?.spec.containers);
});

test('the same value is the same however it was packed, and another value is not', () => {
  const packer = new Packer();
  const early = packer.pack(pod(1));
  for (let n = 2; n < 20; n++) packer.pack(pod(n));
  const late: Packed = packer.pack(pod(1));
  expect(early.form).not.toBe(late.form);
  expect(samePacked(early, late)).toBe(true);
  expect(samePacked(late, packer.pack(pod(1)))).toBe(true);
  expect(samePacked(late, packer.pack(pod(1, 3)))).toBe(false);
  expect(samePacked(early, packer.pack(pod(2)))).toBe(false);
});
