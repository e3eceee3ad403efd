import type { Failure, IndexReport, Json, KnowledgeAnswer, KnowledgeSource, Outcome, Trust } from '../../contract/index.ts';
import type { PagePassage, QuestionVector } from './passages.ts';
import type { MadePage } from './pages-tree.ts';

/** A source to be read: a place on this machine, or pages the app has written. */
export interface SourceToRead {
  readonly name: string;
  readonly root: string;
  /** Where nothing is said, what suits the form of the source. */
  readonly trust: Trust | undefined;
  readonly licence: string | undefined;
  readonly watched: boolean;
  readonly builtIn?: BuiltInFrom;
}

/** What a source that comes with the app is made from. */
export type BuiltInFrom =
  | { readonly type: 'pages'; readonly pages: readonly MadePage[] }
  /** The reference of fields: from OpenAPI documents of an API server, or as the client of Kubernetes describes them. */
  | { readonly type: 'fields'; readonly documents: readonly Json[] | null };

/** What the host asks of the thread that holds the knowledge. One table: a call without an answer type, or the reverse, does not compile. */
export interface KnowledgeCalls {
  readonly sources: { readonly args: readonly []; readonly answer: readonly KnowledgeSource[] };
  /** Sources whose reading did not come to its end. */
  readonly unfinished: { readonly args: readonly []; readonly answer: readonly string[] };
  readonly page: { readonly args: readonly [source: string, path: string]; readonly answer: readonly PagePassage[] };
  readonly search: {
    readonly args: readonly [text: string, top: number, vector: QuestionVector | undefined];
    readonly answer: KnowledgeAnswer;
  };
  /** `teamOnly` of the contract's `KnowledgeQuery`. */
  readonly searchTeam: KnowledgeCalls['search'];
  /** One after the other, in the order they are asked for. */
  readonly index: { readonly args: readonly [source: SourceToRead, at: string]; readonly answer: Outcome<IndexReport> };
  /** Ends a reading of it first. */
  readonly remove: { readonly args: readonly [name: string]; readonly answer: Outcome<KnowledgeSource> };
  readonly withoutVector: {
    readonly args: readonly [model: string, count: number];
    readonly answer: readonly { readonly meant: number; readonly text: string }[];
  };
  readonly putVectors: {
    readonly args: readonly [model: string, meant: readonly number[], vectors: readonly Float32Array[]];
    readonly answer: undefined;
  };
  /** What was given out and came to nothing is given out again. */
  readonly again: { readonly args: readonly []; readonly answer: undefined };
  readonly vectors: { readonly args: readonly [model: string | null]; readonly answer: { readonly done: number; readonly total: number } };
}
export type KnowledgeCall = keyof KnowledgeCalls;

export interface KnowledgeRequest<C extends KnowledgeCall = KnowledgeCall> {
  readonly id: number;
  readonly call: C;
  readonly args: KnowledgeCalls[C]['args'];
}

export type KnowledgeReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: Failure };

/** The request without a number: what is being read ends, and no other request follows it. */
export interface KnowledgeClose {
  readonly call: 'close';
}
