import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { type KnowledgeAnswer, type KnowledgeHit, type KnowledgeSource, TrustSchema } from '../../contract/index.ts';
import type { Passage } from '../../core/knowledge/chunk.ts';
import { rankFound } from '../../core/knowledge/rank.ts';
import { matchOf, termsOf } from '../../core/knowledge/words.ts';

/** So many that bm25 likes best are looked at more closely. */
const CANDIDATES = 100;
/** A shorter beginning of a word is the beginning of too many. */
const PREFIX_FROM = 4;

const TABLES = `
  CREATE TABLE IF NOT EXISTS sources (
    name TEXT PRIMARY KEY, root TEXT NOT NULL, trust TEXT NOT NULL, licence TEXT, indexedAt TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES sources ON DELETE CASCADE, path TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (source, path)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, hash TEXT NOT NULL,
    heading TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS passagesOfDocument ON passages (document);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    heading, path, text, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
  );
  CREATE TRIGGER IF NOT EXISTS forgetWords AFTER DELETE ON passages BEGIN DELETE FROM words WHERE rowid = old.id; END;
`;

const PASSAGES = `SELECT p.hash AS id, d.source, d.path, p.heading, p.line, p.text, s.trust
  FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source`;

type PassageRow = Omit<KnowledgeHit, 'score' | 'confident'>;
type SourceRow = Pick<KnowledgeSource, 'name' | 'root' | 'trust' | 'licence'>;

/** Passages and their words in a SQLite file of their own: it may be deleted, and is made again from the sources. @throws what SQLite throws. */
export class KnowledgeDatabase {
  readonly #db: BetterSqlite3.Database;

  constructor(file: string) {
    closeSync(openSync(file, 'a', 0o600));
    this.#db = new BetterSqlite3(file, { timeout: 2_000 });
    try {
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = NORMAL');
      this.#db.pragma('foreign_keys = ON');
      this.#db.exec(TABLES);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  sources(): KnowledgeSource[] {
    return this.#db
      .prepare<[], KnowledgeSource>(
        `SELECT name, root, trust, licence, (SELECT count(*) FROM documents WHERE source = name) AS documents,
           (SELECT count(*) FROM passages p JOIN documents d ON d.id = p.document WHERE d.source = name) AS passages, indexedAt
         FROM sources ORDER BY name`,
      )
      .all()
      .map((row) => ({ ...row, trust: TrustSchema.parse(row.trust) }));
  }

  putSource({ name, root, trust, licence }: SourceRow): void {
    this.#db
      .prepare(
        `INSERT INTO sources (name, root, trust, licence) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET trust = excluded.trust, licence = excluded.licence`,
      )
      .run(name, root, trust, licence);
  }

  indexed(name: string, at: string): void {
    this.#db.prepare('UPDATE sources SET indexedAt = ? WHERE name = ?').run(at, name);
  }

  removeSource(name: string): void {
    this.#db.prepare('DELETE FROM sources WHERE name = ?').run(name);
  }

  /** Path and hash of each document of a source. */
  documents(source: string): Map<string, string> {
    const rows = this.#db
      .prepare<[string], { path: string; hash: string }>('SELECT path, hash FROM documents WHERE source = ?')
      .all(source);
    return new Map(rows.map(({ path, hash }) => [path, hash]));
  }

  removeDocument(source: string, path: string): void {
    this.#db.prepare('DELETE FROM documents WHERE source = ? AND path = ?').run(source, path);
  }

  /** One transaction, so that a document is there as it was or as it is. */
  putDocument(source: string, path: string, hash: string, passages: readonly Passage[]): void {
    this.#db.transaction(() => {
      this.removeDocument(source, path);
      const document = this.#db
        .prepare('INSERT INTO documents (source, path, hash) VALUES (?, ?, ?)')
        .run(source, path, hash).lastInsertRowid;
      const put = this.#db.prepare('INSERT INTO passages (document, hash, heading, line, text) VALUES (?, ?, ?, ?, ?)');
      const index = this.#db.prepare('INSERT INTO words (rowid, heading, path, text) VALUES (?, ?, ?, ?)');
      const times = new Map<string, number>();
      for (const { heading, line, text } of passages) {
        const place = JSON.stringify([source, path, heading, text]);
        const nth = times.get(place) ?? 0;
        times.set(place, nth + 1);
        const id = createHash('sha256').update(`${place}${nth}`).digest('hex').slice(0, 20);
        index.run(put.run(document, id, heading, line, text).lastInsertRowid, heading, path, text);
      }
    })();
  }

  page(source: string, path: string): PassageRow[] {
    return this.#db.prepare<[string, string], PassageRow>(`${PASSAGES} WHERE d.source = ? AND d.path = ? ORDER BY p.id`).all(source, path);
  }

  search(text: string, top: number): KnowledgeAnswer {
    const having = this.#db.prepare<[string], number>('SELECT rowid FROM words WHERE words MATCH ?').pluck();
    const terms = termsOf(text).map((term) => {
      const match = matchOf(term);
      const exact = new Set(having.all(match));
      if (exact.size > 0 || term.some((name) => name.length < PREFIX_FROM)) return { match, ids: exact };
      const begins = matchOf(term, true);
      return { match: begins, ids: new Set(having.all(begins)) };
    });
    const total = this.#db.prepare<[], number>('SELECT count(*) FROM passages').pluck().get() ?? 0;
    const found =
      terms.length === 0
        ? []
        : this.#db
            .prepare<[string, number], { id: number; bm25: number }>(
              'SELECT rowid AS id, bm25(words, 4.0, 3.0, 1.0) AS bm25 FROM words WHERE words MATCH ? ORDER BY bm25 LIMIT ?',
            )
            .all(terms.map(({ match }) => match).join(' OR '), CANDIDATES);
    const passage = this.#db.prepare<[number], PassageRow>(`${PASSAGES} WHERE p.id = ?`);
    const results: KnowledgeHit[] = [];
    const said = new Set<string>();
    const ranked = rankFound(
      found,
      terms.map(({ ids }) => ids),
      total,
    );
    for (const { id, score, confident } of ranked) {
      if (results.length >= top) break;
      const row = passage.get(id);
      // What several sources say in the same words is said once.
      if (row === undefined || said.has(row.text)) continue;
      said.add(row.text);
      results.push({ ...row, score, confident });
    }
    return { results, noGoodMatch: !results.some(({ confident }) => confident) };
  }

  close(): void {
    this.#db.close();
  }
}
