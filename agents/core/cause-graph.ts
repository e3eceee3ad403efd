import { type Finding, type Relation, SEVERITIES, fingerprint, refKey } from '../contract/index.ts';

/** How far a symptom may be from its cause: caller, Service, workload, and what that needs; and one more chain of these. */
const FAR = 8;
/** A cause surer than this says *what* is wrong; one less sure only *that* something is. */
const SURE = 0.7;

/** A step to what an object needs. `ifHurt`: only worth taking where a finding speaks of the object at its end. */
interface Step {
  readonly to: string;
  readonly ifHurt: boolean;
}
interface Graph {
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly changed: ReadonlySet<string>;
}
type Groups = Map<Finding, Finding[]>;

/**
 * Findings by the cause that explains them. A symptom belongs to the nearest cause that spoils something it needs; a cause that is not
 * sure and depends on a sure one is its symptom, and so is one that only waits for what it calls, of any other; symptoms nobody explains stand under the one among them that the others need. Of two
 * causes as near as each other the one whose object was changed lately explains it: `changed`, by `refKey`.
 */
export function groupByCause(
  findings: readonly Finding[],
  relations: readonly Relation[],
  changed: ReadonlySet<string> = new Set(),
): [Finding, Finding[]][] {
  const graph: Graph = { steps: needs(relations), changed };
  const hurt = new Set(findings.flatMap((f) => [f.subject, ...f.affects]).map(refKey));
  const causes = findings.filter((f) => f.role === 'cause').sort(byWeight);
  const groups: Groups = new Map();
  const sure = causes.filter((c) => c.confidence >= SURE);
  const changes = sure.filter((c) => c.params['changed'] === true);
  const makers = new Map(causes.flatMap((c) => (typeof c.params['makes'] === 'string' ? [[c.params['makes'], c] as const] : [])));
  const lacking = sure.filter((c) => broughtAbout(c, changes) === undefined && makers.has(lackedBy(c)));
  for (const cause of sure.filter((c) => broughtAbout(c, changes) === undefined && !lacking.includes(c))) addCause(cause, groups);
  for (const cause of sure) {
    const change = broughtAbout(cause, changes);
    if (change !== undefined) groups.get(change)?.push(cause);
  }
  /** Of a cause that lacks what another should have made: the cause it stands under. What it spoils, that one spoils. */
  const root = new Map<Finding, Finding>();
  const place = (vague: Finding) => {
    const may = (c: Finding) => (c.confidence >= SURE || (awaits(vague) && !awaits(c))) && !elsewhereInSameObject(c, vague);
    const cause = nearest(vague, spoiledBy([...groups.keys(), ...root.keys()].filter(may)), graph, hurt);
    if (cause === undefined) addCause(vague, groups);
    else groups.get(root.get(cause) ?? cause)?.push(vague);
  };
  const vague = causes.filter((c) => c.confidence < SURE);
  for (const cause of vague.filter(makes)) place(cause);
  for (const cause of lacking) {
    const maker = makers.get(lackedBy(cause));
    const under = [...groups].find(([c, folded]) => c === maker || (maker !== undefined && folded.includes(maker)))?.[0];
    if (under === undefined) continue;
    groups.get(under)?.push(cause);
    root.set(cause, under);
  }
  for (const cause of vague.filter((c) => !makes(c)).sort((a, b) => Number(awaits(a)) - Number(awaits(b)))) place(cause);
  const alone: Finding[] = [];
  const index = spoiledBy([...groups.keys(), ...root.keys()]);
  for (const symptom of findings.filter((f) => f.role === 'symptom')) {
    const cause = nearest(symptom, index, graph, hurt);
    if (cause === undefined) alone.push(symptom);
    else groups.get(root.get(cause) ?? cause)?.push(symptom);
  }
  foldAmongThemselves(alone, graph, hurt, groups);
  return [...groups];
}

