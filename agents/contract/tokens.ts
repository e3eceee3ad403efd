import { z } from 'zod';
import { TimeSchema } from './ids.ts';
import { ScopeSchema, proc } from './proc.ts';

/** Tokens for programs and other people, beside the one that is made at each start. */

export const TokenSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'must be letters, digits, dots, dashes and underscores'),
  scope: ScopeSchema,
  createdAt: TimeSchema,
  createdBy: z.string(),
  /** Null: never. */
  expires: TimeSchema.nullable(),
});
export type Token = z.infer<typeof TokenSchema>;

const by = z.string().min(1);
const { name, scope } = TokenSchema.shape;

export const tokenCommands = {
  tokens: {
    list: proc('GET', '/tokens', 'List tokens, without their values', z.strictObject({}), z.strictObject({ tokens: z.array(TokenSchema) })),
    create: proc(
      'POST admin',
      '/tokens',
      'Make a token; its value is in this answer and nowhere else',
      z.strictObject({ name, scope, expires: TimeSchema.optional(), by }),
      TokenSchema.extend({ value: z.string() }),
    ),
    revoke: proc('POST admin', '/tokens/{name}/revoke', 'Make a token worthless', z.strictObject({ name, by }), TokenSchema),
  },
};
