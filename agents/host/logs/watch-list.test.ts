import { expect, test } from 'vitest';
import type { LogContainer, LogPod } from './log-pods.ts';
import { type Wanted, watchList } from './watch-list.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const container = (more: Partial<LogContainer> = {}): LogContainer => ({
  ...{ name: 'app', restarts: 0, startedAt: NOW - HOUR, isRunning: true, isFalling: false, fellAt: undefined },
  ...more,
});
let pods = 0;
const pod = (workload: string, more: Partial<LogPod> = {}): LogPod => ({
  ...{ namespace: 'shop', workload: `Deployment/${workload}`, name: `${workload}-${++pods}`, uid: `u-${pods}`, revision: '1' },
  ...{ createdAt: NOW - 24 * HOUR, isLeaving: false, containers: [container()] },
  ...more,
});
const many = (count: number, workload: string, more: Partial<LogPod> = {}) => Array.from({ length: count }, () => pod(workload, more));
const listed = (all: readonly LogPod[], wanted: Wanted = new Map(), most = 60) => {
  const { workloads, leftOut } = watchList(all, wanted, NOW, most);
  return { who: workloads.map((w) => `${w.workload.slice(11)} ${w.because} ${w.streams.length}/${w.containers}`), leftOut };
};

test('in a small cluster everybody is followed, some replicas of each', () => {
  expect(listed([...many(2, 'web'), ...many(9, 'cart')])).toEqual({ who: ['web small 2/2', 'cart small 4/9'], leftOut: 0 });
});

test('of fifty thousand pods only those of whom something is to be learned, the chosen ones first', () => {
  const all = [
    ...Array.from({ length: 500 }, (_, i) => many(100, `quiet-${i}`)).flat(),
    ...many(3, 'rolled', { revision: '7', createdAt: NOW - 10 * MINUTE }),
    ...many(50, 'half', { revision: '1' }),
    ...many(50, 'half', { revision: '2', createdAt: NOW - MINUTE }),
    ...many(2, 'falls', { containers: [container({ isFalling: true, isRunning: false })] }),
    ...many(2, 'fell', { containers: [container({ restarts: 2, fellAt: NOW - 5 * MINUTE })] }),
    ...many(2, 'fell-long-ago', { containers: [container({ restarts: 2, fellAt: NOW - 5 * HOUR })] }),
    ...many(2, 'new', { createdAt: NOW - MINUTE }),
  ];
  const wanted: Wanted = new Map([
    ['shop/Deployment/quiet-3', 'incident'],
    ['shop/Deployment/quiet-4', 'chosen'],
  ]);
  const begun = performance.now();
  expect(listed(all, wanted)).toEqual({
    who: [
      'quiet-4 chosen 4/100',
      'quiet-3 incident 4/100',
      'half rollout 6/100',
      'rolled rollout 3/3',
      'falls restarts 2/2',
      'fell restarts 2/2',
    ],
    leftOut: 0,
  });
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test('fifty pods that restart at once take the streams there are, and how many have none is said', () => {
  const all = [
    ...many(70, 'quiet'),
    ...Array.from({ length: 50 }, (_, i) => pod(`falls-${i}`, { containers: [container({ isFalling: true })] })),
  ];
  const { who, leftOut } = listed(all, new Map(), 30);
  expect([who.length, leftOut]).toEqual([30, 20]);
});

test('of a rollout pods of both revisions are followed, those on their way out last', () => {
  const all = [
    ...many(60, 'quiet'),
    ...many(3, 'web', { revision: '1', isLeaving: true }),
    ...many(3, 'web', { revision: '1' }),
    ...many(2, 'web', { revision: '2', createdAt: NOW - MINUTE }),
  ];
  const [web] = watchList(all, new Map(), NOW).workloads;
  expect(web?.streams.map(({ pod: p }) => `${p.revision}${p.isLeaving ? ' leaving' : ''}`)).toEqual(['2', '2', '1', '1']);
  expect([...(web?.revisions ?? [])]).toEqual([
    ['1', NOW - 24 * HOUR],
    ['2', NOW - MINUTE],
  ]);
});
