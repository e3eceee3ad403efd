import {
  type Code,
  type ContextName,
  type Finding,
  type KubeObject,
  type ResourceRef,
  isKind,
  refKey,
  refWords,
} from '../contract/index.ts';
import { matchesLabels } from './selectors.ts';
import { isOver, isReady } from './unexplained.ts';
import type { View } from './view.ts';
import { type WorkloadKind, workloads } from './workloads.ts';

/** What an agent must know of a plan to judge it. */
export interface JudgeTask {
  readonly plan: string;
  readonly context: ContextName;
  readonly agent: string;
  /** Codes that must be gone from `subject`. */
  readonly codes: readonly Code[];
  readonly subject: ResourceRef;
  /** The objects the actions changed. */
  readonly targets: readonly ResourceRef[];
  /** `knownKey`s of the findings there were when the plan began to act; a cause that is not among them is new. */
  readonly known: readonly string[];
}

export interface Judgement {
  readonly holds: boolean;
  readonly hopeless: boolean;
  readonly because: string;
}

export function knownKey(finding: Pick<Finding, 'code' | 'subject'>): string {
  return `${finding.code}|${refKey(finding.subject)}`;
}

/**
 * Whether a plan has helped: its codes are gone from the subject, and what it changed is positively well (rolled out, bound, with
 * endpoints). Silence of a check alone proves nothing: new pods are silent while they start.
 */
export function judge({ task, findings, view }: { task: JudgeTask; findings: readonly Finding[]; view: View }): Judgement {
  const about = findings.filter((f) => refKey(f.subject) === refKey(task.subject));
  const still = about.find((f) => task.codes.includes(f.code));
  if (still !== undefined) return { holds: false, hopeless: false, because: `${still.code} is still there: ${still.message}` };
  const fresh = findings.find(
    (f) =>
      f.role === 'cause' &&
      (f.severity === 'high' || f.severity === 'critical') &&
      !task.known.includes(knownKey(f)) &&
      [...task.targets, task.subject].some((t) => refKey(t) === refKey(f.subject)),
  );
  if (fresh !== undefined) return { holds: false, hopeless: true, because: `a new fault appeared: ${fresh.code}, ${fresh.message}` };
  const objects = [task.subject, ...task.targets];
  const unwell = objects.map((ref) => unwellBecause(ref, view)).find((b) => b !== undefined);
  return unwell === undefined
    ? { holds: true, hopeless: false, because: `${task.codes.join(', ')} gone, ${refWords(task.subject)} is well` }
    : { holds: false, hopeless: false, because: unwell };
}

/** Why an object is not positively well, or undefined when it is. */
export function unwellBecause(ref: ResourceRef, view: View): string | undefined {
  if (!isKind(ref.kind)) return undefined;
  const object: KubeObject | undefined = view.get(ref.kind, ref.namespace, ref.name);
  if (object === undefined) return `${refWords(ref)} is not there`;
  switch (object.kind) {
    case 'Deployment': {
      const { status: s, spec, metadata } = object;
      const wanted = spec.replicas ?? 1;
      if ((s.observedGeneration ?? 0) < (metadata.generation ?? 0)) return `${refWords(ref)}: the controller has not seen the change yet`;
      if ((s.updatedReplicas ?? 0) < wanted)
        return `${refWords(ref)}: ${s.updatedReplicas ?? 0} of ${wanted} replicas are of the new revision`;
      if ((s.replicas ?? 0) > wanted) return `${refWords(ref)}: pods of the old revision are still there`;
      if ((s.availableReplicas ?? 0) < wanted) return `${refWords(ref)}: ${s.availableReplicas ?? 0} of ${wanted} replicas are available`;
      return undefined;
    }
    case 'StatefulSet': {
      const wanted = object.spec.replicas ?? 1;
      const s = object.status;
      if ((s.observedGeneration ?? 0) < (object.metadata.generation ?? 0))
        return `${refWords(ref)}: the controller has not seen the change yet`;
      if (
        (s.readyReplicas ?? 0) < wanted ||
        (s.updateRevision !== undefined && (s.updatedReplicas ?? wanted) < wanted && s.currentRevision !== s.updateRevision)
      )
        return `${refWords(ref)}: ${s.readyReplicas ?? 0} of ${wanted} replicas are ready`;
      return undefined;
    }
    case 'DaemonSet': {
      const s = object.status;
      return (s.observedGeneration ?? 0) < (object.metadata.generation ?? 0) ||
        (s.numberAvailable ?? 0) < (s.desiredNumberScheduled ?? 0) ||
        (s.updatedNumberScheduled ?? 0) < (s.desiredNumberScheduled ?? 0)
        ? `${refWords(ref)}: ${s.numberAvailable ?? 0} of ${s.desiredNumberScheduled ?? 0} pods are available`
        : undefined;
    }
    case 'Pod':
      return isReady(object) || isOver(object) ? undefined : `${refWords(ref)} is not ready`;
    case 'Service': {
      const ready = view
        .list('Pod', ref.namespace)
        .some((p) => Object.keys(object.spec.selector).length > 0 && matchesLabels(object.spec.selector, p.metadata.labels) && isReady(p));
      const slices = view.list('EndpointSlice', ref.namespace).filter((s) => s.metadata.labels['kubernetes.io/service-name'] === ref.name);
      const endpoints = slices.some((s) => s.endpoints.some((e) => e.conditions.ready !== false));
      return ready && (endpoints || slices.length === 0) ? undefined : `${refWords(ref)} has no ready endpoint`;
    }
    case 'PersistentVolumeClaim': {
      const users = workloads(view as View<WorkloadKind>).filter(
        (w) => w.namespace === ref.namespace && w.template.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === ref.name),
      );
      const bound = object.status.phase === 'Bound';
      return bound
        ? users.map((w) => (w.object.kind === 'Pod' ? undefined : unwellBecause(w.ref, view))).find((b) => b !== undefined)
        : `${refWords(ref)} is ${object.status.phase ?? 'not bound'}`;
    }
    default:
      return undefined;
  }
}
