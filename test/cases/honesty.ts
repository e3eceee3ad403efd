import type { Diagnosis, IncidentWithPlans } from '../../agents/contract/index.ts';
import type { FaultCase } from './case.ts';
import type { Played, Stage } from './played.ts';

/** What is said with an account that may read less: the right cause, or less surely and with what is missing; never a wrong cause as if it were sure. */

/** From this on a finding claims to know what is wrong. */
const SURE = 0.7;

export async function playWithLess(
  c: FaultCase,
  { product }: Stage,
  namespace: string,
  isIt: (incident: IncidentWithPlans) => boolean,
): Promise<Played> {
  const { incidents, unexplained, incomplete } = await product.call<Diagnosis>('POST', '/diagnosis', {
    namespaces: [namespace],
    plans: false,
  });
  return { id: c.id, ...judged(incidents, unexplained, incomplete, isIt) };
}

export function judged(
  incidents: readonly IncidentWithPlans[],
  unexplained: Diagnosis['unexplained'],
  incomplete: Diagnosis['incomplete'],
  isIt: (incident: IncidentWithPlans) => boolean,
): Pick<Played, 'found' | 'honest' | 'failures'> & { readonly cause?: string } {
  const right = incidents.find(isIt);
  const words = (i: IncidentWithPlans) => `${i.rootCause.code} ${i.title} (${i.rootCause.confidence})`;
  const wrong = incidents.filter((i) => i !== right && i.rootCause.confidence >= SURE).map((i) => `is sure of ${words(i)}`);
  if (right !== undefined) return { cause: words(right), found: true, failures: wrong };
  const unsure = incidents.filter((i) => i.rootCause.confidence < SURE);
  const failures = [
    ...wrong,
    ...(unsure.length + unexplained.length + wrong.length === 0 ? ['says nothing is wrong'] : []),
    ...(incomplete.length === 0 ? ['does not say what is missing'] : []),
  ];
  const first = unsure[0];
  return { ...(first === undefined ? {} : { cause: words(first) }), found: false, honest: failures.length === 0, failures };
}
