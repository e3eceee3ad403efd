import { formatAmount } from './pod-requests.ts';
import { allocatableOf, conditionsAgainst, needsOf, shortOf, takenNow, untolerated, admitter, type Stage } from './scheduling-filters.ts';
import type { Asking, Node, SchedulingView } from './scheduling-kinds.ts';
import { holdersOfPorts, keptApartAt, spreadAt } from './scheduling-neighbours.ts';

/** Why each node does not take a pod, in the order in which the scheduler filters, and the smallest change that would let it in. */

export interface NodeTable {
  /** `node-a: taint dedicated=batch:NoSchedule; node-b: short of 300m cpu`. */
  readonly text: string;
  /** `tolerate dedicated=batch:NoSchedule (node-a)`; undefined where no node is near. */
  readonly change: string | undefined;
}

/** One reason, and what would remove it. `weight`: how much that asks of people. */
interface Reason {
  readonly words: string;
  /** The same for nodes that differ in amounts only. */
  readonly sort: string;
  readonly change: string;
  readonly weight: number;
}

/** So many nodes, or groups of nodes, are named one by one. */
const MOST = 20;
/** What the scheduler asks first. */
const ORDER = [
  'cordon',
  'taints',
  'ready',
  'selector',
  'affinity',
  'ports',
  'allocatable',
  'free',
  'volume',
  'claim',
  'spread',
  'near',
  'apart',
] as const satisfies readonly Stage[];

export const taintWords = (t: { readonly key: string; readonly value?: string | undefined; readonly effect: string }) =>
  `${t.key}${t.value === undefined || t.value === '' ? '' : `=${t.value}`}:${t.effect}`;

/** A change that weighs this much is no small one. */
const TOO_MUCH = 20;

