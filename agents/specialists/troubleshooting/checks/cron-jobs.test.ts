import { expect, test } from 'vitest';
import type { Change, Fact, Probe } from '../../../contract/index.ts';
import { examine } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { cronJobHeldBack } from './cron-job-held-back.ts';
import { cronJobLeftSuspended } from './cron-job-left-suspended.ts';
import { cronJobMissesRuns } from './cron-job-misses-runs.ts';
import { cronJobTimeZoneWrong } from './cron-job-time-zone-wrong.ts';
import { scheduleNeverFires } from './schedule-never-fires.ts';

type Raw = Record<string, unknown>;
const CHECKS = [scheduleNeverFires, cronJobLeftSuspended, cronJobHeldBack, cronJobTimeZoneWrong, cronJobMissesRuns];

const cron = (spec: Raw, status: Raw = {}, metadata: Raw = {}): Raw => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'report', namespace: 'shop', creationTimestamp: '2026-02-01T00:00:00Z', ...metadata },
  spec: { schedule: '*/10 * * * *', jobTemplate: { spec: { template: { spec: { containers: [{ name: 'r' }] } } } }, ...spec },
  status: { lastScheduleTime: '2026-03-01T12:00:00Z', ...status },
});
const events =
  (message: string) =>
  (probe: Probe): Fact =>
    probe.type === 'objectEvents'
      ? { ok: true, value: { events: [{ type: 'Warning', reason: 'FailedCreate', message, count: 1 }] } }
      : { ok: false, failure: { code: 'not-found', message: '' } };
const RESUMED: Change = {
  id: '1',
  context: 'test',
  at: '2026-03-01T11:58:00Z',
  seenAt: '2026-03-01T11:58:00Z',
  resource: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'report' },
  type: 'changed',
  by: { manager: 'kubectl-edit' },
  fields: [{ path: 'spec.suspend', from: 'true', to: 'false', words: 'resumed' }],
  beforeKnown: true,
  summary: 'resumed',
  count: 1,
};
const causes = (...objects: Raw[]) => told(examine(CHECKS, [], objects)).map((line) => line.split(': ').slice(0, 2).join(': '));

test('a well CronJob, a new one, one that is deliberately suspended and one that never ran are without a word', () => {
  for (const object of [
    cron({}),
    cron({ timeZone: 'Europe/Berlin', schedule: '0 3 * * *' }, { lastScheduleTime: '2026-03-01T02:00:00Z' }),
    cron({ timeZone: 'Asia/Calcutta' }),
    cron({}, { lastScheduleTime: null }, { creationTimestamp: '2026-03-01T11:59:00Z' }),
    cron(
      { suspend: true },
      { lastScheduleTime: '2026-02-20T00:00:00Z' },
      { annotations: { 'shop.example/suspended': 'until the audit is over' } },
    ),
    cron({ suspend: true }, { lastScheduleTime: null }),
    cron({ suspend: true }, { lastScheduleTime: '2026-03-01T11:50:00Z' }),
  ])
    expect(examine(CHECKS, [], [object]).findings).toEqual([]);
});

test('a day that does not exist, and one that only some years have', () => {
  expect(causes(cron({ schedule: '0 4 31 4,6 *' }))).toEqual([
    'CRN-001 CronJob/shop/report spec.schedule: the schedule "0 4 31 4,6 *" names days that do not exist, so no Job is ever made',
  ]);
  expect(causes(cron({ schedule: '0 4 29 2 *' }, { lastScheduleTime: '2024-02-29T04:00:00Z' }))).toEqual([]);
  expect(causes(cron({ schedule: '5 25 * * *' }))[0]).toContain('cannot be read');
});

test('what ran for weeks and was suspended is resumed while it is still suspended', () => {
  const report = examine(CHECKS, [correctValue], [cron({ suspend: true }, { lastScheduleTime: '2026-03-01T11:00:00Z' })]);
  expect(told(report)[0]).toBe(
    'CRN-002 CronJob/shop/report spec.suspend: the CronJob is suspended: it ran until 2026-03-01T11:00:00.000Z and would have run about 6 times since; resume it, or write down why it rests',
  );
  expect(Object.values(planned(report))[0]?.[1]).toBe('patch CronJob/shop/report test /spec/suspend true; replace /spec/suspend false');
});

