import { type Evidence, type KubeObject, type PodTemplate, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { WORKLOAD_KINDS, type Workload, type WorkloadKind, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';

/** Evicted pods stay as leftovers; one that happened longer ago is history. Milliseconds. */
const RECENT_MS = 1_800_000;
/** The kubelet's sentences (eviction/helpers.go). */
const EMPTY_DIR = /Usage of EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)"/;
const CONTAINER = /Container (\S+) exceeded its local ephemeral storage limit "([^"]+)"/;

const evictedAt = ({ status, metadata }: KubeObject<'Pod'>): number =>
  Date.parse(
    status.conditions.find((c) => c.type === 'DisruptionTarget' || c.type === 'Ready')?.lastTransitionTime ??
      status.startTime ??
      metadata.creationTimestamp ??
      '',
  );

/** Twice as much, in the unit it is written in. */
function twice(limit: string): string | undefined {
  const match = /^(\d+)([A-Za-z]*)$/.exec(limit);
  return match === null || parseQuantity(limit) === undefined ? undefined : `${Number(match[1]) * 2}${match[2] ?? ''}`;
}

export const scratchSpaceExceeded = defineCheck({
  code: 'RUN-004',
  title: 'Pods are evicted because they use more scratch space than they may',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its pods are evicted for their scratch space',
  doc: `The kubelet evicts a pod whose emptyDir grows over its sizeLimit, or whose container writes more to its file system and logs than its limit for
ephemeral-storage. It is made anew and evicted again. Leftovers of evictions half an hour ago are not spoken of. A StatefulSet or
DaemonSet clears away the pod that failed at once; what happened to it is then read from the events.`,
  run: (ctx) =>
    workloads(ctx.view).flatMap((w): FindingDraft[] => {
      const eviction = lastLeftOver(w, ctx.now) ?? lastToldOf(ctx, w);
      return eviction === undefined ? [] : finding(w, eviction);
    }),
});

interface Eviction {
  readonly evidence: Evidence;
  /** The pods that lie there evicted; none where they have been cleared away. */
  readonly pods: readonly ResourceRef[];
  /** The spec that the last of them ran with, as far as it is known. */
  readonly spec?: PodTemplate['spec'];
}

function lastLeftOver(w: Workload, now: number): Eviction | undefined {
  const evicted = w.pods
    .filter((p) => p.status.phase === 'Failed' && p.status.reason === 'Evicted' && now - evictedAt(p) < RECENT_MS)
    .sort((a, b) => evictedAt(b) - evictedAt(a));
  const [last] = evicted;
  if (last === undefined) return undefined;
  return { evidence: fieldEvidence(refOf(last), 'status.message', last.status.message ?? ''), pods: evicted.map(refOf), spec: last.spec };
}

/** What the controllers write of a pod they clear away: `Found failed daemon pod shop/a-x1 on node n`, `… is recreating failed Pod a-0`. */
const CLEARED = new Set(['FailedDaemonPod', 'RecreatingFailedPod']);
const CLEARED_POD = /failed (?:daemon )?pod (?:[^/\s]+\/)?([a-z0-9.-]*[a-z0-9])/i;

/** The last eviction of a pod that is gone. Only asked for where there is a limit to break. */
function lastToldOf(ctx: CheckContext<WorkloadKind>, w: Workload): Eviction | undefined {
  if ((w.object.kind !== 'DaemonSet' && w.object.kind !== 'StatefulSet') || !hasLimit(w.template.spec)) return undefined;
  const fact = ctx.ask({ type: 'objectEvents', resource: w.ref, revision: w.object.metadata.resourceVersion });
  const cleared = fact?.ok === true ? fact.value.events.findLast((e) => CLEARED.has(e.reason)) : undefined;
  const name = CLEARED_POD.exec(cleared?.message ?? '')?.[1];
  if (cleared?.at === undefined || name === undefined || !(ctx.now - Date.parse(cleared.at) < RECENT_MS)) return undefined;
  const pod: ResourceRef = { apiVersion: 'v1', kind: 'Pod', namespace: w.namespace, name };
  const told = ctx.ask({ type: 'objectEvents', resource: pod, revision: cleared.at });
  const event = told?.ok === true ? told.value.events.findLast((e) => e.reason === 'Evicted') : undefined;
  if (event === undefined) return undefined;
  const at = event.at === undefined ? {} : { at: event.at };
  return { evidence: { kind: 'event', resource: pod, source: event.reason, text: event.message, ...at }, pods: [] };
}

const hasLimit = ({ volumes, containers }: PodTemplate['spec']): boolean =>
  volumes.some((v) => v.emptyDir?.sizeLimit !== undefined) || containers.some((c) => c.resources.limits['ephemeral-storage'] !== undefined);

function finding(w: Workload, { evidence, pods, spec: ranWith }: Eviction): FindingDraft[] {
  const { text } = evidence;
  const [, volume, size] = EMPTY_DIR.exec(text) ?? [];
  const [, container, most] = CONTAINER.exec(text) ?? [];
  const { spec } = w.template;
  const v = spec.volumes.findIndex((x) => x.name === volume);
  const c = spec.containers.findIndex((x) => x.name === container);
  const limit = size ?? most;
  if (limit === undefined || (v < 0 && c < 0)) return [];
  const field =
    v >= 0 ? `${w.specPath}.volumes[${v}].emptyDir.sizeLimit` : `${w.specPath}.containers[${c}].resources.limits.ephemeral-storage`;
  const written =
    v >= 0 ? (spec.volumes[v]?.emptyDir?.sizeLimit ?? limit) : (spec.containers[c]?.resources.limits['ephemeral-storage'] ?? limit);
  // One that was made before the limit was raised says nothing about the limit as it is.
  const had =
    v >= 0
      ? ranWith?.volumes.find((x) => x.name === volume)?.emptyDir?.sizeLimit
      : ranWith?.containers.find((x) => x.name === container)?.resources.limits['ephemeral-storage'];
  if (parseQuantity(had ?? limit) !== parseQuantity(written)) return [];
  const right = twice(written);
  return [
    {
      subject: w.ref,
      field,
      affects: pods,
      message: `${pods.length < 2 ? 'a pod was' : `${pods.length} pods were`} evicted: ${v >= 0 ? `volume ${volume ?? ''}` : `container ${container ?? ''}`} grew over its limit of ${limit}; raise it, or write less`,
      evidence: [evidence, fieldEvidence(w.ref, field, written)],
      confidence: 0.95,
      params: {
        ...(container === undefined ? {} : { container }),
        wrong: written,
        ...(right === undefined ? { supply: `raise ${field} to what it needs` } : { right }),
      },
    },
  ];
}
