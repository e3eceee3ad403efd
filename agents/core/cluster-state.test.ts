import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../contract/index.ts';
import { type ClusterCondition, type ClusterNews, UNKNOWN_CLUSTER, asOf, isLive, nextCondition, remembered } from './cluster-state.ts';

const failed = (code: ErrorCode): ClusterNews => ({ type: 'failed', failure: { code, message: `it said ${code}` } });
const synced: ClusterNews = { type: 'synced', at: 1_000, uid: 'u1', version: 'v1.37.0' };
const pulse = (confirmedAt: number, stale: readonly 'Pod'[] = []): ClusterNews => ({
  type: 'pulse',
  seenAt: 5_000,
  confirmedAt,
  counts: { Pod: 3 },
  stale,
});
const after = (...news: ClusterNews[]): ClusterCondition => news.reduce(nextCondition, UNKNOWN_CLUSTER);

const WORDS: Partial<Record<ErrorCode, string>> = {
  'cluster-unauthorized': 'unauthorised',
  forbidden: 'unauthorised',
  cancelled: 'unknown',
};

test.each(ERROR_CODES)('a cluster that was connected and fails with %s is not connected, and says why', (code) => {
  const now = after(synced, pulse(4_000), failed(code));
  expect(now.state).toBe(WORDS[code] ?? 'offline');
  expect(now.failure?.code).toBe(code === 'cancelled' ? undefined : code);
  expect([now.counts, asOf(now, 9_000)]).toEqual([{ Pod: 3 }, 4_000]);
});

test.each(ERROR_CODES)('a cluster that was never reached and fails with %s has no data and no age', (code) => {
  const now = after({ type: 'asked' }, failed(code));
  expect([now.state, asOf(now, 9_000), now.counts]).toEqual([WORDS[code] ?? 'offline', undefined, {}]);
});

test('a watch that is interrupted makes stale what answers, with the kinds and since when; and connected again when it goes on', () => {
  const stale = after(synced, pulse(5_000), pulse(2_000, ['Pod']));
  expect([stale.state, stale.stale, asOf(stale, 9_000)]).toEqual(['stale', ['Pod'], 2_000]);
  const well = nextCondition(stale, pulse(9_000));
  expect([well.state, well.stale, asOf(well, 9_500)]).toEqual(['connected', [], 9_500]);
});

test('words of a watch that is over do not make a cluster connected', () => {
  expect(after(synced, failed('cluster-timeout'), pulse(3_000)).state).toBe('offline');
  expect(after(synced, { type: 'disconnected', at: 6_000 }, pulse(5_000)).state).toBe('unknown');
});

test('a new attempt is said, keeps what is known, and does not disturb a watch', () => {
  const again = after(synced, pulse(4_000), failed('cluster-timeout'), { type: 'asked' });
  expect([again.state, again.counts, again.failure?.code, asOf(again, 9_000)]).toEqual([
    'connecting',
    { Pod: 3 },
    'cluster-timeout',
    4_000,
  ]);
  expect(after(synced, { type: 'asked' }).state).toBe('connected');
});

test('another cluster at the same name starts with nothing of the old one', () => {
  expect(after(synced, pulse(4_000), { ...synced, uid: 'u2' }).counts).toEqual({});
  expect(after(synced, pulse(4_000), synced).counts).toEqual({ Pod: 3 });
});

test('what ends well is current until its end', () => {
  const left = after(synced, pulse(4_000), { type: 'disconnected', at: 7_000 });
  expect([left.state, left.confirmedAt, left.seenAt]).toEqual(['unknown', 7_000, 7_000]);
  const fell = after(synced, pulse(2_000, ['Pod']), { type: 'readerLost', at: 7_000 });
  expect([fell.state, fell.confirmedAt]).toEqual(['connecting', 2_000]);
});

test('after a start a cluster is what it last was: never connected, with its age', () => {
  const { state: _state, stale: _stale, ...stored } = after(synced, pulse(4_000));
  expect(remembered(stored)).toMatchObject({ state: 'unknown', confirmedAt: 4_000, counts: { Pod: 3 } });
  const failure = { code: 'cluster-unauthorized', message: 'm' } as const;
  expect(remembered({ ...stored, failure })).toMatchObject({ state: 'unauthorised', failure });
});

const anyNews: fc.Arbitrary<ClusterNews> = fc.oneof(
  fc.constant<ClusterNews>({ type: 'asked' }),
  fc.record({ type: fc.constant('synced' as const), at: fc.nat(10_000), uid: fc.constantFrom('u1', 'u2'), version: fc.constant('v1') }),
  fc.nat(10_000).map((at) => pulse(at)),
  fc.nat(10_000).map((at) => pulse(at, ['Pod'])),
  fc.constantFrom(...ERROR_CODES).map(failed),
  fc.record({ type: fc.constantFrom('disconnected' as const, 'readerLost' as const), at: fc.nat(10_000) }),
);

test('whatever happens: live means read in this run and no failure, stale kinds only while stale, an age wherever there are counts', () => {
  fc.assert(
    fc.property(fc.array(anyNews, { maxLength: 20 }), (all) => {
      let now = UNKNOWN_CLUSTER;
      let read = false;
      for (const news of all) {
        now = nextCondition(now, news);
        if (news.type === 'synced') read = true;
        if (news.type === 'failed' || news.type === 'disconnected' || news.type === 'readerLost') read = false;
        expect(isLive(now.state)).toBe(read);
        if (read) expect(now.failure).toBeUndefined();
        expect(now.stale.length > 0).toBe(now.state === 'stale');
        if (Object.keys(now.counts).length > 0) expect(now.confirmedAt).toBeDefined();
        if (now.state === 'offline' || now.state === 'unauthorised') expect(now.failure).toBeDefined();
      }
    }),
  );
});
