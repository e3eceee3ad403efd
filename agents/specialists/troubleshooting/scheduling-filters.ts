import type { PodSpec } from '../../contract/index.ts';
import { matchesLabels, matchesNodeTerms, tolerates } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { type Amounts, holdsResources, parseAmounts, plus, podAmounts } from './pod-requests.ts';
import type { Asking, Node, Pod, SchedulingView } from './scheduling-kinds.ts';
import { holdersOfClaims, holdersOfPorts, hostPortsOf, keptApartAt, nearAt, spreadAt } from './scheduling-neighbours.ts';

/** What the scheduler demands of a node, one stage a demand: its own words name neither the taint, nor the label, nor the amounts. */

/** What the pod itself demands comes first, what passes by itself (a cordon, pods that will end, a node that is not ready) last. */
export const STAGES = [
  'selector',
  'affinity',
  'volume',
  'taints',
  'allocatable',
  'near',
  'ports',
  'apart',
  'spread',
  'claim',
  'cordon',
  'free',
  'ready',
] as const;
export type Stage = (typeof STAGES)[number];

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
/** Taints the node controller sets by itself for a condition or a cordon; not somebody's choice who may run there. */
const BY_CONDITION = /^node\.(kubernetes\.io|cloudprovider\.kubernetes\.io)\//;

export function untolerated(spec: PodSpec, node: Node): Node['spec']['taints'] {
  return node.spec.taints.filter((t) => t.effect !== 'PreferNoSchedule' && !BY_CONDITION.test(t.key) && !tolerates(spec.tolerations, t));
}

/** The taints that stand for a condition of the node (not ready, out of disk), without the one of a cordon. */
export function conditionsAgainst(spec: PodSpec, node: Node): Node['spec']['taints'] {
  return node.spec.taints.filter(
    (t) => t.effect !== 'PreferNoSchedule' && BY_CONDITION.test(t.key) && t.key !== UNSCHEDULABLE.key && !tolerates(spec.tolerations, t),
  );
}

const given = new WeakMap<Node, Amounts>();
/** What a node has to give. */
export function allocatableOf(node: Node): Amounts {
  let amounts = given.get(node);
  if (amounts === undefined) given.set(node, (amounts = parseAmounts(node.status.allocatable)));
  return amounts;
}

const NOTHING: Amounts = {};

/** Resources of which the node has less than the pod asks, given what is taken; none for a node that does not say what it has. */
export function shortOf(needs: Amounts, node: Node, taken: Amounts): readonly string[] {
  const allocatable = allocatableOf(node);
  if (!hasAny(allocatable)) return NONE;
  const short: string[] = [];
  for (const resource in needs) {
    const amount = needs[resource] ?? 0;
    if (amount > 0 && (taken[resource] ?? 0) + amount > (allocatable[resource] ?? 0) + 1e-9) short.push(resource);
  }
  const places = allocatable['pods'];
  if (places !== undefined && (taken['pods'] ?? 0) + 1 > places) short.push('pods');
  return short;
}

const NONE: readonly string[] = [];
function hasAny(amounts: Amounts): boolean {
  for (const _ in amounts) return true;
  return false;
}

/** What the pods on each node have asked for together. */
export type Taken = ReadonlyMap<string, Amounts>;

const amountsOf = new WeakMap<PodSpec, Amounts>();
/** `podAmounts`, once for each spec. */
export function needsOf(spec: PodSpec): Amounts {
  let amounts = amountsOf.get(spec);
  if (amounts === undefined) amountsOf.set(spec, (amounts = podAmounts(spec)));
  return amounts;
}

export function takenBy(pods: Iterable<Pod>): Taken {
  const taken = new Map<string, Amounts>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (nodeName !== undefined && holdsResources(pod))
      taken.set(nodeName, plus(taken.get(nodeName) ?? {}, { ...needsOf(pod.spec), pods: 1 }));
  }
  return taken;
}

const now = new WeakMap<object, Taken>();
/** `takenBy` all pods there are. */
export function takenNow(view: View<'Pod'>): Taken {
  let taken = now.get(view);
  if (taken === undefined) now.set(view, (taken = takenBy(view.list('Pod'))));
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

/** Whether a node would do, as far as one stage is concerned; the part that is the same for all nodes is worked out once. */
export function admitter(stage: Stage, asking: Asking, view: SchedulingView): (node: Node) => boolean {
  const { spec, namespace } = asking;
  switch (stage) {
    case 'selector':
      return (node) => matchesLabels(spec.nodeSelector, node.metadata.labels);
    case 'affinity': {
      const terms = affinityTerms(spec);
      return (node) => terms === undefined || matchesNodeTerms(terms, node);
    }
    case 'volume': {
      const bound = boundVolumes(view, spec, namespace).flatMap(({ pv }) => pv.spec.nodeAffinity?.required?.nodeSelectorTerms ?? []);
      const each = boundVolumes(view, spec, namespace).map(({ pv }) => pv.spec.nodeAffinity?.required?.nodeSelectorTerms);
      return (node) => bound.length === 0 || each.every((terms) => terms === undefined || matchesNodeTerms(terms, node));
    }
    case 'taints':
      return (node) => node.spec.taints.length === 0 || untolerated(spec, node).length === 0;
    case 'allocatable': {
      const needs = needsOf(spec);
      return (node) => shortOf(needs, node, NOTHING).length === 0;
    }
    case 'near':
      return nearAt(asking, view);
    case 'ports': {
      if (hostPortsOf(spec).length === 0) return () => true;
      return (node) => holdersOfPorts(asking, node, view).length === 0;
    }
    case 'apart': {
      const against = keptApartAt(asking, view);
      return (node) => against(node).length === 0;
    }
    case 'spread': {
      const against = spreadAt(asking, view);
      return (node) => against(node) === undefined;
    }
    case 'claim': {
      const held = holdersOfClaims(asking, view).length > 0;
      return () => !held;
    }
    case 'cordon':
      return (node) => node.spec.unschedulable !== true || tolerates(spec.tolerations, UNSCHEDULABLE);
    case 'free': {
      const needs = needsOf(spec);
      const taken = takenNow(view);
      return (node) => shortOf(needs, node, taken.get(node.metadata.name) ?? NOTHING).length === 0;
    }
    case 'ready':
      return (node) => node.spec.taints.length === 0 || conditionsAgainst(spec, node).length === 0;
  }
}
