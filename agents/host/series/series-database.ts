import BetterSqlite3 from 'better-sqlite3';
import { migrate } from '../store/migrations.ts';
import { series as schema } from './0070-series.ts';
import { decodeBlock, decodeColumns, encodeBlock, joined, sampleOf, type Span } from './block.ts';

/** Metrics of clusters as they were, on this machine: packed blocks in SQLite. One connection, for one thread. */

/** By name and value, `__name__` for the metric's own. */
export type Labels = Readonly<Record<string, string>>;

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

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** How long spans of each step are kept before they are rolled up into the next; after the last they are deleted. 0 is samples as they came. */
const LEVELS = [
  { step: 0, keep: 7 * DAY },
  { step: MINUTE, keep: 21 * DAY },
  { step: 15 * MINUTE, keep: 90 * DAY },
  { step: 60 * MINUTE, keep: 400 * DAY },
] as const;
/** Spans in a block. */
const FULL = 480;
/** Series whose newest block is kept open in memory; the one unused for longest is written out first. */
const MOST_OPEN = 10_000;
/** Blocks that one call of `tidy` rolls up, so that it does not hold up others for long. */
const TIDY_AT_ONCE = 2_000;

interface Row {
  readonly step: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly data: Buffer;
}

interface Open {
  readonly id: number;
  /** In the order of their times. */
  spans: Span[];
  /** The block's key where it is stored already. */
  stored: number | undefined;
  changed: boolean;
}

export class SeriesDatabase {
  readonly #db: BetterSqlite3.Database;
  readonly #open = new Map<string, Open>();
  readonly #find;
  readonly #add;
  readonly #newest;
  readonly #holding;
  readonly #put;
  readonly #drop;
  readonly #within;

  /** @param path a file of its own, or `:memory:`. */
  constructor(path: string) {
    this.#db = new BetterSqlite3(path);
    this.#db.pragma('journal_mode = WAL');
    // A power cut may cost the newest minutes, never the file.
    this.#db.pragma('synchronous = NORMAL');
    migrate(this.#db, [schema]);
    const prepare = <A extends unknown[]>(sql: string) => this.#db.prepare<A>(sql);
    this.#find = prepare<[string, string]>('SELECT id FROM series WHERE cluster = ? AND labels = ?').pluck();
    this.#add = prepare<[string, string]>('INSERT INTO series (cluster, labels) VALUES (?, ?)');
    this.#newest = prepare<[number, number]>('SELECT * FROM blocks WHERE series = ? AND step = ? ORDER BY first DESC LIMIT 1');
    this.#holding = prepare<[number, number, number]>(
      'SELECT * FROM blocks WHERE series = ? AND step = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    );
    this.#put = prepare<[number, number, number, number, number, Buffer]>('INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?, ?)');
    this.#drop = prepare<[number, number, number]>('DELETE FROM blocks WHERE series = ? AND step = ? AND first = ?');
    this.#within = prepare<[number, number, number]>(
      'SELECT * FROM blocks WHERE series = ? AND last >= ? AND first < ? ORDER BY step DESC, first',
    );
  }

