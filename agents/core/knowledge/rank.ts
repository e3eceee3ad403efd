import type { Term } from './words.ts';

/** A passage that may be what is asked for. */
export interface Candidate {
  readonly id: number;
  /** What it is found by, in order (words.ts). */
  readonly stems: readonly string[];
  /** The same of its headings and its path. */
  readonly head: readonly string[];
  /** It is the team's own word, or the app's. */
  readonly own?: boolean;
  /** The short page it is a section of; undefined for a part of a long one, which stands for itself. */
  readonly page?: number | undefined;
  /** How near its meaning is to the question's, from -1 to 1; undefined where one of them has no vector. */
  readonly cosine: number | undefined;
}

export interface Ranked {
  readonly id: number;
  /** 0 to 1. */
  readonly score: number;
  readonly confident: boolean;
}

/** How much a term tells, from how many of `total` passages have it: rare ones tell more, and one that nobody has the most. */
export const weightOf = (having: number, total: number): number => Math.log(1 + (total - having + 0.5) / (having + 0.5));

/** The usual constants of bm25, and how many times a word in a heading counts. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.4;
const HEAD_TIMES = 3;

/** What a passage's words say of it, each from 0 to 1. */
export interface LexicalSigns {
  /** bm25 over the most it could be for this question. */
  readonly strength: number;
  /** The part of what the question says, by weight, that the passage says too. */
  readonly coverage: number;
  /** The same of its headings alone. */
  readonly headCoverage: number;
}

export interface WeighedTerm extends Term {
  /** Passages that have it. */
  readonly having: number;
}

/** @param usual stems of a passage of usual length */
export function lexicalSigns(
  { stems, head }: Pick<Candidate, 'stems' | 'head'>,
  terms: readonly WeighedTerm[],
  total: number,
  usual: number,
): LexicalSigns {
  const inText = placesOf(stems);
  const inHead = placesOf(head);
  const length = 1 - LENGTH_SHARE + LENGTH_SHARE * (stems.length / Math.max(1, usual));
  let [whole, strength, covered, headed] = [0, 0, 0, 0];
  for (const term of terms) {
    const weight = weightOf(term.having, total) * term.weight;
    whole += weight;
    const heads = timesIn(inHead, head, term);
    const times = timesIn(inText, stems, term) + HEAD_TIMES * heads;
    if (times === 0) continue;
    strength += (weight * times) / (times + SATURATION * length);
    covered += weight;
    if (heads > 0) headed += weight;
  }
  return whole === 0
    ? { strength: 0, coverage: 0, headCoverage: 0 }
    : { strength: strength / whole, coverage: covered / whole, headCoverage: headed / whole };
}

function placesOf(stems: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [at, name] of stems.entries()) {
    const there = places.get(name);
    if (there === undefined) places.set(name, [at]);
    else there.push(at);
  }
  return places;
}

function timesIn(places: ReadonlyMap<string, readonly number[]>, stems: readonly string[], { ways, prefix }: Term): number {
  let times = 0;
  for (const way of ways) {
    const [first = '', ...rest] = way;
    if (prefix && rest.length === 0) {
      for (const [name, at] of places) if (name.startsWith(first)) times += at.length;
    } else if (rest.length === 0) times += places.get(first)?.length ?? 0;
    else for (const at of places.get(first) ?? []) if (rest.every((word, i) => stems[at + 1 + i] === word)) times += 1;
  }
  return times;
}

/** What a whole page says of the question: the nearest of its passages, and its words taken together. */
export interface PageSigns {
  readonly cosine: number | undefined;
  readonly words: LexicalSigns;
}

/**
 * How the signs are weighed, by what there is: chosen on one half of the questions of `npm run bench -- --only knowledge`, told of the
 * other. A short page is believed by what all of it says: its sections say one thing in turns.
 */
const WITH_VECTORS = {
  cosine: 0.05,
  strength: 0.1,
  coverage: 0.05,
  headCoverage: 0.05,
  pageCosine: 0.3,
  pageStrength: 0.4,
  pageCoverage: 0.05,
};
const BY_WORDS = { cosine: 0, strength: 0.43, coverage: 0.17, headCoverage: 0, pageCosine: 0, pageStrength: 0.35, pageCoverage: 0.05 };
/** Between what is as near, the own word goes before that of others. */
const OWN_WORD = 0.04;
/** From here on a passage is likely to be about what was asked. */
const CONFIDENT = 0.365;
const CONFIDENT_BY_WORDS = 0.36;

