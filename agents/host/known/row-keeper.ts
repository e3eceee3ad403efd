import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Kind } from '../../contract/index.ts';
import type { PackedRow } from '../../core/row.ts';
import { Limiter } from '../cluster/back-off.ts';
import type { KnownNotice, RowsAnswer, RowsPart, RowsQuery } from './known.ts';
import { LiveRows, type RowSource, rowsOf } from './live-rows.ts';

const compress = promisify(zstdCompress);

/** Rows in one compressed block: 660 KB of JSON for pods, made in 3 ms and read back in as many. */
export const ROWS_A_PART = 5_000;
/** A kind's rows are kept this often at most, plus jitter; large ones less often, for all of them are written each time. */
const KEEP_MS = 30_000;
const KEEP_MS_A_ROW = 10;
const LONGEST_KEEP_MS = 300_000;
/** Rows of a kind that was read for the first time are kept soon: what is short-lived (a command) is remembered too. */
const FIRST_KEEP_MS = 2_000;
const TICK_MS = 2_000;
/** Said at least this often while all is well: after a crash of the app the age of what it knew is off by no more. */
const PULSE_MS = 60_000;
/** A watch that ends and is resumed in this time has interrupted nothing worth saying. */
export const STALE_MS = 10_000;
/** After a cluster was reached again its watches are resumed one after the other. */
const RESUME_MS = 5_000;
/** Rows are made for so many kinds at once, of all clusters. */
const KEPT_AT_ONCE = new Limiter(2);

export interface KeeperSource extends RowSource {
  /** Why it cannot be reached now, if so. */
  readonly offline: unknown;
  interrupted(ms: number): readonly Kind[];
  /** When the cluster last said anything, in milliseconds of `performance.now`. */
  readonly lastAlive: number;
}

/**
 * Turns what the watches of one cluster have into rows that outlive them, and says how far they can be trusted. Reads only. `send` gets
 * notices for the host; `place` is where the context leads; `now` is in milliseconds since 1970.
 */
export class RowKeeper {
  readonly #source: KeeperSource;
  readonly #place: string;
  readonly #send: (notice: KnownNotice) => void;
  readonly #now: () => number;
  readonly #live: LiveRows;
  /** Kinds that have changed since they were kept, and when to keep them. */
  readonly #due = new Map<Kind, number>();
  readonly #keeping = new Map<Kind, Promise<void>>();
  readonly #keptAt = new Map<Kind, number>();
  readonly #timer: NodeJS.Timeout;
  #uid = '';
  #said = '';
  #saidAt = 0;
  #lookedAt: number;
  #resumedAt = 0;
  #alive: { readonly mark: number; readonly at: number };
  /** Until when everything was current, while something is not. */
  #trustedUntil: number | undefined;

