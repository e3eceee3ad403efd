import { parseQuantity } from '../../../core/quantity.ts';
import { failedMount, missingForContainer, missingVariable } from './config-needs.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { type ContainerSpec, specOf } from './pod-spec.ts';
import { conditionOf, iso } from './conditions.ts';
import { failedProbe } from './probing.ts';
import type { RecordedApp } from './recording.ts';
import { hash, schedule } from './scheduler.ts';

/** Plays the kubelet for one pod: what its status says, given what it refers to and how its program behaves. */

export interface Played {
  readonly status: Record<string, unknown>;
  readonly nodeName: string | undefined;
  readonly event: KubeletEvent | undefined;
}
interface KubeletEvent {
  readonly reason: string;
  readonly message: string;
}
export type RecordedApps = Readonly<Record<string, RecordedApp>>;

/** What `play` looks at besides the pod. Times in milliseconds. */
export interface World {
  readonly table: ObjectTable;
  readonly images: RecordedApps;
  readonly now: number;
  /** From a pod's making to its program running. */
  readonly startMs: number;
}

/** How often a program that ends is started again: the longest back-off of a kubelet. */
const RESTART_MS = 300_000;

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: {
    readonly waiting?: { readonly reason: string; readonly message?: string };
    readonly running?: { readonly startedAt: string };
  };
  readonly lastState: object;
}
const statusesOf = (pod: RawObject) => (pod.status?.['containerStatuses'] ?? []) as readonly ContainerStatus[];

/** How a pod looks now. */
export function play(pod: RawObject, world: World): Played {
  const { table, now } = world;
  const created = Date.parse(pod.metadata.creationTimestamp ?? '');
  // What it is from the beginning it is since the beginning.
  const condition = (type: string, good: boolean, why: { reason: string; message: string }) =>
    conditionOf(pod, type, good, good ? {} : why, { first: iso(created), now: iso(now) });
  const scheduled = schedule(pod, table);
  if (!('node' in scheduled)) {
    const { message } = scheduled;
    const conditions = [condition('PodScheduled', false, { reason: 'Unschedulable', message })];
    return { nodeName: undefined, event: { reason: 'FailedScheduling', message }, status: { phase: 'Pending', conditions } };
  }
  const podIP = `10.42.0.${(hash(pod.metadata.name) % 250) + 2}`;
  const unmounted = failedMount(pod, table);
  const runs = specOf(pod).containers.map((c) =>
    unmounted === undefined ? playContainer(c, pod, podIP, world) : waiting(c, 'ContainerCreating', undefined, 'FailedMount', unmounted),
  );
  const unready = runs.filter((r) => !r.status.ready).map((r) => r.status.name);
  const notReady = { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  return {
    nodeName: scheduled.node.metadata.name,
    event: runs.find((r) => r.event !== undefined)?.event,
    status: {
      phase: runs.every((r) => r.made) ? 'Running' : 'Pending',
      ...(unmounted === undefined ? { podIP } : {}),
      startTime: iso(created),
      conditions: [
        condition('PodScheduled', true, notReady),
        condition('Initialized', true, notReady),
        condition('ContainersReady', unready.length === 0, notReady),
        condition('Ready', unready.length === 0, notReady),
      ],
      containerStatuses: runs.map((r) => r.status),
    },
  };
}

interface Run {
  readonly status: ContainerStatus;
  /** It was made, so its program ran at least once. */
  readonly made: boolean;
  readonly event?: KubeletEvent;
}

const statusOf = ({ name, image }: ContainerSpec, state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}) => ({
  name,
  image,
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  state,
  lastState: {},
  ...more,
});

function waiting(c: ContainerSpec, reason: string, said: string | undefined, event?: string, message = said ?? ''): Run {
  const state = { waiting: { reason, ...(said === undefined ? {} : { message: said }) } };
  return { status: statusOf(c, state), made: false, ...(event === undefined ? {} : { event: { reason: event, message } }) };
}

function playContainer(c: ContainerSpec, pod: RawObject, podIP: string, { table, images, now, startMs }: World): Run {
  const begun = Date.parse(pod.metadata.creationTimestamp ?? '') + startMs;
  const missing = missingForContainer(c, pod, table);
  if (missing !== undefined) return waiting(c, 'CreateContainerConfigError', missing, 'Failed', `Error: ${missing}`);
  const app = images[c.image];
  if (app === undefined) {
    const failed = `failed to pull and unpack image "${c.image}": failed to resolve reference "${c.image}": ${c.image}: not found`;
    const event = `Failed to pull image "${c.image}": rpc error: code = NotFound desc = ${failed}`;
    return waiting(c, 'ImagePullBackOff', `Back-off pulling image "${c.image}": ErrImagePull: ${failed}`, 'Failed', event);
  }
  if (now < begun) return waiting(c, 'ContainerCreating', undefined);

  const ended = (exitCode: number, reason: string, event?: KubeletEvent): Run => {
    const restarts = Math.max(0, Math.floor((now - begun) / RESTART_MS));
    const at = iso(begun + restarts * RESTART_MS);
    const where = `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid ?? ''})`;
    const message = `back-off 5m0s restarting failed container=${c.name} pod=${where}`;
    const more = { restartCount: restarts + 1, lastState: { terminated: { exitCode, reason, startedAt: at, finishedAt: at } } };
    return {
      status: statusOf(c, { waiting: { reason: 'CrashLoopBackOff', message } }, more),
      made: true,
      event: event ?? { reason: 'BackOff', message: `Back-off restarting failed container ${c.name} in pod ${where}` },
    };
  };
  const limit = parseQuantity(c.resources?.limits?.['memory']);
  if (limit !== undefined && app.memoryMi * 2 ** 20 > limit) return ended(137, 'OOMKilled');
  if (missingVariable(c, pod, app, table) !== undefined) return ended(1, 'Error');
  const dead = failedProbe('Liveness', c, app, podIP);
  if (dead !== undefined) return ended(137, 'Error', { reason: 'Unhealthy', message: dead });

  const unready = failedProbe('Readiness', c, app, podIP);
  const last = statusesOf(pod).find((s) => s.name === c.name)?.state;
  // One that could not be made until now begins now, however old its pod is.
  const late = last?.waiting !== undefined && last.waiting.reason !== 'ContainerCreating';
  const running = { running: { startedAt: last?.running?.startedAt ?? iso(late ? now : begun) } };
  return {
    status: statusOf(c, running, { started: true, ready: unready === undefined }),
    made: true,
    ...(unready === undefined ? {} : { event: { reason: 'Unhealthy', message: unready } }),
  };
}

/**
 * The log of a container as its recorded program would write it; undefined where that run never was: a container that waits for its
 * first start, or the run before the first.
 */
export function recordedLog(
  pod: RawObject,
  container: string,
  previous: boolean,
  images: RecordedApps,
  table: ObjectTable,
): string | undefined {
  const c = specOf(pod).containers.find((x) => x.name === container);
  const app = c === undefined ? undefined : images[c.image];
  const status = statusesOf(pod).find((s) => s.name === container);
  if (c === undefined || app === undefined || status === undefined) return undefined;
  if (status.restartCount === 0 && (previous || status.state.waiting !== undefined)) return undefined;
  const missing = missingVariable(c, pod, app, table);
  return missing === undefined ? `${app.log}\n` : `starting\nfatal: required environment variable ${missing} is not set\n`;
}
