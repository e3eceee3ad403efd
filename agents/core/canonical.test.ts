import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, shortHash } from './canonical.ts';

test('keys are sorted, undefined is left out, nothing else changes', () => {
  expect(canonical({ b: 1, a: [undefined, { d: null, c: 'ä"\n' }], z: undefined })).toBe('{"a":[null,{"c":"ä\\"\\n","d":null}],"b":1}');
});

const shuffled = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shuffled)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([k, v]) => [k, shuffled(v)]),
        )
      : value;

test('the order in which keys were written is no matter', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => canonical(shuffled(value)) === canonical(value)));
});

test('it reads back as the same value, and different values have different texts', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(JSON.parse(canonical(a))).toEqual(JSON.parse(JSON.stringify(a)));
      const same = canonical(a) === canonical(b);
      expect(same).toBe(canonical(JSON.parse(canonical(a))) === canonical(JSON.parse(canonical(b))));
    }),
  );
});

test('what JSON cannot hold is null, as JSON.stringify has it', () => {
  expect(canonical([NaN, Infinity, () => 1, -0])).toBe('[null,null,null,0]');
});

test('short names of 200,000 fingerprints are all different in their first ten letters', () => {
  const names = new Set<string>();
  for (let i = 0; i < 200_000; i++)
    names.add(shortHash(`prod|POD-00${i % 9}|Deployment/ns-${i % 97}/app-${i}|spec.x[${i % 5}]`).slice(0, 10));
  expect(names.size).toBe(200_000);
});
