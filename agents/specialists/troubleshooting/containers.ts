import {
  type Container,
  type ContainerStatus,
  type Evidence,
  type Fact,
  type KubeObject,
  type ResourceRef,
  refOf,
} from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import { isOver, isReady } from '../../core/unexplained.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';
import { failedJobs, keepsFailing } from './failed-jobs.ts';

/** One container of a workload's template, with what became of it in each current pod. */
export interface Placed {
  readonly workload: Workload;
  readonly spec: Container;
  /** `spec.template.spec.containers[1]` inside the workload. */
  readonly path: string;
  /** An init container with restartPolicy Always is a sidecar: it runs on beside the main ones. */
  readonly role: 'main' | 'init' | 'sidecar';
  readonly runs: readonly ContainerRun[];
}

export interface ContainerRun {
  readonly pod: KubeObject<'Pod'>;
  readonly status: ContainerStatus;
  /** It was restarted again and again, and has not yet run for as long as the run that ended before it: that it runs proves nothing. */
  readonly unproven: boolean;
}

/** The kubelet forgives restarts after this (pod lifecycle, "container restart policy"). Milliseconds. */
const FORGIVEN_MS = 600_000;
/** One restart may be an accident. */
const AGAIN = 2;
/** Beyond the length of the run before, which is never quite the same. Milliseconds. */
const LONGER_MS = 5_000;

/** Until when the present run proves nothing, in milliseconds since 1970; undefined where it does. Without a probe a program is ready the moment it starts. */
function unprovenUntil({ state, lastState, restartCount }: ContainerStatus, now: number): number | undefined {
  const last = lastState.terminated;
  const ran = Date.parse(last?.finishedAt ?? '') - Date.parse(last?.startedAt ?? '');
  const until = Date.parse(state.running?.startedAt ?? '') + ran + LONGER_MS;
  return restartCount >= AGAIN && ran < FORGIVEN_MS && now < until ? until : undefined;
}

export const CONTAINER_KINDS = WORKLOAD_KINDS;

interface Known {
  readonly placed: readonly Placed[];
  /** When the first of what proves nothing yet may do so. Milliseconds since 1970. */
  readonly until: number;
}

const known = new WeakMap<object, Known>();

/** Every container of every workload whose pods are neither over nor leaving. Computed once per view, and again when a run has proved itself. */
export function placedContainers({ view, now }: Pick<CheckContext<WorkloadKind>, 'view' | 'now'>): readonly Placed[] {
  let found = known.get(view);
  if (found === undefined || now >= found.until) known.set(view, (found = placeAll(view, now)));
  return found.placed;
}

function placeAll(view: View<WorkloadKind>, now: number): Known {
  const placed = place(view, now);
  const open = placed.flatMap(({ runs }) => runs.flatMap(({ status }) => unprovenUntil(status, now) ?? []));
  return { placed, until: Math.min(Infinity, ...open) };
}

function place(view: View<WorkloadKind>, now: number): readonly Placed[] {
  const failed = new Set(failedJobs(view).flatMap(({ pods }) => pods));
  const trying = new Set(view.list('Job').flatMap((job) => (keepsFailing(job) ? [job.metadata.uid] : [])));
  return workloads(view).flatMap((workload) => {
    const pods = workload.currentPods.filter((p) => !isOver(p) || isFailedJobPod(p, workload, failed, trying));
    if (pods.length === 0) return [];
    const { spec } = workload.template;
    const placed = (container: Container, i: number, list: 'containers' | 'initContainers'): Placed => ({
      workload,
      spec: container,
      path: `${workload.specPath}.${list}[${i}]`,
      role: list === 'containers' ? 'main' : container.restartPolicy === 'Always' ? 'sidecar' : 'init',
      runs: pods.flatMap((pod) => {
        const statuses = list === 'containers' ? pod.status.containerStatuses : pod.status.initContainerStatuses;
        const status = statuses.find((s) => s.name === container.name);
        return status === undefined ? [] : [{ pod, status, unproven: unprovenUntil(status, now) !== undefined }];
      }),
    });
    return [
      ...spec.initContainers.map((c, i) => placed(c, i, 'initContainers')),
      ...spec.containers.map((c, i) => placed(c, i, 'containers')),
    ];
  });
}

