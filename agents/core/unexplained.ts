import { type Finding, type KubeObject, type Report, refKey, refOf } from '../contract/index.ts';
import { type Workload, type WorkloadKind, workloads } from './workloads.ts';
import type { View } from './view.ts';

/** A pod that is not well for longer than this, and that no finding speaks of, is said to be unexplained. */
const GRACE_MS = 60_000;

export function isReady(pod: KubeObject<'Pod'>): boolean {
  return pod.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

/** Over, or on its way out: nothing a person has to look at. */
export function isOver(pod: KubeObject<'Pod'>): boolean {
  return (
    pod.metadata.deletionTimestamp != null ||
    pod.status.phase === 'Succeeded' ||
    (pod.status.phase === 'Failed' && pod.metadata.ownerReferences.length > 0)
  );
}

function notWell(w: Workload, now: number): readonly KubeObject<'Pod'>[] {
  return w.currentPods.filter((pod) => {
    if (isOver(pod) || isReady(pod)) return false;
    const since = pod.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp;
    return since !== undefined && since !== null && now - Date.parse(since) > GRACE_MS;
  });
}

/** Workloads that are not well and that no finding explains: honest silence is not health. */
export function unexplained(view: View, findings: readonly Finding[], now: number): Report['unexplained'] {
  const spoken = new Set(findings.flatMap((f) => [f.subject, ...f.affects]).map(refKey));
  return workloads(view as View<WorkloadKind>).flatMap((w) => {
    const bad = notWell(w, now);
    if (bad.length === 0 || spoken.has(refKey(w.ref)) || bad.some((p) => spoken.has(refKey(refOf(p))))) return [];
    return [{ resource: w.ref, message: `${bad.length} of ${w.currentPods.length} pods are not ready, and no check knows why` }];
  });
}
