import { expect, test } from 'vitest';
import type { Fact, Probe, RunningOut, SignalNews, Unusual } from '../../contract/index.ts';
import { NOW, examine, logs, workload } from '../testing/cluster.ts';
import { observability } from './agent.ts';

const MINUTE = 60_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();
const MIB = 2 ** 20;
const running = { containers: [{ name: 'app', image: 'shop/web:2' }] };
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

/** `web` of two revisions, the second `minutes` old. */
function web(minutes: number, more: Record<string, unknown> = {}): Record<string, unknown>[] {
  const objects = workload({
    name: 'web',
    spec: { ...running, ...more },
    earlier: [{ containers: [{ name: 'app', image: 'shop/web:1' }] }],
    status: ready,
  });
  return objects.map((o) => {
    const object = o as { kind: string; metadata: { name: string }; status?: object };
    if (object.kind === 'Deployment')
      return { ...object, status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 } };
    if (object.kind !== 'ReplicaSet' || object.metadata.name !== 'web-r2') return object;
    return { ...object, metadata: { ...object.metadata, creationTimestamp: at(-minutes * MINUTE) } };
  });
}

const unusual = (more: Partial<Unusual>): Unusual => ({
  signal: 'workload_latency_seconds',
  labels: { namespace: 'shop', workload: 'Deployment/web', quantile: '0.95' },
  since: at(-8 * MINUTE),
  at: at(0),
  value: 2,
  worst: 2.1,
  low: 0.08,
  high: 0.13,
  score: 0.9,
  trait: 'level',
  silentWhen: 'four readings in a row below 130 ms, or twelve hours as it is now',
  ...more,
});
const leak: RunningOut = {
  signal: 'workload_memory_bytes_max',
  labels: { namespace: 'shop', workload: 'Deployment/web' },
  limitSignal: 'workload_memory_limit_bytes',
  limit: 512 * MIB,
  value: 400 * MIB,
  at: at(0),
  since: at(-60 * MINUTE),
  exhaustsAt: at(40 * MINUTE),
  earliest: at(35 * MINUTE),
  latest: at(50 * MINUTE),
  confidence: 0.9,
  because: 'it rises by 176000000 an hour, seen over 60 minutes, and is at 419000000 of 537000000',
};

const answering =
  (news: Partial<SignalNews>, lines: readonly string[] = []) =>
  (probe: Probe): Fact => {
    if (probe.type === 'signals')
      return { ok: true, value: { unusual: [], runningOut: [], watched: 1, learning: 0, leftOut: 0, at: at(0), ...news } };
    return probe.type === 'podLogs' ? logs(...lines) : { ok: false, failure: { code: 'not-found', message: 'nothing' } };
  };
const run = (objects: Record<string, unknown>[], news: Partial<SignalNews>, lines: readonly string[] = []) =>
  examine(observability.checks, observability.remedies, objects, answering(news, lines));

test('nothing unusual, nothing said', () => {
  expect(run(web(60), {}).findings).toEqual([]);
});

test('a latency that rose after a rollout names the revision, quotes the log, and the revision before is proposed', () => {
  const report = run(web(9), { unusual: [unusual({})] }, [
    'GET /cart 200',
    'level=error msg="connection pool exhausted: 10 of 10 in use"',
    'GET / 200',
  ]);
  // A symptom: who looks for causes looks into the rollout. It stands for itself where nobody does.
  const [finding] = report.findings;
  expect(finding).toMatchObject({ code: 'OBS-010', severity: 'high', role: 'symptom', subject: { kind: 'Deployment', name: 'web' } });
  expect(finding!.params).toMatchObject({
    score: 0.9,
    expected: '80 ms to 130 ms',
    silentWhen: expect.stringContaining('four readings') as string,
  });
  expect(finding!.message).toContain('requests take 2 s at the 95th percentile, 80 ms to 130 ms was expected');
  expect(finding!.message).toContain('it began with revision 2');
  expect(finding!.message).toContain('connection pool exhausted: 10 of 10 in use');
  expect(finding!.evidence.map((e) => e.kind)).toEqual(['metric', 'change', 'log']);
  expect(report.drafts.map((d) => d.draft.actions)).toEqual([
    [{ type: 'undo-rollout', target: expect.objectContaining({ name: 'web' }), revision: 1 }],
  ]);
});

test('without a rollout shortly before nothing is proposed, and what is not known is said', () => {
  const report = run(web(240), { unusual: [unusual({})] }, ['GET /cart 200']);
  expect(report.findings[0]?.message).toContain('nothing that changed there explains it');
  expect(report.findings[0]?.confidence).toBeLessThan(0.7);
  expect(report.drafts).toEqual([]);
});

