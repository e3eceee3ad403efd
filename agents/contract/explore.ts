import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { RelationSchema } from './agent-events.ts';
import { ContextNameSchema, FailureSchema, TimeSchema } from './ids.ts';
import { proc, queryBool, queryInt } from './proc.ts';

/** What is read when a person asks for it: any kind the cluster serves, whole objects, events, logs. Read-only. */

/** A kind as a cluster serves it. */
export const ApiKindSchema = z.strictObject({
  /** `v1`, `apps/v1`: the preferred version of its group. */
  apiVersion: z.string(),
  kind: z.string(),
  /** Plural, as in paths and RBAC. */
  resource: z.string(),
  singular: z.string(),
  shortNames: z.array(z.string()),
  categories: z.array(z.string()),
  namespaced: z.boolean(),
  verbs: z.array(z.string()),
});
export type ApiKind = z.infer<typeof ApiKindSchema>;

export const TableColumnSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  description: z.string(),
  /** 0: always shown; above: with `wide`. */
  priority: z.number().int(),
});
export const TableRowSchema = z.strictObject({
  context: ContextNameSchema,
  namespace: z.string().nullable(),
  name: z.string(),
  uid: z.string(),
  cells: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** One page of one cluster's answer, in the server's own columns. */
export const TablePageSchema = z.strictObject({
  kind: ApiKindSchema,
  columns: z.array(TableColumnSchema),
  rows: z.array(TableRowSchema),
  /** To be given back for the next page; null at the end. */
  next: z.string().nullable(),
  remaining: z.number().int().nullable(),
});
export type TablePage = z.infer<typeof TablePageSchema>;

/** A Kubernetes event, newest last. */
export const KubeEventRowSchema = z.strictObject({
  at: TimeSchema.nullable(),
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  /** `Pod/checkout-7d9f`. */
  object: z.string(),
  namespace: z.string().nullable(),
  source: z.string(),
});
export type KubeEventRow = z.infer<typeof KubeEventRowSchema>;

export const LogSelectionSchema = z.strictObject({
  context: ContextNameSchema,
  namespace: z.string(),
  /** `pod-name`, `Deployment/checkout`, `svc/web`; empty with a label selector. Several are read together. */
  targets: z.array(z.string()).default([]),
  labels: z.string().optional(),
  /** A regular expression over container names; all where absent. */
  container: z.string().optional(),
  previous: z.boolean().default(false),
  follow: z.boolean().default(false),
  sinceSeconds: z.number().int().positive().optional(),
  sinceTime: TimeSchema.optional(),
  /** Of each container. */
  tailLines: z.number().int().min(0).optional(),
  /** Only lines that hold all of these words, upper and lower case alike. */
  match: z.string().max(500).optional(),
  /** Whether what looks like a credential is masked before it leaves. */
  masked: z.boolean().default(true),
});
export type LogSelection = z.infer<typeof LogSelectionSchema>;

export const LogLineSchema = z.strictObject({
  pod: z.string(),
  container: z.string(),
  /** As the kubelet stamped it, to the nanosecond; empty where it did not. */
  at: z.string(),
  line: z.string(),
});
export type LogLine = z.infer<typeof LogLineSchema>;

/** Lines of many containers in the order of their times, and what there is to know about where they come from. */
export const LogItemSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lines'), context: ContextNameSchema, namespace: z.string(), lines: z.array(LogLineSchema) }),
  /** A container that cannot be read, one that came or went, a limit that was reached. */
  z.strictObject({
    type: z.literal('note'),
    context: ContextNameSchema,
    namespace: z.string(),
    pod: z.string(),
    container: z.string(),
    text: z.string(),
  }),
]);
export type LogItem = z.infer<typeof LogItemSchema>;

const queryList = z.union([z.array(z.string()), z.string().transform((v) => [v])]).default([]);

export const exploreCommands = {
  explore: {
    kinds: proc(
      'GET',
      '/explore/kinds',
      'Every kind a cluster serves, custom resources included',
      z.strictObject({ context: ContextNameSchema, refresh: queryBool.default(false) }),
      z.strictObject({
        kinds: z.array(ApiKindSchema),
        /** API groups that did not answer. */
        incomplete: z.array(z.strictObject({ what: z.string(), because: z.string() })),
      }),
    ),
    table: proc(
      'GET',
      '/explore/table',
      'Objects of any kind in the columns of the server, of one or several clusters',
      z.strictObject({
        contexts: queryList,
        /** As kubectl takes it: `deploy`, `deployments.apps`, `Widget`, `widgets.example.com`. */
        kind: z.string().min(1),
        namespace: z.string().optional(),
        labels: z.string().optional(),
        fields: z.string().optional(),
        name: z.string().optional(),
        limit: queryInt.min(1).max(1_000).default(200),
        /** Of one context only: `next` of the page before. */
        after: z.string().optional(),
      }),
      z.strictObject({
        pages: z.array(TablePageSchema.extend({ context: ContextNameSchema })),
        /** Contexts that could not be asked; the others are shown. */
        failed: z.array(z.strictObject({ context: ContextNameSchema, failure: FailureSchema })),
      }),
    ),
    object: proc(
      'GET',
      '/explore/object',
      'One whole object; values of Secrets are masked',
      z.strictObject({
        context: ContextNameSchema,
        kind: z.string().min(1),
        namespace: z.string().optional(),
        name: z.string().min(1),
        managedFields: queryBool.default(false),
      }),
      z.strictObject({ object: z.json(), yaml: z.string() }),
    ),
    events: proc(
      'GET',
      '/explore/events',
      'Kubernetes events of a namespace or about one object, newest last',
      z.strictObject({
        context: ContextNameSchema,
        namespace: z.string().optional(),
        kind: z.string().optional(),
        name: z.string().optional(),
        limit: queryInt.min(1).max(5_000).default(500),
      }),
      z.strictObject({ events: z.array(KubeEventRowSchema), truncated: z.boolean() }),
    ),
    related: proc(
      'GET',
      '/explore/related',
      'What an object has to do with others, from what is watched of its cluster: owners, what selects, calls, mounts or names it',
      z.strictObject({
        context: ContextNameSchema,
        apiVersion: z.string().min(1),
        kind: z.string().min(1),
        namespace: z.string().optional(),
        name: z.string().min(1),
        uid: z.string().optional(),
      }),
      /** Null: the cluster is not watched. */
      z.strictObject({ relations: z.array(RelationSchema).nullable() }),
    ),
    logs: proc(
      'POST read',
      '/explore/logs',
      'Logs of many containers, merged by time, followed on wish',
      LogSelectionSchema,
      eventIterator(LogItemSchema),
    ),
  },
};
