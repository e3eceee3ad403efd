import type { Kind, KubeObject, PodSpec } from '../../contract/index.ts';
import { matchesLabels, matchesNodeTerms, tolerates } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../core/workloads.ts';
import { type Amounts, holdsResources, parseAmounts, plus, podAmounts } from './pod-requests.ts';

/**
 * The scheduler's reasoning, done again from objects: its own words name neither the taint, nor the label, nor the amounts.
 * Nodes are narrowed stage by stage; the stage that leaves none is to blame. What the pod itself demands comes first, what passes
 * by itself (a cordon, pods that will end) last.
 */

export const SCHEDULING_KINDS = [...WORKLOAD_KINDS, 'Node', 'PersistentVolumeClaim', 'PersistentVolume'] as const satisfies readonly Kind[];
export type SchedulingKind = (typeof SCHEDULING_KINDS)[number];
type SchedulingView = View<SchedulingKind>;
type Node = KubeObject<'Node'>;
type Pod = KubeObject<'Pod'>;

export const STAGES = ['selector', 'affinity', 'volume', 'taints', 'allocatable', 'cordon', 'free'] as const;
export type Stage = (typeof STAGES)[number];

/** Taints the node controller sets by itself for a condition or a cordon; not somebody's choice who may run there. */
const BY_CONDITION = /^node\.(kubernetes\.io|cloudprovider\.kubernetes\.io)\//;

export function untolerated(spec: PodSpec, node: Node): Node['spec']['taints'] {
  return node.spec.taints.filter((t) => t.effect !== 'PreferNoSchedule' && !BY_CONDITION.test(t.key) && !tolerates(spec.tolerations, t));
}

/** Resources of which the node has less than the pod asks, given what is taken; none for a node that does not say what it has. */
export function shortOf(needs: Amounts, node: Node, taken: Amounts): readonly string[] {
  const allocatable = parseAmounts(node.status.allocatable);
  if (Object.keys(allocatable).length === 0) return [];
  return Object.entries({ ...needs, ...(allocatable['pods'] === undefined ? {} : { pods: 1 }) })
    .filter(([resource, amount]) => amount > 0 && (taken[resource] ?? 0) + amount > (allocatable[resource] ?? 0) + 1e-9)
    .map(([resource]) => resource);
}

/** What the pods on each node have asked for together. */
export type Taken = ReadonlyMap<string, Amounts>;

export function takenBy(pods: Iterable<Pod>): Taken {
  const taken = new Map<string, Amounts>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (nodeName !== undefined && holdsResources(pod))
      taken.set(nodeName, plus(taken.get(nodeName) ?? {}, { ...podAmounts(pod.spec), pods: 1 }));
  }
  return taken;
}

/** The required node affinity; no terms where there is none. */
export function affinityTerms(spec: PodSpec) {
  return spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

/** The volumes a pod is bound to, with the claim each belongs to. */
export function boundVolumes(view: View<'PersistentVolumeClaim' | 'PersistentVolume'>, spec: PodSpec, namespace: string) {
  return spec.volumes.flatMap((volume) => {
    const claim = view.get('PersistentVolumeClaim', namespace, volume.persistentVolumeClaim?.claimName ?? '');
    const pv = claim?.spec.volumeName === undefined ? undefined : view.get('PersistentVolume', undefined, claim.spec.volumeName);
    return claim === undefined || pv === undefined ? [] : [{ claim, pv }];
  });
}

/** Whether the node would do, as far as one stage is concerned. */
function admits(stage: Stage, spec: PodSpec, node: Node, view: SchedulingView, namespace: string, taken: Taken): boolean {
  switch (stage) {
    case 'selector':
      return matchesLabels(spec.nodeSelector, node.metadata.labels);
    case 'affinity': {
      const terms = affinityTerms(spec);
      return terms === undefined || matchesNodeTerms(terms, node);
    }
    case 'volume':
      return boundVolumes(view, spec, namespace).every(({ pv }) => {
        const terms = pv.spec.nodeAffinity?.required?.nodeSelectorTerms;
        return terms === undefined || matchesNodeTerms(terms, node);
      });
    case 'taints':
      return untolerated(spec, node).length === 0;
    case 'allocatable':
      return shortOf(podAmounts(spec), node, {}).length === 0;
    case 'cordon':
      return (
        node.spec.unschedulable !== true || tolerates(spec.tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })
      );
    case 'free':
      return shortOf(podAmounts(spec), node, taken.get(node.metadata.name) ?? {}).length === 0;
  }
}

