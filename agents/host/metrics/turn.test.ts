import { expect, test } from 'vitest';
import type { SignalName } from '../../contract/index.ts';
import type { ClusterFeed } from './feed.ts';
import type { MetricsTransport } from '../cluster/metrics-transport.ts';
import type { Owners, PodEntry } from './owners.ts';
import { Turn } from './turn.ts';

/** Sums of workloads over readings: what is in a turn, what is not, and pods that begin again. */

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 8);
const WEB = { namespace: 'shop', workload: 'Deployment/web' };

const podsOf = (count: number): Map<string, PodEntry> =>
  new Map(
    Array.from({ length: count }, (_, i): [string, PodEntry] => [
      `shop/web-${i}`,
      {
        ...{ owner: WEB, name: `web-${i}`, node: 'node-1', started: START, memoryLimit: 100, restarts: [] },
        ...{ before: undefined, rates: undefined, measured: undefined, throttled: undefined },
      },
    ]),
  );

/** One reading: what it said of the workload. */
function read(
  pods: Map<string, PodEntry>,
  minute: number,
  work: (turn: Turn, entries: readonly PodEntry[]) => void,
): Readonly<Partial<Record<SignalName, number>>> {
  const said: Partial<Record<SignalName, number>> = {};
  const feed = {
    put: (signal: SignalName, _labels: object, _at: number, value: number) => ((said[signal] = value), true),
  } as unknown as ClusterFeed;
  const nothing = {} as unknown as MetricsTransport & Owners;
  const now = START + minute * MINUTE;
  const turn = new Turn({ now, feed, pods, transport: nothing, owners: nothing, keepsPods: false, signal: new AbortController().signal });
  work(turn, [...pods.values()]);
  turn.finish();
  return said;
}
const RECEIVED = 'workload_network_receive_bytes_per_second';

test('pods whose kubelet was not read in this turn count as they were last; before all are known there is no sum', () => {
  const pods = podsOf(4);
  const half = (minute: number, from: number) =>
    read(pods, minute, (turn, all) => {
      for (const entry of all.slice(from, from + 2)) turn.network(entry, turn.now, 60_000 * minute, 0);
    });
  expect(half(0, 0)[RECEIVED]).toBeUndefined();
  expect(half(0.5, 2)[RECEIVED]).toBeUndefined();
  expect(half(1, 0)[RECEIVED]).toBeUndefined();
  // Of two pods each 1000 a second were read now, of two half a minute ago.
  expect(half(1.5, 2)[RECEIVED]).toBe(4_000);
  expect(half(2, 0)[RECEIVED]).toBe(4_000);
  // What was not heard of for more than five minutes is not known any more.
  expect(half(7, 0)[RECEIVED]).toBeUndefined();
});

test('a pod in the network of its node has none of its own, and the others are summed without it', () => {
  const pods = podsOf(2);
  const turn = (minute: number) =>
    read(pods, minute, (t, [one, two]) => {
      t.network(one!, t.now, 60_000 * minute, 0);
      two!.rates = 'none';
    });
  turn(0);
  expect(turn(1)[RECEIVED]).toBe(1_000);
});

test('fifty pods that restart at once: their counters begin again, no rate is below zero or a leap, and what they took is what they take', () => {
  const pods = podsOf(50);
  const turn = (minute: number, counter: number, memory: number) =>
    read(pods, minute, (t, all) => {
      for (const entry of all) {
        t.network(entry, t.now, counter, counter);
        t.usage(entry, 0.1, memory, `${minute}`);
        t.throttling(entry, counter, counter / 4);
      }
    });
  turn(0, 6_000_000, 80);
  expect(turn(1, 6_060_000, 80)).toMatchObject({ [RECEIVED]: 50_000, workload_memory_bytes: 4_000 });
  const after = turn(2, 30_000, 10);
  expect(after).toMatchObject({ [RECEIVED]: 25_000, workload_memory_bytes: 500, workload_memory_bytes_max: 10, workload_pods: 50 });
  expect(after.workload_throttled_ratio).toBeUndefined();
  expect(turn(3, 90_000, 12)).toMatchObject({ [RECEIVED]: 50_000, workload_throttled_ratio: 0.25 });
});

test('the same measurement again is no news; what a pod takes in its first five minutes is kept apart', () => {
  const pods = podsOf(1);
  const turn = (minute: number, stamp: string, memory: number) => read(pods, minute, (t, [one]) => t.usage(one!, 0.5, memory, stamp));
  expect(turn(1, 'a', 70)).toMatchObject({ workload_memory_bytes: 70, workload_startup_memory_bytes_max: 70 });
  expect(turn(1.1, 'a', 70).workload_memory_bytes).toBeUndefined();
  const later = turn(9, 'b', 60);
  expect(later.workload_memory_bytes).toBe(60);
  expect(later.workload_startup_memory_bytes_max).toBeUndefined();
});
