import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type Kind, type KubeObject, objectKey, project } from '../../contract/index.ts';
import { type PackedRow, packRow } from '../../core/row.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import type { KnownNotice, RowsQuery } from './known.ts';
import { LiveRows } from './live-rows.ts';
import { type KeeperSource, ROWS_A_PART, RowKeeper, STALE_MS } from './row-keeper.ts';
import { compareCursors, keyOfRow, sortValue } from './rows-order.ts';
import { StoredRows } from './stored-rows.ts';

/** Objects of a cluster as a session has them, to be changed by the test. */
class Objects implements KeeperSource {
  readonly context = 'prod';
  readonly kinds: Kind[] = ['Pod', 'ConfigMap'];
  readonly of = new Map<Kind, Map<string, KubeObject>>(this.kinds.map((kind) => [kind, new Map()]));
  readonly unsettled = new Set<Kind>();
  forbidden: Kind | undefined;
  stale: Kind[] = [];
  offline: unknown;
  lastAlive = performance.now();
  onChange: (kind: Kind, key: string) => void = () => undefined;

  put(namespace: string, name: string, phase = 'Running'): void {
    const status = { phase, containerStatuses: [{ name: 'c', ready: true, state: { running: {} } }] };
    const raw = { metadata: { namespace, name, uid: `u-${name}` }, spec: { containers: [{ name: 'c' }] }, status };
    const object = project('Pod', raw) as KubeObject;
    this.of.get('Pod')?.set(objectKey(object.metadata), object);
    this.onChange('Pod', objectKey(object.metadata));
  }
  remove(key: string): void {
    this.of.get('Pod')?.delete(key);
    this.onChange('Pod', key);
  }
  size = (kind: Kind): number => this.of.get(kind)?.size ?? 0;
  keys = (kind: Kind): Iterable<string> => this.of.get(kind)?.keys() ?? [];
  object = (kind: Kind, key: string): KubeObject | undefined => this.of.get(kind)?.get(key);
  isSettled = (kinds: readonly Kind[]): boolean => kinds.every((kind) => !this.unsettled.has(kind));
  gaps = (kinds: readonly Kind[]) =>
    kinds.flatMap((kind) => (kind === this.forbidden ? [{ kind, because: 'forbidden: needs list pods' }] : []));
  interrupted = (): readonly Kind[] => this.stale;
}

const query = (more: Partial<RowsQuery> = {}): RowsQuery => ({
  kind: 'Pod',
  namespaces: [],
  search: '',
  sort: { by: 'name', descending: false },
  after: undefined,
  limit: 100,
  ...more,
});
const names = (rows: readonly PackedRow[] | undefined) => rows?.map(keyOfRow);

function keeper(objects = new Objects()) {
  const said: KnownNotice[] = [];
  let now = 1_000_000;
  const kept = new RowKeeper(
    objects,
    'here',
    (notice) => said.push(notice),
    () => now,
  );
  onTestFinished(() => kept.stop());
  objects.onChange = (kind, key) => kept.dirty(kind, key);
  const pulse = () => said.findLast((n) => n.type === 'pulse');
  const rows = (kind: Kind) => said.flatMap((n) => (n.type === 'rows' && n.kind === kind ? [n] : [])).at(-1);
  return { objects, kept, said, pulse, rows, later: (ms: number) => (now += ms) };
}

test('what has changed is kept at the end, and what has not is not sent again', async () => {
  const { objects, kept, said, rows } = keeper();
  objects.put('shop', 'cart-1');
  kept.identified('u1');
  await kept.flush();
  expect(rows('Pod')).toMatchObject({ context: 'prod', uid: 'u1', place: 'here', at: 1_000_000, parts: [{ count: 1 }] });
  expect(rows('ConfigMap')?.parts.map((p) => p.count)).toEqual([0]);
  said.length = 0;
  await kept.flush();
  expect(said.map((n) => n.type)).toEqual(['pulse', 'pulse']);
});

