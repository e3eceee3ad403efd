import { type ActionSpec, type JsonPatchOp, type KubeObject, type PlanDraft, type ResourceRef, refOf } from '../../contract/index.ts';
import type { RemedyAnswer } from '../../core/agent.ts';
import { pointer } from '../../core/paths.ts';
import type { Workload } from '../../core/workloads.ts';

/** How a change of a pod template becomes actions, by the kind of the workload. */

/**
 * The actions that change a template and let new pods come of it. A Deployment or DaemonSet replaces its pods by itself; a StatefulSet
 * waits for its stuck pods, and a CronJob's stuck Job keeps the old template, so those are deleted (they never ran). Undefined for
 * what cannot be changed in place: a Job, a bare pod, a ReplicaSet (its pods stay as they are).
 */
export function templateChange(
  workload: Workload,
  ops: readonly JsonPatchOp[],
  stuck: readonly KubeObject<'Pod'>[],
): readonly ActionSpec[] | undefined {
  const patch: ActionSpec = { type: 'patch', target: workload.ref, ops: [...ops] };
  switch (workload.object.kind) {
    case 'Deployment':
    case 'DaemonSet':
      return [patch];
    case 'StatefulSet':
      return [patch, ...stuck.map((pod): ActionSpec => ({ type: 'delete', target: refOf(pod) }))];
    case 'CronJob': {
      const owners = new Map<string, ResourceRef>();
      for (const pod of stuck)
        for (const o of pod.metadata.ownerReferences)
          if (o.kind === 'Job')
            owners.set(o.name, { apiVersion: o.apiVersion, kind: o.kind, namespace: workload.namespace, name: o.name, uid: o.uid });
      return [patch, ...[...owners.values()].map((target): ActionSpec => ({ type: 'delete', target }))];
    }
    default:
      return undefined;
  }
}

/** Why a person must do it where `templateChange` gives nothing. */
export function replaceByHand(workload: Workload, change: string): string {
  return workload.object.kind === 'Pod' || workload.object.kind === 'Job'
    ? `A ${workload.object.kind}'s pod spec cannot be changed in place: ${change} in its manifest, delete it and create it again.`
    : `${change} in ${workload.object.kind} ${workload.name}, then delete its waiting pods so that new ones are made.`;
}

/** The plan that changes a template and replaces its pods, or what a person must do where it cannot be changed in place. */
export function changeOrAdvice(
  workload: Workload,
  ops: readonly JsonPatchOp[],
  plan: Pick<PlanDraft, 'remedy' | 'title' | 'because' | 'verify'> & { readonly stableForSeconds?: number },
): RemedyAnswer {
  const actions = templateChange(workload, ops, workload.currentPods);
  if (actions === undefined) return { advice: replaceByHand(workload, plan.title) };
  return { plans: [{ stableForSeconds: 10, ...plan, actions: [...actions], atLeastRisk: 'medium' }] };
}

/** Replaces a value only while it is what was seen. */
export function replaceValue(path: string, from: string | number, to: string | number): JsonPatchOp[] {
  return [
    { op: 'test', path: pointer(path), value: from },
    { op: 'replace', path: pointer(path), value: to },
  ];
}