  /** Late and unordered samples find their place; of two for one time the later given holds. What is no number is refused and counted. */
  write(cluster: string, samples: readonly Sample[]): Written {
    let refused = 0;
    this.#db.transaction(() => {
      for (const { labels, at, value } of samples)
        if (!Number.isFinite(value) || !Number.isSafeInteger(at)) refused += 1;
        else this.#write(this.#opened(cluster, labels), sampleOf(at, value));
    })();
    return { taken: samples.length - refused, refused };
  }

  /** Stores what is open; what was written before is safe from then on. */
  flush(): void {
    this.#db.transaction(() => {
      for (const open of this.#open.values()) this.#store(open);
    })();
  }

  /**
   * Spans of `step` milliseconds of one series that have samples, from `from` to before `to`. Where samples were rolled up already, spans are
   * no shorter than the roll-up's.
   */
  range(cluster: string, labels: Labels, from: number, to: number, step: number): readonly Span[] {
    const key = keyOf(cluster, labels);
    const id = this.#open.get(key)?.id ?? (this.#find.get(cluster, textOf(labels)) as number | undefined);
    if (id === undefined) return [];
    const open = this.#open.get(key);
    const out = new Map<number, { at: number; min: number; max: number; sum: number; count: number }>();
    let current = { at: Number.NaN, min: 0, max: 0, sum: 0, count: 0 };
    const fold = (at: number, min: number, max: number, sum: number, count: number) => {
      if (at < from || at >= to) return;
      if (!(at >= current.at && at < current.at + step)) {
        const start = Math.floor(at / step) * step;
        const there = out.get(start);
        current = there ?? { at: start, min, max, sum, count };
        if (there === undefined) {
          out.set(start, current);
          return;
        }
      }
      if (min < current.min) current.min = min;
      if (max > current.max) current.max = max;
      current.sum += sum;
      current.count += count;
    };
    for (const row of this.#within.all(id, from, to) as Row[]) {
      if (row.step === 0 && open?.stored === row.first) continue;
      const [at, min, max = min, sum = min, counts] = decodeColumns(row.data, row.count);
      for (let i = 0; i < row.count; i++) {
        // Samples of the span before, one after the other: nearly all are, and a call for each would be most of the work.
        if (counts === undefined && at![i]! < current.at + step && at![i]! >= current.at && at![i]! >= from && at![i]! < to) {
          const value = min![i]!;
          if (value < current.min) current.min = value;
          if (value > current.max) current.max = value;
          current.sum += value;
          current.count += 1;
        } else fold(at![i]!, min![i]!, max![i]!, sum![i]!, counts?.[i] ?? 1);
      }
    }
    for (const s of open?.spans ?? []) fold(s.at, s.min, s.max, s.sum, s.count);
    return [...out.values()].sort((a, b) => a.at - b.at);
  }

  /** Rolls up and deletes what is too old; the oldest goes where the file is larger than `mostBytes`. True when there is more to do. */
  tidy(now: number, mostBytes = Number.POSITIVE_INFINITY): boolean {
    this.flush();
    // What is open may be among what is rolled up.
    this.#open.clear();
    let left = TIDY_AT_ONCE;
    this.#db.transaction(() => {
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
      this.#db.prepare('DELETE FROM series WHERE id NOT IN (SELECT DISTINCT series FROM blocks)').run();
    })();
    return left <= 0;
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

  #opened(cluster: string, labels: Labels): Open {
    const key = keyOf(cluster, labels);
    const there = this.#open.get(key);
    if (there !== undefined) return there;
    const text = textOf(labels);
    const id = (this.#find.get(cluster, text) as number | undefined) ?? Number(this.#add.run(cluster, text).lastInsertRowid);
    const row = this.#newest.get(id, 0) as Row | undefined;
    const open: Open =
      row === undefined || row.count >= FULL
        ? { id, spans: [], stored: undefined, changed: false }
        : { id, spans: decodeBlock(row.data, row.count), stored: row.first, changed: false };
    this.#open.set(key, open);
    if (this.#open.size > MOST_OPEN) {
      const [oldest, its] = this.#open.entries().next().value!;
      this.#store(its);
      this.#open.delete(oldest);
    }
    return open;
  }

  #write(open: Open, span: Span): void {
    const last = open.spans.at(-1);
    if (last === undefined || span.at < open.spans[0]!.at) {
      const row = this.#holding.get(open.id, 0, span.at) as Row | undefined;
      // Before all that is open: it belongs to an older block where there is one.
      if (row !== undefined && (last !== undefined || span.at <= row.last)) {
        this.#merge(open.id, 0, [span]);
        return;
      }
    }
    insert(open.spans, span);
    open.changed = true;
    if (open.spans.length >= FULL) {
      this.#store(open);
      open.spans = [];
      open.stored = undefined;
    }
  }

  #store(open: Open): void {
    if (!open.changed || open.spans.length === 0) return;
    if (open.stored !== undefined && open.stored !== open.spans[0]!.at) this.#drop.run(open.id, 0, open.stored);
    this.#putBlock(open.id, 0, open.spans);
    open.stored = open.spans[0]!.at;
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

/** Mostly at the end. */
function insert(spans: Span[], span: Span, join = false): void {
  let place = spans.length;
  while (place > 0 && spans[place - 1]!.at > span.at) place--;
  const before = spans[place - 1];
  if (before?.at === span.at) spans[place - 1] = join ? joined(before, span) : span;
  else spans.splice(place, 0, span);
}

function rolledUp(spans: readonly Span[], step: number): readonly Span[] {
  const out: Span[] = [];
  for (const span of spans) insert(out, { ...span, at: Math.floor(span.at / step) * step }, true);
  return out;
}

const textOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
const keyOf = (cluster: string, labels: Labels): string => `${cluster}\n${textOf(labels)}`;
