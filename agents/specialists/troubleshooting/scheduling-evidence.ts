import { type Evidence, type KubeObject, refOf } from '../../contract/index.ts';
import { field } from '../../core/paths.ts';
import type { Stuck } from './scheduling.ts';

/** How many nodes are worth naming in a sentence or as evidence. */
const MOST = 5;

/** `a`, `a and b`, `a, b and 3 more`: names as people list them. */
export function names(all: readonly string[], most = MOST): string {
  if (all.length > most) return `${all.slice(0, most).join(', ')} and ${all.length - most} more`;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all[all.length - 1] ?? ''}`;
}

export function nodeNames(nodes: readonly KubeObject<'Node'>[]): string {
  return names(nodes.map((n) => n.metadata.name));
}

/** `1 pod`, `3 pods`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** The scheduler's words about the first of the pods, and what stands against it on each node. */
export function schedulerSaid({ pods, said, nodes, workload }: Stuck): Evidence[] {
  const [pod] = pods;
  if (pod === undefined) return [];
  const { text } = nodes();
  return [
    ...(said === ''
      ? []
      : [{ kind: 'field' as const, resource: refOf(pod), source: 'status.conditions[PodScheduled].message', text: said }]),
    ...(text === '' ? [] : [{ kind: 'field' as const, resource: workload.ref, source: 'node by node', text }]),
  ];
}

/** `. The smallest change: …`, for the end of a sentence. */
export function smallestChange({ nodes }: Stuck): string {
  const { change } = nodes();
  return change === undefined ? '' : `. The smallest change: ${change}`;
}

/** What the nodes carry under a label key. */
export function nodeLabel(nodes: readonly KubeObject<'Node'>[], key: string): Evidence[] {
  return nodes.slice(0, MOST).map((node) => ({
    kind: 'field',
    resource: refOf(node),
    source: field('metadata.labels', key),
    text: `${key}=${node.metadata.labels[key] ?? '(not set)'}`,
  }));
}
