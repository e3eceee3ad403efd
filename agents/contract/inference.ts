import type { Outcome } from './ids.ts';

/**
 * The port behind which language models stand. A model explains, ranks, selects and words; it never decides that something is
 * wrong and never writes an action. `schema` is the JSON schema of the answer and, where the model can, its grammar.
 */
export interface InferencePort {
  /** Null when there is no model; the product then words things by template. */
  readonly model: { readonly name: string; readonly where: 'local' | 'remote' } | null;
  answer(question: ModelQuestion, signal: AbortSignalLike): Promise<Outcome<unknown>>;
}

export interface ModelQuestion {
  readonly id: string;
  readonly instructions: string;
  /** Cluster text and other data, kept apart from the instructions. */
  readonly data: string;
  readonly schema: Record<string, unknown>;
  readonly maxTokens: number;
}

/** The part of the platform's AbortSignal the pure zones may know. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Turns texts into vectors that are near each other where the texts mean the same. */
export interface Embedder {
  /** Of the model: vectors of another name are not comparable with these. */
  readonly name: string;
  readonly dimensions: number;
  /** One vector of length 1 a text, in their order; all zeros for a text without words. A very long text is cut. */
  embed(texts: readonly string[], signal: AbortSignalLike): Promise<Outcome<Float32Array[]>>;
}
