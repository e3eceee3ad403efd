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
}
