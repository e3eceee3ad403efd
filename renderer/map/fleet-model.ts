import type { MapPart } from '../../agents/contract/index.ts';

/** The map's objects as the page keeps them: clusters, namespaces, workloads; pods as texts of names and digits, opened when looked at. Pure. */

/** Places in HEALTHS, which the page does not import: zod is beside it. */
export const OK = 0;
export const CHANGING = 1;
export const DEGRADED = 2;
export const BROKEN = 3;
export const UNKNOWN = 4;
export type Health = 0 | 1 | 2 | 3 | 4;
/** From what needs nobody to what needs somebody most. */
const RANK = [0, 1, 3, 4, 2] as const;
export const worse = (a: Health, b: Health): Health => (RANK[b] > RANK[a] ? b : a);

/** How many objects are how well, by health. */
export type Counts = readonly [number, number, number, number, number];

export interface Workload {
  readonly level: 'workload';
  /** `context/namespace/Kind/name`, each part escaped: see `keyOf`. */
  readonly key: string;
  readonly context: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Of its own object. */
  readonly health: Health;
  readonly state: string;
  readonly podText: string;
  /** A digit a pod. */
  readonly podHealth: string;
  readonly podState: string;
  readonly counts: Counts;
  readonly worst: Health;
  /** Pods it has, or should have, whichever is known to be meant: what its size is after, so that a rollout does not move the map. */
  readonly meant: number;
}

export interface Namespace {
  readonly level: 'namespace';
  readonly key: string;
  readonly context: string;
  readonly name: string;
  readonly workloads: readonly Workload[];
  readonly counts: Counts;
  readonly worst: Health;
}

export interface Cluster {
  readonly level: 'cluster';
  readonly key: string;
  readonly context: string;
  readonly namespaces: readonly Namespace[];
  readonly counts: Counts;
  readonly worst: Health;
  /** When what is shown was so, where no watch runs; milliseconds since 1970. */
  readonly asOf: number | undefined;
  readonly workloads: number;
}

/** Parts of a place, so that none of them can be mistaken for two. */
export const keyOf = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');
export const partsOfKey = (key: string): readonly string[] => key.split('/').map(decodeURIComponent);

interface Shelf {
  readonly namespaces: Map<string, Map<string, Workload>>;
  asOf: number | undefined;
  /** Namespaces to be made anew. */
  readonly dirty: Set<string>;
  built: Cluster | undefined;
}

/** Takes parts in as they come, and shows each cluster as it is then. What has not changed is the same object as before. */
export class FleetModel {
  readonly #shelves = new Map<string, Shelf>();
  /** Goes up when something came, went, or is meant to be larger or smaller: places may be others now. */
  shape = 0;
  /** Goes up with every part. */
  news = 0;

  take(part: MapPart): void {
    this.news++;
    let shelf = this.#shelves.get(part.context);
    if (shelf === undefined || part.whole) {
      const before = shelf;
      shelf = {
        namespaces: new Map(),
        asOf: part.live || part.asOf === null ? undefined : Date.parse(part.asOf),
        dirty: new Set(),
        built: undefined,
      };
      this.#shelves.set(part.context, shelf);
      if (before === undefined || part.name.length > 0 || before.namespaces.size > 0) this.shape++;
    }
    for (const name of part.namespaces) {
      if (name === '' || shelf.namespaces.has(name)) continue;
      shelf.namespaces.set(name, new Map());
      shelf.dirty.add(name);
      this.shape++;
    }
    for (const key of part.gone) this.#drop(shelf, key);
    for (const name of part.goneNamespaces) {
      const there = shelf.namespaces.get(name);
      if (there === undefined || there.size > 0) continue;
      shelf.namespaces.delete(name);
      shelf.dirty.add(name);
      this.shape++;
    }
    for (let i = 0; i < part.name.length; i++) this.#put(shelf, part, i);
  }

