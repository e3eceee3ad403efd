import { z } from 'zod';
import { CodeSchema, ContextNameSchema, ResourceRefSchema, SeveritySchema, TimeSchema } from './ids.ts';
import { PlanStateSchema } from './plan.ts';

/** One time that an incident was there. The same fault of the same object has the same id each time it comes, so an id may be here more than once. */
export const PastIncidentSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  title: z.string(),
  severity: SeveritySchema,
  code: CodeSchema,
  resource: ResourceRefSchema,
  field: z.string().optional(),
  message: z.string(),
  /** Codes of what people noticed. */
  symptoms: z.array(CodeSchema),
  openedAt: TimeSchema,
  resolvedAt: TimeSchema,
  /** Numbers of the entries of the log that say so. */
  opened: z.number().int().positive(),
  resolved: z.number().int().positive(),
  /** What was decided and carried out for it, in that order. */
  plans: z.array(
    z.strictObject({
      plan: z.string(),
      remedy: z.string(),
      title: z.string(),
      state: PlanStateSchema,
      because: z.string(),
      /** Number of the entry of the log that says how it ended. */
      settled: z.number().int().positive(),
    }),
  ),
});
export type PastIncident = z.infer<typeof PastIncidentSchema>;

/** A past incident, and how much it is like one that is asked about. */
export const SimilarIncidentSchema = PastIncidentSchema.extend({
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  /** What is alike, in words. */
  because: z.string(),
});
export type SimilarIncident = z.infer<typeof SimilarIncidentSchema>;