const makes = (cause: Finding) => cause.params['makes'] !== undefined;
/** It only says that what it calls is not ready. */
const awaits = (cause: Finding) => cause.params['awaits'] === true;

/** The worst first, then the surest; the fingerprint makes the order the same however the findings arrived. */
function byWeight(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.confidence - a.confidence ||
    (fingerprint(a) < fingerprint(b) ? -1 : 1)
  );
}

/** A remark does not explain that something is down. */
const mayExplain = (cause: Finding, effect: Finding) =>
  SEVERITIES.indexOf(cause.severity) >= SEVERITIES.indexOf('medium') ||
  SEVERITIES.indexOf(cause.severity) >= SEVERITIES.indexOf(effect.severity);

/** A change that broke an object explains what is wrong in it since, however sure: it is what a person takes back. */
function broughtAbout(cause: Finding, changes: readonly Finding[]): Finding | undefined {
  if (cause.params['changed'] === true) return undefined;
  const pods = cause.affects.filter((r) => r.kind === 'Pod').map(refKey);
  return changes.find((change) => {
    const broken = new Set(change.affects.map(refKey));
    return broken.has(refKey(cause.subject)) && pods.every((pod) => broken.has(pod));
  });
}

/** The absent object that a finding is about, as whoever should have made it names it (`makes`): its maker is the cause then. */
const lackedBy = ({ subject, params: { kind, wanted, object } }: Finding): string =>
  object === undefined ? `${String(kind)}/${subject.namespace ?? ''}/${String(wanted)}` : '';

/**
 * One absent object named in several fields (a ConfigMap that is mounted and read as environment) is one cause; so it is where several
 * objects of a namespace name it and it is truly absent: what a person makes is one thing. A name that is merely misspelt is a fault
 * of each that has it.
 */
function addCause(cause: Finding, groups: Groups): void {
  const same = [...groups.keys()].find(
    (c) => c.code === cause.code && (refKey(c.subject) === refKey(cause.subject) || bothLack(c, cause)) && saysTheSame(c, cause),
  );
  if (same === undefined) groups.set(cause, []);
  else groups.get(same)?.push(cause);
}

/** Objects of one namespace that name something of which there is nothing like it. */
const bothLack = (a: Finding, b: Finding) =>
  a.subject.namespace === b.subject.namespace &&
  [a, b].every(({ params }) => params['meant'] === undefined && params['right'] === undefined);

/** By their params: the same thing is wanted, of the same kind and from the same object; where it is written is no matter. */
function saysTheSame({ params: a }: Finding, { params: b }: Finding): boolean {
  return a['wanted'] !== undefined && (['wanted', 'kind', 'object'] as const).every((key) => a[key] === b[key]);
}

/** Both are about one object, but about different containers, or about pods none of which suffers from both. */
function elsewhereInSameObject(a: Finding, b: Finding): boolean {
  if (refKey(a.subject) !== refKey(b.subject)) return false;
  const [x, y] = [containerOf(a), containerOf(b)];
  if (x !== undefined && y !== undefined && x !== y) return true;
  const pods = new Set(a.affects.map(refKey));
  return pods.size > 0 && b.affects.length > 0 && !b.affects.some((r) => pods.has(refKey(r)));
}

const containerOf = (f: Finding) => /(?:^|\.)((?:initC|c)ontainers\[[^\]]*\])/.exec(f.field ?? '')?.[1];

/**
 * What each object needs to be well: an owner its pods and they it, a Service what it selects, a caller what it calls. A caller may
 * live without what it calls, and a healthy neighbour is no cause: that step leads on only where something is known to be wrong, or
 * where the caller's own log says that the call failed.
 */
function needs(relations: readonly Relation[]): Graph['steps'] {
  const graph = new Map<string, Step[]>();
  const step = (from: string, to: string, ifHurt: boolean) => {
    const known = graph.get(from);
    if (known === undefined) graph.set(from, [{ to, ifHurt }]);
    else known.push({ to, ifHurt });
  };
  for (const { from, type, to, failed } of relations) {
    step(refKey(from), refKey(to), type === 'calls' && failed !== true);
    if (type === 'ownedBy') step(refKey(to), refKey(from), false);
  }
  return graph;
}

