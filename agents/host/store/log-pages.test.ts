import { expect, test } from 'vitest';
import type { Envelope } from '../../contract/index.ts';
import { pagesAfter, pagesBack } from './log-pages.ts';

/** A log whose first entries were removed. */
const log = (from: number, to: number) => {
  const all = Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i }) as Envelope);
  return {
    lastSeq: () => Promise.resolve(to),
    events: (since: number, limit: number) => Promise.resolve(all.filter((e) => e.seq > since).slice(0, limit)),
  };
};

const seqs = async (pages: AsyncIterable<readonly Envelope[]>) => {
  const all: number[][] = [];
  for await (const page of pages) all.push(page.map((e) => e.seq));
  return all;
};

test('onwards every entry is read once, from any place', async () => {
  expect(await seqs(pagesAfter(log(1, 5), 0, 2))).toEqual([[1, 2], [3, 4], [5]]);
  expect(await seqs(pagesAfter(log(4, 7), 1, 3))).toEqual([[4, 5, 6], [7]]);
  expect(await seqs(pagesAfter(log(1, 5), 5, 2))).toEqual([]);
});

test('backwards every entry is read once, also where the log does not begin with its first', async () => {
  expect(await seqs(pagesBack(log(1, 5), 2))).toEqual([[4, 5], [2, 3], [1]]);
  expect(await seqs(pagesBack(log(8, 10), 5))).toEqual([[8, 9, 10]]);
  expect(await seqs(pagesBack(log(8, 10), 2))).toEqual([[9, 10], [8]]);
  expect(await seqs(pagesBack(log(1, 0), 2))).toEqual([]);
});
