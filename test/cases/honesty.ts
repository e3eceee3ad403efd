import type { Diagnosis, IncidentWithPlans } from '../../agents/contract/index.ts';
import type { FaultCase } from './case.ts';
import type { Played, Stage } from './played.ts';

/** What is said with an account that may read less: the right cause, or less surely and with what is missing; never a wrong cause as if it were sure. */

/** From this on a finding claims to know what is wrong. */
const SURE = 0.7;

export async function playWithLess(c: FaultCase, { product }: Stage, namespace: string): Promise<Played> {
  const { incidents, unexplained, incomplete } = await product.call<Diagnosis>('POST', '/diagnosis', {
    namespaces: [namespace],
    plans: false,
  });
  return { id: c.id, ...judged(c, { incidents, unexplained, incomplete }) };
}

/** The same code is the same cause, also where the object that a person edits may not be read and the nearest one that may be is named. */
export function judged(
  c: Pick<FaultCase, 'expect' | 'also' | 'hiddenWithout'>,
  { incidents, unexplained, incomplete }: Pick<Diagnosis, 'incidents' | 'unexplained' | 'incomplete'>,
): Pick<Played, 'found' | 'honest' | 'failures'> & { readonly cause?: string } {
  const is = (i: IncidentWithPlans, codes: readonly string[]) => codes.includes(i.rootCause.code);
  const right = incidents.find((i) => is(i, c.expect.codes));
  const also = (c.also ?? []).flatMap((e) => e.codes);
  const words = (i: IncidentWithPlans) => `${i.rootCause.code} ${i.title} (${i.rootCause.confidence})`;
  const wrong = incidents
    .filter((i) => !is(i, [...c.expect.codes, ...also]) && i.rootCause.confidence >= SURE)
    .map((i) => `is sure of ${words(i)}`);
  if (right !== undefined) return { cause: words(right), found: true, failures: wrong };
  const unsure = incidents.filter((i) => i.rootCause.confidence < SURE);
  const hidden = c.hiddenWithout?.every((resource) => incomplete.some((i) => i.what.includes(resource))) ?? false;
  const failures = [
    ...wrong,
    ...(unsure.length + unexplained.length + wrong.length === 0 && !hidden ? ['says nothing is wrong'] : []),
    ...(incomplete.length === 0 ? ['does not say what is missing'] : []),
  ];
  const first = unsure[0];
  return { ...(first === undefined ? {} : { cause: words(first) }), found: false, honest: failures.length === 0, failures };
}
