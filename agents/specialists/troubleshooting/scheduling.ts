import { workloads, type Workload } from '../../core/workloads.ts';
import { STAGES, type Stage, admitter, affinityTerms, needsOf } from './scheduling-filters.ts';
import { type Asking, type Node, type Pod, type SchedulingView, askingOf } from './scheduling-kinds.ts';
import { apartTerms, hostPortsOf, meansAnybody, nearTerms } from './scheduling-neighbours.ts';
import { type NodeTable, nodeTable } from './scheduling-table.ts';

/**
 * The scheduler's reasoning, done again from objects. Nodes are narrowed stage by stage; the stage that leaves none is to blame. What
 * many pods demand alike is worked out once.
 */

export interface Blame {
  readonly stage: Stage;
  /** The nodes that were left before this stage removed them all. */
  readonly candidates: readonly Node[];
}

/** What a stage's answer depends on, as text: equal texts, equal answers. */
function demand(stage: Stage, asking: Asking, view: SchedulingView): string {
  const { spec, namespace, labels } = asking;
  const own = () => `${namespace} ${JSON.stringify(labels)}`;
  switch (stage) {
    case 'selector':
      return JSON.stringify(spec.nodeSelector);
    case 'affinity':
      return JSON.stringify(affinityTerms(spec) ?? '');
    case 'volume':
    case 'claim': {
      const claims = spec.volumes.flatMap((v) => v.persistentVolumeClaim?.claimName ?? []);
      return claims.length === 0 ? '' : `${namespace} ${claims.join()}`;
    }
    case 'taints':
      return JSON.stringify(spec.tolerations);
    case 'allocatable':
      return JSON.stringify(needsOf(spec));
    case 'near':
      return nearTerms(spec).length === 0 ? '' : own() + JSON.stringify(nearTerms(spec));
    case 'ports':
      return JSON.stringify(hostPortsOf(spec));
    case 'apart':
      return apartTerms(spec).length > 0 || meansAnybody(asking, view) ? own() + JSON.stringify(apartTerms(spec)) : '';
    case 'spread':
      return spec.topologySpreadConstraints.length === 0 ? '' : own() + JSON.stringify(spec.topologySpreadConstraints);
    case 'cordon':
    case 'free':
    case 'ready':
      return '';
  }
}

const left = new WeakMap<object, Map<string, readonly Node[]>>();

function narrow(stage: Stage, key: string, asking: Asking, nodes: readonly Node[], view: SchedulingView): readonly Node[] {
  let known = left.get(view);
  if (known === undefined) left.set(view, (known = new Map()));
  let found = known.get(key);
  if (found === undefined) {
    const among = stage === 'affinity' ? (namedNodes(asking, nodes, view) ?? nodes) : nodes;
    found = among.filter(admitter(stage, asking, view));
    known.set(key, found);
  }
  return found;
}

/** A pod of a DaemonSet asks for one node by name: the others need not be looked at. */
function namedNodes({ spec }: Asking, nodes: readonly Node[], view: SchedulingView): readonly Node[] | undefined {
  const terms = affinityTerms(spec);
  const names = terms?.map((t) => t.matchFields.find((f) => f.key === 'metadata.name' && f.operator === 'In')?.values);
  if (names === undefined || names.some((n) => n === undefined) || nodes.length !== view.list('Node').length) return undefined;
  return names.flatMap((n) => n ?? []).flatMap((name) => view.get('Node', undefined, name) ?? []);
}

/** Everything a pod demands, as text. */
function demands(asking: Asking, view: SchedulingView): string {
  return STAGES.map((stage) => demand(stage, asking, view)).join('|');
}

/** The stage that leaves no node, or undefined where these stages do not explain it. */
export function blame(asking: Asking, view: SchedulingView): Blame | undefined {
  let nodes: readonly Node[] = view.list('Node');
  if (nodes.length === 0) return undefined;
  let key = '';
  for (const stage of STAGES) {
    key += `|${demand(stage, asking, view)}`;
    const passed = narrow(stage, key, asking, nodes, view);
    if (passed.length === 0) return { stage, candidates: nodes };
    nodes = passed;
  }
  return undefined;
}

/** The nodes that pass all stages up to and with `last`. */
export function nodesUpTo(last: Stage, asking: Asking, view: SchedulingView): readonly Node[] {
  let nodes: readonly Node[] = view.list('Node');
  let key = '';
  for (const stage of STAGES) {
    key += `|${demand(stage, asking, view)}`;
    nodes = narrow(stage, key, asking, nodes, view);
    if (stage === last) return nodes;
  }
  return nodes;
}

/** Pods of one workload that the scheduler gave up on for the same reason. */
export interface Stuck {
  readonly workload: Workload;
  readonly pods: readonly Pod[];
  /** Of the first of the pods: the template with what controllers and admission have added. */
  readonly spec: Pod['spec'];
  /** The scheduler's words. */
  readonly said: string;
  /** Milliseconds since 1970, of the oldest refusal. */
  readonly since: number;
  readonly blame: Blame | undefined;
  /** Node by node; worked out when somebody asks. */
  readonly nodes: () => NodeTable;
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
  for (const workload of workloads(view)) {
    const pods = (workload.object.kind === 'StatefulSet' ? workload.pods : workload.currentPods).filter(isUnschedulable);
    const groups = new Map<Stage | 'none', { pods: Pod[]; blame: Blame | undefined }>();
    for (const pod of pods) {
      const why = view.complete('Node') ? blame(askingOf(pod), view) : undefined;
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
        nodes: () => nodeTable(askingOf(first), demands(askingOf(first), view), view),
      });
    }
  }
  cache.set(view, found);
  return found;
}

export function stuckAt(view: SchedulingView, stage: Stage): readonly (Stuck & { readonly blame: Blame })[] {
  return stuckWorkloads(view).flatMap((s) => (s.blame?.stage === stage ? [{ ...s, blame: s.blame }] : []));
}
