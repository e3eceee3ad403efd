import { expect, test } from 'vitest';
import type { Envelope } from '../../agents/contract/index.ts';
import { takeToken } from '../bridge/http.ts';
import { PLAN_STATES } from '../../agents/contract/index.ts';
import { stepsOf } from '../approvals/steps.ts';
import { ageWords } from '../ui/age.tsx';
import { partsOf, withNews } from './news.ts';
import { FEED_LENGTH } from './page.ts';
import { linkTo, readRoute } from './route.ts';

test('a link leads where it says, whatever the id is made of', () => {
  const where = (hash: string) => {
    const { query, ...route } = readRoute(hash);
    return { ...route, query: Object.fromEntries(query) };
  };
  for (const id of ['inc-1', 'a/b c#d%', 'ü?x=1', 'a&b=c'])
    expect(where(linkTo('incidents', id, { cluster: id }))).toEqual({ place: 'incidents', id, path: [id], query: { cluster: id } });
  expect(where('#/incidents/a/b%2Fc?x=1')).toEqual({ place: 'incidents', id: 'a', path: ['a', 'b/c'], query: { x: '1' } });
  const fleet = { place: 'fleet', id: undefined, path: [], query: {} };
  for (const hash of ['', '#', '#/nowhere/x?y=1', '#/constructor', '#token=abc']) expect(where(hash)).toEqual(fleet);
  expect(where('#/feed/%')).toEqual({ place: 'feed', id: '%', path: ['%'], query: {} });
});

test('the token is taken out of the address, kept for the tab, and found again after a reload', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) } as Storage;
  const shown: string[] = [];
  const history = { replaceState: (_: unknown, __: string, url: string) => void shown.push(url) } as unknown as History;
  expect(takeToken({ hash: '#token=abc', pathname: '/' } as Location, history, storage)).toBe('abc');
  expect(shown).toEqual(['/']);
  expect(takeToken({ hash: '#/incidents', pathname: '/' } as Location, history, storage)).toBe('abc');
  expect(takeToken({ hash: '', pathname: '/' } as Location, history, { getItem: () => null } as unknown as Storage)).toBeUndefined();
});

const entry = (seq: number): Envelope => ({
  v: 1,
  seq,
  at: '2026-01-01T00:00:00.000Z',
  prev: '',
  hash: '',
  event: { type: 'app.stopped' },
});

test('the feed has the newest first and a limited length', () => {
  const feed = withNews([entry(2), entry(1)], [entry(3), entry(4)]);
  expect(feed.map((e) => e.seq)).toEqual([4, 3, 2, 1]);
  expect(withNews(feed, [entry(3), entry(4), entry(5)]).map((e) => e.seq)).toEqual([5, 4, 3, 2, 1]);
  const many = Array.from({ length: FEED_LENGTH + 5 }, (_, i) => entry(i + 1));
  expect(withNews([], many)).toHaveLength(FEED_LENGTH);
});

test('an event makes stale what it changed', () => {
  expect(partsOf({ type: 'cluster.disconnected', context: 'c' })).toContain('contexts');
  expect(partsOf({ type: 'plan.expired', context: 'c', plan: 'p' })).toEqual(['plans', 'incidents']);
  expect(partsOf({ type: 'app.stopped' })).toEqual([]);
});

test('ages have the unit that matters', () => {
  expect([3_000, 90_000, 3_600_000, 200_000_000].map((ms) => ageWords(0, ms))).toEqual(['3 s', '2 min', '1 h', '2 d']);
  expect(ageWords(5_000, 0)).toBe('0 s');
});

test('every state of a plan that was set out on has five steps', () => {
  for (const state of PLAN_STATES) expect(stepsOf(state)?.length ?? 5).toBe(5);
  expect(stepsOf('done')?.every((s) => s === 'past')).toBe(true);
  expect(stepsOf('refused')).toBeUndefined();
});
