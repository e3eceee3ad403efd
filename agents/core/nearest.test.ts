import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, nearest } from './nearest.ts';

test.each([
  ['app-confg', ['app-config', 'db-config'], 'app-config'],
  ['app-config', ['app-configs', 'redis'], 'app-configs'],
  ['appConfig', ['app-config', 'app-cert'], 'app-config'],
  ['checkout', ['checkout-v2', 'catalog'], 'checkout-v2'],
  ['DATABASE_URL', ['database-url', 'cache-url'], 'database-url'],
  ['fast-ssd', ['standard', 'slow-hdd'], undefined],
  ['web', ['payments', 'orders'], undefined],
  ['redis', [], undefined],
  ['node-3', ['node-1', 'node-2'], undefined],
])('%s among %j is %s', (wanted, candidates, expected) => {
  expect(nearest(wanted, candidates)).toBe(expected);
});

test('the name itself is no suggestion', () => {
  expect(nearest('redis', ['redis'])).toBeUndefined();
});

test('a swap of two letters is one slip', () => {
  expect([distance('nginx', 'ngnix'), distance('', 'abc'), distance('kitten', 'sitting')]).toEqual([1, 3, 3]);
});

test('distance is symmetric, zero for equals only, and at most the longer length', () => {
  const name = fc.stringMatching(/^[a-z0-9-]{0,12}$/);
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, b) === 0).toBe(a === b);
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('one slip in a name of eight letters or more is found among strangers', () => {
  const name = fc.stringMatching(/^[a-z]{8,14}$/);
  fc.assert(
    fc.property(name, fc.nat(7), (wanted, at) => {
      const slip = `${wanted.slice(0, at)}#${wanted.slice(at + 1)}`.replace('#', wanted[at] === 'x' ? 'y' : 'x');
      expect(nearest(wanted, [slip, '00000000', '11111111'])).toBe(slip);
    }),
  );
});
