import { BETWEEN_NAMES, BETWEEN_STATES, type Kind, type MapPart } from '../contract/index.ts';
import { type PackedRow, columnsOf } from './row.ts';

/** What the map is made of. Owners come before what they own, so that a pod finds its place at once. */
export const MAP_KINDS = [
  'Namespace',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'ReplicaSet',
  'Pod',
] as const satisfies readonly Kind[];
export type MapKind = (typeof MAP_KINDS)[number];

export const isMapKind = (kind: string): kind is MapKind => (MAP_KINDS as readonly string[]).includes(kind);

/** Kinds that stand between pods and what a person edits. */
const BETWEEN: ReadonlySet<string> = new Set<MapKind>(['ReplicaSet', 'Job']);
/** Owners further up than this are none that exist. */
const MOST_OWNERS = 4;
/** From best to worst: a workload of a kind that is not watched is as its worst pod. Places in HEALTHS. */
const WORSE = [0, 1, 3, 4, 2];
const UNKNOWN = 4;

interface PodMark {
  readonly health: number;
  /** Empty where it is ok. */
  readonly state: string;
}

const WELL: PodMark = { health: 0, state: '' };

interface Workload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** What its own object says; undefined while that is not known, or for a kind nobody watches. */
  own: PodMark | undefined;
  readonly pods: Map<string, PodMark>;
  /** Names of its pods in order; made when somebody asks. */
  names: readonly string[] | undefined;
  /** The names have changed since they were last told. */
  renamed: boolean;
}

/** Where the owner stands in a kind's cells; -1 for kinds that are not owned. */
const OWNER_CELL = new Map(MAP_KINDS.map((kind) => [kind, columnsOf(kind).indexOf('controlledBy')]));

/**
 * The objects of one cluster as the map has them: pods under the workload that a person would edit. Fed with rows, live or remembered,
 * in any order; says what has changed since it was asked last.
 */
export class MapShelf {
  readonly #workloads = new Map<string, Workload>();
  readonly #namespaces = new Set<string>();
  /** By `Kind/namespace/name`: what owns a ReplicaSet or a Job, as `Kind/name`. */
  readonly #owners = new Map<string, string>();
  /** By `namespace/name`: where a pod is. */
  readonly #homes = new Map<string, Workload>();
  readonly #once: boolean;
  /** Where the pod before went: those of one owner come one after the other. */
  #last: { readonly namespace: string; readonly owner: string; readonly home: Workload } | undefined;
  readonly #changed = new Set<Workload>();
  readonly #gone = new Set<string>();
  readonly #goneNamespaces = new Set<string>();
  readonly #newNamespaces = new Set<string>();

  /** `once`: nothing is changed after it was put, so where each pod is need not be known. */
  constructor({ once = false }: { readonly once?: boolean } = {}) {
    this.#once = once;
  }

  /** Pods on the map. */
  get pods(): number {
    return this.#homes.size;
  }

