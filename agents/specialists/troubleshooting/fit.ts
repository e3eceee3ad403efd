import type { KubeObject, PodSpec } from '../../contract/index.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { View } from '../../core/view.ts';
import { type Amounts, asked, formatAmount, heaviest, parseAmounts, plus, podAmounts } from './pod-requests.ts';
import { type Taken, shortOf, takenBy, takenNow } from './scheduling-filters.ts';
import { type SchedulingKind, askingOf } from './scheduling-kinds.ts';
import { type Stuck, isUnschedulable, nodesUpTo } from './scheduling.ts';

/** The arithmetic of room: how much of a resource each pod may ask so that all of them fit somewhere. */

type Node = KubeObject<'Node'>;

/** What is left of a resource on a node; never below zero. */
export function freeOn(node: Node, resource: string, taken: Taken): number {
  const has = parseAmounts(node.status.allocatable)[resource] ?? 0;
  return Math.max(0, has - (taken.get(node.metadata.name)?.[resource] ?? 0));
}

/** The node with the most of a resource by some measure. */
export function best(nodes: readonly Node[], measure: (node: Node) => number): Node | undefined {
  return [...nodes].sort((a, b) => measure(b) - measure(a))[0];
}

/** The largest equal share of `pods` pieces, when each piece must lie in one of the rooms. */
export function largestShare(rooms: readonly number[], pods: number): number {
  if (pods < 1) return Infinity;
  // The answer is some room divided by the number of pieces in it.
  const shares = rooms.flatMap((room) => Array.from({ length: pods }, (_, k) => room / (k + 1))).sort((a, b) => b - a);
  return shares.find((share) => rooms.reduce((n, room) => n + Math.floor(room / share + 1e-9), 0) >= pods) ?? 0;
}

/** Rounds down to a value a person would write: 50m steps of CPU from 200m on, 64Mi steps from 256Mi on. */
export function roundDown(resource: string, amount: number): number {
  const step = resource === 'cpu' ? (amount >= 0.2 ? 0.05 : 0.01) : amount >= 256 * 2 ** 20 ? 64 * 2 ** 20 : 2 ** 20;
  return Math.floor(amount / step + 1e-9) * step;
}

/** Less than this is no request anybody means. */
const LEAST: Readonly<Record<string, number>> = { cpu: 0.01, memory: 16 * 2 ** 20, 'ephemeral-storage': 16 * 2 ** 20 };

/** One request to lower: where it stands, what it says, what would fit. */
export interface Reduction {
  readonly resource: string;
  /** `spec.template.spec.containers[0]`. */
  readonly path: string;
  readonly container: string;
  readonly from: number;
  readonly to: string;
  /** True where the unit was probably slipped (`500` for `500m`, `512Gi` for `512Mi`). */
  readonly slip: boolean;
}

/** `500` cores for `500m`, `64Gi` for `64Mi`: the text one unit down, where the difference is one people slip on. */
export function unitSlip(resource: string, text: string): string | undefined {
  if (resource === 'cpu') return /^\d{2,}$/.test(text) ? `${text}m` : undefined;
  const match = /^(\d+(?:\.\d+)?)(G|T)(i?)$/.exec(text);
  return match === null ? undefined : `${match[1] ?? ''}${match[2] === 'T' ? 'G' : 'M'}${match[3] ?? ''}`;
}

/**
 * How far one container's request must come down so that a pod that asks `total` asks at most `share`; undefined where what is left
 * would be no request any more. `template` is what a person edits; a pod may hold more than it (defaults, injected containers).
 */
export function reduce(template: PodSpec, specPath: string, resource: string, total: number, share: number): Reduction | undefined {
  const least = LEAST[resource];
  const place = heaviest(template, specPath, resource);
  const from = place === undefined ? undefined : asked(place.container, resource);
  if (least === undefined || place === undefined || from === undefined) return undefined;
  const written = place.container.resources.requests[resource] ?? place.container.resources.limits[resource] ?? '';
  const slipped = unitSlip(resource, written);
  const meant = parseQuantity(slipped);
  const base = { resource, path: place.path, container: place.container.name, from };
  if (slipped !== undefined && meant !== undefined && meant >= least && total - from + meant <= share)
    return { ...base, to: slipped, slip: true };
  const to = roundDown(resource, from - (total - share));
  return to < least || to >= from ? undefined : { ...base, to: formatAmount(resource, to), slip: false };
}

/** The spec with the lower requests, to check that the pods really fit. */
export function lowered(spec: PodSpec, reductions: readonly Reduction[]): PodSpec {
  const change = (list: PodSpec['containers']) =>
    list.map((container) => {
      const mine = reductions.filter((r) => r.container === container.name);
      const requests = { ...container.resources.requests, ...Object.fromEntries(mine.map((r) => [r.resource, r.to])) };
      return { ...container, resources: { ...container.resources, requests } };
    });
  return { ...spec, containers: change(spec.containers), initContainers: change(spec.initContainers) };
}

/** Places the pods one after the other on the first node with room; true when each finds one. */
function allFit(needs: Amounts, pods: number, nodes: readonly Node[], taken: Taken): boolean {
  const now = new Map(taken);
  for (let i = 0; i < pods; i++) {
    const node = nodes.find((n) => shortOf(needs, n, now.get(n.metadata.name) ?? {}).length === 0);
    if (node === undefined) return false;
    now.set(node.metadata.name, plus(now.get(node.metadata.name) ?? {}, { ...needs, pods: 1 }));
  }
  return true;
}

/**
 * The smallest lowering of requests with which all pods of the workload fit: those that wait now beside what runs now, and all that
 * are wanted once the pods of earlier revisions are gone. Undefined where no lowering helps.
 */
export function reductionsThatFit(stuck: Stuck, view: View<SchedulingKind>): readonly Reduction[] | undefined {
  const { workload, spec, pods, blame } = stuck;
  const [first] = pods;
  if (blame === undefined || first === undefined) return undefined;
  const current = new Set(workload.currentPods);
  const running = takenNow(view);
  const later = takenBy(view.list('Pod').filter((p) => !workload.pods.includes(p) || current.has(p)));
  const placed = workload.currentPods.filter((p) => !isUnschedulable(p)).length;
  const onePerNode = workload.object.kind === 'DaemonSet';
  const nodes = nodesUpTo('taints', askingOf(first), view).filter((n) => n.spec.unschedulable !== true);
  const waits = onePerNode ? 1 : pods.length;
  const wanted = onePerNode ? 1 : Math.max(waits, workload.desired - placed);
  const short = new Set(nodes.flatMap((n) => shortOf(podAmounts(spec), n, running.get(n.metadata.name) ?? {})));
  if (nodes.length === 0 || short.has('pods')) return undefined;
  const reductions: Reduction[] = [];
  for (const resource of short) {
    const share = Math.min(
      largestShare(
        nodes.map((n) => freeOn(n, resource, running)),
        waits,
      ),
      largestShare(
        nodes.map((n) => freeOn(n, resource, later)),
        wanted,
      ),
    );
    const reduction = reduce(workload.template.spec, workload.specPath, resource, podAmounts(spec)[resource] ?? 0, share);
    if (reduction === undefined) return undefined;
    reductions.push(reduction);
  }
  const needs = podAmounts(lowered(spec, reductions));
  const fits = allFit(needs, waits, nodes, running) && allFit(needs, wanted, nodes, later);
  return fits && reductions.length > 0 ? reductions : undefined;
}
