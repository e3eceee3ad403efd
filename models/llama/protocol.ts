import type { Failure, ModelAnswer, ModelPrompt } from '../../agents/contract/index.ts';

/** What the app and the process of a model say to each other. One model a process; one order at a time. */

export interface Load {
  readonly path: string;
  readonly purpose: 'instruct' | 'embedding';
  /** At most the cores there are: more make it slower by orders of magnitude. */
  readonly threads: number;
  /** Tokens the model keeps in view; more than it was made for is not given. */
  readonly contextTokens: number;
  readonly gpu: 'auto' | 'off';
}

export type Order =
  | { readonly type: 'load'; readonly load: Load }
  | { readonly type: 'embed'; readonly id: number; readonly texts: readonly string[] }
  | { readonly type: 'answer'; readonly id: number; readonly prompt: ModelPrompt }
  /** Ends the order of this number as soon as it can be. */
  | { readonly type: 'cancel'; readonly id: number };

export type Report =
  | { readonly type: 'loaded'; readonly loaded: Loaded }
  | { readonly type: 'notLoaded'; readonly failure: Failure }
  | { readonly type: 'vectors'; readonly id: number; readonly vectors: readonly Float32Array[] }
  | { readonly type: 'answered'; readonly id: number; readonly answer: ModelAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };

export interface Loaded {
  readonly dimensions: number;
  readonly contextTokens: number;
  /** `false`: none is used. */
  readonly gpu: string | false;
}

/** A model that is loaded in this process. */
export interface LoadedModel {
  readonly loaded: Loaded;
  /** Throws a `Failed` for what is expected to go wrong. */
  carryOut(order: Extract<Order, { type: 'embed' | 'answer' }>, signal: AbortSignal): Promise<Report>;
}

export class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
