import { z } from 'zod';
import { ContextNameSchema } from './ids.ts';
import { IncompleteSchema } from './finding.ts';
import { proc } from './proc.ts';

/** Who may do what in a cluster: oneself, by asking it; others, by its Roles and bindings. */

const asked = {
  context: ContextNameSchema,
  verb: z.string().min(1),
  /** As the tables take it, with a subresource behind a slash: `pods`, `deploy`, `pods/log`. */
  resource: z.string().min(1),
  /** Absent: in the whole cluster. */
  namespace: z.string().optional(),
  name: z.string().optional(),
};

/** `get pods/log in shop`. */
const right = z.string();

export const AccessSubjectSchema = z.strictObject({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  name: z.string(),
  namespace: z.string().nullable(),
  /** The bindings that give it, and the roles they give. */
  through: z.array(z.strictObject({ binding: z.string(), role: z.string(), namespace: z.string().nullable() })),
});
export type AccessSubject = z.infer<typeof AccessSubjectSchema>;

export const AccessRuleRowSchema = z.strictObject({
  verbs: z.array(z.string()),
  groups: z.array(z.string()),
  resources: z.array(z.string()),
  names: z.array(z.string()),
});
export type AccessRuleRow = z.infer<typeof AccessRuleRowSchema>;

export const accessCommands = {
  access: {
    canI: proc(
      'GET',
      '/access/can-i',
      'Whether the user of a context may do something, as its cluster answers',
      z.strictObject(asked),
      z.strictObject({ right, allowed: z.boolean(), reason: z.string() }),
    ),
    rules: proc(
      'GET',
      '/access/rules',
      'Everything the user of a context may do in a namespace, as far as its cluster can say',
      z.strictObject({ context: ContextNameSchema, namespace: z.string().min(1) }),
      z.strictObject({ rules: z.array(AccessRuleRowSchema), incomplete: z.string().nullable() }),
    ),
    whoCan: proc(
      'GET',
      '/access/who-can',
      'Who may do something by the Roles and bindings of a cluster. The group system:masters may do everything, whatever they say',
      z.strictObject(asked),
      z.strictObject({ right, subjects: z.array(AccessSubjectSchema), incomplete: z.array(IncompleteSchema) }),
    ),
  },
};
