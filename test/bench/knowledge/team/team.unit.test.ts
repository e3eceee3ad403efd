import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Passage, Chunker } from '../../../../agents/core/knowledge/chunk.ts';
import { formOf, sourceFiles } from '../../../../agents/host/knowledge/readers/source-files.ts';
import { openTree } from '../../../../agents/host/knowledge/readers/tree.ts';
import { WRITTEN, rubbishIn, says, statements, wordsOf } from './team.ts';

/** A substitution that stands behind its use, in a text that is read once. */
const NOT_YET = ['rs3'];

/** The passages of each document, by its path in `WRITTEN`. */
async function passages(): Promise<Map<string, Passage[]>> {
  const found = new Map<string, Passage[]>();
  for (const source of readdirSync(WRITTEN)) {
    const tree = await openTree(join(WRITTEN, source));
    for await (const file of sourceFiles(tree, await formOf(tree))) {
      if ('because' in file) throw new Error(`${file.path}: ${file.because}`);
      for await (const document of file.documents()) {
        if ('because' in document) throw new Error(`${document.path}: ${document.because}`);
        const chunker = new Chunker();
        const cut: Passage[] = [];
        for await (const piece of document.text) cut.push(...chunker.add(piece));
        const path = file.path === source || source.endsWith('.zip') ? source : `${source}/${file.path}`;
        found.set(path, [...(found.get(path) ?? []), ...cut, ...chunker.end()]);
      }
    }
    await tree.close();
  }
  return found;
}

test('what a team has written is found whole, under its heading and without the marks of its form', async () => {
  const read = await passages();
  const wrong = statements().flatMap((statement) => {
    const { id, path, under } = statement;
    const there = (read.get(path) ?? []).filter(({ text }) => says(text, statement));
    if (there.length === 0) return [`${id} in ${path}: is not there`];
    const headed = there.filter(({ heading }) => wordsOf(heading).includes(wordsOf(under)));
    if (headed.length === 0) return [`${id} in ${path}: stands under ${there[0]?.heading ?? ''}`];
    const left = headed.map(({ text }) => rubbishIn(text));
    return left.includes(undefined) ? [] : [`${id} in ${path}: ${left[0] ?? ''} is left`];
  });
  expect(wrong.filter((line) => !NOT_YET.some((id) => line.startsWith(`${id} `)))).toEqual([]);
});