  constructor(source: KeeperSource, place: string, send: (notice: KnownNotice) => void, now: () => number) {
    this.#source = source;
    this.#place = place;
    this.#send = send;
    this.#now = now;
    this.#lookedAt = now();
    this.#alive = { mark: source.lastAlive, at: now() };
    this.#live = new LiveRows(source);
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Who the cluster is. What waited to be kept under another identity is not kept: it is read anew. */
  identified(uid: string): void {
    if (this.#uid !== '' && this.#uid !== uid) {
      this.#due.clear();
      this.#keptAt.clear();
    }
    this.#uid = uid;
    this.#resumedAt = this.#now();
    this.#pulse(true);
  }

  /** An object came, changed or went. Called for every one of them. */
  dirty(kind: Kind, key: string): void {
    this.#live.changed(kind, key);
    if (this.#due.has(kind)) return;
    const kept = this.#keptAt.get(kind);
    const wait = Math.min(Math.max(KEEP_MS, this.#source.size(kind) * KEEP_MS_A_ROW), LONGEST_KEEP_MS);
    this.#due.set(kind, kept === undefined ? this.#now() + FIRST_KEEP_MS : kept + wait + Math.random() * 0.2 * wait);
  }

  page(query: RowsQuery): Promise<RowsAnswer | undefined> {
    return this.#live.page(query);
  }

  /** Keeps everything that has changed, now: nothing more is heard from the cluster, or from us. */
  async flush(): Promise<void> {
    if (this.#uid === '') return;
    this.#pulse(true);
    this.#findNew();
    await Promise.all(this.#keeping.values());
    await Promise.all([...this.#due.keys()].map((kind) => this.#keep(kind)));
    this.#pulse(true);
  }

  /** After this nothing is kept by itself any more; `flush` still works. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#uid === '') return;
    this.#pulse(false);
    this.#findNew();
    const now = this.#now();
    for (const [kind, due] of this.#due) if (due <= now && !this.#keeping.has(kind)) void this.#keep(kind);
  }

  /** Kinds that have been read and were never kept, be they empty: that there are none is knowledge too. */
  #findNew(): void {
    for (const kind of this.#source.kinds)
      if (!this.#keptAt.has(kind) && !this.#due.has(kind) && this.#isReadable(kind)) this.#due.set(kind, this.#now() + FIRST_KEEP_MS);
  }

  /** Half a list must not take the place of a whole one; and what was known of a kind that is forbidden now stays, with its age. */
  #isReadable(kind: Kind): boolean {
    return this.#source.isSettled([kind]) && !this.#source.gaps([kind]).some((g) => g.namespace === undefined && g.except === undefined);
  }

  /** Says how the reading stands, when that has changed or was not said for long. */
  #pulse(always: boolean): void {
    if (this.#uid === '') return;
    const now = this.#now();
    const { lastAlive, offline, context, kinds } = this.#source;
    // Once for each word of the cluster: the clock below stands still while the machine sleeps, the one above does not.
    if (lastAlive !== this.#alive.mark) this.#alive = { mark: lastAlive, at: now - (performance.now() - lastAlive) };
    const interrupted = this.#source.interrupted(STALE_MS);
    const stale = offline === undefined && now - this.#resumedAt >= RESUME_MS ? interrupted : [];
    if (offline !== undefined) this.#trustedUntil ??= this.#alive.at;
    else if (interrupted.length === 0) this.#trustedUntil = undefined;
    else this.#trustedUntil ??= Math.min(this.#lookedAt, now) - STALE_MS;
    this.#lookedAt = now;
    const counts = Object.fromEntries(kinds.filter((k) => this.#isReadable(k)).map((k) => [k, this.#source.size(k)]));
    const unkept = [...new Set([...this.#due.keys(), ...this.#keeping.keys()])];
    const said = JSON.stringify([this.#uid, counts, stale, unkept, offline === undefined]);
    if (!always && said === this.#said && now - this.#saidAt < PULSE_MS) return;
    this.#said = said;
    this.#saidAt = now;
    const seenAt = offline === undefined ? now : this.#alive.at;
    const confirmedAt = this.#trustedUntil ?? now;
    this.#send({ type: 'pulse', context, uid: this.#uid, place: this.#place, confirmedAt, seenAt, counts, stale, unkept });
  }

  /** One round for a kind; resolves when its rows were sent, or when it is clear that they cannot be. */
  #keep(kind: Kind): Promise<void> {
    const work = KEPT_AT_ONCE.run(async () => {
      if (!this.#isReadable(kind)) {
        this.#due.set(kind, this.#now() + (this.#source.isSettled([kind]) ? KEEP_MS : FIRST_KEEP_MS));
        return;
      }
      const uid = this.#uid;
      const at = this.#now();
      // From here on a change asks for another round.
      this.#due.delete(kind);
      this.#keptAt.set(kind, at);
      const parts = await this.#parts(kind);
      if (uid !== this.#uid) return;
      this.#send({ type: 'rows', context: this.#source.context, uid, place: this.#place, kind, at, parts });
    }).finally(() => this.#keeping.delete(kind));
    this.#keeping.set(kind, work);
    return work;
  }

  async #parts(kind: Kind): Promise<readonly RowsPart[]> {
    const parts: RowsPart[] = [];
    let rows: PackedRow[] = [];
    const close = async () => {
      const count = rows.length;
      const text = JSON.stringify(rows);
      rows = [];
      parts.push({ count, blob: await compress(text) });
    };
    for await (const slice of rowsOf(this.#source, kind, [...this.#live.sortedKeys(kind)])) {
      for (const row of slice) {
        rows.push(row);
        if (rows.length === ROWS_A_PART) await close();
      }
    }
    if (rows.length > 0 || parts.length === 0) await close();
    return parts;
  }
}
