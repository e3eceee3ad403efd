import { z } from 'zod';
import { ContextNameSchema, ResourceRefSchema } from './ids.ts';
import { proc } from './proc.ts';
import { HealthSchema } from './rows.ts';

/** What one object depends on, and what depends on it: small enough to be drawn. */

/** More than a person can look at, and more than can be laid out while they wait. */
export const MOST_SURROUNDINGS = 500;

/** What stands in relation: one object, or several alike that are counted together. */
export const SurroundingSchema = z.strictObject({
  id: z.string(),
  /** Of several: the first of them. */
  resource: ResourceRefSchema,
  count: z.number().int().min(1),
  /** In kubectl's words; `not there` where it is named and does not exist. */
  state: z.string(),
  health: HealthSchema,
  /** Steps from the object in the middle: below zero what depends on it, above zero what it depends on. */
  steps: z.number().int(),
});
export type Surrounding = z.infer<typeof SurroundingSchema>;

/** `from` depends on `to`, and how. */
export const DependsSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  how: z.enum(['runs', 'selects', 'mounts', 'names', 'calls', 'is bound to', 'runs on', 'is admitted by', 'was changed by']),
});
export type Depends = z.infer<typeof DependsSchema>;

export const SurroundingsSchema = z.strictObject({
  /** The id of the object in the middle. */
  middle: z.string(),
  nodes: z.array(SurroundingSchema),
  edges: z.array(DependsSchema),
  /** Objects that are counted in a node and not drawn by themselves. */
  rolledUp: z.number().int(),
});
export type Surroundings = z.infer<typeof SurroundingsSchema>;

export const surroundingsCommands = {
  surroundings: {
    of: proc(
      'GET',
      '/surroundings',
      'What an object of a watched cluster depends on, and what depends on it',
      z.strictObject({
        context: ContextNameSchema,
        namespace: z.string().optional(),
        /** Deployment, Service, ConfigMap, … */
        kind: z.string().min(1),
        name: z.string().min(1),
      }),
      SurroundingsSchema,
    ),
  },
};
