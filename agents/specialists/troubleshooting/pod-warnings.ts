import { type KubeEventFact, type KubeObject, refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import { type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';

/**
 * What the kubelet and the controllers say about a pod that has a place and does not start: some of it stands in events alone. A sandbox
 * that cannot be made and a volume that cannot be mounted leave nothing in the status but ContainerCreating.
 */

type Pod = KubeObject<'Pod'>;

/** A pod takes a while to get its network and its volumes. Milliseconds. */
const GRACE_MS = 30_000;
/** Workloads whose events are asked for at once: a node without a network holds up hundreds of pods, and says the same of each. */
const MOST_ASKED = 20;
/** Of a container that nothing has been said of yet. */
const NOT_BEGUN = new Set(['ContainerCreating', 'PodInitializing']);

/** It has a node, and none of its containers was ever begun. */
function isHeldUp(pod: Pod, now: number): boolean {
  const { status, spec, metadata } = pod;
  if (spec.nodeName === undefined || metadata.deletionTimestamp != null || (status.phase ?? 'Pending') !== 'Pending') return false;
  if (!(now - Date.parse(metadata.creationTimestamp ?? '') > GRACE_MS)) return false;
  return [...status.initContainerStatuses, ...status.containerStatuses].every(
    ({ state, lastState }) =>
      state.running === undefined &&
      state.terminated === undefined &&
      lastState.terminated === undefined &&
      (state.waiting === undefined || NOT_BEGUN.has(state.waiting.reason ?? '')),
  );
}

/** A workload with pods that were placed and have not begun. */
export interface HeldUp {
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** What is said of the first of them, oldest first; undefined where it was not asked or is not known yet. */
  readonly warnings: readonly KubeEventFact[] | undefined;
}

/** Those workloads, each with the warnings about one of its pods. */
export function heldUp(ctx: CheckContext<WorkloadKind>): readonly HeldUp[] {
  if (!ctx.view.list('Pod').some((pod) => isHeldUp(pod, ctx.now))) return [];
  let asked = 0;
  return workloads(ctx.view).flatMap((workload): HeldUp[] => {
    const pods = workload.pods.filter((pod) => isHeldUp(pod, ctx.now));
    const [first] = pods;
    if (first === undefined) return [];
    return [{ workload, pods, warnings: asked++ < MOST_ASKED ? warningsOf(ctx, first, first.metadata.resourceVersion) : undefined }];
  });
}

/** Warnings about a pod, oldest first; undefined while they are read. Where they may not be read that is said, and there are none. */
export function warningsOf(
  ctx: Pick<CheckContext<WorkloadKind>, 'ask' | 'missing'>,
  pod: Pod,
  revision: string | number | undefined,
): readonly KubeEventFact[] | undefined {
  const fact = ctx.ask({ type: 'objectEvents', resource: refOf(pod), revision: String(revision ?? '') });
  if (fact === undefined) return undefined;
  if (fact.ok) return fact.value.events.filter((e) => e.type !== 'Normal');
  if (fact.failure.code === 'forbidden') ctx.missing(`events in ${pod.metadata.namespace ?? ''}`, fact.failure.message);
  return [];
}

/** The part of a long error that says what happened: its end, for each program puts its own words before those it was given. */
export function essence(message: string, most = 300): string {
  const flat = message
    .replaceAll(/\s*\n\s*/g, ', ')
    .replaceAll(/rpc error: code = \w+ desc = /g, '')
    .trim();
  return flat.length <= most ? flat : `… ${flat.slice(-most).trim()}`;
}

/** The evidence that an event of a pod is. */
export const warningEvidence = (pod: Pod, { reason, message, at }: KubeEventFact) => ({
  kind: 'event' as const,
  resource: refOf(pod),
  source: reason,
  text: essence(message, 500),
  ...(at === undefined ? {} : { at }),
});
