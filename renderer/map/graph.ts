import type { Surroundings } from '../../agents/contract/index.ts';

/** A graph to be laid out, and its places. Pure. */

export const NODE_W = 220;
export const NODE_H = 52;

/** As ELK takes it. */
export interface GraphAsk {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly {
    readonly id: string;
    readonly width: number;
    readonly height: number;
    readonly layoutOptions: Readonly<Record<string, string>>;
  }[];
  readonly edges: readonly { readonly id: string; readonly sources: readonly string[]; readonly targets: readonly string[] }[];
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '96',
  'elk.spacing.nodeNode': '14',
  'elk.partitioning.activate': 'true',
  // The order of what is given is the order of names: the same graph looks the same.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

/** What depends on it to the left, what it depends on to the right, each side in the order of names. */
export function askOf({ nodes, edges }: Surroundings): GraphAsk {
  const least = Math.min(0, ...nodes.map((n) => n.steps));
  return {
    id: 'root',
    layoutOptions: OPTIONS,
    children: [...nodes]
      .sort((a, b) => a.steps - b.steps || (a.id < b.id ? -1 : 1))
      .map(({ id, steps }) => ({
        id,
        width: NODE_W,
        height: NODE_H,
        layoutOptions: { 'elk.partitioning.partition': String(steps - least) },
      })),
    edges: [...edges]
      .sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1))
      .map(({ from, to }, i) => ({ id: String(i), sources: [from], targets: [to] })),
  };
}

/** Equal for two graphs that have the same places: who is there and who depends on whom, not how they are. */
export function shapeOf({ nodes, edges }: Surroundings): string {
  return [...nodes.map((n) => `${n.id} ${n.steps}`).sort(), ...edges.map((e) => `${e.from} ${e.to}`).sort()].join('\n');
}

export type Side = 'left' | 'right' | 'up' | 'down';

/** The neighbour on the screen in a direction, along an edge where there is one. */
export function besideOf(
  id: string,
  places: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
  edges: Surroundings['edges'],
  side: Side,
): string | undefined {
  const from = places.get(id);
  if (from === undefined) return undefined;
  const joined = new Set(edges.flatMap((e) => (e.from === id ? [e.to] : e.to === id ? [e.from] : [])));
  let best: string | undefined;
  let least = Infinity;
  for (const [other, at] of places) {
    if (other === id) continue;
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[side];
    const aside = side === 'left' || side === 'right' ? Math.abs(dy) : Math.abs(dx);
    if (ahead <= 1) continue;
    const cost = ahead + aside * 2 + (joined.has(other) ? 0 : 400);
    if (cost < least) [least, best] = [cost, other];
  }
  return best;
}
