import { parseQuantity } from '../../../core/quantity.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import type { RecordedApp } from './recording.ts';

/** Plays the scheduler and the kubelet for one pod: what its status says, given what it refers to and how its program behaves. */

interface ContainerSpec {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef } }[];
  envFrom?: { configMapRef?: NameRef; secretRef?: NameRef }[];
  ports?: { containerPort: number }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  readinessProbe?: ProbeSpec;
  livenessProbe?: ProbeSpec;
}
interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}
interface NameRef {
  name: string;
  optional?: boolean;
}
interface ProbeSpec {
  httpGet?: { path?: string; port: number | string };
  tcpSocket?: { port: number | string };
}
interface PodSpec {
  containers: ContainerSpec[];
  volumes?: { configMap?: NameRef; secret?: { secretName: string; optional?: boolean } }[];
  nodeSelector?: Record<string, string>;
}

export interface Outcome {
  readonly status: Record<string, unknown>;
  readonly nodeName: string | undefined;
  readonly event: { readonly reason: string; readonly message: string } | undefined;
  readonly ready: boolean;
}

/** How often a program that ends is started again: the longest back-off of a kubelet. */
const RESTART_MS = 300_000;

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const specOf = (pod: RawObject) => pod.spec as unknown as PodSpec;

/** How a pod looks `age` milliseconds after it was made. A program starts within `startMs`. */
export function play(
  pod: RawObject,
  table: ObjectTable,
  images: Readonly<Record<string, RecordedApp>>,
  now: number,
  startMs: number,
): Outcome {
  const created = Date.parse(pod.metadata.creationTimestamp ?? '');
  const since = iso(created);
  const node = schedule(pod, table);
  if (node === undefined) {
    const message = unschedulableWords(pod, table);
    return {
      nodeName: undefined,
      ready: false,
      event: { reason: 'FailedScheduling', message },
      status: {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: since }],
      },
    };
  }
  const restarts = Math.max(0, Math.floor((now - created - startMs) / RESTART_MS));
  const run = specOf(pod).containers.map((c) => playContainer(c, pod, table, images, now - created >= startMs, since, restarts));
  const ready = run.every((r) => r.ready);
  const event = run.find((r) => r.event !== undefined)?.event;
  const condition = (type: string, good: boolean) => ({
    type,
    status: good ? 'True' : 'False',
    lastTransitionTime: since,
    ...(good ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status' }),
  });
  return {
    nodeName: node.metadata.name,
    ready,
    event,
    status: {
      phase: run.some((r) => r.running) ? 'Running' : 'Pending',
      podIP: `10.42.0.${(hash(pod.metadata.name) % 250) + 2}`,
      startTime: since,
      conditions: [
        condition('PodScheduled', true),
        condition('Initialized', true),
        condition('ContainersReady', ready),
        condition('Ready', ready),
      ],
      containerStatuses: run.map((r) => r.status),
    },
  };
}

interface Played {
  readonly status: Record<string, unknown>;
  readonly ready: boolean;
  readonly running: boolean;
  readonly event?: { readonly reason: string; readonly message: string };
}

function playContainer(
  c: ContainerSpec,
  pod: RawObject,
  table: ObjectTable,
  images: Readonly<Record<string, RecordedApp>>,
  started: boolean,
  since: string,
  restarts: number,
): Played {
  const status = (state: object, more: object = {}) => ({
    name: c.name,
    image: c.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state,
    lastState: {},
    ...more,
  });
  const waiting = (reason: string, message: string): Played => ({
    status: status({ waiting: { reason, message } }),
    ready: false,
    running: false,
    event: { reason: 'Failed', message },
  });
  const missing = missingConfig(c, pod, table);
  if (missing !== undefined) return waiting('CreateContainerConfigError', missing);
  const app = images[c.image];
  if (app === undefined)
    return waiting(
      'ImagePullBackOff',
      `Back-off pulling image "${c.image}": ErrImagePull: failed to pull and unpack image "${c.image}": failed to resolve reference "${c.image}": ${c.image}: not found`,
    );
  if (!started) return { status: status({ waiting: { reason: 'ContainerCreating' } }), ready: false, running: false };
  const limit = parseQuantity(c.resources?.limits?.['memory']);
  const ended = (exitCode: number, reason: string): Played => {
    const terminated = { exitCode, reason, startedAt: since, finishedAt: since };
    return {
      status: status(
        { waiting: { reason: 'CrashLoopBackOff', message: `back-off restarting failed container ${c.name}` } },
        { restartCount: restarts + 1, lastState: { terminated } },
      ),
      ready: false,
      running: true,
    };
  };
  if (limit !== undefined && app.memoryMi * 2 ** 20 > limit) return ended(137, 'OOMKilled');
  if (lacks(c, pod.metadata.namespace, app, table) !== undefined) return ended(1, 'Error');
  const probe = c.readinessProbe;
  const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
  const path = probe?.httpGet?.path;
  const refused = typeof port === 'number' && port !== app.port;
  const absent = !refused && path !== undefined && !app.paths.includes(path);
  const running = { running: { startedAt: since } };
  if (refused || absent) {
    const message = refused
      ? `Readiness probe failed: dial tcp 10.42.0.9:${port}: connect: connection refused`
      : 'Readiness probe failed: HTTP probe failed with statuscode: 404';
    return { status: status(running, { started: true }), ready: false, running: true, event: { reason: 'Unhealthy', message } };
  }
  return { status: status(running, { started: true, ready: true }), ready: true, running: true };
}

