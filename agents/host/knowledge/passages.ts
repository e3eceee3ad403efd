import type { KnowledgeAnswer, KnowledgeHit, Trust } from '../../contract/index.ts';
import {
  type Candidate,
  type Triples,
  type WeighedTerm,
  nearlySame,
  rankByMeaning,
  rankCandidates,
  triplesOf,
} from '../../core/knowledge/rank.ts';
import { type Term, matchOf, termsOf } from '../../core/knowledge/words.ts';
import type { Statements } from './statements.ts';
import type { VectorTable } from './vector-table.ts';

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
/** Characters of a page that is quoted as a whole. */
const LONGEST_QUOTE = 2_800;

const PASSAGES = `SELECT p.id AS number, p.document, p.ref AS id, d.source, d.path, p.heading, p.line, p.text, p.orders AS givesOrders, s.trust, d.at
  FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source`;

/** What a passage is judged by, without what it says. Of a document that is not read to its end, none are counted. */
const JUDGED = `SELECT p.id, p.document, p.head, p.stems, p.said, s.trust, d.passages
  FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source`;

/** What comes with the app. */
const SHIPPED = `SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN sources s ON s.name = d.source WHERE s.form = 'builtIn'`;

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

/** The passages of the knowledge database as they are asked for: what answers a question, and how it is quoted. */
export class Passages {
  readonly #statement: Statements;
  readonly #vectors: VectorTable;
  /** How long a passage usually is, and of how many this was said. */
  #usual = { of: -1, stems: 100 };

  constructor(statement: Statements, vectors: VectorTable) {
    this.#statement = statement;
    this.#vectors = vectors;
  }

  page(source: string, path: string): PagePassage[] {
    return this.#statement<[string, string], PassageRow>(`${PASSAGES} WHERE d.source = ? AND d.path = ? ORDER BY p.id`)
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

  /** `teamOnly` of the contract's `KnowledgeQuery`. */
  searchTeam(text: string, top: number, vector?: QuestionVector): KnowledgeAnswer {
    const total = this.total();
    const terms = termsOf(text).map((term) => this.#weighed(term));
    const shipped = new Set(this.#statement<[], number>(SHIPPED).pluck().all());
    const near = vector === undefined ? [] : this.#vectors.nearest(vector.model, vector.values, CANDIDATES, shipped);
    const cosines = new Map(near);
    const results = rankByMeaning(
      this.#among('id', cosines.keys()).map(({ id, stems, head }) => ({
        id,
        stems: stems.split(' '),
        head: head.split(' '),
        cosine: cosines.get(id) ?? 0,
      })),
      terms,
      total,
    ).slice(0, top);
    return {
      results: results.flatMap(({ id, score, confident }) => {
        const row = this.#passage(id);
        return row === undefined ? [] : [{ ...shown(row), score, confident, alsoIn: [] }];
      }),
      noGoodMatch: !results.some(({ confident }) => confident),
    };
  }

  /** What may answer, with what speaks for it: found by words or by vectors, and with it the rest of its page where that is short. */
  candidates(text: string, vector?: QuestionVector) {
    const total = this.total();
    const terms = termsOf(text).map((term) => this.#weighed(term));
    const near = vector === undefined ? new Map<number, number>() : this.#vectors.nearest(vector.model, vector.values, CANDIDATES);
    const found = this.#among('id', new Set([...this.#byWords(terms, total), ...near.keys()]));
    const pages = this.#among('document', new Set(found.filter(isShort).map(({ document }) => document)));
    const judged = new Map([...found, ...pages].map((row) => [row.id, { ...row, stems: row.stems.split(' '), head: row.head.split(' ') }]));
    const further = vector === undefined ? [] : [...judged.keys()].filter((id) => !near.has(id));
    const cosines = new Map([...near, ...(vector === undefined ? [] : this.#vectors.cosines(vector.model, vector.values, further))]);
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

  #among(what: 'id' | 'document', numbers: Iterable<number>): JudgedRow[] {
    return this.#statement<[string], JudgedRow>(`${JUDGED} WHERE p.${what} IN (SELECT value FROM json_each(?))`).all(
      JSON.stringify([...numbers]),
    );
  }

  #passage(id: number): PassageRow | undefined {
    return this.#statement<[number], PassageRow>(`${PASSAGES} WHERE p.id = ?`).get(id);
  }

  /** A passage as it is quoted: of a short page, the whole of it. */
  quoted(id: number): PagePassage | undefined {
    const row = this.#passage(id);
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
      const characters = this.#statement<[], number | null>('SELECT avg(length(text)) FROM (SELECT text FROM passages LIMIT 2000)')
        .pluck()
        .get();
      this.#usual = { of: total, stems: Math.max(1, (characters ?? 600) / 6) };
    }
    return this.#usual.stems;
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
