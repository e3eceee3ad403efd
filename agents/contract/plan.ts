import { z } from 'zod';
import { PlanAutonomySchema } from './autonomy.ts';
import { AgentIdSchema, CodeSchema, ContextNameSchema, FailureSchema, ResourceRefSchema, RiskSchema, TimeSchema } from './ids.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export const JsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(JsonSchema), z.record(z.string(), JsonSchema)]),
);

/** One operation of RFC 6902. Remedies put a `test` before each `replace`/`remove`, so that a changed value refuses the patch. */
export const JsonPatchOpSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('test'), path: z.string(), value: JsonSchema }),
  z.strictObject({ op: z.literal('add'), path: z.string(), value: JsonSchema }),
  z.strictObject({ op: z.literal('replace'), path: z.string(), value: JsonSchema }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
]);
export type JsonPatchOp = z.infer<typeof JsonPatchOpSchema>;

const target = ResourceRefSchema;

/**
 * What a remedy may ask for: the cluster's own verbs, as data. A closed union; each member has one file in host/actions
 * (executor, dry run, inverse, words). No shell, no free text that is executed.
 */
export const ActionSpecSchema = z.discriminatedUnion('type', [
  /** Change fields of one object. */
  z.strictObject({ type: z.literal('patch'), target, ops: z.array(JsonPatchOpSchema).min(1) }),
  /** Set the replica count of a Deployment, StatefulSet or ReplicaSet. */
  z.strictObject({ type: z.literal('scale'), target, replicas: z.number().int().min(0) }),
  /** Replace the pods of a workload by new ones of the same template. */
  z.strictObject({ type: z.literal('restart-rollout'), target }),
  /** Put the pod template of an earlier revision back (Deployment). `revision` is the number in `deployment.kubernetes.io/revision`. */
  z.strictObject({
    type: z.literal('undo-rollout'),
    target,
    revision: z.number().int().min(1),
    /** SHA-256, hex, of the canonical JSON of the pod template that must be there: what is put back must be what we left. */
    onlyIf: z.string().optional(),
  }),
  /** Create an object that does not exist. `manifest` is the whole object. */
  z.strictObject({ type: z.literal('create'), target, manifest: z.record(z.string(), JsonSchema) }),
  /** Delete one object. */
  z.strictObject({ type: z.literal('delete'), target }),
]);
export type ActionSpec = z.infer<typeof ActionSpecSchema>;
export type ActionType = ActionSpec['type'];

/** How far a change reaches, as the agent sees it: for the person who decides, not for the host to rely on. */
export const ReachSchema = z.strictObject({
  /** Pods that are replaced or stopped, and how many of them are ready now. */
  restarts: z.number().int(),
  ready: z.number().int(),
  /** What depends on the targets, nearest first: `steps` edges away. `more` are not listed. */
  dependents: z.array(
    z.strictObject({
      resource: ResourceRefSchema,
      how: z.enum(['leads to it', 'calls it', 'names it', 'mounts it']),
      steps: z.number().int(),
    }),
  ),
  more: z.number().int(),
  /** Disruption budgets over the pods that restart, and how many disruptions each allows now; null where it does not say. */
  budgets: z.array(z.strictObject({ resource: ResourceRefSchema, allows: z.number().int().nullable() })),
});
export type Reach = z.infer<typeof ReachSchema>;

/** Who looks after a target besides us. */
export const ManagerSchema = z.strictObject({
  by: z.enum(['Flux', 'Argo CD', 'Helm', 'an operator', 'a person']),
  name: z.string(),
  /** What is changed here would be put back from there. */
  putsBack: z.boolean(),
  /** How that is known. */
  because: z.string(),
});
export type Manager = z.infer<typeof ManagerSchema>;

/** What an agent proposes: everything but what the host must compute (risk, diff, undo, hash, expiry). */
export const PlanDraftSchema = z.strictObject({
  /** Stable within an incident: the remedy's name, with a suffix where one remedy offers several plans. */
  remedy: z.string(),
  title: z.string(),
  because: z.string(),
  actions: z.array(ActionSpecSchema).min(1),
  /** Codes that must be gone from the subject and stay gone. */
  verify: z.array(CodeSchema).min(1),
  /** Seconds the codes must stay gone and the target healthy. */
  stableForSeconds: z.number().int().min(1).default(10),
  /** A lower bound for the risk, with its reason; `core/policy` may only raise it. */
  atLeastRisk: RiskSchema.default('low'),
  /** Computed beside the remedies, for all of them. */
  reach: ReachSchema.optional(),
});
export type PlanDraft = z.infer<typeof PlanDraftSchema>;

