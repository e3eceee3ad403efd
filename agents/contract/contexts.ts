import { z } from 'zod';
import { ContextNameSchema, FailureSchema, TimeSchema } from './ids.ts';
import { proc, queryBool } from './proc.ts';

/** Contexts of the kubeconfigs, and the clusters behind them. */

/** Colours a context may be shown in. Closed, so that every theme has a tone for each. */
export const CONTEXT_COLORS = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'gray'] as const;
export const ContextColorSchema = z.enum(CONTEXT_COLORS);
export type ContextColor = z.infer<typeof ContextColorSchema>;

/** A word people gave: no control characters, for it is printed on terminals; not longer than a line. */
const LabelSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'must not hold control characters');

/** What people have said about a context. Kept in `contexts.yaml` of the data directory, never in a kubeconfig. */
export const ContextMarksSchema = z.strictObject({
  /** Plans ask for its name to be typed, and are never approved by rule. */
  protected: z.boolean(),
  /** Nothing is changed in its cluster from here, whatever the user of the context may do there. */
  readOnly: z.boolean(),
  color: ContextColorSchema.nullable(),
  group: LabelSchema.nullable(),
  /** Accepted wherever a context is named, as long as it means one context and is not the name of another. */
  alias: LabelSchema.nullable(),
});
export type ContextMarks = z.infer<typeof ContextMarksSchema>;

/**
 * How far what is shown of a cluster can be trusted. unknown: never reached, or nobody watches it | connecting | connected: watched
 * without a gap | stale: it answers, but some kinds are not watched for now | offline: cannot be reached | unauthorised: it was
 * reached and refused the login. Only `connected` is current.
 */
export const CLUSTER_STATES = ['unknown', 'connecting', 'connected', 'stale', 'offline', 'unauthorised'] as const;
export const ClusterStateSchema = z.enum(CLUSTER_STATES);
export type ClusterState = z.infer<typeof ClusterStateSchema>;

export const ContextRowSchema = z.strictObject({
  name: ContextNameSchema,
  /** As its own file calls it; differs from `name` where two files repeat one. */
  nameInFile: z.string(),
  cluster: z.string(),
  user: z.string(),
  server: z.string(),
  namespace: z.string(),
  file: z.string(),
  current: z.boolean(),
  demo: z.boolean(),
  ...ContextMarksSchema.shape,
  state: ClusterStateSchema,
  /** Up to when everything known of it is confirmed: now while connected; null where nothing is known. */
  asOf: TimeSchema.nullable(),
  /** Objects by kind as last known, also of a cluster that is not there. */
  counts: z.record(z.string(), z.number().int()),
  /** Kinds that may be out of date although the cluster answers. */
  stale: z.array(z.string()),
  /** null unless asked with `probe`. */
  reachable: z.boolean().nullable(),
  version: z.string().nullable(),
  lastSeen: TimeSchema.nullable(),
  objects: z.number().int().nullable(),
  failure: FailureSchema.nullable(),
});
export type ContextRow = z.infer<typeof ContextRowSchema>;

export const KubeconfigProblemSchema = z.strictObject({ file: z.string(), failure: FailureSchema });
export const ContextListSchema = z.strictObject({
  contexts: z.array(ContextRowSchema),
  problems: z.array(KubeconfigProblemSchema),
  demo: z.boolean(),
  /** Files and folders that were added here, besides `$KUBECONFIG` or `~/.kube/config`. */
  added: z.array(z.string()),
});
export type ContextList = z.infer<typeof ContextListSchema>;

/** A kubeconfig file, or a folder of them, as it was read when it was added or removed. */
export const KubeconfigSourceSchema = z.strictObject({
  path: z.string(),
  folder: z.boolean(),
  /** Kubeconfig files that could be read; 1 for a file. */
  files: z.number().int(),
  contexts: z.number().int(),
  /** False where it was there already, or was not there. */
  changed: z.boolean(),
  problems: z.array(KubeconfigProblemSchema),
});
export type KubeconfigSource = z.infer<typeof KubeconfigSourceSchema>;

const by = z.string().min(1);
const path = z.string().min(1);

export const contextCommands = {
  contexts: {
    list: proc(
      'GET',
      '/contexts',
      'List the contexts of the kubeconfigs; no connection is made unless probe is true',
      z.strictObject({ probe: queryBool.default(false) }),
      ContextListSchema,
    ),
    mark: proc(
      'POST admin',
      '/contexts/mark',
      'Say something about a context: protected, read-only, color, group, alias; what is absent stays, null takes away',
      z.strictObject({
        context: ContextNameSchema,
        protected: z.boolean().optional(),
        readOnly: z.boolean().optional(),
        color: ContextColorSchema.nullable().optional(),
        group: LabelSchema.nullable().optional(),
        alias: LabelSchema.nullable().optional(),
        /** To take `protected` or `readOnly` away: the name of the context, typed by the person. */
        typedContext: z.string().optional(),
        by,
      }),
      ContextRowSchema,
    ),
    use: proc(
      'POST admin',
      '/contexts/use',
      'Make a context the current one: writes current-context into its kubeconfig file',
      z.strictObject({ context: ContextNameSchema, by }),
      ContextRowSchema,
    ),
    addFile: proc(
      'POST admin',
      '/contexts/add-file',
      'Read one more kubeconfig file, or a folder of them, from now on',
      z.strictObject({ path, by }),
      KubeconfigSourceSchema,
    ),
    removeFile: proc(
      'POST admin',
      '/contexts/remove-file',
      'No longer read a file or folder that was added; it is not deleted',
      z.strictObject({ path, by }),
      KubeconfigSourceSchema,
    ),
  },
  cluster: {
    connect: proc(
      'POST propose',
      '/clusters/connect',
      'Start to watch a cluster',
      z.strictObject({ context: ContextNameSchema }),
      ContextRowSchema,
    ),
    disconnect: proc(
      'POST propose',
      '/clusters/disconnect',
      'Stop to watch a cluster',
      z.strictObject({ context: ContextNameSchema }),
      ContextRowSchema,
    ),
  },
};
