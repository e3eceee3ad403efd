import { type AnySchema, oc } from '@orpc/contract';
import { z } from 'zod';
import { FailureSchema } from './ids.ts';

/**
 * What a caller may do, from least to most, each with what stands before it. read: see what is known | propose: have clusters looked at
 * and plans made, and hold all agents | decide: approve, reject, accept, release | admin: settings, rules, tokens, shells and tunnels.
 */
export const SCOPES = ['read', 'propose', 'decide', 'admin'] as const;
export const ScopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof ScopeSchema>;

export interface ProcMeta {
  readonly scope: Scope;
}

/**
 * One procedure of the table. `route` is its place under /api/v1; a GET only reads, and a POST says which scope it needs. Every expected
 * failure is an error of code FAILED with a Failure.
 */
export function proc<I extends z.ZodType, O extends AnySchema>(
  how: 'GET' | `POST ${Scope}`,
  path: `/${string}`,
  summary: string,
  input: I,
  output: O,
) {
  const [method, scope] = how === 'GET' ? (['GET', 'read'] as const) : (['POST', ScopeSchema.parse(how.slice(5))] as const);
  return oc
    .$meta<ProcMeta>({ scope })
    .route({
      method,
      path,
      summary,
      description: `Needs the scope ${scope}.`,
      ...(method === 'GET' ? {} : { inputStructure: 'compact' as const }),
    })
    .errors({ FAILED: { status: 422, message: 'The request could not be carried out.', data: FailureSchema } })
    .input(input)
    .output(output);
}

/** Query strings carry text: numbers and booleans of GET inputs are coerced from it. */
export const queryInt = z.coerce.number().int();
export const queryBool = z.union([z.boolean(), z.enum(['true', 'false']).transform((v) => v === 'true')]);
