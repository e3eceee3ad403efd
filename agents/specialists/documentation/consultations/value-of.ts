import type { Failure } from '../../../contract/index.ts';

/**
 * The value of a fact; undefined while it is not known.
 * @throws where it could not be read, in the words of who failed: whoever asks then knows that nothing was looked at
 */
export function valueOf<V>(
  fact: { readonly ok: true; readonly value: V } | { readonly ok: false; readonly failure: Failure } | undefined,
): V | undefined {
  if (fact === undefined) return undefined;
  if (!fact.ok) throw new Error(fact.failure.message);
  return fact.value;
}
