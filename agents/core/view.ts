import { type Kind, type KubeObject, objectKey } from '../contract/index.ts';

/**
 * What a check reads: the projected objects of one cluster, narrowed to the declared kinds. Immutable while a check runs.
 * Absence proves nothing where `complete` is false (forbidden, or not read yet): a check must then stay silent or say so.
 */
export interface View<K extends Kind = Kind> {
  readonly context: string;
  /** All objects of a kind, or those of one namespace. Order: by key, so that results are stable. */
  list<P extends K>(kind: P, namespace?: string): readonly KubeObject<P>[];
  /** `namespace` is undefined for cluster-scoped kinds. */
  get<P extends K>(kind: P, namespace: string | undefined, name: string): KubeObject<P> | undefined;
  /** True when the whole kind (in that namespace) was read, so that an absent object does not exist. */
  complete(kind: K, namespace?: string): boolean;
}

/** What could not be read of a kind: everything, one namespace, or all namespaces but those in `except`. */
export type Gap = { readonly kind: Kind; readonly namespace?: string; readonly except?: readonly string[]; readonly because: string };

type Shelf = Map<string, KubeObject>;

/** The objects of a kind in order, all of them and by namespace; made once after a change, when somebody lists them. */
interface Sorted {
  readonly all: readonly KubeObject[];
  readonly byNamespace: ReadonlyMap<string | undefined, readonly KubeObject[]>;
}

/** The mutable store behind views: one per cluster in an agent's thread, and in tests. */
export class ObjectStore {
  readonly context: string;
  readonly #shelves = new Map<Kind, Shelf>();
  readonly #sorted = new Map<Kind, Sorted>();
  #gaps: readonly Gap[] = [];

  constructor(context: string, objects: Iterable<KubeObject> = []) {
    this.context = context;
    for (const object of objects) this.put(object);
  }

  get size(): number {
    let n = 0;
    for (const shelf of this.#shelves.values()) n += shelf.size;
    return n;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  setGaps(gaps: readonly Gap[]): void {
    this.#gaps = gaps;
  }

  put(object: KubeObject): void {
    this.#shelf(object.kind).set(objectKey(object.metadata), object);
    this.#sorted.delete(object.kind);
  }

  remove(kind: Kind, key: string): void {
    this.#shelf(kind).delete(key);
    this.#sorted.delete(kind);
  }

  /** Drops everything of a kind, before a full list of it is put. */
  clear(kind: Kind): void {
    this.#shelves.delete(kind);
    this.#sorted.delete(kind);
  }

  /** A window on this store. Types narrow it; at run time it is the same data. */
  view<K extends Kind>(): View<K> {
    return {
      context: this.context,
      list: (kind, namespace) => this.#list(kind, namespace) as never,
      get: (kind, namespace, name) => this.#shelf(kind).get(objectKey({ name, namespace })) as never,
      complete: (kind, namespace) =>
        !this.#gaps.some(
          (g) =>
            g.kind === kind &&
            (namespace === undefined || ((g.namespace ?? namespace) === namespace && !(g.except ?? []).includes(namespace))),
        ),
    };
  }

  #shelf(kind: Kind): Shelf {
    let shelf = this.#shelves.get(kind);
    if (shelf === undefined) this.#shelves.set(kind, (shelf = new Map()));
    return shelf;
  }

  #list(kind: Kind, namespace: string | undefined): readonly KubeObject[] {
    let sorted = this.#sorted.get(kind);
    if (sorted === undefined) this.#sorted.set(kind, (sorted = sort(this.#shelves.get(kind) ?? new Map())));
    return namespace === undefined ? sorted.all : (sorted.byNamespace.get(namespace) ?? []);
  }
}

function sort(shelf: Shelf): Sorted {
  const all = [...shelf].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, object]) => object);
  const byNamespace = new Map<string | undefined, KubeObject[]>();
  for (const object of all) {
    const known = byNamespace.get(object.metadata.namespace);
    if (known === undefined) byNamespace.set(object.metadata.namespace, [object]);
    else known.push(object);
  }
  return { all, byNamespace };
}
