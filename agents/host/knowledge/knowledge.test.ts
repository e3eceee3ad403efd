import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Knowledge } from './knowledge.ts';

const knowledgeIn = (dataDir: string) =>
  new Knowledge({ dataDir, clock: systemClock, log: () => undefined, embedder: () => Promise.resolve(null), builtIn: [] });

let dir: string;
let knowledge: Knowledge;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'knowledge-'));
  mkdirSync(join(dir, 'wiki'));
  writeFileSync(join(dir, 'wiki/memory.md'), '# Memory\n\nThe container was OOMKilled: raise its limit.\n');
  writeFileSync(join(dir, 'wiki/images.md'), '# Images\n\nThe registry refuses: look at the pull secret.\n');
  knowledge = knowledgeIn(dir);
});
afterEach(async () => {
  await knowledge.close();
  rmSync(dir, { recursive: true });
});
const add = () => knowledge.add({ path: join(dir, 'wiki'), trust: 'own' });
const counts = async (report: ReturnType<typeof add>) => {
  const outcome = await report;
  if (!outcome.ok) return outcome.failure;
  const { added, changed, unchanged, removed, skipped } = outcome.value;
  return { added, changed, unchanged, removed, skipped };
};

test('a passage is found by other words for the same, with where it stands; what nobody wrote of is no good match', async () => {
  await add();
  const { results, noGoodMatch } = await knowledge.search({ text: 'why was it out of memory?', top: 5 });
  expect(noGoodMatch).toBe(false);
  expect(results[0]).toMatchObject({
    source: 'wiki',
    path: 'memory.md',
    heading: 'Memory',
    line: 3,
    confident: true,
    text: 'The container was OOMKilled: raise its limit.',
    trust: 'own',
  });
  expect((await knowledge.search({ text: 'bake sourdough bread with a container', top: 5 })).noGoodMatch).toBe(true);
  expect(await knowledge.search({ text: `can't "AND" a:b * NEAR( pod-1`, top: 5 })).toEqual({ results: [], noGoodMatch: true });
});

test('only what has changed is read again, and ids of the rest stay; what went is found no more', async () => {
  expect(await counts(add())).toEqual({ added: 2, changed: 0, unchanged: 0, removed: 0, skipped: [] });
  const before = (await knowledge.search({ text: 'OOMKilled', top: 1 })).results[0]?.id;
  rmSync(join(dir, 'wiki/images.md'));
  expect(await counts(knowledge.reindex('wiki'))).toEqual({ added: 0, changed: 0, unchanged: 1, removed: 1, skipped: [] });
  expect((await knowledge.search({ text: 'OOMKilled', top: 1 })).results[0]?.id).toBe(before);
  expect((await knowledge.search({ text: 'registry', top: 5 })).results).toEqual([]);
  writeFileSync(join(dir, 'wiki/memory.md'), 'Evicted.');
  expect(await counts(knowledge.reindex('wiki'))).toEqual({ added: 0, changed: 1, unchanged: 0, removed: 0, skipped: [] });
  expect((await knowledge.search({ text: 'OOMKilled', top: 1 })).results).toEqual([]);
});

test('links that lead in a circle and binaries named .md are left out with a sentence, and the rest goes on', async () => {
  symlinkSync('..', join(dir, 'wiki/circle'));
  writeFileSync(join(dir, 'wiki/bytes.md'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]));
  expect(await counts(add())).toEqual({
    added: 2,
    changed: 0,
    unchanged: 0,
    removed: 0,
    skipped: [
      { path: 'bytes.md', because: 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.' },
      { path: 'circle', because: 'It is a symbolic link, which is not followed.' },
    ],
  });
});

test('a source that is removed is forgotten with its words; what two sources say alike is said once', async () => {
  await add();
  await knowledge.add({ path: join(dir, 'wiki'), name: 'copy', trust: 'public' });
  expect((await knowledge.search({ text: 'OOMKilled', top: 5 })).results).toHaveLength(1);
  await knowledge.remove('wiki');
  await knowledge.remove('copy');
  expect(await knowledge.search({ text: 'OOMKilled', top: 5 })).toEqual({ results: [], noGoodMatch: true });
  expect(await knowledge.remove('wiki')).toMatchObject({ ok: false, failure: { code: 'not-found' } });
});

test('a folder that is not there is a sentence and no source; a damaged file says what to do', async () => {
  expect(await knowledge.add({ path: join(dir, 'nowhere'), trust: 'own' })).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
  expect((await knowledge.sources()).sources).toEqual([]);
  await knowledge.close();
  writeFileSync(join(dir, 'knowledge.db'), 'x'.repeat(8192));
  await expect(knowledgeIn(dir).search({ text: 'x', top: 1 })).rejects.toMatchObject({ failure: { code: 'store-corrupt' } });
});
