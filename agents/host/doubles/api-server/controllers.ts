import { canonical, shortHash } from '../../../core/canonical.ts';
import { hash, play } from './kubelet.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import type { RecordedApp } from './recording.ts';

/** Plays the controllers of a cluster: Deployments become ReplicaSets and pods, Services get endpoints, pods live and fail. */

const REVISION = 'deployment.kubernetes.io/revision';
const EVERY_MS = 150;
/** While nothing changes, only time has to be looked at. */
const IDLE_MS = 600;

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec: Record<string, unknown>;
}

export interface PlayOptions {
  readonly images: Readonly<Record<string, RecordedApp>>;
  /** From a pod's making to its program running, milliseconds. */
  readonly startMs: number;
}

/** Brings the cluster to rest once as it would be after a long time, then keeps it going. Returns the stop. */
export function playControllers(table: ObjectTable, options: PlayOptions): () => void {
  settle(table, options);
  let seen = -1;
  let last = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    if (table.version === seen && now - last < IDLE_MS) return;
    // What this step changes is a reason for the next.
    seen = table.version;
    last = now;
    step(table, options, now);
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Before anybody looks: pods that the recording does not contain have been there for a day, and run or fail since. */
function settle(table: ObjectTable, options: PlayOptions): void {
  const dayAgo = Date.now() - 86_400_000;
  for (let round = 0; round < 4; round++)
    step(table, { ...options, startMs: 0 }, Date.now(), new Date(dayAgo).toISOString().replace(/\.\d+Z$/, 'Z'));
}

function step(table: ObjectTable, options: PlayOptions, now: number, bornAt?: string): void {
  for (const pod of table.of('Pod')) livePod(pod, table, options, now);
  for (const deployment of table.of('Deployment')) rollOut(deployment, table, now, bornAt);
  for (const service of table.of('Service')) endpoints(service, table);
}

function livePod(pod: RawObject, table: ObjectTable, { images, startMs }: PlayOptions, now: number): void {
  const { status, nodeName, event } = play(pod, table, images, now, startMs);
  if (nodeName !== undefined && (pod.spec as { nodeName?: string }).nodeName === undefined)
    pod = table.put({ ...pod, spec: { ...pod.spec, nodeName } });
  table.put({ ...pod, status });
  if (event !== undefined) tell(pod, event.reason, event.message, table, now);
}

/** One KubeEvent for each thing said about an object, counted on. */
function tell(pod: RawObject, reason: string, message: string, table: ObjectTable, now: number): void {
  const { namespace = '', name, uid } = pod.metadata;
  const own = `${name}.${shortHash(reason + message).slice(0, 10)}`;
  const before = table.get('events', namespace, own);
  const last = Date.parse(String(before?.['lastTimestamp'] ?? '')) || 0;
  if (now - last < 5_000) return;
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  table.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: own, namespace },
    type: 'Warning',
    reason,
    message,
    count: Number(before?.['count'] ?? 0) + 1,
    firstTimestamp: before?.['firstTimestamp'] ?? at,
    lastTimestamp: at,
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
  });
}

const isReady = (pod: RawObject) =>
  ((pod.status?.['conditions'] ?? []) as { type: string; status: string }[]).some((c) => c.type === 'Ready' && c.status === 'True');
const owned = (objects: RawObject[], owner: RawObject) =>
  objects.filter((o) => o.metadata.ownerReferences?.some((r) => r.uid === owner.metadata.uid));
const ownerOf = ({ apiVersion, kind, metadata }: RawObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
});
const plain = ({ metadata, spec }: Template) =>
  canonical({ labels: Object.fromEntries(Object.entries(metadata?.labels ?? {}).filter(([k]) => k !== 'pod-template-hash')), spec });

