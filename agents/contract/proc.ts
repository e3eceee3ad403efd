import { type AnySchema, oc } from '@orpc/contract';
import { z } from 'zod';
import { FailureSchema } from './ids.ts';

/** One procedure of the table. `route` is its place under /api/v1; every expected failure is an error of code FAILED with a Failure. */
export function proc<I extends z.ZodType, O extends AnySchema>(
  method: 'GET' | 'POST',
  path: `/${string}`,
  summary: string,
  input: I,
  output: O,
) {
  return oc
    .route({ method, path, summary, ...(method === 'GET' ? {} : { inputStructure: 'compact' as const }) })
    .errors({ FAILED: { status: 422, message: 'The request could not be carried out.', data: FailureSchema } })
    .input(input)
    .output(output);
}

/** Query strings carry text: numbers and booleans of GET inputs are coerced from it. */
export const queryInt = z.coerce.number().int();
export const queryBool = z.union([z.boolean(), z.enum(['true', 'false']).transform((v) => v === 'true')]);
