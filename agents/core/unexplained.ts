import { type Finding, type KubeObject, type Report, SEVERITIES, refKey, refOf } from '../contract/index.ts';
import { type Workload, type WorkloadKind, workloads } from './workloads.ts';
import type { View } from './view.ts';

/** A workload that is not well for longer than this, and that no finding speaks of, is said to be unexplained. */
const GRACE_MS = 60_000;
/** A remark about an object does not explain why its pods are down. */
const EXPLAINS = SEVERITIES.indexOf('medium');

type Pod = KubeObject<'Pod'>;
const conditionOf = (object: { readonly status: { readonly conditions: Pod['status']['conditions'] } }, type: string) =>
  object.status.conditions.find((c) => c.type === type);

export function isReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Over, or on its way out: nothing a person has to look at. A failed pod that has an owner was replaced or is the owner's matter. */
export function isOver(pod: Pod): boolean {
  return (
    (pod.metadata.deletionTimestamp ?? null) !== null ||
    pod.status.phase === 'Succeeded' ||
    (pod.status.phase === 'Failed' && pod.metadata.ownerReferences.length > 0)
  );
}

const before = (time: string | null | undefined, now: number) => typeof time === 'string' && now - Date.parse(time) > GRACE_MS;

/** A container that runs for the first time, and whose startup probe gives it longer than it has taken: how long a start may be, its team has said. */
function isStarting({ spec, status }: Pod, now: number): boolean {
  return status.containerStatuses.some(({ name, restartCount, started, state }) => {
    const probe = spec.containers.find((c) => c.name === name)?.startupProbe;
    if (probe === undefined || started === true || restartCount > 0) return false;
    const budget = (probe.initialDelaySeconds ?? 0) + (probe.failureThreshold ?? 3) * (probe.periodSeconds ?? 10);
    return now - Date.parse(state.running?.startedAt ?? '') < budget * 1_000;
  });
}

function isUnwell(pod: Pod, now: number): boolean {
  if (isOver(pod) || isStarting(pod, now)) return false;
  const { creationTimestamp } = pod.metadata;
  const crashing = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses].some(
    (c) => c.state.waiting?.reason === 'CrashLoopBackOff',
  );
  if (crashing) return before(creationTimestamp, now);
  return !isReady(pod) && before(conditionOf(pod, 'Ready')?.lastTransitionTime ?? creationTimestamp, now);
}

/** A Deployment that wants pods and has not got them: something refuses to let it create them. */
function lacksPods({ object, currentPods, desired }: Workload, now: number): boolean {
  if (object.kind !== 'Deployment' || currentPods.length >= desired || object.spec.paused === true) return false;
  const failing = [conditionOf(object, 'ReplicaFailure'), conditionOf(object, 'Available')].find(
    (c) => c?.status === (c?.type === 'Available' ? 'False' : 'True'),
  );
  return before(failing?.lastTransitionTime, now);
}

/** What the findings speak of, graver than a remark. */
const spokenOf = (findings: readonly Finding[]): Set<string> =>
  new Set(
    findings
      .filter((f) => SEVERITIES.indexOf(f.severity) >= EXPLAINS)
      .flatMap((f) => [f.subject, ...f.affects])
      .map(refKey),
  );

/** What no agent explains: each only knows what it has found itself, and what one cannot explain another can. */
export function unexplainedByAny(reports: readonly Pick<Report, 'findings' | 'relations' | 'unexplained'>[]): Report['unexplained'] {
  const spoken = spokenOf(reports.flatMap((r) => r.findings));
  for (const { from, type, to } of reports.flatMap((r) => r.relations))
    if (type === 'ownedBy' && spoken.has(refKey(from))) spoken.add(refKey(to));
  const left = new Map(reports.flatMap((r) => r.unexplained).map((u) => [refKey(u.resource), u]));
  return [...left].filter(([key]) => !spoken.has(key)).map(([, u]) => u);
}

/**
 * Workloads that are not well and that no finding explains: honest silence is not health. Healthy things are silent: what has finished,
 * what is terminating, evicted leftovers, restarts long past, what is scaled to zero. `said`: what the cluster last said of a pod, which
 * is passed on where nobody knows better.
 */
export function unexplained(
  view: View,
  findings: readonly Finding[],
  now: number,
  said: (pod: Pod) => string | undefined = () => undefined,
): Report['unexplained'] {
  const spoken = spokenOf(findings);
  return workloads(view as View<WorkloadKind>).flatMap((w) => {
    if (spoken.has(refKey(w.ref))) return [];
    const bad = w.currentPods.filter((pod) => isUnwell(pod, now));
    if (bad.some((p) => spoken.has(refKey(refOf(p))))) return [];
    const [first] = bad;
    if (first !== undefined) {
      const words = said(first);
      const last = words === undefined ? '' : `; the cluster last said: ${words}`;
      return [{ resource: w.ref, message: `${bad.length} of ${w.currentPods.length} pods are not ready, and no check knows why${last}` }];
    }
    if (lacksPods(w, now))
      return [{ resource: w.ref, message: `${w.currentPods.length} of ${w.desired} pods exist, and no check knows why` }];
    return [];
  });
}
