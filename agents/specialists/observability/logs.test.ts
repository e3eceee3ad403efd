import { expect, test } from 'vitest';
import type { Fact, LogNews, LogPattern, Probe } from '../../contract/index.ts';
import { NOW, examine, workload } from '../testing/cluster.ts';
import { observability } from './agent.ts';

const MINUTE = 60_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();
const running = { containers: [{ name: 'app', image: 'shop/web:2' }] };

/** `web` at its second revision. */
function web(): Record<string, unknown>[] {
  return workload({
    name: 'web',
    spec: running,
    earlier: [{ containers: [{ name: 'app', image: 'shop/web:1' }] }],
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }).map((o) =>
    o['kind'] === 'Deployment' ? { ...o, status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 } } : o,
  );
}

const news = (more: Partial<LogNews> = {}): LogNews => ({
  ...{ kind: 'new', active: true, since: at(-9 * MINUTE), toldAt: at(-8 * MINUTE), revision: '2', rolledOutAt: at(-10 * MINUTE) },
  ...{ before: 0, now: 2, because: '18 lines since revision 2; none in 40 minutes of pods of earlier revisions' },
  ...more,
});
const pattern = (more: Partial<LogPattern> = {}): LogPattern => ({
  ...{
    id: 't-1',
    namespace: 'shop',
    workload: 'Deployment/web',
    text: 'ERROR pool exhausted: <*>',
    level: 'error',
    count: 18,
    perMinute: 2,
  },
  ...{ firstSeen: at(-9 * MINUTE), lastSeen: at(0), sinceRevision: '2', revisions: [], pods: 1, news: news() },
  sample: {
    pod: 'web-r2-x',
    container: 'app',
    at: at(0),
    line: 'ERROR pool exhausted: 10 of 10',
    trace: ['\tat app.Pool.take(Pool.java:7)'],
  },
  minutes: { start: at(0), counts: [2] },
  ...more,
});
const run = (patterns: readonly LogPattern[], objects = web()) =>
  examine(observability.checks, observability.remedies, objects, (probe: Probe): Fact => {
    if (probe.type === 'logNews') return { ok: true, value: { patterns: [...patterns] } };
    return { ok: false, failure: { code: 'not-found', message: 'nothing' } };
  });

test('no news, nothing said', () => {
  expect(run([pattern({ news: null })]).findings).toEqual([]);
});

test('an error that came with a rollout names the revision, quotes the line and its trace, and the revision before is proposed', () => {
  const report = run([pattern(), pattern({ id: 't-2', news: news({ kind: 'more' }) })]);
  expect(report.findings).toHaveLength(1);
  const [finding] = report.findings;
  expect(finding).toMatchObject({ code: 'OBS-020', severity: 'medium', role: 'cause', subject: { kind: 'Deployment', name: 'web' } });
  // Not sure: where something else explains it, it is told with that.
  expect(finding!.confidence).toBeLessThan(0.7);
  expect(finding!.message).toContain('logs an error that it did not log before, since revision 2: “ERROR pool exhausted: 10 of 10”');
  expect(finding!.message).toContain('and 1 more like it');
  expect(finding!.evidence.map((e) => e.kind)).toEqual(['log', 'metric', 'log', 'metric', 'change']);
  expect(finding!.evidence[0]?.text).toContain('app.Pool.take');
  expect(report.drafts.map((d) => d.draft.actions)).toEqual([
    [{ type: 'undo-rollout', target: expect.objectContaining({ name: 'web' }), revision: 1 }],
  ]);
});

test('an error with each request is graver; one of a revision that is gone, or of a workload that is gone, is none', () => {
  expect(run([pattern({ news: news({ now: 30 }) })]).findings.map((f) => f.severity)).toEqual(['high']);
  expect(run([pattern({ news: news({ revision: '1' }) })]).findings).toEqual([]);
  expect(run([pattern({ workload: 'Deployment/gone' })]).findings).toEqual([]);
});

test('a burst is a symptom, and nothing is proposed for it', () => {
  const report = run([pattern({ news: news({ kind: 'burst', revision: null, rolledOutAt: null, because: '60 lines within a minute' }) })]);
  expect(report.findings.map((f) => [f.code, f.role, f.subject.name])).toEqual([['OBS-021', 'symptom', 'web']]);
  expect(report.findings[0]?.message).toContain('60 lines within a minute');
  expect(report.drafts).toEqual([]);
});