test('while a rollout runs, and just after, nothing is usual and nothing is told', () => {
  const slower = { since: at(-MINUTE), value: 0.3, worst: 0.3 };
  expect(run(web(2), { unusual: [unusual(slower)] }).findings).toEqual([]);
  expect(run(web(0.5), { unusual: [unusual({ since: at(-MINUTE / 2) })] }).findings).toEqual([]);
  // Fifteen times as slow for more than a minute is no warming up.
  expect(run(web(1.5), { unusual: [unusual({ since: at(-MINUTE) })] }).findings).toHaveLength(1);
});

test('what the same workload takes more of is told with it; alone it is a remark', () => {
  const cpu = unusual({
    signal: 'workload_cpu_cores',
    labels: { namespace: 'shop', workload: 'Deployment/web' },
    value: 3,
    worst: 3,
    low: 0.4,
    high: 0.6,
  });
  const both = run(web(240), { unusual: [unusual({}), cpu] });
  expect(both.findings.map((f) => f.code)).toEqual(['OBS-010']);
  expect(both.findings[0]?.evidence.map((e) => e.source)).toEqual(['workload_latency_seconds', 'workload_cpu_cores']);
  expect(run(web(240), { unusual: [cpu] }).findings.map((f) => [f.code, f.severity])).toEqual([['OBS-011', 'info']]);
});

test('of two slow services the one that calls the other is its symptom', () => {
  const front = workload({
    name: 'front',
    spec: { containers: [{ name: 'app', image: 'f', env: [{ name: 'WEB_URL', value: 'http://web:80' }] }] },
    status: ready,
  });
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  };
  const slowFront = unusual({ labels: { namespace: 'shop', workload: 'Deployment/front', quantile: '0.95' } });
  const report = run([...web(240), ...front, service], { unusual: [slowFront, unusual({})] });
  expect(report.findings.map((f) => [f.subject.name, f.role]).sort()).toEqual([
    ['front', 'symptom'],
    ['web', 'cause'],
  ]);
  expect(report.relations).toContainEqual(
    expect.objectContaining({
      type: 'calls',
      from: expect.objectContaining({ name: 'front' }),
      to: expect.objectContaining({ name: 'web' }),
    }),
  );
});

test('a leak is told before the kernel ends it, with when, what it stands on, and the revision it came with', () => {
  expect(run(web(24 * 60), { runningOut: [leak] }).findings[0]?.message).not.toContain('revision');
  const [finding] = run(web(70), { runningOut: [leak] }).findings;
  expect(finding).toMatchObject({ code: 'OBS-001', severity: 'high', subject: { kind: 'Deployment', name: 'web' } });
  expect(finding!.message).toContain('Deployment web will reach its memory limit, since revision 2');
  expect(finding!.message).toContain('in 40 minutes (400 MiB of 512 MiB now)');
  expect(finding!.evidence[0]?.text).toContain('it rises by 168 MiB an hour, seen over 60 minutes;');
});

test('a claim, a node, a quota and an autoscaler that fill up are named, and who suffers', () => {
  const soon = (signal: string, labels: Record<string, string>): RunningOut => ({
    ...leak,
    signal,
    labels,
    limit: 100,
    value: 80,
    exhaustsAt: at(5 * 60 * MINUTE),
  });
  const meta = (name: string) => ({ name, namespace: 'shop', uid: name });
  const report = run(
    [
      ...web(240, { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }),
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta('data'), spec: {}, status: {} },
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {}, status: {} },
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata: meta('team'), spec: { hard: { pods: '100' } }, status: {} },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: meta('web'),
        spec: { maxReplicas: 10, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      },
    ],
    {
      runningOut: [
        soon('volume_used_bytes', {
          namespace: 'shop',
          persistentvolumeclaim: 'data',
          volume: 'd',
          pod: 'web-r2-x',
          workload: 'Deployment/web',
        }),
        soon('node_filesystem_used_bytes', { node: 'node-1' }),
        soon('quota_used', { namespace: 'shop', resourcequota: 'team', resource: 'pods' }),
        soon('hpa_replicas', { namespace: 'shop', horizontalpodautoscaler: 'web' }),
        soon('volume_used_bytes', { namespace: 'shop', persistentvolumeclaim: 'gone' }),
      ],
    },
  );
  expect(report.findings.map((f) => [f.code, f.subject.kind, f.severity, f.affects.map((a) => a.name)])).toEqual([
    ['OBS-002', 'PersistentVolumeClaim', 'medium', ['web']],
    ['OBS-003', 'Node', 'medium', []],
    ['OBS-004', 'ResourceQuota', 'medium', []],
    ['OBS-004', 'HorizontalPodAutoscaler', 'medium', []],
  ]);
});

test('of a cordoned node it is not foretold that it fills up: somebody is taking it out', () => {
  const filling = { ...leak, signal: 'node_filesystem_used_bytes', labels: { node: 'node-1' }, limit: 100, value: 80 };
  const said = (spec: object) =>
    run([{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec, status: {} }], { runningOut: [filling] }).findings;
  expect([said({}).map((f) => f.code), said({ unschedulable: true })]).toEqual([['OBS-003'], []]);
});
