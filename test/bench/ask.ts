import { fileURLToPath } from 'node:url';
import { PARTS, agentsAsked, classify, learningVectors, taughtSentences } from '../../agents/core/ask/classify.ts';
import { toTheEnd } from '../../agents/core/ask/softmax.ts';
import type { Embedder } from '../../agents/contract/index.ts';
import { LocalModels } from '../../models/local-models.ts';
import { HELD_BACK } from './ask/held-back.ts';
import { HELD_BACK_SHORT } from './ask/held-back-short.ts';
import { TUNING } from './ask/tuning.ts';
import { TUNING_SHORT } from './ask/tuning-short.ts';
import { table } from './table.ts';

type Sentences = Readonly<Record<string, readonly string[]>>;
type Guess = (request: string) => readonly number[];

/** What may be looked at: whole sentences, and those typed in a hurry. */
const TUNED_ON: Sentences = Object.fromEntries(Object.entries(TUNING).map(([a, texts]) => [a, [...texts, ...(TUNING_SHORT[a] ?? [])]]));

const flat = (sentences: Sentences) => Object.entries(sentences).flatMap(([agent, texts]) => texts.map((text) => ({ agent, text })));

/** The agent with the highest score; where two are as high, none. */
function chosen(scores: readonly number[]): string | undefined {
  const most = Math.max(...scores);
  return scores.filter((s) => s === most).length === 1 ? agentsAsked()[scores.indexOf(most)] : undefined;
}

function right(sentences: Sentences, guess: Guess): string {
  const all = flat(sentences);
  const hits = all.filter(({ agent, text }) => chosen(guess(text)) === agent).length;
  return `${hits} of ${all.length} (${((100 * hits) / all.length).toFixed(1)} %)`;
}

const scoresOf = (ranked: ReturnType<typeof classify>) => agentsAsked().map((a) => ranked.find((r) => r.agent === a)?.chance ?? 0);

async function vectorsOf(embedder: Embedder, texts: readonly string[]): Promise<Map<string, Float32Array>> {
  const vectors = await embedder.embed(texts, new AbortController().signal);
  if (!vectors.ok) throw new Error(vectors.failure.message);
  return new Map(texts.map((text, i) => [text, vectors.value[i] ?? new Float32Array(embedder.dimensions)]));
}

/** Whom requests are for: by signs, words, vectors, and all of them; on the half that was tuned on, and on the one that was not. */
export async function benchClassification(): Promise<void> {
  const bundled = fileURLToPath(new URL('../../resources/models/', import.meta.url));
  const models = new LocalModels({ dataDir: bundled, bundled, env: process.env, warn: () => undefined });
  try {
    const rows: [string, Guess][] = [
      ['signs (rules)', PARTS.signs],
      ['words, learned', PARTS.words],
      ['both: no model needed', (text) => scoresOf(classify(text))],
    ];
    const embedder = await models.embedder();
    if (embedder !== null) {
      const taught = taughtSentences();
      const vectors = await vectorsOf(embedder, [
        ...taught,
        ...[...flat(TUNED_ON), ...flat(HELD_BACK), ...flat(HELD_BACK_SHORT)].map((s) => s.text),
      ]);
      const none = new Float32Array(embedder.dimensions);
      const learned = toTheEnd(learningVectors(taught.map((t) => vectors.get(t) ?? none)));
      const vector = (text: string) => vectors.get(text) ?? none;
      rows.push(
        ['vectors', (text) => PARTS.vector(learned, vector(text))],
        ['all of them', (text) => scoresOf(classify(text, { learned, vector: vector(text) }))],
      );
    }
    process.stdout.write(
      `\nwhom a request is for, of ${agentsAsked().length} agents; taught ${taughtSentences().length} sentences; vectors by ${embedder?.name ?? 'none: npm run pack:models'}\n${table(
        ['by', 'tuned on', 'held back', 'held back, typed in a hurry'],
        rows.map(([by, guess]) => [by, right(TUNED_ON, guess), right(HELD_BACK, guess), right(HELD_BACK_SHORT, guess)]),
      )}\n`,
    );
    const begun = performance.now();
    for (const { text } of flat(TUNED_ON)) classify(text);
    const each = (performance.now() - begun) / flat(TUNED_ON).length;
    process.stdout.write(`one request without vectors: ${each.toFixed(2)} ms\n`);
  } finally {
    await models.close();
  }
}