test('nothing is kept before it is known whose it is, and nothing of another cluster under its name', async () => {
  const { objects, kept, said } = keeper();
  objects.put('shop', 'cart-1');
  await kept.flush();
  expect(said).toEqual([]);
  kept.identified('u1');
  // It turns out to be another one while its rows are being made.
  const { object } = objects;
  objects.object = (kind, key) => (kept.identified('u2'), object(kind, key));
  await kept.flush();
  expect(said.filter((n) => n.type === 'rows' && n.parts[0]?.count !== 0)).toEqual([]);
});

test('half a list and a kind that is forbidden now do not take the place of what was known', async () => {
  const { objects, kept, said, pulse } = keeper();
  kept.identified('u1');
  objects.unsettled.add('Pod');
  objects.put('shop', 'cart-1');
  await kept.flush();
  expect(said.flatMap((n) => (n.type === 'rows' ? [n.kind] : []))).toEqual(['ConfigMap']);
  objects.unsettled.clear();
  objects.forbidden = 'Pod';
  await kept.flush();
  expect(said.flatMap((n) => (n.type === 'rows' ? [n.kind] : []))).toEqual(['ConfigMap']);
  expect(pulse()).toMatchObject({ counts: { ConfigMap: 0 }, unkept: ['Pod'] });
});

test('rows come in blocks, and none of making them holds the thread for long', async () => {
  const { objects, kept, rows } = keeper();
  for (let i = 0; i < ROWS_A_PART * 2 + 1; i++) objects.put(`ns-${i % 7}`, `pod-${i}`);
  kept.identified('u1');
  // Processor time of this thread: what a busy machine takes from it is not ours.
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let before = worked();
  const look = setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  await kept.flush();
  clearInterval(look);
  expect(rows('Pod')?.parts.map((p) => p.count)).toEqual([ROWS_A_PART, ROWS_A_PART, 1]);
  expect(longest).toBeLessThan(100);
});

test('a pulse says until when all is current: now, since a kind was interrupted, or since the cluster fell silent', async () => {
  const { objects, kept, pulse, later } = keeper();
  kept.identified('u1');
  expect(pulse()).toMatchObject({ confirmedAt: 1_000_000, stale: [] });
  later(60_000);
  objects.stale = ['Pod'];
  await kept.flush();
  expect(pulse()).toMatchObject({ confirmedAt: 1_000_000 - STALE_MS, stale: ['Pod'], seenAt: 1_060_000 });
  objects.stale = [];
  later(60_000);
  await kept.flush();
  expect(pulse()).toMatchObject({ confirmedAt: 1_120_000, stale: [] });
  later(60_000);
  objects.offline = { code: 'cluster-timeout' };
  await kept.flush();
  const lost = pulse()?.confirmedAt ?? 0;
  expect(lost).toBeLessThan(1_120_001);
  // A word of a server whose watches are still down confirms nothing.
  objects.lastAlive = performance.now();
  later(60_000);
  await kept.flush();
  expect(pulse()?.confirmedAt).toBe(lost);
});

const KEYS = fc.array(fc.tuple(fc.constantFrom('shop', 'shop-a', 'shop.b', 'zoo'), fc.stringMatching(/^[a-c-]{1,3}$/)), { maxLength: 40 });

