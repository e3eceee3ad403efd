import { z } from 'zod';
import { AnnouncementSchema } from './announcements.ts';
import { ChangeSchema } from './changes.ts';
import { CodeSchema, type FailureSchema, ResourceRefSchema, TimeSchema } from './ids.ts';
import { KnowledgeAnswerSchema } from './knowledge.ts';
import { PastIncidentSchema } from './past-incidents.ts';
import { LogNewsFactSchema } from './log-patterns.ts';
import { MetricAnswerSchema } from './series.ts';
import { SignalNewsSchema } from './signals.ts';
import { sortedText } from './sorted-text.ts';
import { MetricProfileSchema } from './trends.ts';

/**
 * Typed reads a check may wish for with `ctx.ask`. Nothing of a cluster changes by any of them, by construction. Two closed unions: what a
 * cluster answers has one executor a member in host/probes with a cost class, a time limit and the RBAC it needs; what the host answers
 * from its own records has one in host/probes/own.
 */
export const ClusterProbeSchema = z.discriminatedUnion('type', [
  /** The end of a container's log; `previous` is the run before the last restart. At most 200 lines are kept. */
  z.strictObject({
    type: z.literal('podLogs'),
    namespace: z.string(),
    pod: z.string(),
    container: z.string(),
    previous: z.boolean(),
    tailLines: z.number().int().min(1).max(200),
    /** Bumped by the caller when the container restarted, so that an old answer is not reused. */
    restart: z.number().int(),
  }),
  /** The KubeEvents about one object, newest last. `revision` is the object's resourceVersion or a counter, for the same reason. */
  z.strictObject({ type: z.literal('objectEvents'), resource: ResourceRefSchema, revision: z.string() }),
  /** The certificates in one key of a Secret: their public part. `revision` is the Secret's. */
  z.strictObject({ type: z.literal('certificate'), namespace: z.string(), secret: z.string(), key: z.string(), revision: z.string() }),
  /** Whether a pod of this object's template would be admitted: a server-side dry run. `revision` as above. */
  z.strictObject({ type: z.literal('podRefused'), resource: ResourceRefSchema, revision: z.string() }),
  /** What the objects of one custom kind say about themselves: their conditions, of 500 of them at most. */
  z.strictObject({ type: z.literal('customResources'), group: z.string(), version: z.string(), plural: z.string(), kind: z.string() }),
]);
export type ClusterProbe = z.infer<typeof ClusterProbeSchema>;
export type ClusterProbeType = ClusterProbe['type'];

export const OwnProbeSchema = z.discriminatedUnion('type', [
  /** What changed about one object, newest first, at most 20. `revision` as above. */
  z.strictObject({ type: z.literal('changes'), resource: ResourceRefSchema, revision: z.string() }),
  /** Passages of what is known beforehand. */
  z.strictObject({
    type: z.literal('knowledge'),
    text: z.string().min(1).max(2_000),
    top: z.number().int().min(1).max(50),
    teamOnly: z.boolean().optional(),
  }),
  /** Every time an incident was there and is over, of all clusters, newest first, at most 500; with those of `code` in any case. */
  z.strictObject({ type: z.literal('pastIncidents'), code: CodeSchema.optional() }),
  /** What is unusual in the metrics of this cluster now, and which limits are about to be reached. */
  z.strictObject({ type: z.literal('signals') }),
  /** Errors in the logs of this cluster that are new or much more than before, and still go on. */
  z.strictObject({ type: z.literal('logNews') }),
  /** What agents have announced of this cluster and is still so; who listens is told anew when that changes. */
  z.strictObject({ type: z.literal('announcements') }),
  /** The kept metrics of this cluster at one moment, in PromQL; at most 100 series. */
  z.strictObject({ type: z.literal('metrics'), query: z.string().min(1).max(2_000), at: TimeSchema }),
  /** The kept series that a selector matches, in figures, over a time; at most 500 of them. */
  z.strictObject({ type: z.literal('metricProfiles'), match: z.string().min(1).max(2_000), from: TimeSchema, to: TimeSchema }),
]);
export type OwnProbe = z.infer<typeof OwnProbeSchema>;
export type OwnProbeType = OwnProbe['type'];

export const ProbeSchema = z.discriminatedUnion('type', [...ClusterProbeSchema.options, ...OwnProbeSchema.options]);
export type Probe = z.infer<typeof ProbeSchema>;
export type ProbeType = Probe['type'];
/** Whether the host answers it from what it has itself; else a cluster does. */
export const isOwnProbe = (probe: Probe): probe is OwnProbe => OwnProbeSchema.options.some((o) => o.shape.type.value === probe.type);

