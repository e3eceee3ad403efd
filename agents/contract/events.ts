import { z } from 'zod';
import { LogNewsSchema } from './log-patterns.ts';
import { AgentIdSchema, CodeSchema, ContextNameSchema, FailureSchema, ResourceRefSchema, TimeSchema } from './ids.ts';
import { ANNOUNCED_EVENTS } from './announcements.ts';
import { ConsultationNameSchema } from './consultations.ts';
import { ContextMarksSchema } from './contexts.ts';
import { FindingSchema } from './finding.ts';
import { DismissalSchema } from './dismissals.ts';
import { MaintenanceSchema } from './maintenances.ts';
import { IncidentSchema } from './incident.ts';
import { DecisionSchema, PlanSchema, PlanStateSchema } from './plan.ts';
import { QuestionIdSchema } from './models.ts';

const agent = AgentIdSchema;
const context = ContextNameSchema;

/** The facts of the log: noun.verbed. Only the host appends. Whole values where a reader needs them, references elsewhere. */
export const HostEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('app.started'), version: z.string(), demo: z.boolean() }),
  z.strictObject({ type: z.literal('app.stopped') }),
  /** Older entries were removed, on purpose; the log goes on being checkable. */
  z.strictObject({ type: z.literal('log.pruned'), upTo: z.number().int(), removed: z.number().int(), by: z.string() }),
  z.strictObject({ type: z.literal('agent.started'), agent, title: z.string() }),
  /**
   * What an agent thought, said where there is news: how much it looked at and with how many checks, what it wanted to know besides (reads
   * by their type), and what came of it. The findings follow.
   */
  z.strictObject({
    type: z.literal('agent.looked'),
    agent,
    context,
    objects: z.number().int(),
    checks: z.number().int(),
    probes: z.record(z.string(), z.number().int()),
    raised: z.number().int(),
    cleared: z.number().int(),
    tookMs: z.number(),
  }),
  z.strictObject({ type: z.literal('agent.crashed'), agent, message: z.string(), restarts: z.number().int() }),
  z.strictObject({ type: z.literal('agent.gaveUp'), agent, message: z.string() }),
  z.strictObject({ type: z.literal('agent.paused'), agent, by: z.string() }),
  z.strictObject({ type: z.literal('agent.resumed'), agent, by: z.string() }),
  /** All of them at once: nothing is proposed, approved or changed until they are released. */
  z.strictObject({ type: z.literal('agents.held'), by: z.string(), reason: z.string().optional() }),
  z.strictObject({ type: z.literal('agents.released'), by: z.string() }),
  z.strictObject({ type: z.literal('token.created'), name: z.string(), scope: z.string(), expires: TimeSchema.nullable(), by: z.string() }),
  z.strictObject({ type: z.literal('token.revoked'), name: z.string(), by: z.string() }),
  /** Where newer versions are looked for from now on; null: nowhere. */
  z.strictObject({ type: z.literal('updates.followed'), feed: z.string().nullable(), by: z.string() }),
  z.strictObject({ type: z.literal('cluster.connected'), context, uid: z.string(), version: z.string() }),
  z.strictObject({ type: z.literal('cluster.wentOffline'), context, failure: FailureSchema }),
  /** It answers, and these kinds are not watched for now: what is known of them is as old as `since`. */
  z.strictObject({ type: z.literal('cluster.wentStale'), context, kinds: z.array(z.string()), since: TimeSchema }),
  z.strictObject({ type: z.literal('cluster.disconnected'), context }),
  /** What was typed and printed is never recorded. */
  z.strictObject({
    type: z.literal('exec.opened'),
    context,
    session: z.string(),
    resource: ResourceRefSchema,
    container: z.string().nullable(),
    command: z.array(z.string()),
    by: z.string(),
  }),
  z.strictObject({
    type: z.literal('exec.closed'),
    context,
    session: z.string(),
    resource: ResourceRefSchema,
    exitCode: z.number().int().nullable(),
    durationMs: z.number(),
  }),
  z.strictObject({
    type: z.literal('forward.opened'),
    context,
    forward: z.string(),
    namespace: z.string(),
    target: z.string(),
    remotePort: z.number().int(),
    localPort: z.number().int(),
    by: z.string(),
  }),
  z.strictObject({ type: z.literal('forward.closed'), context, forward: z.string(), by: z.string() }),
  /** A login asks the person for something, in its own words: an address to open, a code to enter. */
  z.strictObject({ type: z.literal('signIn.asked'), context, user: z.string(), text: z.string() }),
  z.strictObject({ type: z.literal('signIn.ended'), context, user: z.string(), failure: z.string().nullable() }),
  /** A file says something else now. `problems`: how many of its kind there are since then. All lists empty: only words changed. */
  z.strictObject({
    type: z.literal('kubeconfig.changed'),
    added: z.array(context),
    removed: z.array(context),
    changed: z.array(context),
    problems: z.number().int(),
  }),
  z.strictObject({ type: z.literal('kubeconfig.fileAdded'), path: z.string(), contexts: z.number().int(), by: z.string() }),
  z.strictObject({ type: z.literal('kubeconfig.fileRemoved'), path: z.string(), by: z.string() }),
  z.strictObject({ type: z.literal('context.marked'), context, marks: ContextMarksSchema, by: z.string() }),
  z.strictObject({ type: z.literal('context.used'), context, file: z.string(), by: z.string() }),
  z.strictObject({
    type: z.literal('diagnosis.completed'),
    context,
    objects: z.number().int(),
    incidents: z.number().int(),
    durationMs: z.number(),
  }),
  z.strictObject({ type: z.literal('finding.raised'), agent, context, finding: FindingSchema }),
  z.strictObject({ type: z.literal('finding.cleared'), agent, context, fingerprint: z.string() }),
  z.strictObject({ type: z.literal('check.failed'), agent, context, code: CodeSchema, message: z.string() }),
  ...ANNOUNCED_EVENTS,
  /** One agent, or the host for somebody, asks another. What was asked and answered is not in the log; a repeated question only where the answer turns. */
  z.strictObject({ type: z.literal('consultation.asked'), by: z.string(), name: ConsultationNameSchema, context: context.nullable() }),
  z.strictObject({
    type: z.literal('consultation.answered'),
    by: z.string(),
    name: ConsultationNameSchema,
    context: context.nullable(),
    /** Why there was no answer; null where there was one. */
    unavailable: z.string().nullable(),
    durationMs: z.number().int(),
  }),
  /** An error in the logs of a workload, of all its replicas, is new since a rollout, much more than before it, or comes in a burst. */
  z.strictObject({
    type: z.literal('logs.patternAppeared'),
    context,
    /** The workload. */
    resource: ResourceRefSchema,
    pattern: z.string(),
    text: z.string(),
    news: LogNewsSchema.shape.kind,
    because: z.string(),
    since: TimeSchema,
    revision: z.string().nullable(),
    lines: z.number().int(),
    pods: z.number().int(),
    sample: z.string(),
    /** The maintenance it appeared in: nobody was woken. */
    maintenance: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('incident.opened'), incident: IncidentSchema }),
  z.strictObject({ type: z.literal('incident.updated'), incident: IncidentSchema }),
  z.strictObject({ type: z.literal('incident.resolved'), context, incident: z.string(), because: z.string() }),
  z.strictObject({ type: z.literal('incident.dismissed'), context, incident: z.string(), dismissal: DismissalSchema }),
  /** `incident`: the one that is heard again; absent where the whole dismissal is over. */
  z.strictObject({
    type: z.literal('dismissal.ended'),
    context,
    dismissal: z.string(),
    incident: z.string().optional(),
    because: z.string(),
    by: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('maintenance.added'), context, maintenance: MaintenanceSchema }),
  z.strictObject({
    type: z.literal('maintenance.ended'),
    context,
    maintenance: z.string(),
    because: z.string(),
    by: z.string().optional(),
  }),
  /** What an incident taught, to be accepted by a person. `hash`: of the whole text that is proposed. */
  z.strictObject({ type: z.literal('runbook.proposed'), code: CodeSchema, incident: z.string(), hash: z.string() }),
  z.strictObject({
    type: z.literal('runbook.accepted'),
    code: CodeSchema,
    version: z.number().int(),
    by: z.string(),
    incident: z.string(),
  }),
  z.strictObject({ type: z.literal('runbook.rejected'), code: CodeSchema, by: z.string(), reason: z.string().optional() }),
  z.strictObject({ type: z.literal('plan.proposed'), plan: PlanSchema }),
  z.strictObject({ type: z.literal('plan.refused'), plan: PlanSchema }),
  /**
   * Plans of one incident that are as good as each other by our own ranking, put in an order by a model (`by`), the first one first. Of
   * all others, and for whatever is approved by rule, the ranking stands.
   */
  z.strictObject({
    type: z.literal('plan.ordered'),
    context,
    incident: z.string(),
    plan: z.string(),
    plans: z.array(z.string()).min(2),
    by: z.string(),
    because: z.string(),
  }),
  /** Superseded: its incident is gone, or a newer plan takes its place. */
  z.strictObject({ type: z.literal('plan.abandoned'), context, plan: z.string(), because: z.string() }),
  z.strictObject({ type: z.literal('plan.expired'), context, plan: z.string() }),
  z.strictObject({ type: z.literal('approval.requested'), context, plan: z.string(), hash: z.string(), expires: TimeSchema }),
  z.strictObject({
    type: z.literal('approval.resolved'),
    context,
    plan: z.string(),
    hash: z.string(),
    decision: DecisionSchema,
    by: z.string(),
    reason: z.string().optional(),
    /** Where a rule decided, or had a say in how: its id and the version of the rules. */
    rule: z.string().optional(),
    rules: z.string().optional(),
  }),
  /** One person of several has approved; the plan goes on waiting. */
  z.strictObject({
    type: z.literal('approval.given'),
    context,
    plan: z.string(),
    hash: z.string(),
    by: z.string(),
    have: z.number().int(),
    need: z.number().int(),
  }),
  /** What was sent to a model, after everything that must not be there was masked; `text` is cut where it is long, `hash` is of all of it. */
  z.strictObject({
    type: z.literal('model.asked'),
    id: z.string(),
    question: QuestionIdSchema,
    about: z.string().nullable(),
    model: z.string(),
    where: z.enum(['local', 'remote']),
    hash: z.string(),
    text: z.string().max(4_100),
    characters: z.number().int(),
    hidden: z.enum(['credentials', 'names']),
  }),
  /** What came back, and what became of it: shown, refused because it did not hold to the facts, or failed. */
  z.strictObject({
    type: z.literal('model.answered'),
    id: z.string(),
    question: QuestionIdSchema,
    model: z.string(),
    where: z.enum(['local', 'remote']),
    outcome: z.enum(['shown', 'refused', 'failed']),
    because: z.string().nullable(),
    hash: z.string(),
    text: z.string().max(4_100),
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    tookMs: z.number().int(),
    cost: z.number(),
  }),
  /** A model was taken in, chosen or deleted, or what is set about models was changed. */
  z.strictObject({ type: z.literal('model.changed'), change: z.string(), by: z.string() }),
  /** The rules in force: at each start where there are any, and whenever they change. `by` is null where the file was edited by hand. */
  z.strictObject({
    type: z.literal('autonomy.inForce'),
    version: z.string(),
    by: z.string().nullable(),
    rules: z.number().int(),
    text: z.string(),
    problem: z.string().nullable(),
  }),
  /** Written, with the idempotency key, before the request leaves. */
  z.strictObject({
    type: z.literal('action.started'),
    context,
    plan: z.string(),
    index: z.number().int(),
    key: z.string(),
    inverse: z.boolean(),
    target: ResourceRefSchema,
    summary: z.string(),
  }),
  z.strictObject({
    type: z.literal('action.succeeded'),
    context,
    plan: z.string(),
    index: z.number().int(),
    key: z.string(),
    inverse: z.boolean(),
    resourceVersion: z.string(),
  }),
  z.strictObject({
    type: z.literal('action.failed'),
    context,
    plan: z.string(),
    index: z.number().int(),
    key: z.string(),
    inverse: z.boolean(),
    failure: FailureSchema,
  }),
  z.strictObject({
    type: z.literal('plan.verifying'),
    context,
    plan: z.string(),
    codes: z.array(CodeSchema),
    stableForSeconds: z.number().int(),
  }),
  z.strictObject({ type: z.literal('plan.verified'), context, plan: z.string(), because: z.string() }),
  z.strictObject({ type: z.literal('plan.rollingBack'), context, plan: z.string(), because: z.string() }),
  z.strictObject({ type: z.literal('plan.settled'), context, plan: z.string(), state: PlanStateSchema, because: z.string() }),
]);
export type HostEvent = z.infer<typeof HostEventSchema>;

/** One entry of the log. `hash` = SHA-256 over the canonical JSON of the other fields; `prev` is the hash of the entry before. */
export const EnvelopeSchema = z.strictObject({
  v: z.literal(1),
  seq: z.number().int().positive(),
  at: TimeSchema,
  prev: z.string(),
  hash: z.string(),
  event: HostEventSchema,
});
export type Envelope = z.infer<typeof EnvelopeSchema>;
