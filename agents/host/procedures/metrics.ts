import type { ConsultationAsk, ConsultationName, ContextName, Outcome } from '../../contract/index.ts';
import { inWords } from '../../core/signals/outlook.ts';
import type { AppParts } from '../app-parts.ts';
import { alertRulesFor } from '../metrics/alert-rules.ts';
import { found, must, os } from './os.ts';

/** Metrics of clusters, kept on this machine. */

const HOUR = 3_600_000;
const POINTS = 250;
const EXPECTED_MS = 6 * HOUR;

export function metricsProcedures({ metrics, ports, orchestrator, store }: Pick<AppParts, 'metrics' | 'ports' | 'orchestrator' | 'store'>) {
  const now = () => ports.clock.now();
  /** What the agent of metrics has learned: it is asked as other agents ask it. */
  const learned = <N extends ConsultationName>(context: ContextName, name: N, input: ConsultationAsk<N>) =>
    orchestrator.consultations.ask('host', context, name, input);
  return {
    metrics: {
      sources: os.metrics.sources.handler(async ({ input, errors }) => must(await metrics.sources(input.context), errors)),
      query: os.metrics.query.handler(async ({ input, errors }) => {
        const { context, query, limit, time, start, end, step } = input;
        const instant = start === undefined && end === undefined && step === undefined;
        const range = must(instant ? rangeOf({ end: time }, now(), 0) : rangeOf({ start, end }, now(), HOUR), errors);
        const every =
          step === undefined ? Math.max(15_000, Math.ceil((range.end - range.start) / POINTS / 15_000) * 15_000) : Math.round(step * 1000);
        return must(await metrics.query(context, { query, ...range, step: every, instant, limit }), errors);
      }),
      chart: os.metrics.chart.handler(async ({ input: { context, of, counters, step, ...asked }, errors }) => {
        const range = must(rangeOf(asked, now(), HOUR), errors);
        return must(await metrics.chart(context, { of, counters, ...range, step: Math.max(1, Math.round(step * 1000)) }), errors);
      }),
      series: os.metrics.series.handler(async ({ input, errors }) => {
        const { series, truncated } = must(await metrics.labels(input.context, input.match, input.limit), errors);
        return { series: series.map((labels) => ({ ...labels })), truncated };
      }),
      keep: os.metrics.keep.handler(async ({ input: { context, days, megabytes } }) => {
        await metrics.keep(context, { days, bytes: megabytes === undefined ? undefined : megabytes * 2 ** 20 });
        return metrics.stored(context);
      }),
      prometheus: os.metrics.prometheus.handler(async ({ input: { context, url, ...secrets }, errors }) => {
        if (url !== undefined && !/^https?:\/\//.test(url))
          must(
            { ok: false, failure: { code: 'bad-input', message: `${url} is no URL of a Prometheus.`, hint: 'Write https://HOST:PORT.' } },
            errors,
          );
        await metrics.prometheus(context, url === undefined ? undefined : { url, ...secrets });
        return { context, url: url ?? null };
      }),
      pace: os.metrics.pace.handler(async ({ input: { context, everySeconds } }) => {
        await metrics.pace(context, everySeconds);
        return { context, everySeconds: everySeconds ?? null };
      }),
      forget: os.metrics.forget.handler(async ({ input }) => ({ series: await metrics.forget(input.context) })),
    },
    signals: {
      list: os.signals.list.handler(async ({ input }) => {
        const { runningOut, ...news } = await metrics.signals(input.context);
        return { ...news, runningOut: runningOut.map((r) => ({ ...r, because: inWords(r.signal, r.because) })) };
      }),
      outlook: os.signals.outlook.handler(({ input: { context, namespace, workload, claim, node } }) =>
        metrics.outlook(context, {
          ...(namespace === undefined ? {} : { namespace }),
          ...(workload === undefined ? {} : { workload }),
          ...(claim === undefined ? {} : { persistentvolumeclaim: claim }),
          ...(node === undefined ? {} : { node }),
        }),
      ),
      expected: os.signals.expected.handler(async ({ input: { context, match, start, end, points }, errors }) => {
        const range = must(rangeOf({ start, end }, now(), EXPECTED_MS), errors);
        return must(await metrics.expected(context, match, range.start, range.end, points), errors);
      }),
      trends: os.signals.trends.handler(async ({ input: { context, ...input }, errors }) =>
        must(await learned(context, 'observability.trends', input), errors),
      ),
      sizing: os.signals.sizing.handler(async ({ input: { context, ...input }, errors }) =>
        must(await learned(context, 'observability.rightSizing', input), errors),
      ),
      traffic: os.signals.traffic.handler(async ({ input: { context, ...input }, errors }) =>
        must(await learned(context, 'observability.trafficProfile', input), errors),
      ),
      rules: os.signals.rules.handler(async ({ input, errors }) =>
        alertRulesFor(found(await store.incident(input.incident), `incident ${input.incident}`, errors), metrics),
      ),
    },
  };
}

/** In milliseconds: without an end up to now, without a start for so long before it. A start after the end is refused. */
function rangeOf(
  { start, end }: { readonly start?: string | undefined; readonly end?: string | undefined },
  now: number,
  usualMs: number,
): Outcome<{ readonly start: number; readonly end: number }> {
  const to = end === undefined ? now : Date.parse(end);
  const from = start === undefined ? to - usualMs : Date.parse(start);
  return from > to
    ? { ok: false, failure: { code: 'bad-input', message: 'The start of the range is after its end.' } }
    : { ok: true, value: { start: from, end: to } };
}
