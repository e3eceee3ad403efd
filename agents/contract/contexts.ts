import { z } from 'zod';
import { ContextNameSchema, FailureSchema, TimeSchema } from './ids.ts';
import { proc, queryBool } from './proc.ts';

/** Contexts of the kubeconfigs, and the clusters behind them. */

export const ContextRowSchema = z.strictObject({
  name: ContextNameSchema,
  cluster: z.string(),
  user: z.string(),
  server: z.string(),
  namespace: z.string(),
  file: z.string(),
  current: z.boolean(),
  demo: z.boolean(),
  protected: z.boolean(),
  /** connected now | offline: tried and failed | known: has never been asked in this run. */
  state: z.enum(['connected', 'connecting', 'offline', 'known']),
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
});
export type ContextList = z.infer<typeof ContextListSchema>;

export const contextCommands = {
  contexts: {
    list: proc(
      'GET',
      '/contexts',
      'List the contexts of the kubeconfigs; no connection is made unless probe is true',
      z.strictObject({ probe: queryBool.default(false) }),
      ContextListSchema,
    ),
  },
  cluster: {
    connect: proc(
      'POST',
      '/clusters/connect',
      'Start to watch a cluster',
      z.strictObject({ context: ContextNameSchema }),
      ContextRowSchema,
    ),
    disconnect: proc(
      'POST',
      '/clusters/disconnect',
      'Stop to watch a cluster',
      z.strictObject({ context: ContextNameSchema }),
      ContextRowSchema,
    ),
  },
};
