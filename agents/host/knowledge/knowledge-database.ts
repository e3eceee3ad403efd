import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { KnowledgeAnswer, KnowledgeHit, KnowledgeSource, Trust } from '../../contract/index.ts';
import type { Passage } from '../../core/knowledge/chunk.ts';
import { givesOrders } from '../../core/knowledge/gives-orders.ts';
import { type Candidate, type Triples, type WeighedTerm, nearlySame, rankCandidates, triplesOf } from '../../core/knowledge/rank.ts';
import { type Term, inPlainWords, matchOf, stemsOf, termsOf } from '../../core/knowledge/words.ts';
import { type Statements, statementsOf } from './statements.ts';
import { VectorTable } from './vector-table.ts';

/** So many that bm25 likes best, and so many that are nearest in meaning, are looked at more closely. */
const CANDIDATES = 60;
/** A shorter beginning of a word is the beginning of too many. */
const PREFIX_FROM = 4;
/** A term that more than this part of all passages has finds nothing by itself, as long as there is a rarer one. */
const COMMON = 0.2;
/** So many passages that have one of the words are compared by them, which is most of what a question costs. */
const LOOKED_AT = 6_000;
/** What says the same is scored nearly the same. */
const ALIKE = 0.1;
/** A document of so few passages is a page of one piece. */
const SHORT_PAGE = 8;
/** From so many times as many vectors as passages, those that belong to none are removed. */
const SPARE = 1.2;
/** Characters of a page that is quoted as a whole. */
const LONGEST_QUOTE = 2_800;
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

const PASSAGES = `SELECT p.id AS number, p.document, p.ref AS id, d.source, d.path, p.heading, p.line, p.text, p.orders AS givesOrders, s.trust, d.at
  FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source`;

/** What a passage is judged by, without what it says. Of a document that is not read to its end, none are counted. */
const JUDGED = `SELECT p.id, p.document, p.head, p.stems, p.said, s.trust, d.passages
  FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source`;

interface JudgedRow {
  readonly id: number;
  readonly document: number;
  readonly head: string;
  readonly stems: string;
  readonly said: number;
  readonly trust: Trust;
  readonly passages: number;
}
const isShort = ({ passages }: Pick<JudgedRow, 'passages'>) => passages > 0 && passages <= SHORT_PAGE;

type PassageRow = Omit<KnowledgeHit, 'score' | 'confident' | 'alsoIn' | 'givesOrders'> & {
  readonly number: number;
  readonly document: number;
  readonly givesOrders: number;
};
/** A question as a model hears it. */
export interface QuestionVector {
  readonly model: string;
  readonly values: Float32Array;
}

