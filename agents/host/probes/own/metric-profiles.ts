import type { OwnExecutor } from './executor.ts';

/** @throws with the sentence of the store where the selector is none. */
export const metricProfiles: OwnExecutor<'metricProfiles'> = async ({ match, from, to }, context, { metrics }) => {
  if (context === null) return { series: [], truncated: false };
  const answer = await metrics.profiles(context, match, Date.parse(from), Date.parse(to));
  if (!answer.ok) throw new Error(answer.failure.message);
  return { series: [...answer.value.series], truncated: answer.value.truncated };
};
