import { expect, test } from 'vitest';
import type { ContextRow } from '../../agents/contract/index.ts';
import { entriesOf, find } from './entries.ts';

const context = (name: string, more: Partial<ContextRow> = {}): ContextRow => ({
  name,
  nameInFile: name,
  cluster: name,
  user: 'me',
  server: 'https://127.0.0.1',
  namespace: 'default',
  file: '/config',
  current: false,
  demo: false,
  protected: false,
  readOnly: false,
  color: null,
  group: null,
  alias: null,
  state: 'unknown',
  asOf: null,
  counts: {},
  stale: [],
  reachable: null,
  version: null,
  lastSeen: null,
  objects: null,
  failure: null,
  ...more,
});
const entries = (contexts: readonly ContextRow[]) => entriesOf({ contexts, incidents: [], waits: [], agents: [] });

test('every typed word must be there, in any order and any capitals; a context is found by alias, name and group', () => {
  const all = entries([context('eu-west-1/prod', { alias: 'Shop', group: 'production', protected: true }), context('eu-west-1/dev')]);
  const names = (typed: string) => find(all, typed).flatMap((f) => f.entries.map((e) => e.words));
  expect(names('PROD eu')).toEqual(['Shop']);
  expect(names('shop')).toEqual(['Shop']);
  expect(names('prod nowhere')).toEqual([]);
});

test('what begins with the typed word comes first, and a long group is cut with its number', () => {
  const all = entries([context('a-prod'), ...Array.from({ length: 2_000 }, (_, i) => context(`prod-${i}`))]);
  const [found] = find(all, 'prod');
  expect(found?.entries).toHaveLength(8);
  expect(found?.entries[0]?.words).toBe('prod-0');
  expect(found?.more).toBe(1_993);
});

test('letters in their order are enough, and what holds the word as it is comes before them', () => {
  const all = entries([context('checkout-prod'), context('choir'), context('prod-checkout'), context('zebra')]);
  const names = (typed: string) => find(all, typed).flatMap((f) => (f.group === 'Contexts' ? f.entries.map((e) => e.words) : []));
  expect(names('chkout')).toEqual(['checkout-prod', 'prod-checkout']);
  expect(names('ch')).toEqual(['checkout-prod', 'choir', 'prod-checkout']);
  expect(names('prod che')).toEqual(['checkout-prod', 'prod-checkout']);
  expect(names('zbr')).toEqual(['zebra']);
  expect(names('arbez')).toEqual([]);
});

test('settings and actions are found by what they are about', () => {
  const words = (typed: string) => find(entries([]), typed).flatMap((f) => f.entries.map((e) => `${f.group}: ${e.words}`));
  expect(words('leaves')).toContain('Settings: What leaves this machine');
  expect(words('window')).toContain('Actions: Open another window');
});

test('2,000 contexts are looked through between two letters; how long that takes is printed', () => {
  const all = entries(
    Array.from({ length: 2_000 }, (_, i) => context(`arn:aws:eks:eu-west-1:123456789012:cluster/team-${i % 40}-prod-${i}`)),
  );
  const typed = ['t', 'te', 'team', 'team-7', 'team-7 prod', 'tm7prd'];
  const begun = process.threadCpuUsage();
  for (let round = 0; round < 10; round++) for (const text of typed) find(all, text);
  const { user, system } = process.threadCpuUsage(begun);
  const each = (user + system) / 1000 / (10 * typed.length);
  process.stdout.write(`2,000 contexts: ${each.toFixed(1)} ms a letter\n`);
  expect(each).toBeLessThan(50);
});
