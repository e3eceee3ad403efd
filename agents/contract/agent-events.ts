import { z } from 'zod';
import { ConsultationSchema } from './consultations.ts';
import { FindingSchema, IncompleteSchema, RuledOutSchema } from './finding.ts';
import { CodeSchema, ContextNameSchema, ResourceRefSchema } from './ids.ts';
import { PlanDraftSchema } from './plan.ts';
import { ProbeSchema } from './probes.ts';

/** What an agent can say, and what it says: the report of a cluster, and the verdict on a plan. */

/** How two objects are connected; the edges over which symptoms are folded under causes. Read "from TYPE to". */
export const RELATIONS = [
  'ownedBy',
  'selects',
  'mounts',
  'references',
  'scheduledOn',
  'admittedBy',
  'calls',
  'changedBy',
  'boundTo',
] as const;
export const RelationSchema = z.strictObject({
  from: ResourceRefSchema,
  type: z.enum(RELATIONS),
  to: ResourceRefSchema,
  /** Of a call: the caller's log says that it failed. */
  failed: z.boolean().optional(),
});
export type Relation = z.infer<typeof RelationSchema>;

/** Everything one agent found in one cluster at one version of what it has seen. The whole result, so that *gone* can be computed. */
export const ReportSchema = z.strictObject({
  context: ContextNameSchema,
  /** Counts the changes the agent has taken in from the kube worker for this context. */
  version: z.number().int(),
  findings: z.array(FindingSchema),
  /** The neighbourhood of the findings' subjects and affected objects, for folding. */
  relations: z.array(RelationSchema),
  /** What a remedy would do about a finding, by the finding's fingerprint. */
  drafts: z.array(z.strictObject({ fingerprint: z.string(), draft: PlanDraftSchema })),
  /** Words for a person where a remedy knows no honest plan, by fingerprint. */
  advice: z.array(z.strictObject({ fingerprint: z.string(), text: z.string() })),
  unexplained: z.array(z.strictObject({ resource: ResourceRefSchema, message: z.string() })),
  incomplete: z.array(IncompleteSchema),
  /** What was looked for and not found, about the objects that the report was asked for; else empty. */
  ruledOut: z.array(RuledOutSchema),
  /** True when no wish for a probe is open: the report rests on all the facts the checks asked for. */
  settled: z.boolean(),
  /** Objects looked at, and milliseconds spent in checks. */
  objects: z.number().int(),
  tookMs: z.number(),
});
export type Report = z.infer<typeof ReportSchema>;

/** Whether a plan has helped, judged by the agent from its own view: findings gone, target rolled out and healthy. */
export const VerdictSchema = z.strictObject({
  plan: z.string(),
  context: ContextNameSchema,
  holds: z.boolean(),
  /** True when it cannot become good any more (a new failure of the same target): roll back without waiting. */
  hopeless: z.boolean(),
  because: z.string(),
});
export type Verdict = z.infer<typeof VerdictSchema>;

/**
 * All an agent can say. It cannot say "approved". The host parses each one; a bad one is the agent's fault: logged, counted,
 * restarted. These are the messages from an agent's thread; the host turns those that are news into entries of the log.
 */
export const AgentEventSchema = z.discriminatedUnion('type', [
  /** `answers` names the requests for a report (agent-protocol.ts) that this one answers. */
  z.strictObject({ type: z.literal('report.made'), report: ReportSchema, answers: z.array(z.number().int()) }),
  /** `context` is null where it answers a question that is about no cluster. */
  z.strictObject({ type: z.literal('probe.wished'), context: ContextNameSchema.nullable(), probes: z.array(ProbeSchema).min(1) }),
  z.strictObject({ type: z.literal('consultation.wished'), context: ContextNameSchema, asks: z.array(ConsultationSchema).min(1) }),
  /** `request` names the one of agent-protocol.ts that this answers; the host parses `value` by the consultation's own schema. */
  z.strictObject({
    type: z.literal('consultation.replied'),
    request: z.number().int(),
    answer: z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), value: z.unknown() }),
      z.strictObject({ ok: z.literal(false), message: z.string() }),
    ]),
  }),
  z.strictObject({ type: z.literal('verdict.reached'), verdict: VerdictSchema }),
  z.strictObject({ type: z.literal('check.failed'), context: ContextNameSchema, code: CodeSchema, message: z.string() }),
]);
export type AgentEvent = z.infer<typeof AgentEventSchema>;
