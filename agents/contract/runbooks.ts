import { z } from 'zod';
import { CodeSchema, TimeSchema } from './ids.ts';
import { TrustSchema } from './knowledge.ts';
import { proc } from './proc.ts';

/** Runbooks of the team, one a kind of fault, grown from incidents that were repaired. What is added is proposed, and a person accepts it. */

export const RunbookVersionSchema = z.strictObject({
  version: z.number().int().positive(),
  at: TimeSchema,
  by: z.string(),
  /** What it was amended for. */
  incident: z.string().nullable(),
  text: z.string(),
});
export type RunbookVersion = z.infer<typeof RunbookVersionSchema>;

export const RunbookProposalSchema = z.strictObject({
  /** Of the text that is proposed: another one is refused, what is shown is what is kept. */
  hash: z.string(),
  at: TimeSchema,
  incident: z.string(),
  /** Entries of the log that the additions rest on. */
  events: z.array(z.number().int()),
  text: z.string(),
  /** Unified diff against the latest version; against nothing where it is the first. */
  diff: z.string(),
});

export const RunbookSchema = z.strictObject({
  code: CodeSchema,
  title: z.string(),
  /** The latest that was accepted; empty where none was. */
  text: z.string(),
  version: z.number().int(),
  at: TimeSchema.nullable(),
  proposal: RunbookProposalSchema.nullable(),
});
export type Runbook = z.infer<typeof RunbookSchema>;

/** Pages to open for an incident. */
export const PickedPagesSchema = z.strictObject({
  incident: z.string(),
  /** `own`: about the very code of the incident; these come first. */
  pages: z.array(
    z.strictObject({
      source: z.string(),
      path: z.string(),
      heading: z.string(),
      line: z.number().int(),
      trust: TrustSchema,
      own: z.boolean(),
    }),
  ),
  /** Who chose among those that are not its own; null: no model, they are the likeliest by the search. */
  by: z.strictObject({ model: z.string(), where: z.enum(['local', 'remote']) }).nullable(),
  refused: z.string().nullable(),
  tookMs: z.number(),
});
export type PickedPages = z.infer<typeof PickedPagesSchema>;

const named = { code: CodeSchema };
const decided = { ...named, hash: z.string(), by: z.string().min(1) };

export const runbookCommands = {
  runbooks: {
    list: proc(
      'GET',
      '/runbooks',
      'List the runbooks of the team, those with a proposal first',
      z.strictObject({}),
      z.strictObject({ runbooks: z.array(RunbookSchema.omit({ text: true })) }),
    ),
    pick: proc(
      'POST read',
      '/incidents/{incident}/runbooks',
      'Pages to open for an incident: what is written about its code, and others that are about it; a model may choose among those found',
      z.strictObject({ incident: z.string().min(1) }),
      PickedPagesSchema,
    ),
    show: proc('GET', '/runbooks/{code}', 'One runbook, with what is proposed for it', z.strictObject(named), RunbookSchema),
    accept: proc(
      'POST decide',
      '/runbooks/{code}/accept',
      'Take what is proposed into the runbook',
      z.strictObject(decided),
      RunbookSchema,
    ),
    reject: proc(
      'POST decide',
      '/runbooks/{code}/reject',
      'Leave the runbook as it is; the same is not proposed again',
      z.strictObject({ ...decided, reason: z.string().optional() }),
      RunbookSchema,
    ),
    history: proc(
      'GET',
      '/runbooks/{code}/history',
      'All versions of a runbook, the latest first',
      z.strictObject(named),
      z.strictObject({ versions: z.array(RunbookVersionSchema) }),
    ),
  },
};
