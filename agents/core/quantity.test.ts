import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes, formatCpu, parseQuantity } from './quantity.ts';

test.each([
  ['500m', 0.5],
  ['2', 2],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['128Mi', 128 * 2 ** 20],
  ['1G', 1e9],
  ['100k', 1e5],
  [' 1Gi ', 2 ** 30],
  ['1gb', undefined],
  ['', undefined],
  ['-', undefined],
  [undefined, undefined],
])('%s is %s', (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});

test('what is formatted reads back as the same amount', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (n) => parseQuantity(formatBytes(n * 2 ** 20)) === n * 2 ** 20));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (n) => Math.abs((parseQuantity(formatCpu(n / 1000)) ?? 0) - n / 1000) < 1e-9),
  );
});