  /** Contexts that are in no kubeconfig any more. */
  keepOnly(contexts: ReadonlySet<string>): void {
    for (const context of [...this.#shelves.keys()]) {
      if (contexts.has(context)) continue;
      this.#shelves.delete(context);
      this.shape++;
    }
  }

  /** Undefined where nothing was said of it yet. */
  cluster(context: string): Cluster | undefined {
    const shelf = this.#shelves.get(context);
    if (shelf === undefined) return undefined;
    if (shelf.built === undefined || shelf.dirty.size > 0) shelf.built = built(context, shelf);
    return shelf.built;
  }

  #put(shelf: Shelf, part: MapPart, i: number): void {
    const namespace = part.namespaces[part.in[i] ?? -1] ?? '';
    const kind = part.kinds[part.kind[i] ?? -1] ?? '';
    const name = part.name[i] ?? '';
    let within = shelf.namespaces.get(namespace);
    if (within === undefined) shelf.namespaces.set(namespace, (within = new Map()));
    const own = `${kind}/${name}`;
    const before = within.get(own);
    const podHealth = part.podHealth[i] ?? '';
    const state = part.state[i] ?? '';
    const health = Number(part.health[i] ?? UNKNOWN) as Health;
    const counts = countsOf(podHealth);
    const meant = meantBy(state) ?? podHealth.length;
    if (before?.meant !== meant) this.shape++;
    shelf.dirty.add(namespace);
    within.set(own, {
      level: 'workload',
      key: before?.key ?? keyOf(part.context, namespace, kind, name),
      context: part.context,
      namespace,
      kind,
      name,
      health,
      state,
      podText: part.pods[i] ?? before?.podText ?? '',
      podHealth,
      podState: part.podState[i] ?? '',
      counts,
      worst: worstOf(counts, health),
      meant,
    });
  }

  #drop(shelf: Shelf, key: string): void {
    const [namespace = '', ...own] = key.split('/');
    if (shelf.namespaces.get(namespace)?.delete(own.join('/')) !== true) return;
    shelf.dirty.add(namespace);
    this.shape++;
  }
}

function built(context: string, shelf: Shelf): Cluster {
  const before = new Map(shelf.built?.namespaces.map((n) => [n.name, n]));
  const names = [...shelf.namespaces.keys()].sort(byText);
  const namespaces = names.map((name) => {
    const kept = before.get(name);
    if (kept !== undefined && !shelf.dirty.has(name)) return kept;
    const workloads = [...(shelf.namespaces.get(name)?.values() ?? [])].sort((a, b) => byText(a.name, b.name) || byText(a.kind, b.kind));
    const counts = sum(workloads);
    const worst = workloads.reduce<Health>((w, one) => worse(w, one.worst), OK);
    return { level: 'namespace' as const, key: keyOf(context, name), context, name, workloads, counts, worst };
  });
  shelf.dirty.clear();
  return {
    level: 'cluster',
    key: keyOf(context),
    context,
    namespaces,
    counts: sum(namespaces),
    worst: namespaces.reduce<Health>((w, one) => worse(w, one.worst), OK),
    asOf: shelf.asOf,
    workloads: namespaces.reduce((n, one) => n + one.workloads.length, 0),
  };
}

/** The desired number in a state like `2/3 ready`. */
function meantBy(state: string): number | undefined {
  const found = /(\d+)\/(\d+) ready/.exec(state)?.[2];
  return found === undefined ? undefined : Number(found);
}

function countsOf(podHealth: string): Counts {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (let i = 0; i < podHealth.length; i++) {
    const health = podHealth.charCodeAt(i) - 48;
    counts[health as Health] = (counts[health as Health] ?? 0) + 1;
  }
  return counts;
}

function worstOf(counts: Counts, own: Health): Health {
  let found = own;
  for (const health of [CHANGING, UNKNOWN, DEGRADED, BROKEN] as const) if (counts[health] > 0) found = worse(found, health);
  return found;
}

function sum(parts: readonly { readonly counts: Counts }[]): Counts {
  const all: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const { counts } of parts) for (let i = 0; i < 5; i++) all[i as Health] += counts[i as Health];
  return all;
}

export const pods = (counts: Counts): number => counts[0] + counts[1] + counts[2] + counts[3] + counts[4];
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface Pod {
  readonly name: string;
  readonly health: Health;
  /** Empty for one that is ok: nobody needs to know more. */
  readonly state: string;
}

/** The pods of a workload in their order. */
export function podsOf({ name, podText, podHealth, podState }: Workload): readonly Pod[] {
  if (podText === '') return [];
  const states = podState.split('|');
  let at = 0;
  return podText.split('/').map((text, i) => {
    const health = (podHealth.charCodeAt(i) - 48) as Health;
    const pod = (text.startsWith('=') ? text.slice(1) : name + text).replaceAll('%2F', '/');
    return { name: pod, health, state: health === OK ? '' : (states[at++] ?? '') };
  });
}
