import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCases } from './play.ts';
import type { Played } from './played.ts';
import { scriptOf } from './script.ts';
import { AT_ONCE, openStage, playAll } from './stage.ts';

/** The rows of `npm run cases`, as tests: all are played together, then each is judged. */

const cases = await loadCases();
const played = new Map<string, Played>();
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  const stage = await openStage({ repair: true });
  close = () => stage.close();
  await playAll(cases.map(scriptOf), stage, AT_ONCE, (row) => played.set(row.id, row));
}, 900_000);

afterAll(async () => {
  await close?.();
});

test.each(cases.map((c) => [c.id, c.title]))('%s: %s', (id) => {
  expect(played.get(id)?.failures).toEqual([]);
});
