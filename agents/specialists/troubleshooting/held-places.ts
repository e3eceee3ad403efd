import { type KubeObject, refKey } from '../../contract/index.ts';
import { type Workload, workloadOf } from '../../core/workloads.ts';
import { allocatableOf, needsOf, shortOf, takenNow } from './scheduling-filters.ts';
import { type Node, type Pod, type SchedulingView, askingOf } from './scheduling-kinds.ts';
import { holdersOfPorts, podsOn } from './scheduling-neighbours.ts';
import type { Stuck } from './scheduling.ts';
import { formatAmount, plus } from './pod-requests.ts';
import { names } from './scheduling-evidence.ts';

/** Places that other pods hold: whose they are, and whether they will be free by themselves. */

/** A rollout that may stop old pods first frees their place by itself: not a fault until this is over. Milliseconds. */
const ROLLOUT_GRACE_MS = 20_000;
/** Eviction takes as long as the evicted pods take to end. Milliseconds. */
const PREEMPTION_GRACE_MS = 30_000;
/** A pod made this soon after another came to its node was made in place of one that had to go. Milliseconds. */
const REPLACED_WITHIN_MS = 120_000;
/** Above this are the priorities of the cluster's own parts. */
const HIGHEST_OF_USERS = 1_000_000_000;

/** `Deployment shop/web` for each workload the pods belong to. */
export function ownersOf(pods: readonly Pod[], view: SchedulingView): readonly string[] {
  const words = pods.map((pod) => {
    const owner = workloadOf(view, pod);
    return owner === undefined
      ? `Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name}`
      : `${owner.object.kind} ${owner.namespace}/${owner.name}`;
  });
  return [...new Set(words)];
}

/** How many pods of a Deployment may be missing while it is rolled out (rounded as the controller does). */
export function mayBeMissing({ spec }: KubeObject<'Deployment'>): number {
  if (spec.strategy?.type === 'Recreate') return spec.replicas ?? 1;
  const { maxUnavailable = '25%', maxSurge = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const share = (value: number | string, round: (n: number) => number) =>
    typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * (spec.replicas ?? 1));
  const missing = share(maxUnavailable, Math.floor);
  return missing === 0 && share(maxSurge, Math.ceil) === 0 ? 1 : missing;
}

/** Whether the place is held by the workload's own earlier pods, which the rollout keeps until the new one is ready: it never will be. */
export function ownRolloutBlocks(workload: Workload, holders: readonly Pod[]): boolean {
  if (workload.object.kind !== 'Deployment' || mayBeMissing(workload.object) > 0) return false;
  const [mine, current] = [new Set(workload.pods), new Set(workload.currentPods)];
  return holders.length > 0 && holders.every((p) => mine.has(p) && !current.has(p));
}

/** Whether the scheduler may yet make room for it by evicting pods of a lower priority. */
function outranks({ pods, spec }: Stuck, nodes: readonly Node[], holders: (node: Node) => readonly Pod[]): boolean {
  const mine = spec.priority ?? 0;
  if (pods.some((p) => p.status.nominatedNodeName !== undefined && p.status.nominatedNodeName !== '')) return true;
  return nodes.some((node) => {
    const there = holders(node);
    return there.length > 0 && there.every((p) => (p.spec.priority ?? 0) < mine);
  });
}

/** Whether waiting helps: on some node all that hold the place are on their way out, or a rollout is about to take them away. */
export function willBeFree(stuck: Stuck, holders: (node: Node) => readonly Pod[], now: number): boolean {
  const nodes = stuck.blame?.candidates ?? [];
  if (now - stuck.since < PREEMPTION_GRACE_MS && outranks(stuck, nodes, holders)) return true;
  const onItsWay = nodes.some((node) => {
    const there = holders(node);
    return there.length > 0 && there.every((p) => p.metadata.deletionTimestamp != null);
  });
  const { pods, currentPods, object } = stuck.workload;
  const rolling = pods.length > currentPods.length && object.kind === 'Deployment' && mayBeMissing(object) > 0;
  return onItsWay || (rolling && now - stuck.since < ROLLOUT_GRACE_MS);
}

export interface Outranked {
  readonly node: Node;
  /** Those of a higher priority without which it would fit. */
  readonly by: readonly Pod[];
}

const created = (pod: Pod) => Date.parse(pod.metadata.creationTimestamp ?? '');

/**
 * Whether the place was taken by pods of a higher priority that came later than the workload: what was there had to go, and this pod was
 * made in its place. Room that such pods have held all along is a matter of room.
 */
export function outrankedBy(stuck: Stuck, view: SchedulingView): Outranked | undefined {
  const { workload, blame, spec, pods } = stuck;
  const [waiting] = pods;
  if (waiting === undefined || blame === undefined || (blame.stage !== 'free' && blame.stage !== 'ports')) return undefined;
  const mine = spec.priority ?? 0;
  const born = workload.object.kind === 'Pod' ? NaN : Date.parse(workload.object.metadata.creationTimestamp ?? '');
  const tookIt = (p: Pod) =>
    (p.spec.priority ?? 0) > mine &&
    (p.spec.priority ?? 0) <= HIGHEST_OF_USERS &&
    p.metadata.deletionTimestamp == null &&
    created(p) > born &&
    created(waiting) >= created(p) &&
    created(waiting) - created(p) <= REPLACED_WITHIN_MS;
  for (const node of blame.candidates) {
    if (blame.stage === 'ports') {
      const by = holdersOfPorts(askingOf(waiting), node, view).map((h) => h.pod);
      if (by.length > 0 && by.every(tookIt)) return { node, by };
      continue;
    }
    const by = podsOn(view, node.metadata.name).filter(tookIt);
    if (by.length === 0) continue;
    const freed = by.reduce<Record<string, number>>((sum, p) => plus(sum, { ...needsOf(p.spec), pods: 1 }), {});
    const taken = takenNow(view).get(node.metadata.name) ?? {};
    const without = Object.fromEntries(Object.entries(taken).map(([r, n]) => [r, n - (freed[r] ?? 0)]));
    if (shortOf(needsOf(spec), node, without).length === 0) return { node, by };
  }
  return undefined;
}

/** `most is taken by Deployment shop/a (2) and StatefulSet shop/b (1)`: who holds a resource of a node. */
export function takersWords(node: Node, resource: string, view: SchedulingView): string {
  const all = new Map<string, { words: string; amount: number }>();
  for (const pod of podsOn(view, node.metadata.name)) {
    const amount = needsOf(pod.spec)[resource] ?? 0;
    if (amount === 0) continue;
    const owner = workloadOf(view, pod);
    const key = owner === undefined ? pod.metadata.uid : refKey(owner.ref);
    const known = all.get(key);
    if (known !== undefined) known.amount += amount;
    else all.set(key, { words: ownersOf([pod], view)[0] ?? '', amount });
  }
  const most = [...all.values()].sort((a, b) => b.amount - a.amount).slice(0, 3);
  if (most.length === 0 || allocatableOf(node)[resource] === undefined) return '';
  return `; most of it is asked for by ${names(most.map((m) => `${m.words} (${formatAmount(resource, m.amount)})`))}`;
}
