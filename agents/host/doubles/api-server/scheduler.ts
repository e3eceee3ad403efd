import { matchesLabels } from '../../../core/selectors.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import type { ObjectTable, RawObject } from './objects.ts';
import { specOf } from './pod-spec.ts';

/** The node a pod runs on, or why none takes it, in the scheduler's words. */
export type Scheduled = { readonly node: RawObject } | { readonly message: string };

/** Places by nodeSelector, cordons and what is left of cpu and memory; a pod that is placed stays. */
export function schedule(pod: RawObject, table: ObjectTable): Scheduled {
  const nodes = table.of('Node');
  const { nodeName } = specOf(pod);
  const placed = nodes.find((n) => n.metadata.name === nodeName);
  if (placed !== undefined) return { node: placed };
  const refusals = nodes.map((node) => refusalsOf(pod, node, table));
  const fitting = nodes.filter((_, i) => refusals[i]?.length === 0);
  const node = fitting[hash(pod.metadata.name) % Math.max(1, fitting.length)];
  return node === undefined ? { message: words(nodes.length, refusals.flat()) } : { node };
}

/** What one node has against the pod. A node that is refused for another reason is not asked for its resources. */
function refusalsOf(pod: RawObject, node: RawObject, table: ObjectTable): string[] {
  if ((node.spec as { unschedulable?: boolean } | undefined)?.unschedulable === true) return ['node(s) were unschedulable'];
  if (!matchesLabels(specOf(pod).nodeSelector ?? {}, node.metadata.labels ?? {}))
    return ["node(s) didn't match Pod's node affinity/selector"];
  const allocatable = (node.status?.['allocatable'] ?? {}) as Record<string, string>;
  const all = [pod, ...table.of('Pod').filter((p) => p.metadata.uid !== pod.metadata.uid && specOf(p).nodeName === node.metadata.name)];
  return ['cpu', 'memory']
    .filter((resource) => all.reduce((sum, p) => sum + requested(p, resource), 0) > (parseQuantity(allocatable[resource]) ?? 0))
    .map((resource) => `Insufficient ${resource}`);
}

const requested = (pod: RawObject, resource: string) =>
  specOf(pod).containers.reduce((sum, c) => sum + (parseQuantity(c.resources?.requests?.[resource]) ?? 0), 0);

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: counted, and sorted as texts (framework.FitError). */
function words(nodes: number, refusals: readonly string[]): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const refusal of refusals) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  const said = [...counts].map(([refusal, n]) => `${n} ${refusal}`).sort();
  return `0/${nodes} nodes are available: ${said.join(', ')}.`;
}

/** A number of a text, the same each time: for choices and names that must not differ from run to run. */
export const hash = (text: string): number => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0)) >>> 0, 7);
