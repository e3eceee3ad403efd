import type { Kind, KubeObject } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import { type Packed, type Packer, samePacked, unpack } from '../packing.ts';
import { type Projected, metaOf } from './projecting.ts';

interface KeptSink {
  /** An object is there, is another one now, or is gone. */
  changed(key: string): void;
  /** The same with what it was and with what the server said; called before `changed`, never kept. Not called for what cannot be read any more. */
  observed(key: string, before: () => KubeObject | undefined, after: KubeObject | undefined, raw: unknown): void;
}

const MOST_BAD_NAMED = 3;

/**
 * The objects of one kind as they were last heard of. A *pass* takes in everything there is: what it did not name is gone at its end,
 * and what has not changed is not told again.
 */
export class KeptObjects {
  readonly #kind: Kind;
  readonly #packer: Packer;
  readonly #sink: KeptSink;
  readonly #objects = new Map<string, Packed>();
  readonly #bad = new Map<string, Extract<Projected, { ok: false }>>();
  #named: Set<string> | undefined;

  constructor(kind: Kind, packer: Packer, sink: KeptSink) {
    this.#kind = kind;
    this.#packer = packer;
    this.#sink = sink;
  }

  get size(): number {
    return this.#objects.size;
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  packed(key: string): Packed | undefined {
    return this.#objects.get(key);
  }

  /** A pass begins, or begins again. */
  begin(): void {
    this.#named = new Set();
  }

  /** All there is was named; or only what is in the namespace `within`, where no more can be read: what is elsewhere is not gone then. */
  end(within?: string): void {
    const named = this.#named ?? new Set();
    this.#named = undefined;
    for (const key of [...this.#objects.keys()])
      if (!named.has(key)) this.#remove(key, undefined, within === undefined || key.startsWith(`${within}/`));
    for (const key of [...this.#bad.keys()]) if (!named.has(key)) this.#bad.delete(key);
  }

  /** True when what cannot be understood is another set now. */
  put(item: Projected, raw: unknown): boolean {
    const { key } = item;
    this.#named?.add(key);
    if (!item.ok) {
      this.#bad.set(key, item);
      this.#remove(key, raw, false);
      return true;
    }
    const wasBad = this.#bad.delete(key);
    const before = this.#objects.get(key);
    const after = this.#packer.pack(item.object);
    if (before !== undefined && samePacked(before, after)) return wasBad;
    this.#sink.observed(key, () => (before === undefined ? undefined : unpack(before)), item.object, raw);
    this.#objects.set(key, after);
    this.#sink.changed(key);
    return wasBad;
  }

  /** True when what cannot be understood is another set now. */
  remove(item: Projected, raw: unknown): boolean {
    this.#named?.delete(item.key);
    if (metaOf(raw).name !== undefined) this.#remove(item.key, raw, true);
    return this.#bad.delete(item.key);
  }

  clear(): void {
    this.#named = undefined;
    this.#bad.clear();
    for (const key of [...this.#objects.keys()]) this.#remove(key, undefined, false);
  }

  /** The namespaces of objects that make no sense. */
  gaps(): readonly Gap[] {
    const places = new Map<string | undefined, string[]>();
    for (const [key, { namespace, because }] of this.#bad) {
      const list = places.get(namespace) ?? [];
      places.set(namespace, list);
      list.push(`${key} (${because})`);
    }
    return [...places].map(([namespace, list]) => {
      const more = list.length > MOST_BAD_NAMED ? ` and ${list.length - MOST_BAD_NAMED} more` : '';
      const because = `cannot be understood: ${list.slice(0, MOST_BAD_NAMED).join(', ')}${more}`;
      return { kind: this.#kind, ...(namespace === undefined ? {} : { namespace }), because };
    });
  }

  #remove(key: string, raw: unknown, gone: boolean): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    if (gone) this.#sink.observed(key, () => unpack(before), undefined, raw);
    this.#objects.delete(key);
    this.#sink.changed(key);
  }
}
