import type { Outcome } from './ids.ts';
import type { ModelProgress, ModelsState, Purpose, RemoteSettings, ModelSettings } from './models.ts';

/**
 * The ports behind which models stand. A model explains, ranks, selects and words; it never decides that something is wrong and never
 * writes an action.
 */

/** Something that answers: a file on this machine, an endpoint, a script. */
export interface ModelEngine {
  readonly name: string;
  readonly where: 'local' | 'remote';
  /** Tokens of question and answer together. */
  readonly contextTokens: number;
  answer(prompt: ModelPrompt, signal: AbortSignalLike): Promise<Outcome<ModelAnswer>>;
}

export interface ModelPrompt {
  readonly instructions: string;
  /** Cluster text and other data, kept apart from the instructions. */
  readonly data: string;
  /** Questions of the same form with a good answer each, given as if they had been asked before. */
  readonly examples: readonly { readonly data: string; readonly answer: string }[];
  /** JSON schema of the answer and, where the engine can, its grammar. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
}

export interface ModelAnswer {
  /** JSON, if all is well. */
  readonly text: string;
  /** The answer ended because `maxTokens` were written, not because it was over. */
  readonly cutOff: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface InferencePort {
  /** What would answer now; null where there is none. Asked anew each time: another one may have been chosen. */
  engine(where: 'local' | 'remote'): Promise<ModelEngine | null>;
  readonly settings: () => ModelSettings;
}

/** The models on this machine, and what is set about them. */
export interface ModelLibrary {
  state(): Promise<ModelsState>;
  /** Ends with the stage `done`, or with the failure. */
  pull(name: string, signal: AbortSignalLike): AsyncGenerator<Outcome<ModelProgress>, void>;
  import(path: string, sha256: string | undefined, signal: AbortSignalLike): AsyncGenerator<Outcome<ModelProgress>, void>;
  use(name: string | null, purpose: Purpose | undefined): Promise<Outcome<undefined>>;
  remove(name: string): Promise<Outcome<undefined>>;
  set(change: ModelsChange): Promise<Outcome<undefined>>;
}

export type ModelsChange = Partial<Pick<ModelSettings, 'mirror' | 'proxy' | 'where'>> & {
  readonly remote?: RemoteSettings | null;
  readonly key?: string | null;
};

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
