import { createHash } from 'node:crypto';
import { KINDS, type Kind } from '../../../contract/index.ts';

/** The objects of an in-memory cluster, with what an API server keeps about them: versions, generations, history for watches. */

/** An API object as it is sent: only what every object has is typed. */
export interface RawObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
    [key: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly resource: string;
  readonly object: RawObject;
}

/** Resources that are served: those of the contract, and KubeEvents. */
export const SERVED: Readonly<Record<string, { readonly kind: string; readonly apiVersion: string; readonly namespaced: boolean }>> = {
  ...Object.fromEntries(
    Object.entries(KINDS).map(([kind, row]) => [row.resource, { kind, apiVersion: row.apiVersion, namespaced: row.namespaced }]),
  ),
  events: { kind: 'Event', apiVersion: 'v1', namespaced: true },
};

const RESOURCE_OF = Object.fromEntries(Object.entries(SERVED).map(([resource, { kind }]) => [kind, resource]));

/** Kinds whose spec changes are counted in `metadata.generation`. */
const GENERATIONS = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Ingress',
  'PodDisruptionBudget',
]);
/** Changes kept for watches that come back; older versions are answered with 410. */
const HISTORY = 5_000;

export const resourceOf = (kind: string): string => RESOURCE_OF[kind] ?? `${kind.toLowerCase()}s`;
const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;

export class ObjectTable {
  readonly #shelves = new Map<string, Map<string, RawObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  #version = 1_000;
  /** How often an object of a name was removed. */
  readonly #removed = new Map<string, number>();
  readonly #name: string;

  /** The name tells clusters apart: what is called the same in two of them has another uid in each. */
  constructor(name = '') {
    this.#name = name;
  }

  get version(): number {
    return this.#version;
  }

  /** The oldest version a watch may go on from. */
  get oldest(): number {
    return this.#history[0] === undefined ? 0 : this.#history.length < HISTORY ? 0 : this.#history[0].version;
  }

  since(version: number, resource: string): readonly Change[] {
    return this.#history.filter((c) => c.version > version && c.resource === resource);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(resource: string, namespace?: string): RawObject[] {
    const all = [...(this.#shelves.get(resource)?.entries() ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, o]) => o);
    return namespace === undefined ? all : all.filter((o) => o.metadata.namespace === namespace);
  }

  of(kind: Kind, namespace?: string): RawObject[] {
    return this.list(resourceOf(kind), namespace);
  }

  get(resource: string, namespace: string | undefined, name: string): RawObject | undefined {
    return this.#shelves.get(resource)?.get(keyOf(namespace, name));
  }

  /** What `put` would store, without storing it. */
  stamped(object: RawObject): RawObject {
    const before = this.get(resourceOf(object.kind), object.metadata.namespace, object.metadata.name);
    const copy = structuredClone(object);
    const meta = copy.metadata;
    meta.uid = before?.metadata.uid ?? meta.uid ?? this.#uid(copy);
    meta.creationTimestamp =
      before?.metadata.creationTimestamp ?? meta.creationTimestamp ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    if (GENERATIONS.has(copy.kind)) {
      const changed = before !== undefined && JSON.stringify(before.spec) !== JSON.stringify(copy.spec);
      meta.generation = (before?.metadata.generation ?? meta.generation ?? 1) + (changed ? 1 : 0);
    }
    meta.resourceVersion = before?.metadata.resourceVersion ?? String(this.#version);
    return copy;
  }

  /** Creates or replaces; the same content again changes nothing. */
  put(object: RawObject): RawObject {
    const resource = resourceOf(object.kind);
    const before = this.get(resource, object.metadata.namespace, object.metadata.name);
    const next = this.stamped(object);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(next)) return before;
    next.metadata.resourceVersion = String(++this.#version);
    this.#shelf(resource).set(keyOf(next.metadata.namespace, next.metadata.name), next);
    this.#tell({ type: before === undefined ? 'ADDED' : 'MODIFIED', version: this.#version, resource, object: next });
    return next;
  }

  remove(resource: string, namespace: string | undefined, name: string): RawObject | undefined {
    const object = this.get(resource, namespace, name);
    if (object === undefined) return undefined;
    this.#shelf(resource).delete(keyOf(namespace, name));
    const key = `${object.kind}/${keyOf(namespace, name)}`;
    this.#removed.set(key, (this.#removed.get(key) ?? 0) + 1);
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    this.#tell({ type: 'DELETED', version: this.#version, resource, object: last });
    return object;
  }

  /** The same recording gives the same uids, so that a plan of one run is recognised in the next; an object made anew has another. */
  #uid({ kind, metadata }: RawObject): string {
    const key = `${kind}/${keyOf(metadata.namespace, metadata.name)}`;
    const hex = createHash('sha256')
      .update(`${this.#name}/${key}#${this.#removed.get(key) ?? 0}`)
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #shelf(resource: string): Map<string, RawObject> {
    let shelf = this.#shelves.get(resource);
    if (shelf === undefined) this.#shelves.set(resource, (shelf = new Map()));
    return shelf;
  }

  #tell(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > HISTORY) this.#history = this.#history.slice(-HISTORY);
    for (const listener of this.#listeners) listener(change);
  }
}
