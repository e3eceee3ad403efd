import { readCadvisor } from './sources/cadvisor.ts';
import { readSummaries } from './sources/kubelet-summary.ts';
import type { SourceNews, Turn } from './turn.ts';

/** What is remembered of kubelets between turns. */
export interface KubeletMemory {
  /** How large the answers of a node were, by source and node. */
  readonly bytes: Map<string, number>;
  /** A node that did not answer is left alone until then. */
  readonly resting: Map<string, number>;
  next: number;
}

/** Of all clusters together in one turn: reading and parsing that much takes about a twentieth of a core. */
const BUDGET_BYTES = 60 * 2 ** 20;
const UNKNOWN_BYTES = 256 * 1024;
const REST_MS = 5 * 60_000;

/**
 * Kubelets in turn, as many as the budget allows. Where all of them fit into each turn, processor time and memory are taken from them too:
 * `measured` are the nodes they were taken of.
 */
export async function readKubeletSources(
  turn: Turn,
  nodes: readonly string[],
  memory: KubeletMemory,
): Promise<{ readonly news: readonly SourceNews[]; readonly measured: ReadonlySet<string> }> {
  const budget = BUDGET_BYTES / Math.max(1, turn.feed.clusters);
  const awake = nodes.filter((node) => (memory.resting.get(node) ?? 0) <= turn.now);
  const chosen = choose(awake, budget, memory);
  const everyone = chosen.length === awake.length;
  if (chosen.length === 0) return { news: [], measured: new Set() };
  const { news, bytes, read } = await readSummaries(turn, chosen, everyone);
  for (const [node, size] of bytes) memory.bytes.set(node, size);
  for (const node of chosen) if (!read.has(node)) memory.resting.set(node, turn.now + REST_MS);
  const partial = everyone ? news : { ...news, because: `${news.because}; ${nodes.length} in turn` };
  // Throttling changes slowly and is told at length: where not all kubelets fit into a turn, of half of those that were asked.
  const { news: throttling, bytes: sizes } = await readCadvisor(turn, everyone ? [...read] : [...read].slice(0, Math.ceil(read.size / 2)));
  for (const [node, size] of sizes) memory.bytes.set(node, (bytes.get(node) ?? 0) + size);
  return { news: [partial, throttling], measured: everyone ? read : new Set() };
}

function choose(nodes: readonly string[], budget: number, memory: KubeletMemory): string[] {
  const chosen: string[] = [];
  let left = budget;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(memory.next + i) % nodes.length]!;
    left -= memory.bytes.get(node) ?? UNKNOWN_BYTES;
    if (left < 0 && chosen.length > 0) break;
    chosen.push(node);
  }
  memory.next = nodes.length === 0 ? 0 : (memory.next + chosen.length) % nodes.length;
  return chosen;
}