/**
 * A Job that has not succeeded is judged by its failed pods: with restartPolicy Never nothing else is left of its fault. Of a CronJob it
 * is the Job that failed last, unless a later one succeeded, or one that fails on and on.
 */
function isFailedJobPod(
  pod: KubeObject<'Pod'>,
  { object }: Workload,
  failed: ReadonlySet<KubeObject<'Pod'>>,
  trying: ReadonlySet<string>,
): boolean {
  if (pod.status.phase !== 'Failed' || pod.status.reason === 'Evicted' || pod.metadata.deletionTimestamp != null) return false;
  if (object.kind === 'CronJob') return failed.has(pod) || pod.metadata.ownerReferences.some((o) => trying.has(o.uid));
  return object.kind === 'Job' && (failed.has(pod) || (object.status.succeeded ?? 0) === 0);
}

export interface Ended {
  readonly exitCode: number;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** True when it is over now, false when it is the run before the present one. */
  readonly now: boolean;
}

/** How the container last ended, if that was a failure and it is not well since: a restart long past is no fault. */
export function failedRun({ pod, status, unproven }: ContainerRun): Ended | undefined {
  const now = status.state.terminated;
  if (now !== undefined) return now.exitCode === 0 ? undefined : { ...pick(now), now: true };
  const before = status.lastState.terminated;
  if (before === undefined || before.exitCode === 0) return undefined;
  if (status.state.running !== undefined && !unproven && (isReady(pod) || status.ready)) return undefined;
  return { ...pick(before), now: false };
}

const pick = (t: NonNullable<ContainerStatus['state']['terminated']>) => ({ exitCode: t.exitCode, reason: t.reason, message: t.message });

export const waitingReason = ({ status }: ContainerRun): string | undefined => status.state.waiting?.reason;
export const waitingMessage = ({ status }: ContainerRun): string => status.state.waiting?.message ?? '';

export const podsOf = (runs: readonly ContainerRun[]): ResourceRef[] => runs.map((r) => refOf(r.pod));

export function fieldEvidence(resource: ResourceRef, source: string, text: string): Evidence {
  return { kind: 'field', resource, source, text };
}

export function statusEvidence({ pod, status }: ContainerRun, text: string): Evidence {
  return fieldEvidence(refOf(pod), `status.containerStatuses[name=${status.name}]`, text);
}

export function logEvidence({ pod, status }: ContainerRun, line: string): Evidence {
  return { kind: 'log', resource: refOf(pod), source: status.name, text: line };
}

/** The end of the log of the run that failed; undefined while it is being read, empty where it cannot be. */
export function failureLog(ctx: CheckContext<WorkloadKind>, run: ContainerRun, ended: Ended): readonly string[] | undefined {
  const fact = failureFact(ctx, run, ended);
  if (fact === undefined) return undefined;
  if (fact.ok) return fact.value.lines;
  if (fact.failure.code === 'forbidden') ctx.missing(`pods/log in ${run.pod.metadata.namespace ?? ''}`, fact.failure.message);
  return [];
}

/** Why that log could not be read, which is another thing than an empty log. */
export function unreadLog(ctx: CheckContext<WorkloadKind>, run: ContainerRun, ended: Ended): string | undefined {
  const fact = failureFact(ctx, run, ended);
  return fact === undefined || fact.ok ? undefined : fact.failure.message;
}

function failureFact(ctx: CheckContext<WorkloadKind>, run: ContainerRun, ended: Ended): Fact<'podLogs'> | undefined {
  const log = (previous: boolean, restart: number) =>
    ctx.ask({
      type: 'podLogs',
      namespace: run.pod.metadata.namespace ?? '',
      pod: run.pod.metadata.name,
      container: run.status.name,
      previous,
      tailLines: 60,
      restart,
    });
  const fact = log(!ended.now, run.status.restartCount);
  // The kubelet may have removed the ended container: what was read while it ran, or what the run after it says, is as good.
  if (!ended.now && fact?.ok === false && fact.failure.code === 'not-found') return log(false, run.status.restartCount - 1);
  return fact;
}

/** `container api` or, where there are several, which kind of container it is. */
export function containerWords({ spec, role }: Placed): string {
  return role === 'main' ? `container ${spec.name}` : role === 'init' ? `init container ${spec.name}` : `sidecar ${spec.name}`;
}
