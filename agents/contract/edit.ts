import { z } from 'zod';
import { ContextNameSchema } from './ids.ts';
import { PlanSchema } from './plan.ts';
import { proc } from './proc.ts';

/** A change of one object by hand: what was shown, and what was made of it. It goes the road of all plans. */

const edit = {
  context: ContextNameSchema,
  /** As the tables take it: `deploy`, `widgets.example.com`. */
  kind: z.string().min(1),
  namespace: z.string().optional(),
  name: z.string().min(1),
  /** The YAML as it was shown. Only what differs from it is changed, so that what others changed meanwhile stays. */
  before: z.string().max(2_000_000),
  after: z.string().max(2_000_000),
};

export const editCommands = {
  edits: {
    rehearse: proc(
      'POST propose',
      '/edits/rehearse',
      'What the cluster would make of an edited object: its dry run, in words and as a diff. Nothing is kept',
      z.strictObject(edit),
      z.strictObject({ summary: z.string(), diff: z.string(), undo: z.string() }),
    ),
    propose: proc(
      'POST propose',
      '/edits',
      'Make a plan of an edited object; it waits for approval like any other',
      z.strictObject({ ...edit, by: z.string().min(1) }),
      PlanSchema,
    ),
  },
};
