import { z } from 'zod';
import { CodeSchema, ContextNameSchema, ResourceRefSchema, SeveritySchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** Known and accepted: an incident that a person has looked at and does not want to hear of, until something about it changes. */

/**
 * How much is meant: `incident` this very cause (code, object and field); `object` everything that has its cause in this object; `code`
 * this code for every object of the same namespace.
 */
export const DISMISSAL_SCOPES = ['incident', 'object', 'code'] as const;

/** What an incident looked like when it was accepted: what differs from it brings the incident back. */
export const LooksSchema = z.strictObject({
  severity: SeveritySchema,
  message: z.string(),
  symptoms: z.array(z.string()),
  affects: z.array(z.string()),
});
export type Looks = z.infer<typeof LooksSchema>;

export const DismissalSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  scope: z.enum(DISMISSAL_SCOPES),
  /** The incident it was said about, its title, its cause. */
  incident: z.string(),
  title: z.string(),
  code: CodeSchema,
  resource: ResourceRefSchema,
  field: z.string().optional(),
  reason: z.string(),
  by: z.string(),
  at: TimeSchema,
  /** Null: until it changes. */
  until: TimeSchema.nullable(),
  /** By incident; null for one that has come back since. */
  seen: z.record(z.string(), LooksSchema.nullable()),
});
export type Dismissal = z.infer<typeof DismissalSchema>;

/** What of it stands on the incident itself. */
export const DismissedSchema = DismissalSchema.pick({ id: true, scope: true, reason: true, by: true, at: true, until: true });

export const dismissalCommands = {
  dismissals: {
    list: proc(
      'GET',
      '/dismissals',
      'List what was accepted, newest first',
      z.strictObject({ context: ContextNameSchema.optional() }),
      z.strictObject({ dismissals: z.array(DismissalSchema) }),
    ),
    add: proc(
      'POST decide',
      '/dismissals',
      'Accept an incident with a reason, until a time or until something about it changes',
      z.strictObject({
        incident: z.string(),
        scope: z.enum(DISMISSAL_SCOPES).default('incident'),
        reason: z.string().min(1),
        until: TimeSchema.optional(),
        by: z.string().min(1),
      }),
      DismissalSchema,
    ),
    takeBack: proc(
      'POST decide',
      '/dismissals/{id}/take-back',
      'Hear of it again',
      z.strictObject({ id: z.string(), by: z.string().min(1) }),
      DismissalSchema,
    ),
  },
};