export type PagePassage = Omit<KnowledgeHit, 'score' | 'confident' | 'alsoIn'>;
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
  /** How long a passage usually is, and of how many this was said. */
  #usual = { of: -1, stems: 100 };

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
    if (!waits && this.vectors.total() > SPARE * this.total()) this.#forgetVectors();
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

  page(source: string, path: string): PagePassage[] {
    return this.#db
      .prepare<[string, string], PassageRow>(`${PASSAGES} WHERE d.source = ? AND d.path = ? ORDER BY p.id`)
      .all(source, path)
      .map(shown);
  }

  total(): number {
    return this.#statement<[], number>('SELECT count(*) FROM passages').pluck().get() ?? 0;
  }

  search(text: string, top: number, vector?: QuestionVector): KnowledgeAnswer {
    const { candidates, judged, terms, total, usual } = this.candidates(text, vector);
    const results: (KnowledgeHit & { readonly said: number; readonly triples: Triples })[] = [];
    for (const { id, score, confident } of rankCandidates(candidates, terms, total, usual)) {
      const row = judged.get(id);
      if (row === undefined) continue;
      // What says nearly the same is as good an answer: further down there is none.
      if (results.length === top && score < (results.at(-1)?.score ?? 0) - ALIKE) break;
      const triples = triplesOf(row.stems);
      const same = results.find((one) => one.said === row.said || (one.score - score < ALIKE && nearlySame(one.triples, triples)));
      if (same === undefined && results.length === top) continue;
      const passage = this.quoted(id);
      if (passage === undefined) continue;
      if (same === undefined) results.push({ ...passage, score, confident, alsoIn: [], said: row.said, triples });
      else same.alsoIn.push({ source: passage.source, path: passage.path, heading: passage.heading });
    }
    return {
      results: results.map(({ said: _said, triples: _triples, ...result }) => result),
      noGoodMatch: !results.some(({ confident }) => confident),
    };
  }

  /** What may answer, with what speaks for it: found by words or by vectors, and with it the rest of its page where that is short. */
  candidates(text: string, vector?: QuestionVector) {
    const total = this.total();
    const terms = termsOf(text).map((term) => this.#weighed(term));
    const near = vector === undefined ? new Map<number, number>() : this.vectors.nearest(vector.model, vector.values, CANDIDATES);
    const among = (what: string, numbers: Iterable<number>) =>
      this.#statement<[string], JudgedRow>(`${JUDGED} WHERE p.${what} IN (SELECT value FROM json_each(?))`).all(
        JSON.stringify([...numbers]),
      );
    const found = among('id', new Set([...this.#byWords(terms, total), ...near.keys()]));
    const pages = among('document', new Set(found.filter(isShort).map(({ document }) => document)));
    const judged = new Map([...found, ...pages].map((row) => [row.id, { ...row, stems: row.stems.split(' '), head: row.head.split(' ') }]));
    const further = vector === undefined ? [] : [...judged.keys()].filter((id) => !near.has(id));
    const cosines = new Map([...near, ...(vector === undefined ? [] : this.vectors.cosines(vector.model, vector.values, further))]);
    const candidates = [...judged.values()].map((row): Candidate => ({
      id: row.id,
      own: row.trust === 'own',
      page: isShort(row) ? row.document : undefined,
      stems: row.stems,
      head: row.head,
      cosine: cosines.get(row.id),
    }));
    return { candidates, judged, terms, total, usual: this.#usualLength(total) };
  }

  /** A passage as it is quoted: of a short page, the whole of it. */
  quoted(id: number): PagePassage | undefined {
    const row = this.#statement<[number], PassageRow>(`${PASSAGES} WHERE p.id = ?`).get(id);
    if (row === undefined) return undefined;
    const page = this.#statement<[number, number], PassageRow>(`${PASSAGES} WHERE p.document = ? ORDER BY p.id LIMIT ?`).all(
      row.document,
      SHORT_PAGE + 1,
    );
    return page.length > SHORT_PAGE ? shown(row) : asPage(row, page);
  }

  #weighed(term: Term): WeighedTerm {
    const having = this.#statement<[string], number>('SELECT count(*) FROM words WHERE words MATCH ?').pluck();
    const exact = having.get(matchOf(term)) ?? 0;
    const [word] = term.ways[0] ?? [];
    if (exact > 0 || term.ways.length > 1 || (word?.length ?? 0) < PREFIX_FROM) return { ...term, having: exact };
    const begins = { ...term, prefix: true };
    return { ...begins, having: having.get(matchOf(begins)) ?? 0 };
  }

  /** The rarest words first, until so many passages have one of them: what has none of these, but common words, answers nothing. */
  #byWords(terms: readonly WeighedTerm[], total: number): number[] {
    const there = terms.filter(({ having }) => having > 0).sort((a, b) => a.having - b.having);
    const rare = there.filter(({ having }) => having <= COMMON * total);
    let passages = 0;
    const asked = (rare.length > 0 ? rare : there).filter(({ having }, i) => {
      passages += having;
      return i === 0 || passages <= LOOKED_AT;
    });
    if (asked.length === 0) return [];
    return this.#statement<[string, number], number>(
      `SELECT rowid FROM words WHERE words MATCH ? AND rank MATCH 'bm25(3.0, 1.0)' ORDER BY rank LIMIT ?`,
    )
      .pluck()
      .all(asked.map(matchOf).join(' OR '), CANDIDATES);
  }

  /** Looked at anew when there are a tenth more or fewer than the last time. */
  #usualLength(total: number): number {
    if (Math.abs(total - this.#usual.of) * 10 > this.#usual.of) {
      const characters = this.#db
        .prepare<[], number | null>('SELECT avg(length(text)) FROM (SELECT text FROM passages LIMIT 2000)')
        .pluck()
        .get();
      this.#usual = { of: total, stems: Math.max(1, (characters ?? 600) / 6) };
    }
    return this.#usual.stems;
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

const shown = ({ number: _, document: _document, givesOrders: orders, ...row }: PassageRow): PagePassage => ({
  ...row,
  givesOrders: orders === 1,
});

/**
 * A short page is quoted as a whole, under what all its headings have in common: its sections are of one piece, what to do belongs to what
 * it means. A longer text than fits is quoted from the section that was found.
 */
function asPage(row: PassageRow, page: readonly PassageRow[]): PagePassage {
  const paths = page.map(({ heading }) => heading.split(' > '));
  const [first = []] = paths;
  let common = first.findIndex((title, i) => paths.some((path) => path[i] !== title));
  if (common === -1) common = first.length;
  let last: string | undefined;
  const parts = page.map(({ text }, i) => {
    const below = (paths[i] ?? []).slice(common).join(' > ');
    const head = below === '' || below === last ? '' : `## ${below}\n\n`;
    last = below;
    return `${head}${text}`;
  });
  const text = parts.join('\n\n');
  if (page.length < 2 || text.length > LONGEST_QUOTE) return shown(row);
  return {
    ...shown(row),
    heading: first.slice(0, common).join(' > '),
    text,
    givesOrders: page.some(({ givesOrders: orders }) => orders === 1),
  };
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
