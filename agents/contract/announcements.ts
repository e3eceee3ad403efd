import { z } from 'zod';
import { AgentIdSchema, CodeSchema, ContextNameSchema, ResourceRefSchema, SeveritySchema, TimeSchema } from './ids.ts';

/** What an agent tells the others besides its findings: they wake on it, and ask further. */

/** Most telling first, where several are of one cause. */
export const ANNOUNCED = ['performance.degraded', 'exhaustion.predicted', 'logs.patternAppeared', 'anomaly.detected'] as const;
export const AnnouncedSchema = z.enum(ANNOUNCED);
export type Announced = z.infer<typeof AnnouncedSchema>;

const announcement = {
  agent: AgentIdSchema,
  context: ContextNameSchema,
  /** Of the finding that says it, as long as it is there. */
  fingerprint: z.string(),
  code: CodeSchema,
  resource: ResourceRefSchema,
  severity: SeveritySchema,
  message: z.string(),
  /** When it began, where that is known. */
  since: TimeSchema.nullable(),
  /** How rare it is, 0.5 to below 1; of a forecast, how sure. */
  score: z.number(),
  /** Where the value was expected, or between which times the limit is reached. */
  expected: z.string(),
  /** What would make it silent. */
  silentWhen: z.string(),
};
export const AnnouncementSchema = z.strictObject({ type: AnnouncedSchema, ...announcement });
export type Announcement = z.infer<typeof AnnouncementSchema>;

/** In the log: the maintenance it was noticed in; it is written again, without it, where it is still so afterwards. */
const logged = { ...announcement, maintenance: z.string().optional() };

/** Entries of the log. That a pattern of logs appeared is one with more in it, written when it does: events.ts. */
export const ANNOUNCED_EVENTS = [
  z.strictObject({ type: z.literal('performance.degraded'), ...logged }),
  z.strictObject({ type: z.literal('exhaustion.predicted'), ...logged }),
  z.strictObject({ type: z.literal('anomaly.detected'), ...logged }),
] as const;
