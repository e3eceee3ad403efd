import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuantity } from '../../core/quantity.ts';
import { largestShare, roundDown, unitSlip } from './fit.ts';
import { formatAmount } from './pod-requests.ts';

const rooms = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 6 });

test('the largest share lets all pods in, and nothing larger would', () => {
  fc.assert(
    fc.property(rooms, fc.integer({ min: 1, max: 8 }), (all, pods) => {
      const share = largestShare(all, pods);
      const fit = (s: number) => all.reduce((n, room) => n + Math.floor(room / s + 1e-9), 0);
      return share === 0 ? fit(1e-3) < pods || all.every((r) => r === 0) : fit(share) >= pods && fit(share * 1.001 + 1e-6) < pods;
    }),
  );
});

test('rounding down never asks for more, and can be written as a quantity', () => {
  fc.assert(
    fc.property(fc.constantFrom('cpu', 'memory'), fc.integer({ min: 1, max: 64 * 1024 }), (resource, n) => {
      const amount = resource === 'cpu' ? n / 1000 : n * 2 ** 20;
      const rounded = roundDown(resource, amount);
      const written = parseQuantity(formatAmount(resource, rounded)) ?? -1;
      return rounded <= amount + 1e-9 && Math.abs(written - rounded) <= 1e-9 * Math.max(1, rounded);
    }),
  );
});

test('slips of the unit', () => {
  const cpu = ['500', '5', '500m', '1.5'].map((t) => unitSlip('cpu', t));
  const memory = ['64Gi', '2T', '512Mi', '128'].map((t) => unitSlip('memory', t));
  expect([cpu, memory]).toEqual([
    ['500m', undefined, undefined, undefined],
    ['64Mi', '2G', undefined, undefined],
  ]);
});