export function scoreOf(cosine: number | undefined, own: LexicalSigns, page: PageSigns): number {
  const w = cosine === undefined ? BY_WORDS : WITH_VECTORS;
  return (
    w.cosine * Math.max(0, cosine ?? 0) +
    w.strength * own.strength +
    w.coverage * own.coverage +
    w.headCoverage * own.headCoverage +
    w.pageCosine * Math.max(0, page.cosine ?? 0) +
    w.pageStrength * page.words.strength +
    w.pageCoverage * page.words.coverage
  );
}

/**
 * Best first, one of each short page.
 * @param usual stems of a passage of usual length
 */
export function rankCandidates(candidates: readonly Candidate[], terms: readonly WeighedTerm[], total: number, usual: number): Ranked[] {
  const pages = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    if (candidate.page === undefined) continue;
    const there = pages.get(candidate.page);
    if (there === undefined) pages.set(candidate.page, [candidate]);
    else there.push(candidate);
  }
  const signs = new Map<number, PageSigns>();
  for (const [page, all] of pages) {
    const cosines = all.flatMap(({ cosine }) => (cosine === undefined ? [] : [cosine]));
    const together = { stems: all.flatMap(({ stems }) => stems), head: [...new Set(all.flatMap(({ head }) => head))] };
    signs.set(page, {
      cosine: cosines.length === 0 ? undefined : Math.max(...cosines),
      words: lexicalSigns(together, terms, total, usual * USUAL_PAGE),
    });
  }
  const shown = new Set<number>();
  return candidates
    .map(({ page, cosine, id, own: believed = false, ...candidate }) => {
      const own = lexicalSigns(candidate, terms, total, usual);
      const score =
        (believed ? OWN_WORD : 0) + scoreOf(cosine, own, (page === undefined ? undefined : signs.get(page)) ?? { cosine, words: own });
      return { page, id, score, confident: score >= (cosine === undefined ? CONFIDENT_BY_WORDS : CONFIDENT) };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .filter(({ page }) => page === undefined || (!shown.has(page) && shown.add(page)))
    .map(({ page: _, ...ranked }) => ranked);
}

/** What the words in common add to a meaning in common. */
const WORDS_IN_COMMON = 0.5;
/** From here on a section may say in other words what was asked: of questions on other things, one in twenty comes so near. */
const NEAR_ENOUGH = 0.5;

/** Sections in the order of how near they are in meaning, which counts for most, and in words, for what is worded otherwise. */
export function rankByMeaning(
  candidates: readonly (Pick<Candidate, 'id' | 'stems' | 'head'> & { readonly cosine: number })[],
  terms: readonly WeighedTerm[],
  total: number,
): Ranked[] {
  return candidates
    .map(({ id, cosine, ...section }) => {
      const near = Math.max(0, cosine) + WORDS_IN_COMMON * lexicalSigns(section, terms, total, section.stems.length).coverage;
      return { id, score: near / (1 + WORDS_IN_COMMON), confident: near >= NEAR_ENOUGH };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id);
}

/** Passages of a short page that is as long as usual. */
const USUAL_PAGE = 4;

/** From this part of word triples in common two passages say the same. */
const NEARLY = 0.8;

/** Each three words of a text that follow each other, as numbers. */
export type Triples = ReadonlySet<number>;

export function triplesOf(stems: readonly string[]): Triples {
  const numbers = stems.map(numberOf);
  const all = new Set<number>();
  for (let at = 0; at === 0 || at + 2 < numbers.length; at += 1)
    all.add((Math.imul(Math.imul(numbers[at] ?? 0, 31) + (numbers[at + 1] ?? 0), 31) + (numbers[at + 2] ?? 0)) | 0);
  return all;
}

function numberOf(word: string): number {
  let number = 0;
  for (let i = 0; i < word.length; i += 1) number = (Math.imul(number, 1_000_003) ^ word.charCodeAt(i)) | 0;
  return number;
}

/** Whether two passages are the same but for a few words: a copy with another date, a page and its older version. */
export function nearlySame(a: Triples, b: Triples): boolean {
  if (Math.min(a.size, b.size) < NEARLY * Math.max(a.size, b.size)) return false;
  let both = 0;
  for (const triple of a) if (b.has(triple)) both += 1;
  return both >= NEARLY * (a.size + b.size - both);
}
