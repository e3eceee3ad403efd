import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { KnowledgeSource, Trust } from '../../contract/index.ts';
import type { Passage } from '../../core/knowledge/chunk.ts';
import { givesOrders } from '../../core/knowledge/gives-orders.ts';
import { inPlainWords, stemsOf } from '../../core/knowledge/words.ts';
import { Passages } from './passages.ts';
import { type Statements, statementsOf } from './statements.ts';
import { VectorTable } from './vector-table.ts';

/** From so many times as many vectors as passages, those that belong to none are removed. */
const SPARE = 1.2;
const SCHEMA = 3;

const TABLES = `
  CREATE TABLE IF NOT EXISTS sources (
    name TEXT PRIMARY KEY, root TEXT NOT NULL, form TEXT NOT NULL, trust TEXT NOT NULL, licence TEXT, watched INTEGER NOT NULL,
    indexedAt TEXT, unfinished INTEGER NOT NULL DEFAULT 1, problem TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS files (
    source TEXT NOT NULL REFERENCES sources ON DELETE CASCADE, path TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (source, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES sources ON DELETE CASCADE, file TEXT NOT NULL, path TEXT NOT NULL,
    hash TEXT NOT NULL, at TEXT, passages INTEGER NOT NULL DEFAULT 0, UNIQUE (source, path)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS documentsOfFile ON documents (source, file);
  CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, ref TEXT NOT NULL,
    heading TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, head TEXT NOT NULL, stems TEXT NOT NULL, said INTEGER NOT NULL,
    meant INTEGER NOT NULL, orders INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS passagesOfDocument ON passages (document);
  CREATE INDEX IF NOT EXISTS passagesBySaid ON passages (said);
  CREATE INDEX IF NOT EXISTS passagesByMeant ON passages (meant);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    head, text, content = '', contentless_delete = 1, tokenize = 'unicode61', columnsize = 1, detail = full
  );
  CREATE TRIGGER IF NOT EXISTS forgetWords AFTER DELETE ON passages BEGIN DELETE FROM words WHERE rowid = old.id; END;
`;

export type SourceRow = Pick<KnowledgeSource, 'name' | 'root' | 'form' | 'trust' | 'licence' | 'watched'>;
type StoredSource = Omit<KnowledgeSource, 'state' | 'progress'> & { readonly unfinished: boolean };

/** A document as it is being put: its passages come piece by piece, and it counts as read when it is finished. */
export interface PutDocument {
  add(passages: readonly Passage[]): void;
  /** @param hash of all that was read */
  finish(hash: string): void;
}

/** Passages, their words and their vectors in a SQLite file of their own: it may be deleted, and is made again. @throws what SQLite throws. */
export class KnowledgeDatabase {
  readonly #db: BetterSqlite3.Database;
  readonly #statement: Statements;
  readonly vectors: VectorTable;
  readonly passages: Passages;