export const KubeEventFactSchema = z.object({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  at: TimeSchema.optional(),
  /** When the first of them was. */
  since: TimeSchema.optional(),
});
export type KubeEventFact = z.infer<typeof KubeEventFactSchema>;

/** An object of a custom kind, as far as anybody can understand it who does not know the kind. */
export const CustomResourceFactSchema = z.strictObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  /** Its controlling owner's uid. */
  owner: z.string().optional(),
  generation: z.number().int().optional(),
  /** Of the status as a whole. */
  observedGeneration: z.number().int().optional(),
  /** It says that its controller shall leave it alone. */
  suspended: z.boolean(),
  leaving: z.boolean(),
  /** The Secret that its spec names as its own, or as its target. */
  secret: z.string().optional(),
  /** What its spec refers to by fields such as `issuerRef` or `sourceRef`; the kind follows from the field where it is not written. */
  refs: z.array(z.strictObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).optional(),
  created: TimeSchema.optional(),
  /** It is a run that has ended (a backup, a request), not something that goes on. */
  over: z.boolean(),
  /** The words in which its status sums it up (`phase`, `state`, `health`), and what the status says beside them. */
  summary: z.strictObject({ words: z.array(z.strictObject({ field: z.string(), word: z.string() })), message: z.string() }).optional(),
  conditions: z.array(
    z.strictObject({
      type: z.string(),
      status: z.string(),
      reason: z.string(),
      message: z.string(),
      at: TimeSchema.optional(),
      observedGeneration: z.number().int().optional(),
    }),
  ),
});
export type CustomResourceFact = z.infer<typeof CustomResourceFactSchema>;

/** The answer of each probe. */
export const ProbeValueSchemas = {
  podLogs: z.strictObject({ lines: z.array(z.string()), truncated: z.boolean() }),
  objectEvents: z.strictObject({ events: z.array(KubeEventFactSchema) }),
  /** What is public in the certificates of a Secret, the server's own first; `keyMatches` is null where there is no key to compare. */
  certificate: z.strictObject({
    certificates: z.array(
      z.strictObject({
        subject: z.string(),
        issuer: z.string(),
        dnsNames: z.array(z.string()),
        notBefore: TimeSchema,
        notAfter: TimeSchema,
        selfSigned: z.boolean(),
      }),
    ),
    keyMatches: z.boolean().nullable(),
  }),
  changes: z.strictObject({ changes: z.array(ChangeSchema) }),
  podRefused: z.strictObject({ verdict: z.enum(['admitted', 'refused']), message: z.string() }),
  customResources: z.strictObject({ objects: z.array(CustomResourceFactSchema), truncated: z.boolean() }),
  knowledge: KnowledgeAnswerSchema,
  pastIncidents: z.strictObject({ incidents: z.array(PastIncidentSchema) }),
  signals: SignalNewsSchema,
  logNews: LogNewsFactSchema,
  announcements: z.strictObject({ announcements: z.array(AnnouncementSchema) }),
  metrics: MetricAnswerSchema,
  metricProfiles: z.strictObject({ series: z.array(MetricProfileSchema), truncated: z.boolean() }),
} satisfies Record<ProbeType, z.ZodType>;
export type ProbeValue<T extends ProbeType> = z.infer<(typeof ProbeValueSchemas)[T]>;

/** How long an answer is good, milliseconds: events come, a living log grows, the log of a run that is over stays as it is. */
const GOOD_FOR_MS: { readonly [T in ProbeType]: (probe: Extract<Probe, { type: T }>) => number } = {
  podLogs: ({ previous }) => (previous ? Infinity : 15_000),
  objectEvents: () => 3_000,
  certificate: () => 600_000,
  changes: () => 5_000,
  podRefused: () => 10_000,
  customResources: () => 20_000,
  knowledge: () => 60_000,
  pastIncidents: () => 5_000,
  signals: () => 10_000,
  logNews: () => 10_000,
  announcements: () => 30_000,
  // What a moment that is over was like does not change.
  metrics: () => 600_000,
  metricProfiles: () => 600_000,
};
export const goodForMs = (probe: Probe): number => (GOOD_FOR_MS[probe.type] as (probe: Probe) => number)(probe);

/** A fact is the answer to a probe: a value, or why there is none. */
export type Fact<T extends ProbeType = ProbeType> =
  { readonly ok: true; readonly value: ProbeValue<T> } | { readonly ok: false; readonly failure: z.infer<typeof FailureSchema> };

/** The identity of a probe: two equal wishes are one read. Keys are sorted, so the order in which a check wrote them is no matter. */
export const probeKey = (probe: Probe): string => sortedText(probe);
