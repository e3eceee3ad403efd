import { expect, test } from 'vitest';
import type { HostEvent } from '../../contract/index.ts';
import { memoryStore } from '../doubles/memory-store.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import { ClusterStates } from './cluster-states.ts';
import type { KnownCluster, KnownNotice, WritableKnown } from './known.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 5);
const kept: KnownCluster = {
  context: 'prod',
  place: 'here',
  uid: 'u1',
  version: 'v1.37.0',
  confirmedAt: NOW - 3_600_000,
  seenAt: NOW - 3_600_000,
  counts: { Pod: 2 },
  unkept: [],
  failure: undefined,
};
const prod: KubeContext = {
  name: 'prod',
  nameInFile: 'prod',
  cluster: 'c',
  user: 'u',
  server: 'https://prod.example',
  namespace: 'default',
  file: 'f',
  current: true,
  demo: false,
  protected: false,
  readOnly: false,
  color: null,
  group: null,
  alias: null,
  place: 'here',
};
const pulse = (more: Partial<Extract<KnownNotice, { type: 'pulse' }>> = {}): KnownNotice => ({
  type: 'pulse',
  context: 'prod',
  uid: 'u1',
  place: 'here',
  confirmedAt: NOW,
  seenAt: NOW,
  counts: { Pod: 3 },
  stale: [],
  unkept: [],
  ...more,
});

function states(known: readonly KnownCluster[] = [], store: WritableKnown = memoryStore({ now: () => NOW })) {
  const events: HostEvent[] = [];
  const logged: string[] = [];
  const own = new ClusterStates(
    {
      store,
      clock: { now: () => NOW, after: () => () => undefined },
      log: (_level, message) => void logged.push(message),
      append: (event) => Promise.resolve(void events.push(event)),
      configured: () => Promise.resolve(['prod']),
    },
    known,
  );
  return { own, store, events, logged };
}
const synced = (uid = 'u1') => ({ type: 'synced', at: NOW, uid, version: 'v1.37.0' }) as const;
const failure = { code: 'cluster-timeout', message: 'no answer' } as const;

test('what is remembered of a cluster is shown with its age and proves nothing about who it is now', () => {
  const { own } = states([kept]);
  expect(own.row(prod)).toMatchObject({ state: 'unknown', asOf: '2026-11-23T13:05:00.000Z', objects: 2, counts: { Pod: 2 } });
  expect(own.verifiedUid('prod')).toBeUndefined();
});

test('who a cluster is counts once it has said so itself, through a failure, and not after it was let go', async () => {
  const { own } = states([kept]);
  await own.hear('prod', synced());
  expect(own.verifiedUid('prod')).toBe('u1');
  await own.hear('prod', { type: 'failed', failure });
  expect(own.verifiedUid('prod')).toBe('u1');
  await own.hear('prod', { type: 'disconnected', at: NOW });
  expect(own.verifiedUid('prod')).toBeUndefined();
});

test('a context that leads elsewhere shows nothing of before, but that it is being asked and why that failed', async () => {
  const { own } = states([kept]);
  const moved = { ...prod, place: 'elsewhere' };
  expect(own.row(moved)).toMatchObject({ state: 'unknown', asOf: null, objects: null, version: null });
  await own.hear('prod', { type: 'failed', failure });
  expect(own.row(moved)).toMatchObject({ state: 'offline', asOf: null, counts: {}, failure });
});

test('each change of state is an event, and nothing else is', async () => {
  const { own, events } = states();
  await own.hear('prod', { type: 'asked' });
  await own.hear('prod', synced());
  own.notice(pulse());
  own.notice(pulse({ stale: ['Pod'], confirmedAt: NOW - 60_000 }));
  own.notice(pulse({ stale: ['Pod'], confirmedAt: NOW - 60_000, counts: { Pod: 4 } }));
  own.notice(pulse());
  await own.hear('prod', { type: 'failed', failure });
  await own.hear('prod', { type: 'failed', failure });
  await expect
    .poll(() => events.map((e) => e.type))
    .toEqual(['cluster.connected', 'cluster.wentStale', 'cluster.connected', 'cluster.wentOffline']);
  expect(events[1]).toMatchObject({ kinds: ['Pod'], since: '2026-11-23T14:04:00.000Z' });
});

test('the last words of a session that was replaced do not overwrite what is known of the cluster after it', async () => {
  const { own, store } = states();
  await own.hear('prod', synced('u2'));
  own.notice(pulse({ uid: 'u1', counts: { Pod: 99 } }));
  own.notice({
    type: 'rows',
    context: 'prod',
    uid: 'u1',
    place: 'here',
    kind: 'Pod',
    at: NOW,
    parts: [{ count: 1, blob: new Uint8Array(1) }],
  });
  await own.close();
  expect(own.get('prod').counts).toEqual({});
  expect(await store.knownRows('prod', 'Pod')).toBeUndefined();
});

test('what was heard is stored at the end, with the age it had, and is what the next run begins with', async () => {
  const { own, store } = states();
  await own.hear('prod', synced());
  own.notice(pulse({ unkept: ['Pod'] }));
  own.notice(pulse({ stale: ['Pod'], confirmedAt: NOW - 60_000, unkept: ['Pod'] }));
  await own.hear('prod', { type: 'failed', failure });
  await own.close();
  const [stored] = await store.knownClusters();
  expect(stored).toEqual({ ...kept, confirmedAt: NOW - 60_000, seenAt: NOW, counts: { Pod: 3 }, unkept: ['Pod'], failure });
  const next = states(stored === undefined ? [] : [stored]).own;
  expect(next.row(prod)).toMatchObject({ state: 'offline', failure, asOf: '2026-11-23T14:04:00.000Z' });
  expect(next.unkept('prod')).toEqual(['Pod']);
});

test('a cluster that was never reached leaves nothing behind', async () => {
  const { own, store } = states();
  await own.hear('prod', { type: 'failed', failure });
  await own.close();
  expect(await store.knownClusters()).toEqual([]);
});

test('a store that takes nothing costs the memory alone, and is complained of once', async () => {
  const full = memoryStore({ now: () => NOW });
  const store: WritableKnown = {
    ...full,
    putKnownClusters: () => Promise.reject(new Error('no room')),
    putKnownRows: () => Promise.reject(new Error('no room')),
  };
  const { own, logged } = states([], store);
  await own.hear('prod', synced());
  own.notice(pulse());
  own.notice({ type: 'rows', context: 'prod', uid: 'u1', place: 'here', kind: 'Pod', at: NOW, parts: [] });
  await own.close();
  expect(own.row(prod)).toMatchObject({ state: 'connected', objects: 3 });
  expect(logged).toEqual(['what was read of clusters cannot be remembered: no room']);
});
