import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
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
ephemeral-storage. It is made anew and evicted again. Leftovers of evictions half an hour ago are not spoken of.`,
  run: ({ view, now }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const evicted = w.pods
        .filter((p) => p.status.phase === 'Failed' && p.status.reason === 'Evicted' && now - evictedAt(p) < RECENT_MS)
        .sort((a, b) => evictedAt(b) - evictedAt(a));
      const [last] = evicted;
      return last === undefined ? [] : finding(w, last, evicted);
    }),
});

function finding(w: Workload, last: KubeObject<'Pod'>, evicted: readonly KubeObject<'Pod'>[]): FindingDraft[] {
  const text = last.status.message ?? '';
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
      ? last.spec.volumes.find((x) => x.name === volume)?.emptyDir?.sizeLimit
      : last.spec.containers.find((x) => x.name === container)?.resources.limits['ephemeral-storage'];
  if (had !== undefined && had !== written) return [];
  const right = twice(written);
  return [
    {
      subject: w.ref,
      field,
      affects: evicted.map(refOf),
      message: `${evicted.length === 1 ? 'a pod was' : `${evicted.length} pods were`} evicted: ${v >= 0 ? `volume ${volume ?? ''}` : `container ${container ?? ''}`} grew over its limit of ${limit}; raise it, or write less`,
      evidence: [fieldEvidence(refOf(last), 'status.message', text), fieldEvidence(w.ref, field, written)],
      confidence: 0.95,
      params: {
        ...(container === undefined ? {} : { container }),
        wrong: written,
        ...(right === undefined ? { supply: `raise ${field} to what it needs` } : { right }),
      },
    },
  ];
}