function rollOut(deployment: RawObject, table: ObjectTable, now: number, bornAt: string | undefined): void {
  const { namespace = '', name } = deployment.metadata;
  const spec = deployment.spec as { replicas?: number; template: Template; selector: unknown };
  const wanted = spec.replicas ?? 1;
  const sets = owned(table.of('ReplicaSet', namespace), deployment);
  const revisionOf = (set: RawObject) => Number(set.metadata.annotations?.[REVISION] ?? 0);
  let current = sets.find((s) => plain((s.spec as { template: Template }).template) === plain(spec.template));
  const newest = Math.max(0, ...sets.map(revisionOf));
  if (current === undefined || revisionOf(current) < newest) current = newRevision(deployment, current, newest + 1, table, bornAt);
  const pods = (set: RawObject) => owned(table.of('Pod', namespace), set);
  const mine = pods(current);
  const old = sets.filter((s) => s.metadata.name !== current.metadata.name).flatMap(pods);
  for (let i = mine.length; i < wanted; i++) newPod(current, i, table, bornAt);
  for (const pod of mine.slice(wanted)) table.remove('pods', namespace, pod.metadata.name);
  const ready = mine.filter(isReady).length;
  for (const pod of old.slice(0, Math.max(0, old.length - Math.max(0, wanted - ready)))) table.remove('pods', namespace, pod.metadata.name);
  for (const set of [...sets.filter((s) => s.metadata.name !== current.metadata.name), current]) {
    const all = pods(set);
    table.put({
      ...set,
      spec: { ...set.spec, replicas: all.length },
      status: {
        replicas: all.length,
        readyReplicas: all.filter(isReady).length,
        availableReplicas: all.filter(isReady).length,
        observedGeneration: set.metadata.generation,
      },
    });
  }
  const serving = [...owned(table.of('Pod', namespace), current), ...old].filter(isReady).length;
  const late = ready < wanted && now - Date.parse(current.metadata.creationTimestamp ?? '') > 600_000;
  const latest = table.get('deployments', namespace, name) ?? deployment;
  table.put({
    ...latest,
    metadata: {
      ...latest.metadata,
      annotations: { ...latest.metadata.annotations, [REVISION]: current.metadata.annotations?.[REVISION] ?? '1' },
    },
    status: {
      observedGeneration: latest.metadata.generation,
      replicas:
        owned(table.of('Pod', namespace), current).length +
        old.filter((p) => table.get('pods', namespace, p.metadata.name) !== undefined).length,
      updatedReplicas: owned(table.of('Pod', namespace), current).length,
      readyReplicas: serving,
      availableReplicas: serving,
      unavailableReplicas: Math.max(0, wanted - serving),
      conditions: [
        {
          type: 'Available',
          status: serving >= wanted ? 'True' : 'False',
          reason: serving >= wanted ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          lastTransitionTime: current.metadata.creationTimestamp,
        },
        {
          type: 'Progressing',
          status: late ? 'False' : 'True',
          reason: late ? 'ProgressDeadlineExceeded' : ready >= wanted ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          message: late ? `ReplicaSet "${current.metadata.name}" has timed out progressing.` : '',
          lastTransitionTime: current.metadata.creationTimestamp,
        },
      ],
    },
  });
}

/** A new ReplicaSet, or an earlier one of the same template that gets the newest number. */
function newRevision(
  deployment: RawObject,
  earlier: RawObject | undefined,
  revision: number,
  table: ObjectTable,
  bornAt: string | undefined,
): RawObject {
  const { namespace = '', name } = deployment.metadata;
  if (earlier !== undefined)
    return table.put({
      ...earlier,
      metadata: { ...earlier.metadata, annotations: { ...earlier.metadata.annotations, [REVISION]: String(revision) } },
    });
  const { template, selector } = deployment.spec as { template: Template; selector: unknown };
  const id = shortHash(plain(template)).slice(0, 9);
  const labels = { ...template.metadata?.labels, 'pod-template-hash': id };
  return table.put({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${id}`,
      namespace,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerOf(deployment)],
      ...(bornAt === undefined ? {} : { creationTimestamp: bornAt }),
    },
    spec: { replicas: 0, selector, template: { ...template, metadata: { ...template.metadata, labels } } },
  });
}

function newPod(set: RawObject, index: number, table: ObjectTable, bornAt: string | undefined): void {
  const { template } = set.spec as { template: Template };
  const id = hash(`${set.metadata.name}${index}${bornAt ?? Date.now()}`)
    .toString(36)
    .padStart(5, '0')
    .slice(-5);
  table.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${set.metadata.name}-${id}`,
      ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
      labels: { ...template.metadata?.labels },
      ownerReferences: [ownerOf(set)],
      ...(bornAt === undefined ? {} : { creationTimestamp: bornAt }),
    },
    spec: structuredClone(template.spec),
    status: { phase: 'Pending' },
  });
}

function endpoints(service: RawObject, table: ObjectTable): void {
  const { namespace = '', name } = service.metadata;
  const { selector = {}, ports = [] } = service.spec as {
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
  };
  if (Object.keys(selector).length === 0) return;
  const pods = table
    .of('Pod', namespace)
    .filter(
      (p) =>
        Object.entries(selector).every(([k, v]) => p.metadata.labels?.[k] === v) &&
        (p.spec as { nodeName?: string }).nodeName !== undefined,
    );
  table.put({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name }, ownerReferences: [ownerOf(service)] },
    addressType: 'IPv4',
    endpoints: pods.map((p) => ({
      addresses: [String(p.status?.['podIP'] ?? '')],
      conditions: { ready: isReady(p), serving: isReady(p), terminating: false },
      targetRef: { kind: 'Pod', namespace, name: p.metadata.name },
    })),
    ports: ports.flatMap((p) => {
      const port = portOf(p, pods);
      return port === undefined ? [] : [{ name: p.name ?? '', port, protocol: p.protocol ?? 'TCP' }];
    }),
  });
}

/** A named port is what the pods call so; without such a name there is none. */
function portOf({ port, targetPort }: { port: number; targetPort?: number | string }, pods: readonly RawObject[]): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? port;
  const containers = pods.flatMap((p) => (p.spec?.['containers'] ?? []) as { ports?: { name?: string; containerPort: number }[] }[]);
  return containers.flatMap((c) => c.ports ?? []).find((p) => p.name === targetPort)?.containerPort;
}
