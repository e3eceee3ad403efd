import { expect, test } from 'vitest';
import { rankFound } from './rank.ts';
import { matchOf, termsOf } from './words.ts';

test('empty words go, what means the same is one term, and nothing in a word is an operator', () => {
  expect(termsOf("Why can't the pod-1 be OOMKilled?")).toEqual([['pod-1'], ['oom', 'oomkilled', 'out of memory', '137']]);
  expect(termsOf('out of memory, exit 137')).toEqual([['oom', 'oomkilled', 'out of memory', '137'], ['exit']]);
  expect(matchOf(['a"b', 'c'], true)).toBe('"a""b"* OR "c"*');
});

test('what covers more of the question comes first; what covers little of it is not to be relied on', () => {
  const found = [
    { id: 1, bm25: -9 },
    { id: 2, bm25: -8 },
  ];
  const ranked = rankFound(found, [new Set([1, 2]), new Set([2]), new Set<number>()], 100);
  expect(ranked.map(({ id, confident }) => ({ id, confident }))).toEqual([
    { id: 2, confident: true },
    { id: 1, confident: false },
  ]);
});
