import { z } from 'zod';
import { TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** The red stop: while all agents are held they go on watching, and nothing is proposed, approved or changed. */

export const HoldSchema = z.strictObject({
  held: z.boolean(),
  /** Who held them, since when and why; null where they are not held, or where it is not known. */
  by: z.string().nullable(),
  at: TimeSchema.nullable(),
  reason: z.string().nullable(),
});
export type Hold = z.infer<typeof HoldSchema>;

export const holdCommands = {
  hold: {
    get: proc('GET', '/hold', 'Tell whether all agents are held', z.strictObject({}), HoldSchema),
    set: proc(
      'POST propose',
      '/hold',
      'Hold all agents at once: nothing more is proposed, approved or changed',
      z.strictObject({ by: z.string().min(1), reason: z.string().min(1).optional() }),
      HoldSchema,
    ),
    release: proc('POST decide', '/hold/release', 'Let all agents go on', z.strictObject({ by: z.string().min(1) }), HoldSchema),
  },
};
