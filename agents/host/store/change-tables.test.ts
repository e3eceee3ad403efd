import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Change } from '../../contract/index.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import type { WritableStore } from '../ports/store.ts';
import { ChangeTables, KEPT_MS } from './change-tables.ts';
import { migrate } from './migrations.ts';
import { openStore } from './store.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const at = (ms: number) => new Date(NOW + ms).toISOString();

function change(id: string, ms: number, more: Partial<Change> & { name?: string; namespace?: string; manager?: string } = {}): Change {
  const { name = 'checkout', namespace = 'shop', manager = 'kubectl', ...rest } = more;
  return {
    id,
    context: 'prod',
    at: at(ms),
    seenAt: at(ms),
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid: `uid-${name}` },
    type: 'changed',
    by: { manager },
    fields: [{ path: 'spec.replicas', from: '1', to: '2', words: 'replicas 1 → 2' }],
    beforeKnown: true,
    summary: 'Deployment shop/checkout: replicas 1 → 2, by kubectl',
    count: 1,
    ...rest,
  };
}

async function onDisk(): Promise<WritableStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-changes-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const opened = await openStore({ dataDir, clock: { now: () => NOW }, log: () => undefined });
  if (!opened.ok) throw new Error(opened.failure.message);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

describe.each([
  ['on disk', onDisk],
  ['in memory', () => Promise.resolve(memoryStore({ now: () => NOW }))],
])('changes, %s', (_, open) => {
  test('are read back newest first, by object, place and time; whatever form a time has', async () => {
    const store = await open();
    const old = change('old', -7_200_000);
    const [cart, billing, west] = [
      change('cart', -60_000, { name: 'cart' }),
      change('billing', -120_000, { namespace: 'billing' }),
      change('west', -30_000, { context: 'west' }),
    ];
    await store.putChanges([old, cart, billing, west]);
    const ids = async (query: Omit<Parameters<WritableStore['changes']>[0], 'limit'>, limit = 10) =>
      (await store.changes({ ...query, limit })).map((c) => c.id);
    expect(await store.changes({ limit: 10 })).toEqual([west, cart, billing, old]);
    expect(await ids({ context: 'prod' })).toEqual(['cart', 'billing', 'old']);
    expect(await ids({ context: 'prod' }, 1)).toEqual(['cart']);
    expect(await ids({ object: 'Deployment/checkout', namespace: 'shop' })).toEqual(['west', 'old']);
    expect(await ids({ since: at(-120_000).replace('.000Z', 'Z'), until: at(-60_000).replace('.000Z', 'Z') })).toEqual(['cart', 'billing']);
  });

  test('one that is told again takes the place of what was there', async () => {
    const store = await open();
    await store.putChanges([change('a', -10_000)]);
    const again = change('a', -5_000, { count: 7 });
    await store.putChanges([again]);
    expect(await store.changes({ limit: 10 })).toEqual([again]);
  });

  test('what the server remembers of a change that was seen is not told a second time', async () => {
    const store = await open();
    await store.putChanges([change('seen', 400)]);
    const found = (id: string, ms: number, more: Parameters<typeof change>[2] = {}) => change(id, ms, { beforeKnown: false, ...more });
    await store.putChanges([
      found('same', 0),
      found('earlier', -60_000),
      found('by another', 0, { manager: 'helm' }),
      found('of another', 0, { name: 'cart' }),
    ]);
    expect((await store.changes({ limit: 10 })).map((c) => c.id).sort()).toEqual(['by another', 'earlier', 'of another', 'seen']);
  });
});

function tables(most?: number) {
  const db = new BetterSqlite3(':memory:');
  onTestFinished(() => void db.close());
  migrate(db);
  return { db, tables: new ChangeTables(db, most) };
}

test('of each context the newest stay, and nothing that is older than thirty days', () => {
  const { tables: changes } = tables(3);
  changes.put([change('west', -9_000, { context: 'west' }), change('too old', -KEPT_MS - 1, { context: 'west', seenAt: at(0) })]);
  changes.put([5, 1, 4, 2, 3].map((n) => change(`c${n}`, -n * 1_000)));
  expect(changes.list({ limit: 10 }).map((c) => c.id)).toEqual(['c1', 'c2', 'c3', 'west']);
});

test('many changes in the same moment are bounded too', () => {
  const { tables: changes } = tables(3);
  changes.put(Array.from({ length: 10 }, (_, n) => change(`c${n}`, 0)));
  expect(changes.list({ limit: 10 })).toHaveLength(3);
});

test('what another version wrote and this one cannot understand is left out', () => {
  const { db, tables: changes } = tables();
  changes.put([change('a', 0), change('b', -1)]);
  db.exec(`UPDATE changes SET json = '{"mood":"blue"}' WHERE id = 'a'`);
  expect(changes.list({ limit: 10 }).map((c) => c.id)).toEqual(['b']);
});

test('the log is synchronised to the disk again after changes were kept', () => {
  const { db, tables: changes } = tables();
  changes.put([change('a', 0)]);
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
});
