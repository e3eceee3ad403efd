import { type Evidence, refOf } from '../../contract/index.ts';
import { type Workload, revisionOf } from '../../core/workloads.ts';

/** What a rollout has to do with something unusual: it may be the reason, and while it goes on nothing is usual. */

/** A rollout this long before it began is suspected; milliseconds. */
const SUSPECT_MS = 30 * 60_000;
/** Readings come each 15 to 30 s and are confirmed by three: what began a moment before the rollout was seen may be of it. */
const SLACK_MS = 45_000;
/** New pods warm up: caches, compilers, connections. What is many times as bad as usual is told sooner: that is no warming up. */
const SETTLE_MS = 3 * 60_000;
const GRAVE_SETTLE_MS = 60_000;

export interface Rollout {
  readonly revision: number;
  readonly at: number;
  /** The newest one before it whose template is still there. */
  readonly earlier: number | undefined;
}

/** A ReplicaSet that is in force again: when that came about its own age does not say. */
const isBack = (set: Workload['replicaSets'][number]): boolean =>
  set.metadata.annotations['deployment.kubernetes.io/revision-history'] !== undefined;

/** The rollout in force, where something that began at `since` may be of it. */
export function rolloutBefore(w: Workload, since: number): Rollout | undefined {
  const [newest, ...others] = w.replicaSets;
  if (newest === undefined || others.length === 0 || isBack(newest)) return undefined;
  const at = Date.parse(newest.metadata.creationTimestamp ?? '');
  if (!(since >= at - SLACK_MS && since - at <= SUSPECT_MS)) return undefined;
  const revision = revisionOf(newest);
  const earlier = others.map(revisionOf).find((r) => r > 0 && r < revision);
  return { revision, at, earlier };
}

/** New pods are being made, or have just been. */
export function isRollingOut(w: Workload, now: number, grave = false): boolean {
  const [newest] = w.replicaSets;
  if (w.object.kind === 'Deployment') {
    const { updatedReplicas, replicas } = w.object.status;
    if ((updatedReplicas ?? w.desired) < w.desired || (replicas ?? 0) > w.desired) return true;
  }
  const made = (object: Workload['object'] | Workload['replicaSets'][number]) => Date.parse(object.metadata.creationTimestamp ?? '');
  const began = newest !== undefined && isBack(newest) ? Math.min(...w.currentPods.map(made)) : made(newest ?? w.object);
  return now - began < (grave ? GRAVE_SETTLE_MS : SETTLE_MS);
}

export const rolloutEvidence = (w: Workload, { revision, at }: Rollout): Evidence => ({
  kind: 'change',
  resource: w.replicaSets[0] === undefined ? w.ref : refOf(w.replicaSets[0]),
  source: `revision ${revision}`,
  text: `revision ${revision} of ${w.object.kind} ${w.name} was rolled out at ${new Date(at).toISOString()}`,
  at: new Date(at).toISOString(),
});
