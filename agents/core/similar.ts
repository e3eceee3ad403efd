import type { Code, PastIncident, ResourceRef, SimilarIncident } from '../contract/index.ts';
import { refKey, refWords } from '../contract/index.ts';
import { termsOf } from './knowledge/words.ts';

/** What is known of an incident, or of what somebody asks about. */
export interface Likeness {
  readonly id?: string | undefined;
  readonly context?: string | undefined;
  readonly code?: Code | undefined;
  readonly resource?: ResourceRef | undefined;
  readonly field?: string | undefined;
  readonly symptoms: readonly Code[];
  readonly words: string;
}

/** Less alike than this is another story. */
const ALIKE = 0.3;
/** What each likeness is worth; together 1. The cause tells most, then what it is about, then what is said. */
const WORTH = { code: 0.5, kind: 0.1, object: 0.1, field: 0.05, symptoms: 0.1, words: 0.15 };
/** Of a question in plain words only the words are there to compare. */
const WORDS_ALONE = 0.85;

/**
 * The past incidents that are most like this one, best first: earlier times of the same fault, then the same cause elsewhere, then what
 * is told in the same words. Equal ones: the later first.
 */
export function mostAlike(asked: Likeness, past: readonly PastIncident[], top: number): SimilarIncident[] {
  const words = wordsOf(asked.words);
  const told = past.map((p) => wordsOf(`${p.title} ${p.message}`));
  const rarity = rarityAmong(told);
  return past
    .map((p, i) => ({ ...p, ...alike(asked, p, shared(words, told[i] ?? new Set(), rarity)) }))
    .filter((p) => p.score >= ALIKE)
    .sort((a, b) => b.score - a.score || b.resolved - a.resolved)
    .slice(0, top);
}

function alike(asked: Likeness, past: PastIncident, words: number): { score: number; because: string } {
  if (asked.id !== undefined && asked.id === past.id) return { score: 1, because: `the same fault of ${refWords(past.resource)}` };
  if (asked.code === undefined && asked.resource === undefined) return { score: round(words * WORDS_ALONE), because: 'what is said of it' };
  const same = {
    code: asked.code === past.code,
    kind: asked.resource?.kind === past.resource.kind,
    object: asked.resource !== undefined && refKey(asked.resource) === refKey(past.resource),
    field: asked.field !== undefined && asked.field === past.field,
  };
  const symptoms = overlap(new Set(asked.symptoms), new Set(past.symptoms));
  const score =
    (same.code ? WORTH.code : 0) +
    (same.kind ? WORTH.kind : 0) +
    (same.object ? WORTH.object : 0) +
    (same.field ? WORTH.field : 0) +
    WORTH.symptoms * symptoms +
    WORTH.words * words;
  const reasons = [
    ...(same.code ? [`the same cause (${past.code})`] : []),
    ...(same.object ? ['the same object'] : same.kind ? [`also a ${past.resource.kind}`] : []),
    ...(symptoms > 0 ? ['the same was noticed'] : []),
    ...(words >= 0.3 ? ['told in the same words'] : []),
  ];
  return { score: round(score), because: reasons.join(', ') };
}

const wordsOf = (text: string) => new Set(termsOf(text).map(({ ways }) => ways[0]?.join(' ') ?? ''));

/** How much a word tells, from how many of the incidents have it. */
function rarityAmong(all: readonly ReadonlySet<string>[]): (word: string) => number {
  const having = new Map<string, number>();
  for (const words of all) for (const word of words) having.set(word, (having.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + (all.length + 1) / (1 + (having.get(word) ?? 0)));
}

/** Of what the first says, by weight, the part the second says too: 0 to 1. */
function shared(words: ReadonlySet<string>, told: ReadonlySet<string>, rarity: (word: string) => number): number {
  let all = 0;
  let both = 0;
  for (const word of words) {
    const weight = rarity(word);
    all += weight;
    if (told.has(word)) both += weight;
  }
  return all === 0 ? 0 : both / all;
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((x) => b.has(x)).length;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}

const round = (score: number) => Math.round(Math.min(1, score) * 1_000) / 1_000;
