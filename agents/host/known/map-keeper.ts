import { setImmediate as breathe } from 'node:timers/promises';
import type { Kind, MapPart } from '../../contract/index.ts';
import { packRow } from '../../core/row.ts';
import { MAP_KINDS, type MapKind, MapShelf, isMapKind } from '../../core/map-shelf.ts';
import { type RowSource, rowsOf } from './live-rows.ts';

/** Changes are gathered this long: who looks at the map sees them soon enough, and a storm of them is four parts a second. */
const TICK_MS = 250;
/** Objects that are looked at between two breaths. */
const AT_ONCE = 400;

/** Keeps one cluster's part of the map while somebody looks at it, and says what changes of it. */
export class MapKeeper {
  readonly #source: RowSource;
  readonly #say: (part: MapPart) => void;
  readonly #dirty = new Map<string, readonly [MapKind, string]>();
  #shelf: MapShelf | undefined;
  #working = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(source: RowSource, say: (part: MapPart) => void) {
    this.#source = source;
    this.#say = say;
    void this.#work();
  }

  /** An object came, changed or went. */
  changed(kind: Kind, key: string): void {
    if (!isMapKind(kind)) return;
    this.#dirty.set(`${kind} ${key}`, [kind, key]);
    this.#soon();
  }

  /** More has been read to its end. */
  settled(): void {
    if (this.#shelf === undefined) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #soon(): void {
    if (this.#shelf === undefined || this.#working || this.#stopped) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#work();
    }, TICK_MS);
  }

  async #work(): Promise<void> {
    if (this.#working || this.#stopped) return;
    this.#working = true;
    if (this.#shelf === undefined) await this.#begin();
    else await this.#follow(this.#shelf);
    this.#working = false;
    if (this.#dirty.size > 0) this.#soon();
  }

  /** Everything once, as soon as all of it that is read has been read. */
  async #begin(): Promise<void> {
    const kinds = MAP_KINDS.filter((kind) => this.#source.kinds.includes(kind));
    if (kinds.length === 0 || !this.#source.isSettled(kinds)) return;
    const shelf = new MapShelf();
    this.#dirty.clear();
    for (const kind of kinds)
      for await (const rows of rowsOf(this.#source, kind, [...this.#source.keys(kind)])) {
        if (this.#stopped) return;
        for (const row of rows) shelf.put(kind, row);
      }
    this.#shelf = shelf;
    this.#say(shelf.whole(this.#source.context, true, null));
  }

  async #follow(shelf: MapShelf): Promise<void> {
    const dirty = [...this.#dirty.values()];
    this.#dirty.clear();
    for (let i = 0; i < dirty.length; i += AT_ONCE) {
      if (i > 0) await breathe();
      if (this.#stopped) return;
      for (const [kind, key] of dirty.slice(i, i + AT_ONCE)) {
        const object = this.#source.object(kind, key);
        if (object === undefined) shelf.remove(kind, key);
        else shelf.put(kind, packRow(object));
      }
    }
    const news = shelf.news(this.#source.context);
    if (news !== undefined) this.#say(news);
  }
}
