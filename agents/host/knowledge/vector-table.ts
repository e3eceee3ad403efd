import type BetterSqlite3 from 'better-sqlite3';
import { getLoadablePath } from 'sqlite-vec';
import { SignIndex, cosine, eightBits } from '../../core/knowledge/vectors.ts';
import type { Statements } from './statements.ts';

/** So many are nearest by signs for each one that is wanted, and are measured. */
const OVERSAMPLE = 5;

const TABLE = 'CREATE TABLE IF NOT EXISTS vectors (meant INTEGER PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL) STRICT;';

interface Missing {
  readonly id: number;
  readonly meant: number;
  readonly heading: string;
  readonly text: string;
}

/**
 * The vectors of what passages mean. One stands for all passages that mean the same, so a document that changes keeps those of its other
 * passages. Signs are in memory (core/knowledge/vectors.ts); the measuring is SQLite's, by sqlite-vec, or JavaScript's where that
 * extension is not to be had.
 */
export class VectorTable {
  readonly #db: BetterSqlite3.Database;
  readonly #statement: Statements;
  readonly extension: boolean;
  #index: { readonly model: string; readonly signs: SignIndex } | undefined;
  /** The last passage `without` has looked at, and for which model. */
  #looked = { model: '', upTo: 0 };

  constructor(db: BetterSqlite3.Database, statement: Statements) {
    this.#db = db;
    this.#statement = statement;
    db.exec(TABLE);
    this.extension = loads(db);
  }

  put(model: string, meant: readonly number[], vectors: readonly Float32Array[]): void {
    const put = this.#statement('INSERT OR REPLACE INTO vectors (meant, model, vector) VALUES (?, ?, ?)');
    const having = this.#statement<[number], number>('SELECT id FROM passages WHERE meant = ?').pluck();
    this.#db.transaction(() => {
      for (const [i, number] of meant.entries()) {
        const vector = vectors[i];
        if (vector === undefined) continue;
        const small = eightBits(vector);
        put.run(number, model, Buffer.from(small.buffer));
        if (this.#index?.model === model) for (const id of having.all(number)) this.#index.signs.add(id, small);
      }
    })();
  }

  /** A passage is there whose meaning may have a vector already. */
  added(id: number, meant: number): void {
    if (this.#index === undefined) return;
    const row = this.#statement<[number, string], { vector: Buffer }>('SELECT vector FROM vectors WHERE meant = ? AND model = ?').get(
      meant,
      this.#index.model,
    );
    if (row !== undefined) this.#index.signs.add(id, numbersOf(row.vector));
  }

  /** Passages without a vector of this model, beginning behind the last that was looked at; nothing: there are no more. */
  without(model: string, count: number): Missing[] {
    if (this.#looked.model !== model) this.#looked = { model, upTo: 0 };
    const rows = this.#db
      .prepare<[string, number, number], Missing>(
        `SELECT p.id, p.meant, p.heading, p.text FROM passages p
         WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.meant = p.meant AND v.model = ?) AND p.id > ? ORDER BY p.id LIMIT ?`,
      )
      .all(model, this.#looked.upTo, count);
    const last = rows.at(-1);
    if (last !== undefined) this.#looked = { model, upTo: last.id };
    return rows;
  }

  /** What was given out by `without` and did not become vectors is given out again. */
  again(): void {
    this.#looked = { model: '', upTo: 0 };
  }

  /** How many passages have one of this model. */
  done(model: string): number {
    return (
      this.#db
        .prepare<[string], number>('SELECT count(*) FROM passages p JOIN vectors v ON v.meant = p.meant WHERE v.model = ?')
        .pluck()
        .get(model) ?? 0
    );
  }

  total(): number {
    return this.#statement<[], number>('SELECT count(*) FROM vectors').pluck().get() ?? 0;
  }

  /** Vectors of what no passage says any more. */
  tidy(): void {
    this.#db.exec('DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.meant = vectors.meant)');
    this.#index = undefined;
  }

  /** The passages that are nearest, but for some, each with its cosine. */
  nearest(model: string, asked: Float32Array, count: number, except?: ReadonlySet<number>): Map<number, number> {
    const found = this.#signs(model, asked.length).nearest(asked, count * OVERSAMPLE, except);
    const measured = this.cosines(model, asked, found);
    return new Map(measured.sort((a, b) => b[1] - a[1]).slice(0, count));
  }

  /** Of those that have a vector, how near each is. */
  cosines(model: string, asked: Float32Array, ids: readonly number[]): [number, number][] {
    return this.extension ? this.#measuredHere(model, asked, ids) : this.#measured(model, asked, ids);
  }

  #measured(model: string, asked: Float32Array, ids: readonly number[]): [number, number][] {
    const row = this.#statement<[number, string], Buffer>(
      'SELECT v.vector FROM passages p JOIN vectors v ON v.meant = p.meant WHERE p.id = ? AND v.model = ?',
    ).pluck();
    return ids.flatMap((id) => {
      const vector = row.get(id, model);
      return vector === undefined ? [] : [[id, cosine(asked, numbersOf(vector))]];
    });
  }

  #measuredHere(model: string, asked: Float32Array, ids: readonly number[]): [number, number][] {
    const small = Buffer.from(eightBits(asked).buffer);
    return this.#statement<[Buffer, string, string], { id: number; apart: number | null }>(
      `SELECT p.id, vec_distance_cosine(vec_int8(v.vector), vec_int8(?)) AS apart FROM json_each(?) j
         JOIN passages p ON p.id = j.value JOIN vectors v ON v.meant = p.meant WHERE v.model = ?`,
    )
      .all(small, JSON.stringify(ids), model)
      .map(({ id, apart }) => [id, apart === null ? 0 : 1 - apart]);
  }

  #signs(model: string, dimensions: number): SignIndex {
    if (this.#index?.model === model) return this.#index.signs;
    const signs = new SignIndex(dimensions);
    const rows = this.#db
      .prepare<[string], { id: number; vector: Buffer }>(
        'SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.meant = p.meant WHERE v.model = ?',
      )
      .iterate(model);
    for (const { id, vector } of rows) signs.add(id, numbersOf(vector));
    this.#index = { model, signs };
    return signs;
  }
}

const numbersOf = (bytes: Buffer) => new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** There is no build of it for every platform; an app packed into one file keeps its libraries beside that file. */
function loads(db: BetterSqlite3.Database): boolean {
  try {
    db.loadExtension(getLoadablePath().replace('app.asar', 'app.asar.unpacked'));
    return true;
  } catch {
    return false;
  }
}
