import { type Fact, type KubeObject, type Probe, type Report, isKind, probeKey, project } from '../../contract/index.ts';
import type { Check, Remedy } from '../../core/agent.ts';
import { diagnose } from '../../core/diagnose.ts';
import { type Gap, ObjectStore } from '../../core/view.ts';

/** Clusters of tests, written as API objects: a workload with its pods and what became of their containers. */

export const NOW = Date.parse('2026-03-01T12:00:00Z');
const LONG_AGO = '2026-03-01T11:00:00Z';

type Raw = Record<string, unknown>;

export interface WorkloadSketch {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'Pod';
  readonly name: string;
  readonly namespace?: string;
  readonly spec: Raw;
  /** Earlier pod specs, oldest first (Deployment); the last of them has ready pods where `earlierServes`. */
  readonly earlier?: readonly Raw[];
  readonly earlierServes?: boolean;
  /** `status` of its pod; ready and running where it is left out. */
  readonly status?: Raw;
}

/** The objects an API server has for a workload: itself, its ReplicaSets, its pod. */
export function workload({
  kind = 'Deployment',
  name,
  namespace = 'shop',
  spec,
  earlier = [],
  earlierServes = true,
  status = {},
}: WorkloadSketch): Raw[] {
  const labels = { app: name };
  const meta = (own: string, owner?: Raw, more: Raw = {}) => ({
    name: own,
    namespace,
    uid: `uid-${own}`,
    labels,
    creationTimestamp: LONG_AGO,
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    ...more,
  });
  const owner = (k: string, own: string, apiVersion: string) => ({ apiVersion, kind: k, name: own, uid: `uid-${own}`, controller: true });
  const template = (s: Raw) => ({ metadata: { labels }, spec: s });
  const pod = (own: string, by: Raw | undefined) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(own, by),
    spec: { nodeName: 'node-1', ...spec },
    status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }], ...status },
  });
  if (kind === 'Pod') return [pod(name, undefined)];
  if (kind !== 'Deployment') {
    const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1';
    return [
      {
        apiVersion,
        kind,
        metadata: meta(name),
        spec: { replicas: 1, selector: { matchLabels: labels }, template: template(spec) },
        status: {},
      },
      pod(`${name}-0`, owner(kind, name, apiVersion)),
    ];
  }
  const revision = (n: number) => ({ annotations: { 'deployment.kubernetes.io/revision': String(n) } });
  const sets = [...earlier, spec].map((s, i, all) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: meta(`${name}-r${i + 1}`, owner('Deployment', name, 'apps/v1'), revision(i + 1)),
    spec: { replicas: 1, selector: { matchLabels: labels }, template: template(s) },
    status:
      i === all.length - 2 && earlierServes
        ? { replicas: 1, readyReplicas: 1, availableReplicas: 1 }
        : { replicas: i === all.length - 1 ? 1 : 0 },
  }));
  const newest = sets.length;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta(name, undefined, { generation: newest, ...revision(newest) }),
      spec: { replicas: 1, selector: { matchLabels: labels }, template: template(spec) },
      status: { observedGeneration: newest },
    },
    ...sets,
    pod(`${name}-r${newest}-x`, owner('ReplicaSet', `${name}-r${newest}`, 'apps/v1')),
  ];
}

export const configMap = (name: string, data: Raw, namespace = 'shop'): Raw => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
export const secret = (name: string, data: Raw, more: Raw = {}, namespace = 'shop'): Raw => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  data,
  ...more,
});

/** The status of one container, as the kubelet writes it. */
export const container = (name: string, state: Raw, more: Raw = {}): Raw => ({
  name,
  image: '',
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  state,
  lastState: {},
  ...more,
});
export const ended = (exitCode: number, reason = 'Error', message?: string): Raw => ({
  terminated: {
    exitCode,
    reason,
    startedAt: '2026-03-01T11:59:30Z',
    finishedAt: '2026-03-01T11:59:40Z',
    ...(message === undefined ? {} : { message }),
  },
});
export const waiting = (reason: string, message = ''): Raw => ({ waiting: { reason, message } });
export const running = (since = '2026-03-01T11:59:41Z'): Raw => ({ running: { startedAt: since } });

/** A scene that answers with logs has no events, and one that answers with events has no logs. */
function fitting(probe: Probe, fact: Fact): Fact {
  if (!fact.ok) return fact;
  if (probe.type === 'objectEvents' && !('events' in fact.value)) return { ok: true, value: { events: [] } };
  return probe.type === 'podLogs' && !('lines' in fact.value) ? logs() : fact;
}

/** Runs checks over raw objects, answering what they ask; `answer` left out means nothing could be read. `gaps`: what may not be listed. */
export function examine(
  checks: readonly Check[],
  remedies: readonly Remedy[],
  objects: readonly Raw[],
  answer: (probe: Probe) => Fact = () => ({ ok: false, failure: { code: 'not-found', message: 'nothing' } }),
  gaps: readonly Gap[] = [],
): Report & { asked: readonly Probe[] } {
  const projected = objects.flatMap((o): KubeObject[] =>
    typeof o['kind'] === 'string' && isKind(o['kind']) ? [project(o['kind'], o)] : [],
  );
  const agent = { id: 'test', title: '', description: '', icon: '', checks, remedies };
  const facts = new Map<string, Fact>();
  const asked: Probe[] = [];
  const store = new ObjectStore('test', projected);
  store.setGaps(gaps);
  for (;;) {
    const { report, wishes, failures } = diagnose({ agent, store, facts, now: NOW, version: 1 });
    if (failures[0] !== undefined) throw new Error(`${failures[0].code}: ${failures[0].message}`);
    if (wishes.length === 0) return { ...report, asked };
    for (const wish of wishes) {
      asked.push(wish);
      facts.set(probeKey(wish), fitting(wish, answer(wish)));
    }
  }
}

export const logs = (...lines: string[]): Fact => ({ ok: true, value: { lines, truncated: false } });
export const unhealthy = (message: string, count = 5): Fact => ({
  ok: true,
  value: { events: [{ type: 'Warning', reason: 'Unhealthy', message, count }] },
});