  put(kind: MapKind, row: PackedRow): void {
    const [namespace, name, , , state, health, cells] = row;
    if (kind === 'Namespace') {
      this.#goneNamespaces.delete(name);
      if (!this.#namespaces.has(name)) this.#newNamespaces.add(name);
      this.#namespaces.add(name);
      return;
    }
    const at = namespace ?? '';
    const owner = String(cells[OWNER_CELL.get(kind) ?? -1] ?? '');
    if (kind === 'Pod') this.#putPod(at, name, owner, health === 0 ? WELL : { health, state });
    else if (BETWEEN.has(kind) && owner !== '') this.#putBetween(kind, at, name, owner);
    else {
      this.#owners.delete(`${kind}/${at}/${name}`);
      const workload = this.#workload(at, kind, name);
      if (workload.own?.health === health && workload.own.state === state) return;
      workload.own = { health, state };
      this.#changed.add(workload);
    }
  }

  /** `key` is `namespace/name`, or the name alone. */
  remove(kind: MapKind, key: string): void {
    if (kind === 'Namespace') {
      if (this.#namespaces.delete(key)) this.#goneNamespaces.add(key);
      this.#newNamespaces.delete(key);
      return;
    }
    if (kind === 'Pod') {
      this.#leave(key);
      return;
    }
    const slash = key.indexOf('/');
    const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
    this.#owners.delete(`${kind}/${key}`);
    this.#last = undefined;
    const workload = this.#workloads.get(`${namespace}/${kind}/${name}`);
    if (workload === undefined) return;
    workload.own = undefined;
    this.#changed.add(workload);
    this.#tidy(workload);
  }

  /** Everything there is. What follows from it is told by `news`. */
  whole(context: string, live: boolean, asOf: string | null): MapPart {
    this.#forget();
    for (const workload of this.#workloads.values()) workload.renamed = true;
    return partOf(context, live, asOf, true, [...this.#namespaces].sort(), [...this.#workloads.values()], [], []);
  }

  /** What has changed since `whole` or `news` was asked last; undefined where nothing has. */
  news(context: string): MapPart | undefined {
    const parts = [this.#changed, this.#gone, this.#goneNamespaces, this.#newNamespaces];
    if (parts.every((p) => p.size === 0)) return undefined;
    const part = partOf(
      context,
      true,
      null,
      false,
      [...this.#newNamespaces],
      [...this.#changed],
      [...this.#gone],
      [...this.#goneNamespaces],
    );
    this.#forget();
    return part;
  }

  #forget(): void {
    this.#changed.clear();
    this.#gone.clear();
    this.#goneNamespaces.clear();
    this.#newNamespaces.clear();
  }

  #putPod(namespace: string, name: string, owner: string, mark: PodMark): void {
    const last = this.#last;
    const home = last?.namespace === namespace && last.owner === owner ? last.home : this.#homeOf(namespace, name, owner);
    if (home !== last?.home && home.kind !== 'Pod') this.#last = { namespace, owner, home };
    const key = this.#once ? '' : `${namespace}/${name}`;
    const before = this.#once ? undefined : this.#homes.get(key);
    if (before !== undefined && before !== home) this.#leave(key);
    const known = home.pods.get(name);
    if (known !== undefined && known.health === mark.health && known.state === mark.state) return;
    if (known === undefined) {
      home.names = undefined;
      home.renamed = true;
      if (!this.#once) this.#homes.set(key, home);
    }
    home.pods.set(name, mark);
    this.#changed.add(home);
  }

  #leave(key: string): void {
    const home = this.#homes.get(key);
    if (home === undefined) return;
    this.#homes.delete(key);
    home.pods.delete(key.slice(home.namespace.length + 1));
    home.names = undefined;
    home.renamed = true;
    this.#changed.add(home);
    this.#tidy(home);
  }

  /** It is known now who owns a ReplicaSet or a Job: its pods belong there. */
  #putBetween(kind: MapKind, namespace: string, name: string, owner: string): void {
    this.#owners.set(`${kind}/${namespace}/${name}`, owner);
    this.#last = undefined;
    const own = this.#workloads.get(`${namespace}/${kind}/${name}`);
    if (own === undefined) return;
    const pods = [...own.pods];
    own.own = undefined;
    for (const [pod, mark] of pods) this.#putPod(namespace, pod, `${kind}/${name}`, mark);
    this.#tidy(own);
  }

  #homeOf(namespace: string, pod: string, owner: string): Workload {
    let top = owner;
    for (let step = 0; step < MOST_OWNERS; step++) {
      const slash = top.indexOf('/');
      const next = this.#owners.get(`${top.slice(0, slash)}/${namespace}/${top.slice(slash + 1)}`);
      if (next === undefined) break;
      top = next;
    }
    // A static pod is owned by its node, which nobody would look for among workloads.
    if (top === '' || top.startsWith('Node/')) return this.#workload(namespace, 'Pod', pod);
    const slash = top.indexOf('/');
    return this.#workload(namespace, top.slice(0, slash), top.slice(slash + 1));
  }

  #workload(namespace: string, kind: string, name: string): Workload {
    const key = `${namespace}/${kind}/${name}`;
    let workload = this.#workloads.get(key);
    if (workload === undefined) {
      workload = { namespace, kind, name, own: undefined, pods: new Map(), names: undefined, renamed: true };
      this.#workloads.set(key, workload);
      this.#gone.delete(key);
      this.#changed.add(workload);
    }
    return workload;
  }

  /** What has no object and no pods any more is gone. */
  #tidy(workload: Workload): void {
    if (workload.own !== undefined || workload.pods.size > 0) return;
    const key = `${workload.namespace}/${workload.kind}/${workload.name}`;
    this.#workloads.delete(key);
    if (this.#last?.home === workload) this.#last = undefined;
    this.#changed.delete(workload);
    this.#gone.add(key);
  }
}

function partOf(
  context: string,
  live: boolean,
  asOf: string | null,
  whole: boolean,
  known: readonly string[],
  workloads: readonly Workload[],
  gone: string[],
  goneNamespaces: string[],
): MapPart {
  const namespaces = [...known];
  const kinds: string[] = [];
  const at = new Map(namespaces.map((name, i) => [name, i]));
  const placeIn = (list: string[], places: Map<string, number>, word: string): number => {
    let place = places.get(word);
    if (place === undefined) places.set(word, (place = list.push(word) - 1));
    return place;
  };
  const kindAt = new Map<string, number>();
  const part: MapPart = {
    context,
    whole,
    live,
    asOf,
    kinds,
    namespaces,
    in: [],
    kind: [],
    name: [],
    health: '',
    state: [],
    pods: [],
    podHealth: [],
    podState: [],
    gone,
    goneNamespaces,
  };
  for (const workload of workloads) {
    const names = (workload.names ??= inOrder(workload));
    const marks = names.map((name) => workload.pods.get(name) as PodMark);
    part.in.push(placeIn(namespaces, at, workload.namespace));
    part.kind.push(placeIn(kinds, kindAt, workload.kind));
    part.name.push(workload.name);
    part.health += String(workload.own?.health ?? worst(marks));
    part.state.push(workload.own?.state ?? '');
    part.pods.push(workload.renamed ? names.map((name) => shortened(name, workload.name)).join(BETWEEN_NAMES) : null);
    part.podHealth.push(marks.map((m) => m.health).join(''));
    part.podState.push(
      marks
        .filter((m) => m.health !== 0)
        .map((m) => m.state.replaceAll(BETWEEN_STATES, ' '))
        .join(BETWEEN_STATES),
    );
    workload.renamed = false;
  }
  return part;
}

/** By name; the pods of a StatefulSet by their number. */
function inOrder({ kind, pods }: Workload): readonly string[] {
  const names = [...pods.keys()];
  return kind === 'StatefulSet' ? names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)) : names.sort();
}

function shortened(pod: string, workload: string): string {
  const name = pod.startsWith(`${workload}-`) ? pod.slice(workload.length) : `=${pod}`;
  return name.replaceAll(BETWEEN_NAMES, '%2F');
}

function worst(marks: readonly PodMark[]): number {
  let found = marks.length === 0 ? UNKNOWN : 0;
  for (const { health } of marks) if (WORSE.indexOf(health) > WORSE.indexOf(found)) found = health;
  return found;
}
