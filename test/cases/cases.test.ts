import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Played, loadCases } from './play.ts';
import { AT_ONCE, openStage, playAll } from './stage.ts';

/** The rows of `npm run cases`, as tests: all are played together, then each is judged. */

const cases = await loadCases();
const played = new Map<string, Played>();
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  const stage = await openStage({ repair: true });
  close = () => stage.close();
  await playAll(cases, stage, AT_ONCE, (row) => played.set(row.id, row));
}, 900_000);

afterAll(async () => {
  await close?.();
});

test.each(cases.map((c) => [c.id, c.title]))('%s: %s', (id) => {
  expect(played.get(id)?.failures).toEqual([]);
});
