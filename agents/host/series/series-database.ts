import type BetterSqlite3 from 'better-sqlite3';
import { type Labels, type Matcher, type Samples, matching } from '../../core/promql/reader.ts';
import { openSideFile } from '../store/side-file.ts';
import { series as schema } from './0070-series.ts';
import { selectable } from './0080-selectable.ts';
import { type Span, decodeBlock, decodeColumns, encodeBlock, encodeColumns } from './block.ts';
import { OpenBlock } from './open-block.ts';
import { type Columns, folded, insert, rolledUp, within } from './spans.ts';

/** Metrics of clusters as they were, on this machine: packed blocks in SQLite. One connection, for one thread. */

export type { Labels } from '../../core/promql/reader.ts';

/** One value, in the order things arrive; `at` in milliseconds since 1970. */
export interface Sample {
  readonly labels: Labels;
  readonly at: number;
  readonly value: number;
}

export interface Written {
  readonly taken: number;
  /** No number, or no time. */
  readonly refused: number;
}

/** How much of a cluster is kept; what is absent has the limits of all. */
export interface Keeping {
  readonly days?: number | undefined;
  readonly bytes?: number | undefined;
}

export interface Held {
  readonly series: number;
  readonly bytes: number;
  /** Of the first sample that is kept, undefined where there is none. */
  readonly since: number | undefined;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** How long spans of each step are kept before they are rolled up into the next; after the last they are deleted. 0 is samples as they came. */
const LEVELS = [
  { step: 0, keep: 7 * DAY },
  { step: MINUTE, keep: 21 * DAY },
  { step: 15 * MINUTE, keep: 90 * DAY },
  { step: 60 * MINUTE, keep: 400 * DAY },
] as const;
/** The longest span a roll-up has. */
const LONGEST_STEP = 60 * MINUTE;
/** Names of what only grows, by the custom of Prometheus. */
const GROWS = /_(?:total|bucket|count|sum)$/;
/** Samples in a block: as many as pack well, fewer where there are so many series that their open blocks would fill the memory. */
const FULL = 480;
const SMALLEST_FULL = 60;
const OPEN_SAMPLES = 3_000_000;
/** Series whose newest block is kept open in memory; the one unused for longest is written out first. */
const MOST_OPEN = 80_000;
/** Blocks that one call of `tidy` rolls up, so that it does not hold up others for long. */
const TIDY_AT_ONCE = 2_000;

interface Row {
  readonly step: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly data: Buffer;
}

export class SeriesDatabase {
  readonly #db: BetterSqlite3.Database;
  readonly #open = new Map<number, OpenBlock>();
  readonly #ids = new Map<string, number>();
  readonly #find;
  readonly #add;
  readonly #newest;
  readonly #holding;
  readonly #put;
  readonly #drop;
  readonly #within;
  readonly #named;
  readonly #all;

  /** @param path a file of its own, or `:memory:`. */
  constructor(path: string) {
    this.#db = openSideFile(path, [schema, selectable]);
    const prepare = <A extends unknown[]>(sql: string) => this.#db.prepare<A>(sql);
    this.#find = prepare<[string, string]>('SELECT id FROM series WHERE cluster = ? AND labels = ?').pluck();
    this.#add = prepare<[string, string, string]>('INSERT INTO series (cluster, labels, name) VALUES (?, ?, ?)');
    this.#newest = prepare<[number, number]>('SELECT * FROM blocks WHERE series = ? AND step = ? ORDER BY first DESC LIMIT 1');
    this.#holding = prepare<[number, number, number]>(
      'SELECT * FROM blocks WHERE series = ? AND step = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    );
    this.#put = prepare<[number, number, number, number, number, Buffer]>('INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?, ?)');
    this.#drop = prepare<[number, number, number]>('DELETE FROM blocks WHERE series = ? AND step = ? AND first = ?');
    this.#within = prepare<[number, number, number]>(
      'SELECT step, first, last, count, data FROM blocks WHERE series = ? AND last >= ? AND first < ? ORDER BY step DESC, first',
    );
    this.#named = prepare<[string, string]>('SELECT id, labels FROM series WHERE cluster = ? AND name = ?');
    this.#all = prepare<[string]>('SELECT id, labels FROM series WHERE cluster = ?');
  }

  /** Series with an open block. */
  get open(): number {
    return this.#open.size;
  }

