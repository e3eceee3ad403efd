import { type Evidence, refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import { type Workload, workloads } from '../../core/workloads.ts';
import { type QuotaKind, type Refusal, readRefusal } from './quota.ts';

/** A workload whose pods a quota refuses to admit, and the words of the refusal. */
export interface Refused {
  readonly workload: Workload;
  readonly refusal: Refusal;
  /** Pods that are wanted and do not exist. */
  readonly missing: number;
  readonly evidence: Evidence;
}

/** A pod that ended does not count as there: its controller wants another. */
const alive = (w: Workload) =>
  w.currentPods.filter((p) => p.status.phase !== 'Succeeded' && p.status.phase !== 'Failed' && p.metadata.deletionTimestamp == null).length;

/** How many pods the controller wants and has not got; 0 where it wants none. */
function missingPods(workload: Workload): number {
  const { object } = workload;
  if (object.kind === 'Job') {
    if (object.spec.suspend === true || object.status.conditions.some((c) => c.status === 'True' && /^(Complete|Failed)$/.test(c.type)))
      return 0;
    const left = (object.spec.completions ?? object.spec.parallelism ?? 1) - (object.status.succeeded ?? 0);
    return Math.max(0, Math.min(object.spec.parallelism ?? 1, left) - alive(workload));
  }
  return Math.max(0, workload.desired - alive(workload));
}

/** A rollout that may stop old pods first frees their share by itself: not a fault until this is over. Milliseconds. */
const ROLLOUT_GRACE_MS = 10_000;

/** Old pods will go although no new one could be made (maxUnavailable allows it), so the refusal may pass. */
function oldPodsWillGo(workload: Workload): boolean {
  const { object } = workload;
  if (object.kind !== 'Deployment' || workload.pods.length <= workload.currentPods.length) return false;
  if (object.spec.strategy?.type === 'Recreate') return true;
  const most = object.spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const share = typeof most === 'number' ? most : Math.floor((Number.parseFloat(most) / 100) * workload.desired);
  return share >= 1;
}

/**
 * Where pods are missing because of a quota. A ReplicaSet says so in its condition; a StatefulSet, DaemonSet or Job only in its
 * KubeEvents, which are asked for when pods are missing.
 */
export function refusedByQuota(ctx: CheckContext<QuotaKind>): readonly Refused[] {
  const { view } = ctx;
  return workloads(view).flatMap((workload): Refused[] => {
    const { object } = workload;
    if (object.metadata.deletionTimestamp != null || view.list('ResourceQuota', workload.namespace).length === 0) return [];
    if (object.kind === 'Deployment' || object.kind === 'ReplicaSet') {
      const set = object.kind === 'ReplicaSet' ? object : workload.replicaSets[0];
      const condition = set?.status.conditions.find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
      const refusal = readRefusal(condition?.message ?? '');
      if (set === undefined || condition === undefined || refusal === undefined) return [];
      const since = Date.parse(condition.lastTransitionTime ?? '');
      if (oldPodsWillGo(workload) && ctx.now - since < ROLLOUT_GRACE_MS) return [];
      const evidence: Evidence = {
        kind: 'field',
        resource: refOf(set),
        source: 'status.conditions[ReplicaFailure].message',
        text: condition.message ?? '',
      };
      return [{ workload, refusal, missing: Math.max(1, (set.spec.replicas ?? 1) - alive(workload)), evidence }];
    }
    if (object.kind !== 'StatefulSet' && object.kind !== 'DaemonSet' && object.kind !== 'Job') return [];
    const missing = missingPods(workload);
    if (missing === 0) return [];
    const fact = ctx.ask({ type: 'objectEvents', resource: workload.ref, revision: `${object.metadata.resourceVersion}` });
    if (fact === undefined) return [];
    if (!fact.ok) {
      ctx.missing(`events of ${object.kind} ${workload.namespace}/${workload.name}`, fact.failure.message);
      return [];
    }
    const event = fact.value.events.findLast((e) => e.reason === 'FailedCreate' && readRefusal(e.message) !== undefined);
    const refusal = readRefusal(event?.message ?? '');
    if (event === undefined || refusal === undefined) return [];
    const evidence: Evidence = {
      kind: 'event',
      resource: workload.ref,
      source: event.reason,
      text: event.message,
      ...(event.at === undefined ? {} : { at: event.at }),
    };
    return [{ workload, refusal, missing, evidence }];
  });
}
