import { z } from 'zod';
import { ContextNameSchema, ResourceRefSchema, TimeSchema } from './ids.ts';
import { proc, queryInt } from './proc.ts';

/** What changed in a cluster: who, when, which fields. Values of Secrets and ConfigMaps are never among them, only that they differ. */

export const FieldChangeSchema = z.strictObject({
  /** `spec.template.spec.containers[app].image`, `data[password]`. */
  path: z.string(),
  /** As text, credentials masked; null where it was absent, or is not known. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** `image of container app 1.4.2 → 1.5.0`, `key password changed (12 bytes)`. */
  words: z.string(),
});
export type FieldChange = z.infer<typeof FieldChangeSchema>;

export const ChangeSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  /** When it happened, as the server recorded it; where it did not, when it was seen. */
  at: TimeSchema,
  seenAt: TimeSchema,
  resource: ResourceRefSchema,
  type: z.enum(['created', 'changed', 'deleted']),
  /** The field manager that wrote last, its operation, and what it gave as the cause. Null where the server does not say. */
  by: z.strictObject({ manager: z.string(), operation: z.string().optional(), cause: z.string().optional() }).nullable(),
  fields: z.array(FieldChangeSchema),
  /** False for what was found at the first reading: the server says who and when, and not what was there before. */
  beforeKnown: z.boolean(),
  generation: z.number().int().optional(),
  /** Of a Deployment, after the change. */
  revision: z.string().optional(),
  /** One sentence without the time. */
  summary: z.string(),
  /** Above 1: the same manager changed the same fields so often, each within a minute of the one before; the rest is of the last time. */
  count: z.number().int().positive(),
});
export type Change = z.infer<typeof ChangeSchema>;

export const changesCommands = {
  changes: {
    list: proc(
      'GET',
      '/changes',
      'What changed, newest first: who, when, which fields',
      z.strictObject({
        context: ContextNameSchema.optional(),
        since: TimeSchema.optional(),
        until: TimeSchema.optional(),
        /** `Deployment/checkout`, kind in any of the ways kubectl takes it. */
        resource: z.string().optional(),
        namespace: z.string().optional(),
        limit: queryInt.min(1).max(5_000).default(200),
      }),
      z.strictObject({ changes: z.array(ChangeSchema) }),
    ),
  },
};