  /** The number a series is written by; stays the same until it is forgotten. */
  id(cluster: string, labels: Labels): number {
    const text = textOf(labels);
    const known = this.#find.get(cluster, text) as number | undefined;
    return known ?? Number(this.#add.run(cluster, text, labels['__name__'] ?? '').lastInsertRowid);
  }

  /** Late and unordered samples find their place; of two for one time the later given holds. What is no number is refused and counted. */
  write(cluster: string, samples: readonly Sample[]): Written {
    const ids = new Float64Array(samples.length);
    this.atOnce(() => samples.forEach(({ labels }, i) => (ids[i] = this.#idOf(cluster, labels))));
    return this.append(
      ids,
      Float64Array.from(samples, (s) => s.at),
      Float64Array.from(samples, (s) => s.value),
    );
  }

  /** The same by number, in columns. */
  append(ids: ArrayLike<number>, at: ArrayLike<number>, values: ArrayLike<number>): Written {
    let refused = 0;
    this.atOnce(() => {
      for (let i = 0; i < ids.length; i++)
        if (!Number.isFinite(values[i]!) || !Number.isSafeInteger(at[i]!)) refused += 1;
        else this.#write(this.#opened(ids[i]!), at[i]!, values[i]!);
    });
    return { taken: ids.length - refused, refused };
  }

  /** What is done inside is stored together. */
  atOnce(work: () => void): void {
    if (this.#db.inTransaction) work();
    else this.#db.transaction(work)();
  }

  /** Stores what is open; what was written before is safe from then on. */
  flush(): void {
    this.atOnce(() => {
      for (const open of this.#open.values()) this.#store(open);
    });
  }

  /**
   * Spans of `step` milliseconds of one series that have samples, from `from` to before `to`. Where samples were rolled up already, spans are
   * no shorter than the roll-up's.
   */
  range(cluster: string, labels: Labels, from: number, to: number, step: number): readonly Span[] {
    const id = this.#find.get(cluster, textOf(labels)) as number | undefined;
    if (id === undefined) return [];
    return folded(this.#columns(id, from, to), from, to, step);
  }

  /** Label sets of a cluster's series that match all of them. */
  labels(cluster: string, matchers: readonly Matcher[]): readonly { readonly id: number; readonly labels: Labels }[] {
    const test = matching(matchers);
    const name = matchers.find((m) => m.name === '__name__' && m.op === '=')?.value;
    const rows = (name === undefined ? this.#all.all(cluster) : this.#named.all(cluster, name)) as { id: number; labels: string }[];
    return rows
      .map(({ id, labels }) => ({ id, labels: Object.fromEntries(JSON.parse(labels) as [string, string][]) }))
      .filter(({ labels }) => test(labels));
  }

  /**
   * Samples after `from` up to and with `to`. Where they were rolled up, one for each span, at its end: the mean, and of what only grows the
   * largest.
   */
  select(cluster: string, matchers: readonly Matcher[], from: number, to: number, most = Infinity): readonly Samples[] {
    const out: Samples[] = [];
    let size = 0;
    for (const { id, labels } of this.labels(cluster, matchers)) {
      const samples = this.samples(id, labels, from, to);
      if (samples.at.length > 0) out.push(samples);
      // Whoever asked counts them too, and says that it was too much.
      if ((size += samples.at.length) > most) break;
    }
    return out;
  }

  samples(id: number, labels: Labels, from: number, to: number): Samples {
    const grows = GROWS.test(labels['__name__'] ?? '');
    const parts: { at: Float64Array; values: Float64Array }[] = [];
    for (const [at, min, max, sum, counts, step] of this.#columns(id, from - LONGEST_STEP, to + 1)) {
      if (counts === undefined) parts.push({ at: at!, values: min! });
      else
        parts.push({
          at: at!.map((t) => t + step![0]!),
          values: grows ? max! : sum!.map((s, i) => s / counts[i]!),
        });
    }
    return { labels, ...within(parts, from, to) };
  }

  /** Rolls up and deletes what is too old; the oldest goes where there is more than `mostBytes`. True when there is more to do. */
  tidy(now: number, mostBytes = Number.POSITIVE_INFINITY, mostBytesACluster = Number.POSITIVE_INFINITY): boolean {
    this.flush();
    // What is open may be among what is rolled up.
    this.#open.clear();
    let left = TIDY_AT_ONCE;
    this.atOnce(() => {
      LEVELS.forEach(({ step, keep }, level) => {
        const old = this.#db
          .prepare('SELECT * FROM blocks WHERE step = ? AND last < ? ORDER BY last LIMIT ?')
          .all(step, now - keep, left) as (Row & { series: number })[];
        left -= old.length;
        const next = LEVELS[level + 1]?.step;
        for (const row of old) {
          this.#drop.run(row.series, step, row.first);
          if (next !== undefined) this.#merge(row.series, next, rolledUp(decodeBlock(row.data, row.count), next));
        }
      });
      if (this.bytes() > mostBytes) {
        left = 0;
        this.#db
          .prepare('DELETE FROM blocks WHERE (series, step, first) IN (SELECT series, step, first FROM blocks ORDER BY last LIMIT ?)')
          .run(TIDY_AT_ONCE);
      }
      for (const cluster of this.clusters()) if (this.#tidyCluster(cluster, now, mostBytesACluster)) left = 0;
      this.#db.prepare('DELETE FROM series WHERE id NOT IN (SELECT DISTINCT series FROM blocks)').run();
    });
    this.#ids.clear();
    return left <= 0;
  }

  clusters(): readonly string[] {
    return this.#db.prepare('SELECT DISTINCT cluster FROM series').pluck().all() as string[];
  }

  held(cluster: string): Held {
    return this.#db
      .prepare<[string]>(
        `SELECT count(DISTINCT s.id) AS series, coalesce(sum(length(b.data) + 40), 0) AS bytes, min(b.first) AS since
           FROM series s LEFT JOIN blocks b ON b.series = s.id WHERE s.cluster = ?`,
      )
      .all(cluster)
      .map((row) => row as { series: number; bytes: number; since: number | null })
      .map(({ series, bytes, since }) => ({ series, bytes, since: since ?? this.#firstOpen(cluster) }))[0]!;
  }

  /** When the newest sample of a cluster is from. */
  last(cluster: string): number | undefined {
    const stored = this.#db
      .prepare<[string]>('SELECT max(last) FROM blocks WHERE series IN (SELECT id FROM series WHERE cluster = ?)')
      .pluck()
      .get(cluster) as number | null;
    const ids = this.#db.prepare<[string]>('SELECT id FROM series WHERE cluster = ?').pluck().all(cluster) as number[];
    const last = ids.reduce((most, id) => Math.max(most, this.#open.get(id)?.last ?? -Infinity), stored ?? -Infinity);
    return Number.isFinite(last) ? last : undefined;
  }

  keeping(cluster: string): Keeping {
    const row = this.#db.prepare<[string]>('SELECT days, bytes FROM keeping WHERE cluster = ?').get(cluster);
    const { days, bytes } = (row ?? {}) as { days?: number | null; bytes?: number | null };
    return { days: days ?? undefined, bytes: bytes ?? undefined };
  }

  keep(cluster: string, { days, bytes }: Keeping): void {
    this.#db
      .prepare<[string, number | null, number | null]>('INSERT OR REPLACE INTO keeping VALUES (?, ?, ?)')
      .run(cluster, days ?? null, bytes ?? null);
  }

  /** All of a cluster. @returns how many series there were. */
  forget(cluster: string): number {
    const ids = this.#db.prepare<[string]>('SELECT id FROM series WHERE cluster = ?').pluck().all(cluster) as number[];
    for (const id of ids) this.#open.delete(id);
    this.#ids.clear();
    this.atOnce(() => {
      this.#db.prepare<[string]>('DELETE FROM blocks WHERE series IN (SELECT id FROM series WHERE cluster = ?)').run(cluster);
      this.#db.prepare<[string]>('DELETE FROM series WHERE cluster = ?').run(cluster);
    });
    return ids.length;
  }

  /** What is in use in the file. */
  bytes(): number {
    const value = (name: string) => this.#db.pragma(name, { simple: true }) as number;
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }

  close(): void {
    this.flush();
    this.#db.close();
  }

  /** As `decodeColumns` gives them; of roll-ups with the length of their spans at the end. What is open comes last. */
  *#columns(id: number, from: number, to: number): Generator<Columns> {
    const open = this.#open.get(id);
    for (const row of this.#within.all(id, from, to) as Row[]) {
      if (row.step === 0 && open?.stored === row.first) continue;
      const columns = decodeColumns(row.data, row.count);
      if (row.step === 0) yield columns;
      else {
        const [at, min, max = min, sum = min, counts = new Float64Array(row.count).fill(1)] = columns;
        yield [at, min, max, sum, counts, Float64Array.of(row.step)];
      }
    }
    if (open !== undefined && open.count > 0) yield [open.at, open.values];
  }

  #firstOpen(cluster: string): number | undefined {
    const ids = this.#db.prepare<[string]>('SELECT id FROM series WHERE cluster = ?').pluck().all(cluster) as number[];
    const first = ids.reduce((least, id) => Math.min(least, this.#open.get(id)?.first ?? Infinity), Infinity);
    return Number.isFinite(first) ? first : undefined;
  }

  #tidyCluster(cluster: string, now: number, most: number): boolean {
    const { days, bytes = most } = this.keeping(cluster);
    const of = `(SELECT id FROM series WHERE cluster = ?)`;
    if (days !== undefined)
      this.#db.prepare<[string, number]>(`DELETE FROM blocks WHERE series IN ${of} AND last < ?`).run(cluster, now - days * DAY);
    if (!(this.held(cluster).bytes > bytes)) return false;
    this.#db
      .prepare<[string, number]>(
        `DELETE FROM blocks WHERE (series, step, first) IN
           (SELECT series, step, first FROM blocks WHERE series IN ${of} ORDER BY last LIMIT ?)`,
      )
      .run(cluster, TIDY_AT_ONCE);
    return this.held(cluster).bytes > bytes;
  }

  #idOf(cluster: string, labels: Labels): number {
    const key = `${cluster}\n${textOf(labels)}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      if (this.#ids.size >= MOST_OPEN) this.#ids.clear();
      this.#ids.set(key, (id = this.id(cluster, labels)));
    }
    return id;
  }

  #opened(id: number): OpenBlock {
    const there = this.#open.get(id);
    if (there !== undefined) return there;
    const row = this.#newest.get(id, 0) as Row | undefined;
    const columns = row === undefined || row.count >= SMALLEST_FULL ? undefined : decodeColumns(row.data, row.count);
    const open =
      row === undefined || columns === undefined
        ? new OpenBlock(id)
        : new OpenBlock(id, { at: columns[0]!, values: columns[1]!, stored: row.first });
    this.#open.set(id, open);
    if (this.#open.size > MOST_OPEN) {
      const [oldest, its] = this.#open.entries().next().value!;
      this.#store(its);
      this.#open.delete(oldest);
    }
    return open;
  }

  #write(open: OpenBlock, at: number, value: number): void {
    if (at < open.last || open.count === 0) {
      const row = open.count === 0 || at < open.first ? (this.#holding.get(open.id, 0, at) as Row | undefined) : undefined;
      // Before all that is open: it belongs to an older block where there is one.
      if (row !== undefined && row.first !== open.stored && (open.count > 0 || at <= row.last)) {
        this.#merge(open.id, 0, [{ at, min: value, max: value, sum: value, count: 1 }]);
        return;
      }
    }
    open.put(at, value);
    // Not all series at the same time, for they began at the same time.
    const full = Math.max(SMALLEST_FULL, Math.min(FULL, Math.floor(OPEN_SAMPLES / this.#open.size)));
    if (open.count >= full - (open.id % Math.ceil(full / 4))) {
      this.#store(open);
      open.clear();
    }
  }

  #store(open: OpenBlock): void {
    if (!open.changed || open.count === 0) return;
    if (open.stored !== undefined && open.stored !== open.first) this.#drop.run(open.id, 0, open.stored);
    this.#put.run(open.id, 0, open.first, open.last, open.count, encodeColumns([open.at, open.values]));
    open.stored = open.first;
    open.changed = false;
  }

  /** Into the stored block they belong to. Roll-ups of one time are joined, a sample takes the place of one of the same time. */
  #merge(id: number, step: number, spans: readonly Span[]): void {
    const first = spans[0]?.at;
    if (first === undefined) return;
    const row = this.#holding.get(id, step, first) as Row | undefined;
    const all = row === undefined ? [] : decodeBlock(row.data, row.count);
    if (row !== undefined && row.count < 2 * FULL) this.#drop.run(id, step, row.first);
    else if (row !== undefined && first > row.last) all.length = 0;
    else if (row !== undefined) this.#drop.run(id, step, row.first);
    for (const span of spans) insert(all, span, step > 0);
    for (let from = 0; from < all.length; from += 2 * FULL) this.#putBlock(id, step, all.slice(from, from + 2 * FULL));
  }

  #putBlock(id: number, step: number, spans: readonly Span[]): void {
    this.#put.run(id, step, spans[0]!.at, spans.at(-1)!.at, spans.length, encodeBlock(spans));
  }
}

/** Label sets are written again and again: their text is made once. */
const texts = new WeakMap<Labels, string>();
function textOf(labels: Labels): string {
  let text = texts.get(labels);
  if (text === undefined) {
    text = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    texts.set(labels, text);
  }
  return text;
}
