import { asksHowItIs, signsIn } from './rules.ts';
import { SENTENCES } from './sentences.ts';
import { type Softmax, chances, chancesOf, teaching, toTheEnd } from './softmax.ts';
import { vocabulary, wordFeatures } from './wordings.ts';

/** How likely a request is for each agent, most likely first; together 1. */
export type ForWhom = readonly { readonly agent: string; readonly chance: number }[];

/** What signs and vectors weigh against what was learned of words; found on the tuning half of the sentences. */
const SIGN = 1;
const VECTOR = 1;
/** Who asks how something is wants it looked at, whatever else the words have been learned to say. */
const HOW_IT_IS = 6;
/** Vectors have length 1, which is too short to be told apart in few steps. */
const STRETCH = 5;
const DECAY = 3e-4;

const AGENTS_ASKED = Object.keys(SENTENCES);
const TAUGHT = Object.entries(SENTENCES).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));

/** The sentences that vectors are wanted of, in the order `learningVectors` takes them. */
export const taughtSentences = (): readonly string[] => TAUGHT.map((t) => t.text);

let words: { readonly known: ReadonlyMap<string, number>; readonly learned: Softmax } | undefined;

/** Learns what the words of the taught sentences say, step by step. Whoever asks before that is over learns it at once. */
export function* learningWords(): Generator<undefined, NonNullable<typeof words>> {
  if (words !== undefined) return words;
  const known = vocabulary(taughtSentences());
  yield;
  const examples = TAUGHT.map(({ label, text }) => ({ label, features: wordFeatures(text, known) }));
  yield;
  const learned = yield* teaching(examples, AGENTS_ASKED, known.size, { steps: 100, rate: 8, decay: DECAY });
  return (words = { known, learned });
}

const learnedWords = () => words ?? toTheEnd(learningWords());

/** What the vectors of `taughtSentences` teach, step by step: all together a matter of seconds, kept for each model. */
export function* learningVectors(vectors: readonly Float32Array[]): Generator<undefined, Softmax> {
  const examples = TAUGHT.flatMap(({ label }, i) => {
    const vector = vectors[i];
    return vector === undefined ? [] : [{ label, features: { values: stretched(vector) } }];
  });
  return yield* teaching(examples, AGENTS_ASKED, vectors[0]?.length ?? 0, { steps: 200, rate: 0.5, decay: DECAY });
}

const stretched = (vector: Float32Array) => vector.map((x) => x * STRETCH);

/** What can be asked of the parts by themselves, to compare them. */
export const PARTS = {
  signs: (request: string): readonly number[] => {
    const found = signsIn(request);
    const looked = asksHowItIs(request) ? HOW_IT_IS : 0;
    return AGENTS_ASKED.map((agent) => (found.get(agent) ?? 0) + (agent === 'troubleshooting' ? looked : 0));
  },
  words: (request: string): readonly number[] => {
    const { known, learned } = learnedWords();
    return chancesOf(learned, wordFeatures(request, known)).map(Math.log);
  },
  vector: (learned: Softmax, vector: Float32Array): readonly number[] => chancesOf(learned, { values: stretched(vector) }).map(Math.log),
};

/** Whom a request is for, by the signs and words in it, and by its vector where there is one. The same request gives the same answer. */
export function classify(request: string, byVector?: { readonly learned: Softmax; readonly vector: Float32Array }): ForWhom {
  const signs = PARTS.signs(request);
  const said = PARTS.words(request);
  const meant = byVector === undefined ? undefined : PARTS.vector(byVector.learned, byVector.vector);
  const scores = AGENTS_ASKED.map((_, i) => SIGN * (signs[i] ?? 0) + (said[i] ?? 0) + VECTOR * (meant?.[i] ?? 0));
  const likely = chances(scores);
  return AGENTS_ASKED.map((agent, i) => ({ agent, chance: likely[i] ?? 0 })).sort((a, b) => b.chance - a.chance);
}

/** The agents a request may be for. */
export const agentsAsked = (): readonly string[] => AGENTS_ASKED;
