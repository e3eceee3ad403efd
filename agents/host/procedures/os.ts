import { implement } from '@orpc/server';
import { type Failure, type Outcome, contract } from '../../contract/index.ts';

/** The contract, to be implemented group by group: each file here has the handlers of one group. */
export const os = implement(contract);

/** An expected failure becomes the one declared error; its data is the failure itself. */
export type Failed = { FAILED: (options: { message: string; data: Failure }) => Error };

/** @throws the declared error where the outcome is a failure. */
export function must<T>(outcome: Outcome<T>, errors: Failed): T {
  if (outcome.ok) return outcome.value;
  throw errors.FAILED({ message: outcome.failure.message, data: outcome.failure });
}

/** @throws the declared error `not-found` where there is nothing. */
export function found<T>(value: T | undefined, what: string, errors: Failed): T {
  return value === undefined ? must<T>({ ok: false, failure: { code: 'not-found', message: `There is no ${what}.` } }, errors) : value;
}
