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
