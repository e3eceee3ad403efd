import { z } from 'zod';
import { AgentIdSchema, CodeSchema, ResourceRefSchema, SeveritySchema, TimeSchema, refKey } from './ids.ts';

/** What a finding or an incident rests on. `text` quotes the source; cluster text is data and is quoted verbatim. */
export const EvidenceSchema = z.strictObject({
  kind: z.enum(['field', 'event', 'log', 'probe', 'metric', 'change']),
  resource: ResourceRefSchema,
  /** Dotted path for `field`, container for `log`, reason for `event`, probe type for `probe`. */
  source: z.string().optional(),
  text: z.string(),
  at: TimeSchema.optional(),
});
export type Evidence = z.infer<typeof EvidenceSchema>;

/** A hypothesis whose check ran and passed. */
export const RuledOutSchema = z.strictObject({ hypothesis: z.string(), because: z.string() });
export type RuledOut = z.infer<typeof RuledOutSchema>;

/** Something that could not be read, and why, so that silence is never mistaken for health. */
export const IncompleteSchema = z.strictObject({ what: z.string(), because: z.string() });
export type Incomplete = z.infer<typeof IncompleteSchema>;

/** OpenReports words, so that export needs no translation. */
export const ResultSchema = z.enum(['pass', 'fail', 'warn', 'error', 'skip']);

/** What an agent may tell its own remedies about a finding (the wrong value, the right one, an index). Never shown. */
export const ParamsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type Params = z.infer<typeof ParamsSchema>;

export const FindingSchema = z.strictObject({
  code: CodeSchema,
  title: z.string(),
  result: ResultSchema,
  role: z.enum(['cause', 'symptom']),
  severity: SeveritySchema,
  /** The object a person must change or restore: the topmost owner that is edited, not each of its pods. */
  subject: ResourceRefSchema,
  /** Path of the wrong value inside `subject`, where there is one: `spec.template.spec.volumes[0].configMap.name`. */
  field: z.string().optional(),
  /** The objects that suffer. */
  affects: z.array(ResourceRefSchema),
  /** Names the object, the wrong value and what would be right. One sentence or two. */
  message: z.string(),
  evidence: z.array(EvidenceSchema),
  ruledOut: z.array(RuledOutSchema),
  /** 0..1; below 0.5 the message says what is missing to prove it. */
  confidence: z.number().min(0).max(1),
  params: ParamsSchema,
  source: AgentIdSchema,
});
export type Finding = z.infer<typeof FindingSchema>;

/** Identity of a finding over time: *new, still there, gone* are computed from it. `field` tells two faults of one object apart. */
export function fingerprint(finding: Pick<Finding, 'code' | 'subject' | 'field'>): string {
  return `${finding.code}|${refKey(finding.subject)}|${finding.field ?? ''}`;
}
