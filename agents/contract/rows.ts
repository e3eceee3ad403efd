import { z } from 'zod';
import { ClusterStateSchema } from './contexts.ts';
import { ContextNameSchema, FailureSchema, TimeSchema } from './ids.ts';
import { proc, queryInt } from './proc.ts';

/** Objects as rows of a list: from the running watch where there is one, else as they were last known, with their age. */

/** How an object is: `progressing` changes by itself, `warn` works with less than it should, `unknown` cannot be told. */
export const HEALTHS = ['ok', 'progressing', 'warn', 'fail', 'unknown'] as const;
export const HealthSchema = z.enum(HEALTHS);
export type Health = z.infer<typeof HealthSchema>;

/** One object as a line of a list. `state` is said in kubectl's words: Running, CrashLoopBackOff, 2/3 ready, Bound. */
export const ObjectRowSchema = z.strictObject({
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
  uid: z.string(),
  createdAt: z.string().nullable(),
  state: z.string(),
  health: HealthSchema,
  /** What `kubectl get -o wide` shows besides; the names are those of `columns`. */
  cells: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ObjectRow = z.infer<typeof ObjectRowSchema>;

/** How far the rows of one context can be trusted. */
const RowsSourceSchema = z.strictObject({
  context: ContextNameSchema,
  state: ClusterStateSchema,
  /** When these rows were last confirmed; null where none are known. */
  asOf: TimeSchema.nullable(),
  /** Rows of this context that fit namespaces and search, whether on this page or not. */
  total: z.number().int(),
  /** Why the rows are not live, or are not all there are. */
  failure: FailureSchema.nullable(),
});
export type RowsSource = z.infer<typeof RowsSourceSchema>;

const RowsPageSchema = z.strictObject({
  kind: z.string(),
  columns: z.array(z.string()),
  rows: z.array(ObjectRowSchema.extend({ context: ContextNameSchema })),
  clusters: z.array(RowsSourceSchema),
  /** To be given as `after` for what follows; null at the end. */
  next: z.string().nullable(),
});
export type RowsPage = z.infer<typeof RowsPageSchema>;

/** In a query string a list of one may come as plain text. */
const queryList = z.union([z.array(z.string()), z.string().transform((v) => [v])]).default([]);

export const rowsCommands = {
  rows: {
    list: proc(
      'GET',
      '/rows',
      'Objects of a kind in one or many clusters: live where watched, else as last known, with the age',
      z.strictObject({
        /** Empty: all contexts. */
        contexts: queryList,
        /** In any of the ways kubectl takes it: Pod, pods, po. */
        kind: z.string().min(1),
        /** Empty: all namespaces. */
        namespaces: queryList,
        /** Text that occurs in the name, the namespace, the state or a column; capitals do not matter. */
        search: z.string().default(''),
        /** name, age, state, health or a column of the kind; a leading - turns it round. */
        sort: z.string().default('name'),
        limit: queryInt.min(1).max(1_000).default(200),
        after: z.string().optional(),
      }),
      RowsPageSchema,
    ),
  },
};
