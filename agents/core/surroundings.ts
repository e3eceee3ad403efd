import {
  type Depends,
  HEALTHS,
  type Health,
  KINDS,
  type Kind,
  type KubeObject,
  MOST_SURROUNDINGS,
  type Relation,
  type ResourceRef,
  type Surrounding,
  type Surroundings,
  isKind,
  refKey,
} from '../contract/index.ts';
import { relationsAround } from './relations.ts';
import { packRow } from './row.ts';
import type { View } from './view.ts';

/** What one object depends on and what depends on it, as a graph small enough to be drawn. */

/** A Service, what leads to it, and what that is named by: further away nobody would call it the same thing. */
const STEPS = 3;
/** So many alike, in the same relation to the same object, are drawn one by one. */
const ALIKE = 8;
const WORST_FIRST: readonly Health[] = ['fail', 'warn', 'unknown', 'progressing', 'ok'];

const HOW: Readonly<Record<Relation['type'], Depends['how']>> = {
  ownedBy: 'runs',
  selects: 'selects',
  mounts: 'mounts',
  references: 'names',
  calls: 'calls',
  boundTo: 'is bound to',
  scheduledOn: 'runs on',
  admittedBy: 'is admitted by',
  changedBy: 'was changed by',
};

interface Found {
  readonly ref: ResourceRef;
  readonly steps: number;
}
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly how: Depends['how'];
}

export function surroundingsOf(view: View, middle: ResourceRef, most = MOST_SURROUNDINGS): Surroundings {
  const found = new Map<string, Found>([[refKey(middle), { ref: middle, steps: 0 }]]);
  const edges = new Map<string, Edge>();
  let edge: readonly ResourceRef[] = [middle];
  for (let step = 1; step <= STEPS && edge.length > 0 && found.size < most * 4; step++) {
    const next: ResourceRef[] = [];
    for (const relation of relationsAround(view, edge)) {
      const { from, to, how } = directed(relation);
      const [a, b] = [found.get(refKey(from)), found.get(refKey(to))];
      // What goes on from there away from the middle; not back to others that depend on the same thing.
      const reach = (known: Found | undefined, other: ResourceRef, side: 1 | -1) => {
        if (known === undefined || found.has(refKey(other)) || Math.abs(known.steps) !== step - 1) return;
        if (known.steps !== 0 && Math.sign(known.steps) !== side) return;
        found.set(refKey(other), { ref: other, steps: known.steps + side });
        next.push(other);
      };
      reach(a, to, 1);
      reach(b, from, -1);
      if (found.has(refKey(from)) && found.has(refKey(to)))
        edges.set(`${refKey(from)} ${how} ${refKey(to)}`, { from: refKey(from), to: refKey(to), how });
    }
    edge = next;
  }
  return drawn(view, refKey(middle), found, [...edges.values()], most);
}

/** Who depends on whom: a workload on its pods is said as "runs". */
function directed({ from, type, to }: Relation): { from: ResourceRef; to: ResourceRef; how: Depends['how'] } {
  return type === 'ownedBy' ? { from: to, to: from, how: HOW[type] } : { from, to, how: HOW[type] };
}

/** Counts together what is alike and stands in the same relation, so that there is never more than can be looked at. */
function drawn(view: View, middle: string, found: ReadonlyMap<string, Found>, edges: readonly Edge[], most: number): Surroundings {
  const relations = new Map<string, string[]>();
  for (const { from, to, how } of edges) {
    (relations.get(from) ?? relations.set(from, []).get(from))?.push(`> ${how} ${to}`);
    (relations.get(to) ?? relations.set(to, []).get(to))?.push(`< ${how} ${from}`);
  }
  const alike = new Map<string, string[]>();
  for (const [key, { ref, steps }] of found) {
    const place = key === middle ? key : `${ref.kind} ${steps} ${(relations.get(key) ?? []).sort().join(', ')}`;
    (alike.get(place) ?? alike.set(place, []).get(place))?.push(key);
  }
  let groups = [...alike.values()].flatMap((keys) => (keys.length > ALIKE ? [keys] : keys.map((key) => [key])));
  // Still too many: by kind and side, the largest first.
  if (groups.length > most) groups = byKind(groups, found, middle, most);
  const idOf = new Map<string, string>();
  for (const keys of groups) for (const key of keys) idOf.set(key, keys[0] ?? key);
  const nodes = groups.map((keys): Surrounding => {
    const [first = middle] = keys;
    const { ref, steps } = found.get(first) as Found;
    const states = keys.map((key) => stateOf(view, (found.get(key) as Found).ref));
    const health = WORST_FIRST.find((h) => states.some((s) => s.health === h)) ?? 'unknown';
    const bad = states.filter((s) => s.health !== 'ok').length;
    const state = keys.length === 1 ? (states[0]?.state ?? '') : bad === 0 ? 'all well' : `${bad} not well`;
    return { id: first, resource: plain(ref), count: keys.length, state, health, steps };
  });
  const joined = new Map<string, Depends>();
  for (const { from, to, how } of edges) {
    const [a, b] = [idOf.get(from) ?? from, idOf.get(to) ?? to];
    if (a !== b) joined.set(`${a} ${how} ${b}`, { from: a, to: b, how });
  }
  return {
    middle,
    nodes,
    edges: [...joined.values()],
    rolledUp: groups.reduce((sum, keys) => sum + (keys.length > 1 ? keys.length : 0), 0),
  };
}

function byKind(groups: readonly string[][], found: ReadonlyMap<string, Found>, middle: string, most: number): string[][] {
  const kinds = new Map<string, string[][]>();
  for (const keys of groups) {
    const of = found.get(keys[0] ?? '');
    const place = of === undefined || keys[0] === middle ? middle : `${of.ref.kind} ${of.steps}`;
    (kinds.get(place) ?? kinds.set(place, []).get(place))?.push(keys);
  }
  let left = groups.length;
  const result: string[][] = [];
  for (const some of [...kinds.values()].sort((a, b) => b.length - a.length)) {
    if (left > most && some.length > 1) {
      result.push(some.flat());
      left -= some.length - 1;
    } else result.push(...some);
  }
  return result;
}

/** How an object is, as a list would show it. What is named and was looked for in vain is not there. */
function stateOf(view: View, ref: ResourceRef): { readonly state: string; readonly health: Health } {
  if (!isKind(ref.kind)) return { state: '', health: 'unknown' };
  const kind: Kind = ref.kind;
  const object: KubeObject | undefined = view.get(kind, ref.namespace, ref.name);
  if (object === undefined)
    return view.complete(kind, ref.namespace) ? { state: 'not there', health: 'fail' } : { state: 'not known', health: 'unknown' };
  const row = packRow(object);
  return { state: row[4], health: HEALTHS[row[5]] ?? 'unknown' };
}

const plain = ({ apiVersion, kind, namespace, name }: ResourceRef): ResourceRef => ({
  apiVersion: isKind(kind) ? KINDS[kind].apiVersion : apiVersion,
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});
