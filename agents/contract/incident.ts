import { z } from 'zod';
import { CodeSchema, ContextNameSchema, ResourceRefSchema, SeveritySchema, TimeSchema } from './ids.ts';
import { EvidenceSchema, IncompleteSchema, RuledOutSchema } from './finding.ts';
import { DismissedSchema } from './dismissals.ts';
import { InMaintenanceSchema } from './maintenances.ts';
import { PlanSchema } from './plan.ts';

export const RootCauseSchema = z.strictObject({
  code: CodeSchema,
  resource: ResourceRefSchema,
  field: z.string().optional(),
  message: z.string(),
  confidence: z.number(),
});

export const SymptomSchema = z.strictObject({ code: CodeSchema, resource: ResourceRefSchema, message: z.string() });

/** One root cause, its symptoms, the evidence, and what was ruled out. `id` is stable for (context, root cause fingerprint). */
export const IncidentSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  title: z.string(),
  severity: SeveritySchema,
  state: z.enum(['open', 'resolved']),
  rootCause: RootCauseSchema,
  symptoms: z.array(SymptomSchema),
  /** Objects that suffer, for counting and for the map. */
  affects: z.array(ResourceRefSchema),
  evidence: z.array(EvidenceSchema),
  ruledOut: z.array(RuledOutSchema),
  /** Where no plan can be made honestly: what a person must supply. */
  advice: z.string().optional(),
  /** A person has accepted it: nothing is proposed, and it is listed apart, until it changes or its time is over. */
  dismissed: DismissedSchema.optional(),
  /** Somebody works there: it is told to nobody, and nothing is proposed unasked, before that is over. */
  maintenance: InMaintenanceSchema.optional(),
  firstSeen: TimeSchema,
  lastSeen: TimeSchema,
});
export type Incident = z.infer<typeof IncidentSchema>;

export const IncidentWithPlansSchema = IncidentSchema.extend({ plans: z.array(PlanSchema) });
export type IncidentWithPlans = z.infer<typeof IncidentWithPlansSchema>;

/** The answer of `quarterdeck diagnose -o json`; field names are fixed. */
export const DiagnosisSchema = z.strictObject({
  context: ContextNameSchema,
  cluster: z.strictObject({ uid: z.string() }),
  demo: z.boolean(),
  namespaces: z.array(z.string()),
  scannedAt: TimeSchema,
  durationMs: z.number(),
  /** Where the time went, milliseconds. */
  timings: z.record(z.string(), z.number()),
  objects: z.number().int(),
  incidents: z.array(IncidentWithPlansSchema),
  /** Those a person has accepted; they are not among `incidents`. */
  dismissed: z.array(IncidentSchema),
  /** Nothing is wrong there, something could be tidied: severity info. Of these, `incidents` has what is kept and paid for. */
  information: z.array(IncidentSchema),
  /** Where one object was asked about: which it is, and what was looked for there and not found. */
  about: z.strictObject({ resource: ResourceRefSchema, ruledOut: z.array(RuledOutSchema) }).optional(),
  unexplained: z.array(z.strictObject({ resource: ResourceRefSchema, message: z.string() })),
  incomplete: z.array(IncompleteSchema),
});
export type Diagnosis = z.infer<typeof DiagnosisSchema>;
