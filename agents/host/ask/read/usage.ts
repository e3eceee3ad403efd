import type { MetricSeries } from '../../../contract/index.ts';
import { type MeasureQuery, type Users, UP_TO, measureWords, measuresOf, mostOf, whoseWords } from '../../../core/ask/measures.ts';
import { spanWords } from '../../../core/ask/time-said.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import type { ReadingFor } from './reading-for.ts';

/** How much is used now, by what was named or by whatever uses most. False where nothing that was named is measured. */
export async function tellUsage(asked: ReadingFor, { measure }: Topic & { of: 'usage' }): Promise<boolean> {
  const { parts, turn, context, refs, reading } = asked;
  const { question } = turn.begun;
  const most = (users: Users) => [mostOf(measure, reading.mentions.namespaces, users, countSaid(question))];
  const asks = refs.length > 0 ? refs.flatMap((ref) => measuresOf(measure, ref)) : most(usersSaid(question));
  if (asks.length === 0) return false;
  turn.tell(`Reading metrics of ${context}`);
  const own = await valuesOf(parts, context, asks);
  // Of single pods nothing is kept where there are too many.
  const queries = own.length === 0 && refs.length === 0 && usersSaid(question) === 'pods' ? most('workloads') : asks;
  const found = queries === asks ? own : await valuesOf(parts, context, queries);
  const source = `quarterdeck metrics query '${queries[0]?.promql ?? ''}' --context ${context}`;
  if (found.length === 0) {
    turn.notFoundIn('cluster');
    turn.draft.say(
      'unread',
      `Nothing of that is measured here, as far as metrics of ${context} were read: quarterdeck metrics sources says why.`,
    );
    return true;
  }
  turn.foundIn('cluster');
  const isLimit = new Set(Object.values(UP_TO));
  const lines = withLimitsFirst(found).flatMap(({ query, series, value, most }) =>
    isLimit.has(query.signal) && refs.length > 0 && found.some((f) => UP_TO[f.query.signal] === query.signal)
      ? []
      : [measureWords(query, series.labels, value, most)],
  );
  const at = new Date(Math.max(...found.map(({ series }) => series.at.at(-1) ?? 0))).toISOString();
  // Of a Deployment and a Service of one name only the one is measured.
  const measured = refs.filter((r) => measuresOf(measure, r).length > 0);
  const [ref] = measured;
  const cited = {
    kind: 'read',
    context,
    of: 'metrics',
    resource: measured.length === 1 && ref !== undefined ? ref : null,
    source,
    text: lines.join('\n'),
  } as const;
  for (const text of lines) turn.draft.quote('Measured', text, cited);
  turn.draft.say('more', `Measured at ${at}, ${spanWords(Math.max(0, parts.ports.clock.now() - Date.parse(at)))} ago.`);
  return true;
}

const usersSaid = (question: string): Users =>
  /\bnodes?\b/i.test(question) ? 'nodes' : /\bpods?\b/i.test(question) ? 'pods' : 'workloads';

/** What has a limit with that, and first: it is what decides. */
function withLimitsFirst(found: readonly Value[]): (Value & { readonly most: number | undefined })[] {
  const told = found.map((f) => ({
    ...f,
    most: found.find((l) => l.query.signal === UP_TO[f.query.signal] && whoseWords('', l.series.labels) === whoseWords('', f.series.labels))
      ?.value,
  }));
  return [...told.filter((t) => t.most !== undefined), ...told.filter((t) => t.most === undefined)];
}

/** How many are asked for: "top 3". */
const countSaid = (question: string): number | undefined => {
  const [, count] = /\b(?:top|first|biggest|highest|largest) (\d{1,2})\b/i.exec(question) ?? [];
  return count === undefined ? undefined : Math.max(1, Number(count));
};

interface Value {
  readonly query: MeasureQuery;
  readonly series: MetricSeries;
  readonly value: number;
}

/** Of an app that has just been started the first reading is awaited. */
async function valuesOf(parts: ReadingFor['parts'], context: string, queries: readonly MeasureQuery[]): Promise<Value[]> {
  const now = await askAll(parts, context, queries);
  if (now.length > 0) return now;
  await parts.metrics.sources(context);
  return askAll(parts, context, queries);
}

async function askAll({ metrics, ports }: ReadingFor['parts'], context: string, queries: readonly MeasureQuery[]): Promise<Value[]> {
  const end = ports.clock.now();
  const answers = await Promise.all(
    queries.map(async (query) => {
      const answer = await metrics.query(context, { query: query.promql, start: end, end, step: 15_000, instant: true, limit: 20 });
      return answer.ok ? answer.value.series.map((series) => ({ query, series, value: Number(series.values.at(-1) ?? Number.NaN) })) : [];
    }),
  );
  return answers.flat().filter(({ value }) => Number.isFinite(value));
}
