import type { ModelPrompt, QuestionId } from '../../contract/index.ts';

/** A question to a model, ready to be put: what is sent, what is said without a model, and how an answer is read. */
export interface Asked<A> {
  readonly id: QuestionId;
  /** What it is about, for the log. */
  readonly about: string | null;
  readonly prompt: ModelPrompt;
  /** The answer of nobody: true, and plain. */
  readonly template: A;
  /** Names that can be hidden from whom they do not concern: of objects, namespaces, hosts. */
  readonly names: readonly string[];
  /** What the answer says, held against what was given. */
  read(answer: unknown): Read<A>;
}

export type Read<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly because: string };

export const refused = (because: string): { readonly ok: false; readonly because: string } => ({ ok: false, because });

/** The schema of an answer that is one text. */
export const textSchema = (maxLength: number): Record<string, unknown> => ({
  type: 'object',
  properties: { text: { type: 'string', maxLength } },
  required: ['text'],
  additionalProperties: false,
});

/** The text of such an answer. */
export function textIn(answer: unknown): Read<string> {
  const text = (answer as { text?: unknown } | null)?.text;
  return typeof text === 'string' && text.trim() !== '' ? { ok: true, value: text.trim() } : refused('it holds no text');
}

/** About three characters are a token; an answer of so many may be written. */
export const tokensFor = (characters: number): number => Math.ceil(characters / 3) + 48;
