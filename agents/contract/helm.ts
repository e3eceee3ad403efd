import { z } from 'zod';
import { ContextNameSchema, FailureSchema, ResourceRefSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** Releases that Helm keeps in Secrets of a cluster. What it was told (values) stays in the kube worker: names of values leave it alone. */

const revision = {
  revision: z.number().int(),
  /** Helm's own word: deployed, failed, superseded, pending-upgrade, … */
  status: z.string(),
  updated: TimeSchema.nullable(),
  chart: z.string(),
  chartVersion: z.string(),
  appVersion: z.string(),
};
export const HelmRevisionSchema = z.strictObject({ ...revision, description: z.string() });
export type HelmRevision = z.infer<typeof HelmRevisionSchema>;

export const HelmReleaseRowSchema = z.strictObject({ context: ContextNameSchema, namespace: z.string(), name: z.string(), ...revision });
export type HelmReleaseRow = z.infer<typeof HelmReleaseRowSchema>;

export const HelmReleaseSchema = z.strictObject({
  ...HelmReleaseRowSchema.shape,
  /** Newest first. */
  history: z.array(HelmRevisionSchema),
  /** What the chart has to say, without the values that were given to it. */
  notes: z.string(),
  /** Paths of the values that were given: `auth.password`. */
  values: z.array(z.string()),
  objects: z.array(ResourceRefSchema),
});
export type HelmRelease = z.infer<typeof HelmReleaseSchema>;

const queryList = z.union([z.array(z.string()), z.string().transform((v) => [v])]).default([]);

export const helmCommands = {
  helm: {
    list: proc(
      'GET',
      '/helm/releases',
      'Helm releases of one or several clusters, each as it is now',
      z.strictObject({ contexts: queryList, namespace: z.string().optional() }),
      z.strictObject({
        releases: z.array(HelmReleaseRowSchema),
        failed: z.array(z.strictObject({ context: ContextNameSchema, failure: FailureSchema })),
      }),
    ),
    release: proc(
      'GET',
      '/helm/release',
      'One release: its history, its notes, its objects, and which values were given',
      z.strictObject({ context: ContextNameSchema, namespace: z.string().min(1), name: z.string().min(1) }),
      HelmReleaseSchema,
    ),
  },
};