export interface Blame {
  readonly stage: Stage;
  /** The nodes that were left before this stage removed them all. */
  readonly candidates: readonly Node[];
}

/** The stage that leaves no node, or undefined where these stages do not explain it. */
export function blame(spec: PodSpec, namespace: string, view: SchedulingView, taken: Taken): Blame | undefined {
  let nodes: readonly Node[] = view.list('Node');
  if (nodes.length === 0) return undefined;
  for (const stage of STAGES) {
    const left = nodes.filter((node) => admits(stage, spec, node, view, namespace, taken));
    if (left.length === 0) return { stage, candidates: nodes };
    nodes = left;
  }
  return undefined;
}

/** The nodes that pass all stages up to and with `last`. */
export function nodesUpTo(last: Stage, spec: PodSpec, namespace: string, view: SchedulingView, taken: Taken): readonly Node[] {
  const stages = STAGES.slice(0, STAGES.indexOf(last) + 1);
  return view.list('Node').filter((node) => stages.every((stage) => admits(stage, spec, node, view, namespace, taken)));
}

/** Pods of one workload that the scheduler gave up on for the same reason. */
export interface Stuck {
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** Of the first of the pods: the template with what controllers and admission have added. */
  readonly spec: PodSpec;
  /** The scheduler's words. */
  readonly said: string;
  /** Milliseconds since 1970, of the oldest refusal. */
  readonly since: number;
  readonly blame: Blame | undefined;
}

/** The scheduler has tried and found no node; before that a pod is merely new. */
export function isUnschedulable(pod: Pod): boolean {
  return (
    pod.spec.nodeName === undefined &&
    pod.metadata.deletionTimestamp == null &&
    pod.status.phase !== 'Failed' &&
    scheduledCondition(pod)?.status === 'False' &&
    scheduledCondition(pod)?.reason === 'Unschedulable'
  );
}

export function scheduledCondition(pod: Pod) {
  return pod.status.conditions.find((c) => c.type === 'PodScheduled');
}

const cache = new WeakMap<object, readonly Stuck[]>();

/** All workloads with pods that no node takes, by the reason. Pods of an earlier revision count only where they block the new one. */
export function stuckWorkloads(view: SchedulingView): readonly Stuck[] {
  const known = cache.get(view);
  if (known !== undefined) return known;
  const found: Stuck[] = [];
  let taken: Taken | undefined;
  for (const workload of workloads(view)) {
    const pods = (workload.object.kind === 'StatefulSet' ? workload.pods : workload.currentPods).filter(isUnschedulable);
    const groups = new Map<Stage | 'none', { pods: Pod[]; blame: Blame | undefined }>();
    for (const pod of pods) {
      taken ??= takenBy(view.list('Pod'));
      const why = view.complete('Node') ? blame(pod.spec, workload.namespace, view, taken) : undefined;
      const group = groups.get(why?.stage ?? 'none');
      if (group === undefined) groups.set(why?.stage ?? 'none', { pods: [pod], blame: why });
      else group.pods.push(pod);
    }
    for (const group of groups.values()) {
      const [first] = group.pods;
      if (first === undefined) continue;
      const times = group.pods.map((p) => Date.parse(scheduledCondition(p)?.lastTransitionTime ?? p.metadata.creationTimestamp ?? ''));
      found.push({
        workload,
        pods: group.pods,
        spec: first.spec,
        said: scheduledCondition(first)?.message ?? '',
        since: Math.min(...times.filter((t) => !Number.isNaN(t)), Infinity),
        blame: group.blame,
      });
    }
  }
  cache.set(view, found);
  return found;
}

export function stuckAt(view: SchedulingView, stage: Stage): readonly (Stuck & { readonly blame: Blame })[] {
  return stuckWorkloads(view).flatMap((s) => (s.blame?.stage === stage ? [{ ...s, blame: s.blame }] : []));
}
