import { z } from 'zod';
import { proc } from './proc.ts';

/** For whom an incident is put into words. */
export const READERS = ['operator', 'manager', 'developer'] as const;
export const ReaderSchema = z.enum(READERS);
export type Reader = z.infer<typeof ReaderSchema>;

export const ExplanationSchema = z.strictObject({
  incident: z.string(),
  for: ReaderSchema,
  text: z.string(),
  /** Who worded it; null: no model, the words are the template's. */
  by: z.strictObject({ model: z.string(), where: z.enum(['local', 'remote']) }).nullable(),
  /** Why the answer of a model was not shown; null: it was, or none was asked. */
  refused: z.string().nullable(),
  tookMs: z.number(),
});
export type Explanation = z.infer<typeof ExplanationSchema>;

export const explainCommands = {
  explain: {
    incident: proc(
      'POST read',
      '/incidents/{id}/explain',
      'Put an incident into words for a reader; a model may word it, what it says is held against the facts',
      z.strictObject({ id: z.string().min(1), for: ReaderSchema.default('operator') }),
      ExplanationSchema,
    ),
  },
};
