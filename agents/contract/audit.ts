import { z } from 'zod';
import { TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** The first thing that is wrong with the log. `seq` is the entry it is about; null where it is about none. */
export const LogProblemSchema = z.strictObject({
  seq: z.number().int().nullable(),
  /** `unvouched`: entries at the end that no signed mark speaks of; `mark`: a signed mark itself is wrong. */
  kind: z.enum(['changed', 'missing', 'rewritten', 'unvouched', 'mark']),
  message: z.string(),
});
export type LogProblem = z.infer<typeof LogProblemSchema>;

export const LogVerdictSchema = z.strictObject({
  intact: z.boolean(),
  /** How many entries hold; all of them where it is intact. */
  entries: z.number().int(),
  first: z.number().int().nullable(),
  last: z.number().int().nullable(),
  /** Entries up to this one were removed on purpose. */
  prunedUpTo: z.number().int().nullable(),
  /** Signed marks outside the database that the log was held against. */
  checkpoints: z.number().int(),
  /** Entries that were found when the log was opened and that nothing had vouched for: after a power cut, or of before there were marks. */
  unvouched: z.array(z.strictObject({ from: z.number().int(), to: z.number().int() })),
  problem: LogProblemSchema.nullable(),
});
export type LogVerdict = z.infer<typeof LogVerdictSchema>;

/** Whether the state of the app follows from its log. */
export const ReplayVerdictSchema = z.strictObject({
  same: z.boolean(),
  /** SHA-256 of the state in canonical form, as the log gives it and as it is stored. */
  fromLog: z.string(),
  stored: z.string(),
  /** What differs first, in words. */
  difference: z.string().nullable(),
});
export type ReplayVerdict = z.infer<typeof ReplayVerdictSchema>;

export const AuditReportSchema = z.strictObject({
  checkedAt: TimeSchema,
  durationMs: z.number(),
  log: LogVerdictSchema,
  /** Null where the log is not intact, or where its beginning was removed: then nothing can be replayed. */
  replay: ReplayVerdictSchema.nullable(),
});
export type AuditReport = z.infer<typeof AuditReportSchema>;

export const auditCommands = {
  audit: {
    verify: proc(
      'GET',
      '/audit/verify',
      'Check that the event log is what was written, whole and in order',
      z.strictObject({}),
      AuditReportSchema,
    ),
    prune: proc(
      'POST admin',
      '/audit/prune',
      'Remove entries of the event log that are older than this; what is left stays checkable',
      z.strictObject({ before: TimeSchema, by: z.string().min(1) }),
      z.strictObject({ removed: z.number().int(), upTo: z.number().int().nullable() }),
    ),
  },
};
