import { z } from 'zod';
import { WindowSchema } from './autonomy.ts';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/**
 * Known maintenance: somebody works there, and what goes wrong meanwhile is expected. It is found and kept as ever, and told to nobody before
 * the maintenance is over.
 */

/** All that is named must hold: without a namespace the whole cluster is meant, without an object everything in the namespace. */
export const MaintenanceScopeSchema = z.strictObject({
  namespace: z.string().min(1).optional(),
  /** A workload of the namespace, or, without one, what lies in none: a node. What has its cause in it is covered. */
  object: z.strictObject({ kind: z.string().min(1), name: z.string().min(1) }).optional(),
});

export const MaintenanceSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  scope: MaintenanceScopeSchema,
  from: TimeSchema,
  /** Null: until a person ends it. */
  until: TimeSchema.nullable(),
  /** Only in these hours, again and again between `from` and `until`. */
  window: WindowSchema.optional(),
  reason: z.string(),
  by: z.string(),
  at: TimeSchema,
});
export type Maintenance = z.infer<typeof MaintenanceSchema>;

/** What of it stands on what was found in it. */
export const InMaintenanceSchema = MaintenanceSchema.pick({ id: true, reason: true, by: true, until: true });
export type InMaintenance = z.infer<typeof InMaintenanceSchema>;

const by = z.string().min(1);

export const maintenanceCommands = {
  maintenance: {
    list: proc(
      'GET',
      '/maintenance',
      'List known maintenance that is not over, oldest first, and whether it holds now',
      z.strictObject({ context: ContextNameSchema.optional() }),
      z.strictObject({ maintenance: z.array(MaintenanceSchema.extend({ active: z.boolean() })) }),
    ),
    add: proc(
      'POST decide',
      '/maintenance',
      'Announce maintenance: what goes wrong in it is kept, and told to nobody before it is over',
      z.strictObject({
        /** The current one, where absent. */
        context: ContextNameSchema.optional(),
        scope: MaintenanceScopeSchema.default({}),
        /** Now, where absent. */
        from: TimeSchema.optional(),
        until: TimeSchema.optional(),
        window: WindowSchema.optional(),
        reason: z.string().min(1),
        by,
      }),
      MaintenanceSchema,
    ),
    end: proc(
      'POST decide',
      '/maintenance/{id}/end',
      'End maintenance now: what is still wrong is told',
      z.strictObject({ id: z.string(), by }),
      MaintenanceSchema,
    ),
  },
};