test('a time zone that is none, one in the wrong case, and one that stands in the schedule', () => {
  const zone = examine(CHECKS, [correctValue], [cron({ timeZone: 'Europe/Berln' })]);
  expect(told(zone)[0]).toContain('CRN-005 CronJob/shop/report spec.timeZone: Europe/Berln is no time zone');
  expect(Object.values(planned(zone))[0]?.[1]).toBe(
    'patch CronJob/shop/report test /spec/timeZone "Europe/Berln"; replace /spec/timeZone "Europe/Berlin"',
  );
  expect(causes(cron({ timeZone: 'europe/berlin' }))[0]).toContain('was Europe/Berlin meant?');
  const inside = examine(CHECKS, [correctValue], [cron({ schedule: 'CRON_TZ=Asia/Tokyo */10 * * * *' })]);
  expect(told(inside)[0]).toContain('CRN-005 CronJob/shop/report spec.schedule');
  expect(Object.values(advised(inside))).toEqual(['set spec.schedule to "*/10 * * * *" and spec.timeZone to Asia/Tokyo']);
});

test('runs that are left out: by a deadline the controller cannot keep, or by what the events say; not where it was just resumed', () => {
  const late = { lastScheduleTime: '2026-03-01T11:00:00Z' };
  const forbidden = events('jobs.batch is forbidden');
  const short = examine(CHECKS, [], [cron({ startingDeadlineSeconds: 5 }, late)], forbidden);
  expect(told(short)[0]).toContain('CRN-006 CronJob/shop/report spec.startingDeadlineSeconds: about 6 runs');
  const said = examine(CHECKS, [], [cron({}, late)], forbidden);
  expect(told(said)).toEqual([]);
  expect(told(said, 'symptom')[0]).toContain('are left out since 2026-03-01T11:10:00.000Z: jobs.batch is forbidden');
  const resumed = (probe: Probe): Fact => (probe.type === 'changes' ? { ok: true, value: { changes: [RESUMED] } } : forbidden(probe));
  expect(examine(CHECKS, [], [cron({}, late)], resumed).findings).toEqual([]);
  expect(examine(CHECKS, [], [cron({}, late)]).findings).toEqual([]);
  expect(causes(cron({ startingDeadlineSeconds: 5 }, { lastScheduleTime: null }))).toHaveLength(1);
});

test('with Forbid a run over several periods holds the others back; with Replace, or within its time, it does not', () => {
  const job = (startTime: string): Raw => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'report-1', namespace: 'shop' },
    spec: { template: { spec: { containers: [{ name: 'r' }] } } },
    status: { startTime, active: 1 },
  });
  const active = { active: [{ name: 'report-1' }], lastScheduleTime: '2026-03-01T11:00:00Z' };
  const held = (policy: string, since: string) =>
    told(examine(CHECKS, [], [cron({ concurrencyPolicy: policy }, active), job(since)]), 'symptom');
  expect(held('Forbid', '2026-03-01T11:00:05Z')[0]).toContain('CRN-004 CronJob/shop/report spec.concurrencyPolicy affects report-1');
  expect(held('Forbid', '2026-03-01T11:45:00Z')).toEqual([]);
  expect(held('Replace', '2026-03-01T11:00:05Z')).toEqual([]);
});

test('a Job that the API server refuses is told of at once, with its words', () => {
  const last = { lastScheduleTime: '2026-03-01T11:40:00Z' };
  const message = 'Error creating job: exceeded quota: few';
  const said = (probe: Probe): Fact =>
    probe.type === 'objectEvents'
      ? { ok: true, value: { events: [{ type: 'Warning', reason: 'FailedCreate', message, count: 3, at: '2026-03-01T11:59:30.000Z' }] } }
      : { ok: false, failure: { code: 'not-found', message: '' } };
  const report = examine(CHECKS, [correctValue], [cron({}, last)], said);
  expect(told(report)[0]).toContain('exceeded quota: few');
  expect(Object.values(advised(report))[0]).toContain('raise the quota');
  expect(causes(cron({}, last))).toEqual([]);
});