/** The kubelet's words for the first thing a container needs and that is not there. */
function missingConfig(c: ContainerSpec, pod: RawObject, table: ObjectTable): string | undefined {
  const { namespace } = pod.metadata;
  const object = (kind: 'configmap' | 'secret', name: string) => table.get(`${kind}s`, namespace, name);
  const check = (kind: 'configmap' | 'secret', ref: (NameRef & { key?: string }) | undefined): string | undefined => {
    if (ref === undefined || ref.optional === true) return undefined;
    const found = object(kind, ref.name);
    if (found === undefined) return `${kind} "${ref.name}" not found`;
    const data = (found['data'] ?? {}) as Record<string, string>;
    return ref.key !== undefined && !(ref.key in data)
      ? `couldn't find key ${ref.key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace ?? ''}/${ref.name}`
      : undefined;
  };
  const wanted = [
    ...(c.env ?? []).flatMap((e) => [check('configmap', e.valueFrom?.configMapKeyRef), check('secret', e.valueFrom?.secretKeyRef)]),
    ...(c.envFrom ?? []).flatMap((e) => [check('configmap', e.configMapRef), check('secret', e.secretRef)]),
    ...(specOf(pod).volumes ?? []).flatMap((v) => [
      check('configmap', v.configMap),
      check(
        'secret',
        v.secret === undefined ? undefined : { name: v.secret.secretName, ...(v.secret.optional === true ? { optional: true } : {}) },
      ),
    ]),
  ];
  return wanted.find((w) => w !== undefined);
}

const selects = (selector: Record<string, string> | undefined, labels: Record<string, string> | undefined) =>
  Object.entries(selector ?? {}).every(([k, v]) => labels?.[k] === v);

function fits(pod: RawObject, node: RawObject, table: ObjectTable): boolean {
  const allocatable = (node.status?.['allocatable'] ?? {}) as Record<string, string>;
  const others = table
    .of('Pod')
    .filter((p) => p.metadata.uid !== pod.metadata.uid && (p.spec as { nodeName?: string } | undefined)?.nodeName === node.metadata.name);
  return ['cpu', 'memory'].every((resource) => {
    const asks = (p: RawObject) =>
      specOf(p).containers.reduce((sum, c) => sum + (parseQuantity(c.resources?.requests?.[resource]) ?? 0), 0);
    return asks(pod) + others.reduce((sum, p) => sum + asks(p), 0) <= (parseQuantity(allocatable[resource]) ?? 0);
  });
}

function schedule(pod: RawObject, table: ObjectTable): RawObject | undefined {
  const nodes = table.of('Node');
  const placed = (pod.spec as { nodeName?: string }).nodeName;
  if (placed !== undefined) return nodes.find((n) => n.metadata.name === placed);
  const fitting = nodes.filter(
    (n) =>
      selects(specOf(pod).nodeSelector, n.metadata.labels) &&
      (n.spec as { unschedulable?: boolean } | undefined)?.unschedulable !== true &&
      fits(pod, n, table),
  );
  return fitting[hash(pod.metadata.name) % Math.max(1, fitting.length)];
}

function unschedulableWords(pod: RawObject, table: ObjectTable): string {
  const nodes = table.of('Node');
  const mismatched = nodes.filter((n) => !selects(specOf(pod).nodeSelector, n.metadata.labels)).length;
  const reasons = [
    mismatched > 0 ? `${mismatched} node(s) didn't match Pod's node affinity/selector` : '',
    mismatched < nodes.length ? `${nodes.length - mismatched} Insufficient cpu` : '',
  ];
  return `0/${nodes.length} nodes are available: ${reasons.filter(Boolean).join(', ')}.`;
}

export const hash = (text: string): number => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0)) >>> 0, 7);

/** The first variable its program needs and is not given, by itself or with all of a ConfigMap or Secret. */
function lacks(c: ContainerSpec, namespace: string | undefined, app: RecordedApp, table: ObjectTable): string | undefined {
  const keys = (resource: string, ref: NameRef | undefined) =>
    ref === undefined ? [] : Object.keys((table.get(resource, namespace, ref.name)?.['data'] ?? {}) as object);
  const given = new Set([
    ...(c.env ?? []).map((e) => e.name),
    ...(c.envFrom ?? []).flatMap((e) => [...keys('configmaps', e.configMapRef), ...keys('secrets', e.secretRef)]),
  ]);
  return app.requires.find((name) => !given.has(name));
}

/**
 * The log of a container as its recorded program would write it; undefined where that run never was: a container that waits for its
 * first start, or the run before the first.
 */
export function recordedLog(
  pod: RawObject,
  container: string,
  previous: boolean,
  images: Readonly<Record<string, RecordedApp>>,
  table: ObjectTable,
): string | undefined {
  const c = specOf(pod).containers.find((x) => x.name === container);
  const app = c === undefined ? undefined : images[c.image];
  const statuses = (pod.status?.['containerStatuses'] ?? []) as { name: string; restartCount: number; state: { waiting?: object } }[];
  const status = statuses.find((s) => s.name === container);
  if (c === undefined || app === undefined || status === undefined) return undefined;
  if (status.restartCount === 0 && (previous || status.state.waiting !== undefined)) return undefined;
  const missing = lacks(c, pod.metadata.namespace, app, table);
  return missing === undefined ? `${app.log}\n` : `starting\nfatal: required environment variable ${missing} is not set\n`;
}
