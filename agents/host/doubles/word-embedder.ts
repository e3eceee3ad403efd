import type { Embedder, Outcome } from '../../contract/index.ts';

/**
 * Vectors of tests, without a model: a direction for each word, the same for words of a row of `same`. Texts that share words, or mean the
 * same by these rows, are near each other.
 */
export class WordEmbedder implements Embedder {
  readonly dimensions = 384;
  readonly name: string;
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** Instead of an answer. */
  failure: string | undefined;
  readonly #same: readonly (readonly string[])[];

  constructor(name: string, same: readonly (readonly string[])[] = []) {
    this.name = name;
    this.#same = same;
  }

  async embed(texts: readonly string[]): Promise<Outcome<Float32Array[]>> {
    this.asked.push(...texts);
    if (this.failure !== undefined) return { ok: false, failure: { code: 'model-unavailable', message: this.failure } };
    return Promise.resolve({ ok: true, value: texts.map((text) => this.#vector(text)) });
  }

  #vector(text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
      const meaning = this.#same.find((row) => row.includes(word))?.[0] ?? word;
      let seed = [...meaning].reduce((sum, sign) => (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) | 0, this.name.length);
      for (let i = 0; i < vector.length; i += 1) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
        vector[i] = (vector[i] ?? 0) + (seed >>> 16) / 65_536 - 0.5;
      }
    }
    const length = Math.hypot(...vector);
    return length === 0 ? vector : vector.map((value) => value / length);
  }
}
