import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ForWhom, classify, learningVectors, learningWords, taughtSentences } from '../../core/ask/classify.ts';
import type { Softmax } from '../../core/ask/softmax.ts';
import type { Embedder } from '../../contract/index.ts';
import type { Log } from '../ports/runtime.ts';
import type { Ports } from '../ports/ports.ts';
import { replaceFile } from '../replace-file.ts';

const FILE = 'ask-classifier.json';
const LearnedSchema = z.object({ of: z.string(), classes: z.array(z.string()), weights: z.array(z.array(z.number())) });

/**
 * Whom a question is for. Signs and words are there at once; what vectors add is learned in the background when the first question comes,
 * once for each model, and kept beside the other data.
 */
export class AskClassifier {
  readonly #file: string;
  readonly #embedder: Ports['embedder'];
  readonly #log: Log;
  readonly #ended = new AbortController();
  #learned: { readonly of: string; readonly softmax: Softmax } | undefined;
  #learning: Promise<void> | undefined;
  #words: Promise<unknown> | undefined;

  constructor({ dataDir, embedder, log }: Pick<Ports, 'dataDir' | 'embedder' | 'log'>) {
    this.#file = join(dataDir, FILE);
    this.#embedder = embedder;
    this.#log = log;
  }

  async forWhom(question: string): Promise<ForWhom> {
    await (this.#words ??= inPieces(learningWords()));
    const embedder = await this.#embedder();
    if (embedder === null) return classify(question);
    const learned = this.#known(embedder);
    if (learned === undefined) {
      this.#learning ??= this.#learn(embedder).finally(() => (this.#learning = undefined));
      return classify(question);
    }
    const vectors = await embedder.embed([question], this.#ended.signal);
    const vector = vectors.ok ? vectors.value[0] : undefined;
    return vector === undefined ? classify(question) : classify(question, { learned, vector });
  }

  close(): void {
    this.#ended.abort();
  }

  #known(embedder: Embedder): Softmax | undefined {
    const of = nameOf(embedder);
    if (this.#learned?.of === of) return this.#learned.softmax;
    try {
      const kept = LearnedSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      if (kept.of !== of) return undefined;
      this.#learned = { of, softmax: { classes: kept.classes, weights: kept.weights.map((row) => Float64Array.from(row)) } };
      return this.#learned.softmax;
    } catch {
      return undefined;
    }
  }

  async #learn(embedder: Embedder): Promise<void> {
    try {
      const vectors = await embedder.embed(taughtSentences(), this.#ended.signal);
      if (!vectors.ok || this.#ended.signal.aborted) return;
      const softmax = await inPieces(learningVectors(vectors.value), this.#ended.signal);
      if (softmax === undefined) return;
      this.#learned = { of: nameOf(embedder), softmax };
      const { classes, weights } = softmax;
      replaceFile(this.#file, JSON.stringify({ of: nameOf(embedder), classes, weights: weights.map((row) => [...row]) }), 0o600);
    } catch (error) {
      this.#log('warn', `whom questions are for is told without vectors: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Lets everything else go on between the steps; undefined where it was given up. */
async function inPieces<T>(steps: Generator<undefined, T>, signal?: AbortSignal): Promise<T | undefined> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (signal?.aborted === true) return undefined;
    await new Promise<void>((go) => setImmediate(go));
  }
}

/** Other sentences, or another model, teach something else. */
const nameOf = (embedder: Embedder): string =>
  `${embedder.name} ${createHash('sha256').update(taughtSentences().join('\n')).digest('hex').slice(0, 16)}`;
