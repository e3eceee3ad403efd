import { expect, test } from 'vitest';
import { container, ended, examine, logs, running } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { jobGaveUp } from './job-gave-up.ts';
import { jobKeptFromEnding } from './job-kept-from-ending.ts';
import { jobRanOutOfTime } from './job-ran-out-of-time.ts';
import { programEndsWithError } from './program-ends-with-error.ts';

type Raw = Record<string, unknown>;
const CHECKS = [jobGaveUp, jobKeptFromEnding, jobRanOutOfTime];
const SPEC = { containers: [{ name: 'work', image: 'w:1' }] };

const job = (
  name: string,
  condition: Raw | undefined,
  more: { spec?: Raw; status?: Raw; by?: string; start?: string; pod?: Raw } = {},
): Raw => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    ...(more.by === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: more.by, uid: `uid-${more.by}`, controller: true }] }),
  },
  spec: { backoffLimit: 2, template: { spec: more.pod ?? SPEC }, ...more.spec },
  status: {
    startTime: more.start ?? '2026-03-01T11:30:00Z',
    ...(condition === undefined ? {} : { conditions: [{ status: 'True', lastTransitionTime: '2026-03-01T11:40:00Z', ...condition }] }),
    ...more.status,
  },
});
const pod = (name: string, of: string, statuses: Raw[], spec: Raw = SPEC, phase = 'Running'): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: of, uid: `uid-${of}`, controller: true }],
  },
  spec,
  status: { phase, containerStatuses: statuses },
});
const cron = (name: string, status: Raw = {}): Raw => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: SPEC } } } },
  status,
});
const LATE = { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
const GAVE_UP = { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
const DONE = { type: 'Complete' };

test('a Job that reached its deadline, and one that gave up: the second is a symptom of what its pods died of', () => {
  const report = examine(
    CHECKS,
    [correctValue],
    [
      job('slow', LATE, { spec: { activeDeadlineSeconds: 30 } }),
      job('broken', GAVE_UP, { status: { failed: 3 } }),
      pod('broken-x', 'broken', [container('work', ended(2))], SPEC, 'Failed'),
      job('works', DONE),
      job('runs', undefined),
    ],
  );
  expect(told(report)).toEqual([
    'JOB-001 Job/shop/slow spec.activeDeadlineSeconds: Job slow was ended after 30 s (activeDeadlineSeconds) without having finished',
  ]);
  expect(told(report, 'symptom')).toEqual([
    'JOB-002 Job/shop/broken - affects broken-x: Job broken gave up after 3 failed pods (backoffLimit 2): Job has reached the specified backoff limit',
  ]);
  expect(advised(report)['JOB-001 Job/shop/slow']).toContain('spec.activeDeadlineSeconds');
});

test('of a CronJob the last run that ended counts, not one that is under way, and not one after which it went well', () => {
  const failing = [
    cron('nightly'),
    job('nightly-1', DONE, { by: 'nightly', start: '2026-03-01T11:00:00Z' }),
    job('nightly-2', GAVE_UP, { by: 'nightly' }),
  ];
  const under = job('nightly-3', undefined, { by: 'nightly', start: '2026-03-01T11:55:00Z' });
  expect(told(examine(CHECKS, [], [...failing, under]), 'symptom')).toHaveLength(1);
  const good = job('nightly-3', DONE, { by: 'nightly', start: '2026-03-01T11:55:00Z' });
  expect(examine(CHECKS, [], [...failing, good]).findings).toEqual([]);
  const remembered = [cron('nightly', { lastSuccessfulTime: '2026-03-01T11:58:00Z' }), job('nightly-2', LATE, { by: 'nightly' })];
  expect(examine(CHECKS, [], remembered).findings).toEqual([]);
});

test('a server beside finished work keeps the Job from ending; a native sidecar, or one that just began to wait, does not', () => {
  const server = { name: 'proxy', image: 'p:1', ports: [{ containerPort: 15000 }] };
  const both = { containers: [{ name: 'work', image: 'w:1' }, server] };
  const native = { initContainers: [{ ...server, restartPolicy: 'Always' }], containers: [{ name: 'work', image: 'w:1' }] };
  const statuses = [container('work', ended(0, 'Completed')), container('proxy', running())];
  const stuck = examine(CHECKS, [correctValue], [job('mail', undefined, { pod: both }), pod('mail-x', 'mail', statuses, both)]);
  expect(told(stuck)).toEqual([
    'CRN-003 Job/shop/mail spec.template.spec.containers[1] affects mail-x: container proxy runs on after container work has finished, so the Job never ends; make it a sidecar (an init container with restartPolicy Always), or let it end',
  ]);
  expect(advised(stuck)['CRN-003 Job/shop/mail']).toContain('restartPolicy: Always');
  const fine = [job('mail', undefined, { pod: native }), pod('mail-x', 'mail', [container('work', running())], native)];
  expect(examine(CHECKS, [], fine).findings).toEqual([]);
  const justEnded = { terminated: { exitCode: 0, finishedAt: '2026-03-01T11:59:55Z' } };
  const moment = [container('work', justEnded), container('proxy', running())];
  expect(examine(CHECKS, [], [job('mail', undefined, { pod: both }), pod('mail-x', 'mail', moment, both)]).findings).toEqual([]);
});

test('why the last run of a CronJob failed is read from its pod; what a later run made good is past', () => {
  const objects = (...later: Raw[]) => [
    cron('sync'),
    job('sync-1', GAVE_UP, { by: 'sync' }),
    pod('sync-1-a', 'sync-1', [container('work', ended(1))], SPEC, 'Failed'),
    ...later,
  ];
  const look = (...later: Raw[]) =>
    examine([jobGaveUp, programEndsWithError], [], objects(...later), () => logs('starting', 'Error: 403 Access Denied'));
  expect(told(look())).toEqual([
    'POD-003 CronJob/shop/sync spec.jobTemplate.spec.template.spec.containers[0] affects sync-1-a: container work ends with exit status 1; its log ends with: Error: 403 Access Denied',
  ]);
  expect(look(job('sync-2', DONE, { by: 'sync', start: '2026-03-01T11:50:00Z', status: { succeeded: 1 } })).findings).toEqual([]);
});

test('a run of a CronJob that fails on and on is told of before it gives up; one failed try is not', () => {
  const look = (failed: number) =>
    examine(
      [programEndsWithError],
      [],
      [
        cron('sync'),
        job('sync-1', undefined, { by: 'sync', status: { failed, active: 1 } }),
        pod('sync-1-a', 'sync-1', [container('work', ended(1))], SPEC, 'Failed'),
      ],
      () => logs('Error: no such module'),
    );
  expect(told(look(1))).toEqual([]);
  expect(told(look(2))[0]).toContain('POD-003 CronJob/shop/sync');
});