/** For each stage the reason against a node; called only where the stage does not admit it. */
function judges(asking: Asking, view: SchedulingView): Readonly<Record<(typeof ORDER)[number], (node: Node) => Reason>> {
  const { spec } = asking;
  const needs = needsOf(spec);
  const taken = takenNow(view);
  const apart = keptApartAt(asking, view);
  const uneven = spreadAt(asking, view);
  const plain = (words: string, change: string, weight: number): Reason => ({ words, sort: words, change, weight });
  return {
    cordon: (node) => plain('cordoned', `uncordon ${node.metadata.name}`, 1),
    taints: (node) => {
      const all = untolerated(spec, node).map(taintWords).join(' and ');
      return plain(`taint ${all}`, `tolerate ${all}`, 2);
    },
    ready: (node) => {
      const all = conditionsAgainst(spec, node).map((t) => t.key.replace(/^.*\//, ''));
      return plain(`node is ${all.join(' and ')}`, `bring ${node.metadata.name} back`, 10);
    },
    selector: (node) => {
      const lacks = Object.entries(spec.nodeSelector).filter(([k, v]) => node.metadata.labels[k] !== v);
      const all = lacks.map(([k, v]) => `${k}=${v}`).join(' and ');
      return plain(`no label ${all}`, `drop ${all} from nodeSelector, or label ${node.metadata.name} with it`, 2 + lacks.length);
    },
    affinity: () => plain('required node affinity not met', 'change the required node affinity', 4),
    ports: (node) => {
      const [held] = holdersOfPorts(asking, node, view);
      const who = `${held?.pod.metadata.namespace ?? ''}/${held?.pod.metadata.name ?? ''}`;
      const port = held?.port.port ?? 0;
      return {
        words: `host port ${port} held by pod ${who}`,
        sort: `host port ${port} held`,
        change: `free host port ${port} of ${node.metadata.name}`,
        weight: 3,
      };
    },
    allocatable: (node) => room(node, undefined, 4),
    free: (node) => room(node, taken.get(node.metadata.name) ?? {}, 3),
    volume: () => plain('its volume cannot be reached from there', 'move its volume', 20),
    claim: () => plain('its claim lets one pod in at a time', 'let the pod go that uses the claim', 6),
    spread: (node) => {
      const u = uneven(node);
      const key = u?.constraint.topologyKey ?? '';
      return u?.domain === undefined
        ? plain(`no label ${key} to spread over`, `label ${node.metadata.name} with ${key}`, 4)
        : plain(
            `spread over ${key}: ${u.here} there, ${u.least} elsewhere, maxSkew ${u.constraint.maxSkew}`,
            `raise maxSkew, or add a node of another ${key}`,
            5,
          );
    },
    near: () => plain('not near a pod it must be near to', 'change the required pod affinity', 6),
    apart: (node) => {
      const [pod] = apart(node);
      const who = `${pod?.metadata.namespace ?? ''}/${pod?.metadata.name ?? ''}`;
      return {
        words: `must be apart from pod ${who}`,
        sort: 'must be apart from a pod',
        change: 'add a node, or ask for fewer replicas',
        weight: 5,
      };
    },
  };

  function room(node: Node, now: Readonly<Record<string, number>> | undefined, weight: number): Reason {
    const used = now ?? {};
    const short = shortOf(needs, node, used);
    const has = allocatableOf(node);
    const each = short.map((r) => {
      const wants = r === 'pods' ? 1 : (needs[r] ?? 0);
      const free = Math.max(0, (has[r] ?? 0) - (used[r] ?? 0));
      return { r, wants, free, lacks: formatAmount(r, wants - free) };
    });
    const change = each.map(({ r, wants, free, lacks }) =>
      free > wants / 10 && r !== 'pods'
        ? `ask for ${formatAmount(r, free)} of ${r} instead of ${formatAmount(r, wants)}`
        : now === undefined
          ? `add a node with ${formatAmount(r, wants)} of ${r}`
          : `free ${lacks} of ${r} on ${node.metadata.name}`,
    );
    // The share by which it misses decides between nodes.
    const miss = each.reduce((sum, e) => sum + (e.wants === 0 ? 0 : (e.wants - e.free) / e.wants), 0);
    return {
      words: `short of ${each.map((e) => `${e.lacks} ${e.r}`).join(' and ')}`,
      sort: `short of ${short.join(' and ')}`,
      change: change.join(' and '),
      weight: weight + miss,
    };
  }
}

const cache = new WeakMap<object, Map<string, NodeTable>>();

/** The table of one demand: pods that demand the same (`key`) share it. */
export function nodeTable(asking: Asking, key: string, view: SchedulingView): NodeTable {
  let known = cache.get(view);
  if (known === undefined) cache.set(view, (known = new Map()));
  let table = known.get(key);
  if (table === undefined) known.set(key, (table = makeTable(asking, view)));
  return table;
}

interface Row {
  readonly node: Node;
  readonly reasons: readonly Reason[];
}

/** Nodes of one sort are looked at closely up to this number, for the one that misses least. */
const MOST_OF_A_SORT = 50;

/** What of a node the reasons are written from, so that nodes with equal texts get equal words. */
const taintTexts = new WeakMap<Node, string>();
function taintText(node: Node): string {
  if (node.spec.taints.length === 0) return '';
  let text = taintTexts.get(node);
  if (text === undefined) taintTexts.set(node, (text = node.spec.taints.map(taintWords).join()));
  return text;
}

/** Nodes by the stages that are against them; words are made later, for a few of each sort. */
function sorted(asking: Asking, view: SchedulingView): readonly { readonly against: readonly number[]; readonly nodes: readonly Node[] }[] {
  const admits = ORDER.map((stage) => admitter(stage, asking, view));
  const sorts = new Map<string, Map<number, { against: number[]; nodes: Node[] }>>();
  for (const node of view.list('Node')) {
    let mask = 0;
    for (let i = 0; i < admits.length; i++) if (admits[i]?.(node) === false) mask |= 1 << i;
    let ofTaint = sorts.get(taintText(node));
    if (ofTaint === undefined) sorts.set(taintText(node), (ofTaint = new Map()));
    const there = ofTaint.get(mask);
    if (there === undefined) ofTaint.set(mask, { against: ORDER.flatMap((_, i) => ((mask & (1 << i)) === 0 ? [] : [i])), nodes: [node] });
    else there.nodes.push(node);
  }
  return [...sorts.values()].flatMap((ofTaint) => [...ofTaint.values()]);
}

function makeTable(asking: Asking, view: SchedulingView): NodeTable {
  const say = judges(asking, view);
  const few = view.list('Node').length <= MOST;
  const rows: Row[] = [];
  const groups = new Map<string, { count: number; first: string }>();
  for (const { against, nodes } of sorted(asking, view)) {
    // What is short of an empty node is short of a full one too: said once.
    const stages = against.flatMap((i) => ORDER[i] ?? []).filter((s, _, all) => s !== 'free' || !all.includes('allocatable'));
    const close = nodes.slice(0, MOST_OF_A_SORT).map((node) => ({ node, reasons: stages.map((stage) => say[stage](node)) }));
    rows.push(...close);
    const words = close[0]?.reasons.map((r) => r.sort).join(', ') || 'nothing seen against it';
    const there = groups.get(words);
    if (there === undefined) groups.set(words, { count: nodes.length, first: nodes[0]?.metadata.name ?? '' });
    else there.count += nodes.length;
  }
  const lines = few
    ? rows
        .sort((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1))
        .map(({ node, reasons }) => `${node.metadata.name}: ${reasons.map((r) => r.words).join(', ') || 'nothing seen against it'}`)
    : [...groups]
        .sort(([, a], [, b]) => b.count - a.count)
        .map(([words, { count, first }]) => `${count === 1 ? first : `${count} nodes (${first}, …)`}: ${words}`);
  const more = lines.length > MOST ? `; and ${lines.length - MOST} more groups` : '';
  return { text: lines.slice(0, MOST).join('; ') + more, change: smallest(rows) };
}

/** What has to change for the node that asks least. */
function smallest(rows: readonly Row[]): string | undefined {
  let nearest: Row | undefined;
  let least = Infinity;
  for (const row of rows) {
    const weight = row.reasons.reduce((sum, r) => sum + r.weight, 0);
    if (row.reasons.length > 0 && weight < least) [nearest, least] = [row, weight];
  }
  if (nearest === undefined || least >= TOO_MUCH) return undefined;
  const change = nearest.reasons.map((r) => r.change).join(', and ');
  const { name } = nearest.node.metadata;
  const plain = rows.length === 1 || change.split(' ').includes(name) || change.startsWith('add a node');
  return plain ? change : `${change} (for ${name})`;
}
