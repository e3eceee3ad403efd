import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryStore } from '../doubles/memory-store.ts';
import type { KindRows, KnownCluster } from '../known/known.ts';
import type { WritableStore } from '../ports/store.ts';
import { FORGET_MISSING_MS, FORGET_UNSEEN_MS, KnownTables } from './known-tables.ts';
import { migrate } from './migrations.ts';
import { openStore } from './store.ts';

const NOW = Date.UTC(2026, 10, 23);
const prod: KnownCluster = {
  context: 'prod',
  place: 'p1',
  uid: 'u1',
  version: 'v1.37.0',
  confirmedAt: NOW - 5,
  seenAt: NOW,
  counts: { Pod: 2 },
  unkept: ['Pod'],
  failure: { code: 'cluster-timeout', message: 'no answer' },
};
const rows = (at: number, ...counts: number[]): KindRows => ({
  kind: 'Pod',
  at,
  parts: counts.map((count) => ({ count, blob: Uint8Array.from({ length: count }, (_, i) => i % 251) })),
});
const plainRows = (r: KindRows | undefined) => r?.parts.map((p) => [p.count, [...p.blob].length]);

async function onDisk(): Promise<WritableStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-known-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const opened = await openStore({ dataDir, clock: { now: () => NOW }, log: () => undefined });
  if (!opened.ok) throw new Error(opened.failure.message);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

describe.each([
  ['on disk', onDisk],
  ['in memory', () => Promise.resolve(memoryStore({ now: () => NOW }))],
])('what is remembered of clusters, %s', (_, open) => {
  test('is read back as it was put; what is put again takes its place', async () => {
    const store = await open();
    const bare: KnownCluster = { ...prod, context: 'new', version: null, confirmedAt: undefined, seenAt: undefined, failure: undefined };
    await store.putKnownClusters([{ ...prod, version: 'v1.36.0' }, bare]);
    await store.putKnownClusters([prod]);
    expect(await store.knownClusters()).toEqual([bare, prod]);
    await store.putKnownRows('prod', 'u1', rows(1, 5, 3));
    await store.putKnownRows('prod', 'u1', rows(2, 4));
    const kept = await store.knownRows('prod', 'Pod');
    expect([kept?.at, plainRows(kept)]).toEqual([2, [[4, 4]]]);
    expect(await store.knownRows('prod', 'Node')).toBeUndefined();
    expect(await store.knownRows('else', 'Pod')).toBeUndefined();
  });

  test('another cluster under the same name does not find the rows of the one before', async () => {
    const store = await open();
    await store.putKnownClusters([prod]);
    await store.putKnownRows('prod', 'u1', rows(1, 5));
    await store.putKnownClusters([{ ...prod, uid: 'u2' }]);
    expect(await store.knownRows('prod', 'Pod')).toBeUndefined();
    await store.putKnownRows('prod', 'u2', rows(2, 1));
    await store.putKnownRows('prod', 'u3', { ...rows(3, 1), kind: 'Node' });
    expect(await store.knownRows('prod', 'Pod')).toBeUndefined();
  });

  test('is forgotten on demand', async () => {
    const store = await open();
    await store.putKnownClusters([prod]);
    await store.putKnownRows('prod', 'u1', rows(1, 5));
    await store.forgetKnown(['prod']);
    expect([await store.knownClusters(), await store.knownRows('prod', 'Pod')]).toEqual([[], undefined]);
  });

  test('is dropped 90 days after a cluster was last seen, and 30 after its context left the kubeconfigs; not before', async () => {
    const store = await open();
    await store.putKnownClusters([
      { ...prod, context: 'old', seenAt: NOW - FORGET_UNSEEN_MS - 1 },
      { ...prod, context: 'nearly', seenAt: NOW - FORGET_UNSEEN_MS + FORGET_MISSING_MS },
      { ...prod, context: 'left' },
      { ...prod, context: 'back' },
    ]);
    expect(await store.tidyKnown(['old', 'nearly'], NOW)).toEqual(['old']);
    expect(await store.tidyKnown(['nearly', 'back'], NOW + FORGET_MISSING_MS - 1)).toEqual([]);
    expect(await store.tidyKnown(['nearly'], NOW + FORGET_MISSING_MS)).toEqual([]);
    expect((await store.tidyKnown(['nearly'], NOW + FORGET_MISSING_MS + 1)).toSorted()).toEqual(['left', 'nearly']);
    expect((await store.knownClusters()).map((c) => c.context)).toEqual(['back']);
  });
});

function tables(mostBytes?: number) {
  const db = new BetterSqlite3(':memory:');
  onTestFinished(() => void db.close());
  migrate(db);
  return { db, known: new KnownTables(db, mostBytes) };
}

test('when there is no room for all rows, those of the longest unseen cluster go first', () => {
  const { known } = tables(1_000);
  known.putClusters([
    { ...prod, context: 'yesterday', seenAt: NOW - 86_400_000 },
    { ...prod, context: 'today' },
  ]);
  known.putRows('today', 'u1', rows(1, 500));
  known.putRows('yesterday', 'u1', rows(1, 400));
  expect(known.clusters().map((c) => c.context)).toEqual(['today', 'yesterday']);
  known.putRows('today', 'u1', rows(2, 700));
  expect(known.clusters().map((c) => c.context)).toEqual(['today']);
  expect(plainRows(known.rows('today', 'Pod'))).toEqual([[700, 700]]);
});

test('what another version wrote and this one cannot understand is no reason not to start', () => {
  const { db, known } = tables();
  known.putClusters([prod]);
  db.exec(`UPDATE known_cluster SET counts = '{"Pod":"many"}', unkept = '["Moon"]', failure = '{"code":"tired"}'`);
  expect(known.clusters()).toEqual([{ ...prod, counts: {}, unkept: [], failure: undefined }]);
});

test('the log is synchronised to the disk again after something was remembered', () => {
  const { db, known } = tables();
  db.pragma('synchronous = FULL');
  known.putClusters([prod]);
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
});