/** One action with what the host found out about it on the live object. */
export const ActionSchema = z.strictObject({
  type: z.enum(['patch', 'scale', 'restart-rollout', 'undo-rollout', 'create', 'delete']),
  target,
  summary: z.string(),
  /** Unified diff of the fields that change, made from the server's dry-run answer; secrets masked. */
  diff: z.string(),
  /** How it would be taken back, in words. */
  undo: z.string(),
  spec: ActionSpecSchema,
  /** What takes it back, with the values read now; null where nothing can. */
  inverse: z.array(ActionSpecSchema).nullable(),
  /** The object as it was when dry run: identity for the drift check. Null for a create. `owner`: the uid of its controller. */
  seen: z
    .strictObject({
      uid: z.string(),
      resourceVersion: z.string(),
      generation: z.number().nullable(),
      owner: z.string().nullable().default(null),
    })
    .nullable(),
  /** What controls the target, nearest first: a plan for one of them is in the way of this one. */
  owners: z.array(ResourceRefSchema).optional(),
  /** Of a create: the uid of the namespace it is created in. */
  within: z.string().optional(),
});
export type Action = z.infer<typeof ActionSchema>;

/** A place that a plan changed, three times: before it, as it left it, and now. Values as sentences quote them, credentials masked. */
export const LeftFieldSchema = z.strictObject({
  target,
  field: z.string(),
  was: z.string(),
  left: z.string(),
  now: z.string(),
  state: z.enum(['asLeft', 'asBefore', 'changed', 'gone']),
});
export type LeftField = z.infer<typeof LeftFieldSchema>;

/** States of the road; the chart is core/remediation.machine.ts. */
export const PLAN_STATES = [
  'preflight',
  'dryRunning',
  'refused',
  'awaitingApproval',
  'rejected',
  'expired',
  'abandoned',
  'acting',
  'verifying',
  'done',
  'rollingBack',
  'rolledBack',
  'rollbackFailed',
  'failed',
  'needsReview',
] as const;
export const PlanStateSchema = z.enum(PLAN_STATES);
export type PlanState = z.infer<typeof PlanStateSchema>;

export const DecisionSchema = z.enum(['approved', 'rejected', 'skipped']);

export const PlanSchema = z.strictObject({
  id: z.string(),
  incidentId: z.string(),
  context: ContextNameSchema,
  agent: AgentIdSchema,
  remedy: z.string(),
  title: z.string(),
  because: z.string(),
  risk: RiskSchema,
  riskReasons: z.array(z.string()),
  /** SHA-256, hex, of the canonical JSON of what would run: context, cluster uid, action specs, seen identities, diffs, verify. */
  hash: z.string(),
  actions: z.array(ActionSchema),
  verify: z.array(CodeSchema),
  stableForSeconds: z.number().int(),
  /** The rights it needs, and whether the user of the context has them; empty where that was not asked. */
  permissions: z.array(z.strictObject({ right: z.string(), allowed: z.boolean(), because: z.string() })).default([]),
  reach: ReachSchema.optional(),
  /** By target: who else looks after it. */
  managedBy: z.array(z.strictObject({ resource: ResourceRefSchema, ...ManagerSchema.shape })).default([]),
  /** Where a target would be put back: the same change as a patch file for its source. */
  sourcePatch: z.string().optional(),
  state: PlanStateSchema,
  /** Why it is in that state where that is not obvious: a refusal, a rejection, what verify saw. */
  reason: z.string().optional(),
  failure: FailureSchema.optional(),
  decision: DecisionSchema.optional(),
  decidedBy: z.string().optional(),
  decidedAt: TimeSchema.optional(),
  /** How the rules let it be decided: as it is now while it waits, as it was when it was decided. */
  autonomy: PlanAutonomySchema.optional(),
  /** Who has approved so far, where more than one person must. */
  approvals: z.array(z.strictObject({ by: z.string(), at: TimeSchema })).optional(),
  /** The plan this one takes back, where it is an undo. */
  undoes: z.string().optional(),
  /** The person who made it, where no agent did. */
  proposedBy: z.string().optional(),
  /**
   * What a model said about plans that are as good as each other by our own ranking: its place among these (`among`, their ids). It moves
   * none of them past a better one, and what is approved without a person's look does not go by it.
   */
  ordered: z.strictObject({ place: z.number().int(), among: z.array(z.string()), by: z.string() }).optional(),
  /** Among the plans of its incident that can be chosen; where there are several. */
  rank: z.strictObject({ place: z.number().int(), of: z.number().int(), because: z.string() }).optional(),
  createdAt: TimeSchema,
  expires: TimeSchema,
  settledAt: TimeSchema.optional(),
});
export type Plan = z.infer<typeof PlanSchema>;

/** The answer of `quarterdeck fix -o json`; field names are fixed. */
export const FixReportSchema = z.strictObject({
  plans: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      hash: z.string(),
      decision: DecisionSchema,
      by: z.string(),
      outcome: z.enum(['done', 'rolledBack', 'failed', 'refused']).nullable(),
      reason: z.string(),
      verified: z.boolean(),
      actions: z.array(ActionSchema),
      durationMs: z.number(),
    }),
  ),
});
export type FixReport = z.infer<typeof FixReportSchema>;