  constructor(file: string) {
    closeSync(openSync(file, 'a', 0o600));
    this.#db = new BetterSqlite3(file, { timeout: 2_000 });
    try {
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = NORMAL');
      this.#db.pragma('foreign_keys = ON');
      // What is removed leaves no text behind in the file.
      this.#db.pragma('secure_delete = FAST');
      this.#db.pragma('cache_size = -32768');
      this.#migrate();
      this.#statement = statementsOf(this.#db);
      this.vectors = new VectorTable(this.#db, this.#statement);
      this.passages = new Passages(this.#statement, this.vectors);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** An older file keeps its list of sources, which are read again. */
  #migrate(): void {
    const version = this.#db.pragma('user_version', { simple: true });
    if (version !== SCHEMA && this.#db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sources'`).get() !== undefined) {
      const before = this.#db
        .prepare<[], { name: string; root: string; trust: Trust; licence: string | null }>('SELECT name, root, trust, licence FROM sources')
        .all();
      this.#db.exec(
        'DROP TRIGGER IF EXISTS forgetWords; DROP TABLE IF EXISTS words; DROP TABLE IF EXISTS passages; DROP TABLE IF EXISTS documents; DROP TABLE sources;',
      );
      this.#db.exec(TABLES);
      for (const source of before) this.putSource({ ...source, form: 'files', watched: true });
    }
    this.#db.exec(TABLES);
    this.#db.pragma(`user_version = ${SCHEMA}`);
  }

  sources(): StoredSource[] {
    return this.#db
      .prepare<[], Omit<StoredSource, 'watched' | 'unfinished'> & { watched: number; unfinished: number }>(
        `SELECT name, root, form, trust, licence, watched, indexedAt, unfinished, problem,
           (SELECT count(*) FROM documents WHERE source = name) AS documents,
           (SELECT max(at) FROM documents WHERE source = name) AS newest,
           (SELECT count(*) FROM passages p JOIN documents d ON d.id = p.document WHERE d.source = name) AS passages,
           (SELECT count(*) FROM passages p JOIN documents d ON d.id = p.document WHERE d.source = name
              AND EXISTS (SELECT 1 FROM passages o WHERE o.said = p.said AND o.id <> p.id)) AS duplicates
         FROM sources ORDER BY form = 'builtIn', name`,
      )
      .all()
      .map((row) => ({
        ...row,
        watched: row.watched === 1,
        unfinished: row.unfinished === 1,
      }));
  }

  putSource({ name, root, form, trust, licence, watched }: SourceRow): void {
    this.#db
      .prepare(
        `INSERT INTO sources (name, root, form, trust, licence, watched) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET root = excluded.root, form = excluded.form, trust = excluded.trust, licence = excluded.licence,
           watched = excluded.watched, unfinished = 1`,
      )
      .run(name, root, form, trust, licence, watched ? 1 : 0);
  }

  indexed(name: string, at: string): void {
    this.#db.prepare('UPDATE sources SET indexedAt = ?, unfinished = 0, problem = NULL WHERE name = ?').run(at, name);
    const waits = this.#db.prepare('SELECT 1 FROM sources WHERE unfinished = 1').get() !== undefined;
    if (!waits && this.vectors.total() > SPARE * this.passages.total()) this.#forgetVectors();
  }

  failed(name: string, problem: string): void {
    this.#db.prepare('UPDATE sources SET problem = ?, unfinished = 0 WHERE name = ?').run(problem, name);
  }

  removeSource(name: string): void {
    this.#db.prepare('DELETE FROM sources WHERE name = ?').run(name);
    this.#forgetVectors();
  }

  /** Vectors of texts that nobody says any more. */
  #forgetVectors(): void {
    this.vectors.tidy();
    this.#db.pragma('wal_checkpoint(PASSIVE)');
  }

  /** Of each file of a source the stamp it had when it was read to its end. */
  files(source: string): Map<string, string> {
    const rows = this.#db.prepare<[string], { path: string; stamp: string }>('SELECT path, stamp FROM files WHERE source = ?').all(source);
    return new Map(rows.map(({ path, stamp }) => [path, stamp]));
  }

  putFile(source: string, path: string, stamp: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO files (source, path, stamp) VALUES (?, ?, ?)').run(source, path, stamp);
  }

  /** With all its documents. How many these were. */
  removeFile(source: string, path: string): number {
    return this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM files WHERE source = ? AND path = ?').run(source, path);
      return this.#db.prepare('DELETE FROM documents WHERE source = ? AND file = ?').run(source, path).changes;
    })();
  }

  /** Path and hash of each document that was read from a file. */
  documents(source: string, file: string): Map<string, string> {
    const rows = this.#db
      .prepare<[string, string], { path: string; hash: string }>('SELECT path, hash FROM documents WHERE source = ? AND file = ?')
      .all(source, file);
    return new Map(rows.map(({ path, hash }) => [path, hash]));
  }

  countOf(source: string, file: string): number {
    return (
      this.#db
        .prepare<[string, string], number>('SELECT count(*) FROM documents WHERE source = ? AND file = ?')
        .pluck()
        .get(source, file) ?? 0
    );
  }

  removeDocument(source: string, path: string): void {
    this.#db.prepare('DELETE FROM documents WHERE source = ? AND path = ?').run(source, path);
  }

  /** Several at once, in one transaction. */
  together<T>(work: () => T): T {
    return this.#db.transaction(work)();
  }

  putDocument(source: string, file: string, path: string, at: string | null): PutDocument {
    this.removeDocument(source, path);
    const document = this.#db
      .prepare(`INSERT INTO documents (source, file, path, hash, at) VALUES (?, ?, ?, '', ?)`)
      .run(source, file, path, at).lastInsertRowid;
    const put = this.#statement(
      'INSERT INTO passages (document, ref, heading, line, text, head, stems, said, meant, orders) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const index = this.#statement('INSERT INTO words (rowid, head, text) VALUES (?, ?, ?)');
    /** How often each was said in this document, by a number of it: the text itself would be all of a long document. */
    const times = new Map<number, number>();
    let count = 0;
    return {
      add: (passages) =>
        this.together(() => {
          for (const { heading, line, text } of passages) {
            const place = JSON.stringify([source, path, heading, text]);
            const known = numberOf(place);
            const nth = times.get(known) ?? 0;
            times.set(known, nth + 1);
            const id = createHash('sha256').update(`${place}${nth}`).digest('hex').slice(0, 20);
            const [head, stems] = [headStems(heading, path).join(' '), stemsOf(text).join(' ')];
            const meant = numberOf(meaningText(heading, text));
            const orders = givesOrders(text) ? 1 : 0;
            const { lastInsertRowid } = put.run(document, id, heading, line, text, head, stems, numberOf(stems), meant, orders);
            index.run(lastInsertRowid, head, stems);
            this.vectors.added(Number(lastInsertRowid), meant);
            count += 1;
          }
        }),
      finish: (hash) => void this.#db.prepare('UPDATE documents SET hash = ?, passages = ? WHERE id = ?').run(hash, count, document),
    };
  }

  /** What the vectors are made of, for passages that have none of this model: at most `count`, beginning behind the last that was asked. */
  withoutVector(model: string, count: number): { readonly meant: number; readonly text: string }[] {
    const rows = this.vectors.without(model, count);
    return rows.map(({ meant, heading, text }) => ({ meant, text: meaningText(heading, text) }));
  }

  close(): void {
    this.#db.close();
  }
}

/** Headings say what a passage is about, often better than itself; a path to a field is read as its words. */
function meaningText(heading: string, text: string): string {
  const about = heading
    .replaceAll(' > ', ': ')
    .replaceAll('[]', '')
    .replaceAll(/(?<=\w)\.(?=\w)/g, ' ');
  return inPlainWords(heading === '' ? text : `${about}\n${text}`);
}

/** Of the path only the last part, without its ending: folders say little, and say it of everything in them. */
const headStems = (heading: string, path: string) => stemsOf(`${heading} ${path.replace(/^.*\//, '').replace(/\.[a-z]+$/i, '')}`);

/** 52 bits of a hash: a number SQLite and JavaScript have in common. */
const numberOf = (text: string) => Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 13), 16);