/** The causes by each object they spoil: their subject and what they affect. */
function spoiledBy(causes: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const index = new Map<string, Finding[]>();
  for (const cause of causes)
    for (const key of new Set([cause.subject, ...cause.affects].map(refKey))) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [cause]);
      else known.push(cause);
    }
  return index;
}

/** Its subject, and the pods it is seen in. What else it affects suffers from it and explains nothing. */
const seenIn = (f: Finding) => [f.subject, ...f.affects.filter((r) => r.kind === 'Pod' || r.kind === 'ReplicaSet')].map(refKey);

/** The cause that is fewest steps away along what the finding's objects need; at the same distance the heaviest. */
function nearest(
  effect: Finding,
  index: ReadonlyMap<string, readonly Finding[]>,
  graph: Graph,
  hurt: ReadonlySet<string>,
): Finding | undefined {
  let frontier = new Set(seenIn(effect));
  const seen = new Set(frontier);
  for (let steps = 0; steps <= FAR && frontier.size > 0; steps++) {
    const hits = [...frontier]
      .flatMap((key) => index.get(key)?.filter((c) => steps === 0 || !(leavesAlone(c, key) || foretells(c))) ?? [])
      .filter((c) => c !== effect && mayExplain(c, effect));
    if (hits.length > 0) {
      const lately = (c: Finding) => (graph.changed.has(refKey(c.subject)) ? 1 : 0);
      return hits.sort((a, b) => nearness(b, frontier) - nearness(a, frontier) || lately(b) - lately(a) || byWeight(a, b))[0];
    }
    const next = new Set<string>();
    for (const key of frontier)
      for (const { to, ifHurt } of graph.steps.get(key) ?? [])
        if (!seen.has(to) && (!ifHurt || hurt.has(to))) {
          seen.add(to);
          next.add(to);
        }
    frontier = next;
  }
  return undefined;
}

/** What is to come is no cause of what is wrong now in something else. */
const foretells = ({ params }: Finding) => params['toCome'] === true;

/** A fault of a node that names the pods it holds up leaves the others there alone: they are well, or ill of something else. */
const leavesAlone = ({ subject, affects }: Finding, key: string) =>
  subject.kind === 'Node' && affects.length > 0 && refKey(subject) === key;

/** A cause in the object itself is nearer than one elsewhere that merely affects it. */
const nearness = (cause: Finding, frontier: ReadonlySet<string>) => (frontier.has(refKey(cause.subject)) ? 1 : 0);

/** Symptoms without a cause: the one that needs none of the others stands for those that need it. */
function foldAmongThemselves(alone: readonly Finding[], graph: Graph, hurt: ReadonlySet<string>, groups: Groups): void {
  const needed = new Map(alone.map((f) => [f, reach(f, graph, hurt)]));
  const needsOthers = (f: Finding) => alone.filter((o) => o !== f && needed.get(f)?.has(refKey(o.subject)) === true).length;
  const order = alone.map((f) => [f, needsOthers(f)] as const).sort(([a, x], [b, y]) => x - y || byWeight(a, b));
  const roots: Finding[] = [];
  for (const [symptom] of order) {
    const root = nearest(symptom, spoiledBy(roots), graph, hurt);
    if (root === undefined) {
      roots.push(symptom);
      groups.set(symptom, []);
    } else groups.get(root)?.push(symptom);
  }
}

/** Everything an object needs, near and far. */
function reach(from: Finding, graph: Graph, hurt: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set(seenIn(from));
  for (const key of seen) for (const { to, ifHurt } of graph.steps.get(key) ?? []) if (!ifHurt || hurt.has(to)) seen.add(to);
  return seen;
}
