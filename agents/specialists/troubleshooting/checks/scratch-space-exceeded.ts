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
const TOGETHER = /Pod ephemeral local storage usage exceeds the total limit of containers (\S+?)\.?(?:\s|$)/;
/** The node ran low, and this container had taken more than it asked for. */
const NODE_LOW = /The node was low on resource: ephemeral-storage\b.*?Container (\S+) was using (\S+), request is (\S+?),/s;
/** Once it may have been somebody else's doing. */
const AGAIN = 2;

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
ephemeral-storage, or all its containers together more than theirs. It is made anew and evicted again. Leftovers of evictions half an hour ago are not spoken of. A StatefulSet or
DaemonSet clears away the pod that failed at once; what happened to it is then read from the events. Where it is the node that runs low, and the same
container of a workload is named for it again and again, that one fills the disks of nodes while whichever pod has just been made looks well.`,
  run: (ctx) =>
    workloads(ctx.view).flatMap((w): FindingDraft[] => {
      const eviction = lastLeftOver(w, ctx.now) ?? lastToldOf(ctx, w);
      return eviction === undefined ? [] : [...finding(w, eviction), ...fillsNodes(w, ctx.now)];
    }),
});

interface Eviction {
  readonly evidence: Evidence;
  /** The pods that lie there evicted; none where they have been cleared away. */
  readonly pods: readonly ResourceRef[];
  /** The spec that the last of them ran with, as far as it is known. */
  readonly spec?: PodTemplate['spec'];
}

const leftOver = (w: Workload, now: number) =>
  w.pods
    .filter((p) => p.status.phase === 'Failed' && p.status.reason === 'Evicted' && now - evictedAt(p) < RECENT_MS)
    .sort((a, b) => evictedAt(b) - evictedAt(a));

function lastLeftOver(w: Workload, now: number): Eviction | undefined {
  const evicted = leftOver(w, now);
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
  const [, together] = TOGETHER.exec(text) ?? [];
  if (together !== undefined) return ofAll(w, { evidence, pods }, together);
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

const EPHEMERAL = 'ephemeral-storage';

/** The limits of all containers count together: the largest of them is where there is most to raise. */
function ofAll(w: Workload, { evidence, pods }: Eviction, limit: string): FindingDraft[] {
  const limits = w.template.spec.containers.map((c) => parseQuantity(c.resources.limits[EPHEMERAL] ?? '') ?? 0);
  const c = limits.indexOf(Math.max(...limits));
  const written = w.template.spec.containers[c]?.resources.limits[EPHEMERAL];
  if (written === undefined || limits.reduce((sum, l) => sum + l, 0) !== parseQuantity(limit)) return [];
  const field = `${w.specPath}.containers[${c}].resources.limits.${EPHEMERAL}`;
  const right = twice(written);
  return [
    {
      subject: w.ref,
      field,
      affects: pods,
      message: `${pods.length < 2 ? 'a pod was' : `${pods.length} pods were`} evicted: containers, logs and emptyDirs of it together grew over the limit of its containers, ${limit} of ${EPHEMERAL}; raise it, or write less`,
      evidence: [evidence, fieldEvidence(w.ref, field, written)],
      confidence: 0.93,
      params: { wrong: written, ...(right === undefined ? { supply: `raise ${field} to what it needs` } : { right }) },
    },
  ];
}

function fillsNodes(w: Workload, now: number): FindingDraft[] {
  const named = leftOver(w, now).flatMap((pod) => {
    const [, container, used, asked] = NODE_LOW.exec(pod.status.message ?? '') ?? [];
    return container === undefined ? [] : [{ pod, container, used, asked }];
  });
  const [last] = named;
  const c = w.template.spec.containers.findIndex(({ name }) => name === last?.container);
  const same = named.filter(({ container }) => container === last?.container);
  if (last === undefined || c < 0 || same.length < AGAIN) return [];
  const { container, used = '', asked = '' } = last;
  const field = `${w.specPath}.containers[${c}].resources.requests.${EPHEMERAL}`;
  return [
    {
      subject: w.ref,
      field,
      affects: same.map(({ pod }) => refOf(pod)),
      message: `${same.length} pods were evicted, one after the other, from nodes that ran low on ${EPHEMERAL}: container ${container} had taken ${used} there and asks for ${asked === '0' ? 'none' : asked}`,
      evidence: same.slice(0, 3).map(({ pod }) => fieldEvidence(refOf(pod), 'status.message', pod.status.message ?? '')),
      confidence: 0.65,
      params: {
        container,
        supply: `see what container ${container} writes to its own file system, its emptyDirs and its log, and keep it elsewhere or less of it; then let it ask for the ${EPHEMERAL} it needs, and limit it, so that no node is filled`,
      },
    },
  ];
}
