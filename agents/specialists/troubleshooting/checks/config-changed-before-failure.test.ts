import { expect, test } from 'vitest';
import { type Change, type Fact, type KubeObject, isKind, probeKey, project } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { ObjectStore } from '../../../core/view.ts';
import { NOW, configMap, container, ended, workload } from '../../testing/cluster.ts';
import { configChangedBeforeFailure } from './config-changed-before-failure.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [configChangedBeforeFailure], remedies: [] };
const minutes = (before: number) => new Date(NOW - before * 60_000).toISOString();
const spec = { containers: [{ name: 'app', image: 'x', envFrom: [{ configMapRef: { name: 'settings' } }] }] };
type Raw = Record<string, unknown>;

/** A pod of the workload: when it was made, and since when it is as it is. */
function pod(of: Raw, name: string, made: number, status: Raw): Raw {
  const metadata = of['metadata'] as Raw;
  return { ...of, metadata: { ...metadata, name, uid: name, creationTimestamp: minutes(made) }, status };
}
const failing = (restarts: number, since: number, started = 1): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: minutes(since) }],
  containerStatuses: [
    container('app', { terminated: { exitCode: 1, reason: 'Error', startedAt: minutes(started) } }, { restartCount: restarts }),
  ],
});
const well: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: minutes(58) }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};

function found(changedMinutesBefore: number | undefined, pods: (of: Raw) => Raw[], more: Partial<Change> = {}) {
  const made = workload({ name: 'shop', spec });
  const template = made.find((o) => o['kind'] === 'Pod');
  if (template === undefined) throw new Error('no pod');
  const config = configMap('settings', { 'app.conf': 'x' });
  const raws = [...made.filter((o) => o['kind'] !== 'Pod'), ...pods(template), config];
  const objects = raws.flatMap((raw): KubeObject[] => {
    const kind = String(raw['kind']);
    return isKind(kind) ? [project(kind, raw)] : [];
  });
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
  const change: Change = {
    id: 'c',
    context: 'prod',
    at: minutes(changedMinutesBefore ?? 0),
    seenAt: minutes(0),
    resource,
    type: 'changed',
    by: { manager: 'kubectl-edit' },
    fields: [{ path: 'data[app.conf]', from: null, to: null, words: 'key app.conf changed' }],
    beforeKnown: true,
    summary: 'ConfigMap shop/settings: key app.conf changed, by kubectl-edit',
    count: 1,
    ...more,
  };
  const changes: Fact = { ok: true, value: { changes: changedMinutesBefore === undefined ? [] : [change] } };
  const facts = new Map<string, Fact>([[probeKey({ type: 'changes', resource, revision: '' }), changes]]);
  const run = (known: ReadonlyMap<string, Fact>) =>
    diagnose({ agent, store: new ObjectStore('prod', objects), facts: known, now: NOW, version: 1 });
  for (const probe of run(facts).wishes)
    if (probe.type === 'podLogs')
      facts.set(probeKey(probe), { ok: true, value: { lines: ['fatal: bad value in app.conf'], truncated: false } });
  return run(facts).report.findings;
}

test('pods that started since the change fail while those from before run on: the ConfigMap is the cause', () => {
  const findings = found(10, (p) => [pod(p, 'old', 60, well), pod(p, 'new', 5, failing(4, 5))]);
  expect(findings.map((f) => [f.subject.name, f.field, f.confidence, f.affects.map((r) => r.name)])).toEqual([
    ['settings', 'data[app.conf]', 0.85, ['shop', 'new']],
  ]);
  expect(findings[0]?.message).toBe(
    'ConfigMap settings was changed by kubectl-edit (key app.conf), and since then 1 container of Deployment shop has started with it and failed, while 1 pod from before runs on; put back what was there',
  );
  expect(findings[0]?.evidence.map((e) => e.kind)).toEqual(['change', 'field', 'log']);
});

test('a pod that ran until the change, and was restarted with it, is less sure', () => {
  expect(found(10, (p) => [pod(p, 'old', 60, failing(3, 9))]).map((f) => f.confidence)).toEqual([0.75]);
});

test.each<[string, number | undefined, (of: Raw) => Raw[], Partial<Change>?]>([
  ['nothing changed', undefined, (p) => [pod(p, 'new', 5, failing(4, 5))]],
  ['it failed before', 10, (p) => [pod(p, 'old', 60, failing(3, 40))]],
  ['it has fallen more often than it can have since', 10, (p) => [pod(p, 'old', 60, failing(14, 9))]],
  ['one of them failed before', 10, (p) => [pod(p, 'new', 5, failing(4, 5)), pod(p, 'old', 60, failing(9, 50))]],
  ['the change came after the start', 1, (p) => [pod(p, 'new', 5, failing(1, 5, 4))]],
  ['it was changed two days ago', 60 * 48, (p) => [pod(p, 'new', 5, failing(4, 5))]],
  [
    'only a label was changed',
    10,
    (p) => [pod(p, 'new', 5, failing(4, 5))],
    { fields: [{ path: 'metadata.labels.a', from: null, to: 'b', words: '' }] },
  ],
  ['all is well', 10, (p) => [pod(p, 'old', 60, well), pod(p, 'new', 5, well)]],
  ['the program ended well', 10, (p) => [pod(p, 'new', 5, { containerStatuses: [container('app', ended(0, 'Completed'))] })]],
])('not so where %s', (_why, changed, pods, more) => {
  expect(found(changed, pods, more)).toEqual([]);
});
