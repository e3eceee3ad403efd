import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from './packed-numbers.ts';

const back = (values: readonly number[]) => Array.from(unpack(pack(Float64Array.from(values)), values.length));

test('any numbers come back as they were, to the bit', () => {
  const anything = fc.oneof(
    fc.array(fc.double({ noNaN: true }), { maxLength: 100 }),
    fc.array(fc.integer(), { maxLength: 100 }),
    fc.array(fc.maxSafeInteger(), { maxLength: 100 }),
    fc.array(
      fc.integer({ min: -1e7, max: 1e7 }).map((n) => n / 1000),
      { maxLength: 100 },
    ),
  );
  fc.assert(
    fc.property(anything, (values) => {
      expect(back(values)).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test.each([[[-0]], [[1, -0, 3]], [[-0, 0]], [[-0.001, -0]]])('a zero below zero comes back as one: %j', (values) => {
  expect(back(values)).toEqual(values);
});

test('what does not change takes next to nothing; memory in pages two bytes, not eight', () => {
  const flat = pack(new Float64Array(480).fill(3.25));
  const pages = pack(Float64Array.from({ length: 480 }, (_, i) => 4096 * (50_000 + Math.round(900 * Math.sin(i * 7.3)))));
  expect([flat.length, pages.length < 2 * 480]).toEqual([17 + 480 / 30, true]);
});
