import type { MetricAnswer } from '../../../contract/index.ts';
import type { OwnExecutor } from './executor.ts';

const MOST_SERIES = 100;
const NONE: MetricAnswer = { type: 'vector', series: [], text: null, warnings: [], truncated: false };

export const metrics: OwnExecutor<'metrics'> = async ({ query, at }, context, sources) => {
  if (context === null) return NONE;
  const moment = Date.parse(at);
  const answer = await sources.metrics.query(context, {
    query,
    start: moment,
    end: moment,
    step: 1_000,
    instant: true,
    limit: MOST_SERIES,
  });
  return answer.ok ? answer.value : { ...NONE, warnings: [answer.failure.message] };
};
