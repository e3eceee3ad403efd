import { z } from 'zod';
import { proc } from './proc.ts';

/** For whom an incident is put into words. */
export const READERS = ['operator', 'manager', 'developer'] as const;
export const ReaderSchema = z.enum(READERS);
export type Reader = z.infer<typeof ReaderSchema>;

/** cause: what is wrong, why, and what would help | timeline: what happened, as the log tells it. */
export const EXPLAINED = ['cause', 'timeline'] as const;

const worded = {
  for: ReaderSchema,
  text: z.string(),
  /** Who worded it; null: no model, the words are the template's. */
  by: z.strictObject({ model: z.string(), where: z.enum(['local', 'remote']) }).nullable(),
  /** Why the answer of a model was not shown; null: it was, or none was asked. */
  refused: z.string().nullable(),
  tookMs: z.number(),
};

export const ExplanationSchema = z.strictObject({
  incident: z.string(),
  of: z.enum(EXPLAINED),
  ...worded,
  /** Of a timeline: the entries of the log it tells. */
  events: z.array(z.number().int()),
});
export type Explanation = z.infer<typeof ExplanationSchema>;

const LogSummarySchema = z.strictObject({
  ...worded,
  lines: z.number().int(),
  /** Kinds of lines in it: what one statement of a program says again and again is one. */
  kinds: z.number().int(),
});
export type LogSummary = z.infer<typeof LogSummarySchema>;

const MOST_LINES = 20_000;

export const explainCommands = {
  explain: {
    incident: proc(
      'POST read',
      '/incidents/{id}/explain',
      'Put an incident into words for a reader; a model may word it, what it says is held against the facts',
      z.strictObject({ id: z.string().min(1), for: ReaderSchema.default('operator'), of: z.enum(EXPLAINED).default('cause') }),
      ExplanationSchema,
    ),
    log: proc(
      'POST read',
      '/explain/log',
      'Say in a few sentences what a log shows, the gravest first; a model may word it, each line in it stands as it was given',
      z.strictObject({ lines: z.array(z.string().max(4_000)).min(1).max(MOST_LINES), for: ReaderSchema.default('operator') }),
      LogSummarySchema,
    ),
  },
};