test('names stay in order through everything that comes and goes, and pages put together are the whole list', async () => {
  await fc.assert(
    fc.asyncProperty(KEYS, fc.array(fc.nat(60), { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (all, gone, limit) => {
      const objects = new Objects();
      const live = new LiveRows(objects);
      objects.onChange = (kind, key) => live.changed(kind, key);
      await live.page(query());
      for (const [i, [namespace, name]] of all.entries()) {
        objects.put(namespace, name);
        const victim = all[gone[i] ?? -1];
        if (victim !== undefined) objects.remove(victim.join('/'));
      }
      const expected = [...objects.keys('Pod')].sort();
      const paged: string[] = [];
      for (let after: RowsQuery['after']; ;) {
        const page = await live.page(query({ after, limit }));
        expect(page?.total).toBe(expected.length);
        const keys = names(page?.rows) ?? [];
        if (keys.length === 0) break;
        paged.push(...keys);
        after = { value: '', key: keys.at(-1) ?? '', context: 'prod' };
      }
      expect(paged).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('a search and another order find in the watch what they find in the store', async () => {
  const { objects, kept, rows } = keeper();
  const phases = ['Running', 'Pending', 'Failed'];
  for (let i = 0; i < 50; i++) objects.put(`ns-${i % 3}`, `pod-${(i * 7) % 50}`, phases[i % 3]);
  kept.identified('u1');
  await kept.flush();
  const store = memoryStore({ now: () => 0 });
  const pods = rows('Pod');
  if (pods === undefined) throw new Error('no rows were kept');
  await store.putKnownRows('prod', 'u1', pods);
  const stored = new StoredRows(store);
  for (const by of ['name', 'age', 'state', 'health', 1] as const)
    for (const descending of [false, true])
      for (const search of ['', 'pod-4', 'pend']) {
        const asked = query({ sort: { by, descending }, search, namespaces: ['ns-1', 'ns-2'], limit: 10 });
        const [live, old] = [await kept.page(asked), await stored.page('prod', asked)];
        expect(names(live?.rows)).toEqual(names(old?.rows));
        expect(live?.total).toBe(old?.total);
      }
});

test('a name like another with a dash stands where an API server lists it', () => {
  const row = (namespace: string): PackedRow => [namespace, 'x', '', null, '', 0, []];
  const place = (r: PackedRow) => ({ value: sortValue({ by: 'name', descending: false }, r), key: keyOfRow(r), context: 'prod' });
  expect(compareCursors(place(row('shop-a')), place(row('shop')), false)).toBeLessThan(0);
});

test('2/3 sorts before 10/12, as people count', () => {
  const place = (value: string) => ({ value, key: 'a', context: 'prod' });
  expect(compareCursors(place('2/3'), place('10/12'), false)).toBeLessThan(0);
  expect(compareCursors(place('2/3'), place('10/12'), true)).toBeGreaterThan(0);
});

test('a page by name costs its own rows, not those of the cluster', async () => {
  const objects = new Objects();
  for (let i = 0; i < 5_000; i++) objects.put('shop', `pod-${i}`);
  let made = 0;
  const { object } = objects;
  objects.object = (kind, key) => (made++, object(kind, key));
  const page = await new LiveRows(objects).page(query({ limit: 20 }));
  expect([page?.rows.length, page?.total, made]).toEqual([20, 5_000, 20]);
});

test('rows that were stored by something else are passed over', async () => {
  const store = memoryStore({ now: () => 0 });
  const { zstdCompressSync } = await import('node:zlib');
  const good = packRow(project('Pod', { metadata: { name: 'a', namespace: 'b' }, spec: {} }) as KubeObject);
  const blob = zstdCompressSync(JSON.stringify([good, ['half', 'a row'], 7]));
  await store.putKnownRows('prod', 'u1', { kind: 'Pod', at: 5, parts: [{ count: 3, blob }] });
  expect(await new StoredRows(store).page('prod', query())).toMatchObject({ rows: [good], at: 5 });
  expect(await new StoredRows(store).page('prod', query({ search: 'a' }))).toMatchObject({ rows: [good], total: 1 });
});

test('a page of stored rows by name opens the blocks it needs, and goes on where the one before ended', async () => {
  const { objects, kept, rows } = keeper();
  for (let i = 0; i < ROWS_A_PART + 5; i++) objects.put('shop', `pod-${String(i).padStart(5, '0')}`);
  kept.identified('u1');
  await kept.flush();
  const pods = rows('Pod');
  if (pods === undefined) throw new Error('no rows were kept');
  const store = memoryStore({ now: () => 0 });
  // A second block that cannot be opened shows whether somebody tries to.
  const [one, two] = pods.parts;
  if (one === undefined || two === undefined) throw new Error('one block only');
  await store.putKnownRows('prod', 'u1', { ...pods, parts: [one, { ...two, blob: new Uint8Array([1, 2, 3]) }] });
  const page = await new StoredRows(store).page('prod', query({ limit: 10 }));
  expect([names(page?.rows)?.at(-1), page?.total]).toEqual(['shop/pod-00009', ROWS_A_PART + 5]);
  await store.putKnownRows('prod', 'u1', pods);
  const after = { value: '', key: `shop/pod-0${ROWS_A_PART - 2}`, context: 'prod' };
  const last = await new StoredRows(store).page('prod', query({ limit: 10, after }));
  expect(names(last?.rows)).toHaveLength(6);
});
