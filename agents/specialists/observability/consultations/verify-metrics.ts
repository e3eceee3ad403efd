import { defineOffer } from '../../../core/agent.ts';
import { inUnit } from '../../../core/signals/watch.ts';

const BEFORE = 10 * 60_000;
const NOW_MS = 10_000;
const LABELS = /["\\\n]/;

/** The series by which users notice: what they were before it began, and what they are now. */
const ASKED = [
  ['workload_latency_seconds', 'quantile="0.95"', 'avg_over_time'],
  ['workload_requests_per_second', 'class="5xx"', 'avg_over_time'],
  ['workload_memory_bytes_max', '', 'max_over_time'],
  ['workload_cpu_cores', '', 'avg_over_time'],
] as const;

/** Whether a workload is back to normal, in numbers. */
export const verifyMetrics = defineOffer('observability.verifyMetrics', {
  kinds: [],
  run: ({ input: { resource, since }, ask, now }) => {
    const workload = `${resource.kind}/${resource.name}`;
    if (LABELS.test(workload) || LABELS.test(resource.namespace ?? ''))
      return { measures: [], verdict: 'unknown', because: 'its name is none' };
    const began = Date.parse(since);
    const measures = ASKED.flatMap(([signal, more, over]) => {
      const series = `${signal}{namespace="${resource.namespace ?? ''}",workload="${workload}"${more === '' ? '' : `,${more}`}}`;
      const at = (time: number, window: string) => {
        const fact = ask({ type: 'metrics', query: `${over}(${series}[${window}])`, at: new Date(time).toISOString() });
        const value = fact?.ok === true ? fact.value.series[0]?.values.at(-1) : undefined;
        return typeof value === 'number' ? value : undefined;
      };
      const before = at(began - 30_000, '10m');
      // Rounded, so that who asks again and again asks the same for a while.
      const after = at(Math.floor(now / NOW_MS) * NOW_MS, '40s');
      return before === undefined || after === undefined
        ? []
        : [{ signal, before, now: after, back: after <= Math.max(before * 1.3, before + LEAST[signal]) }];
    });
    const away = measures.filter((m) => !m.back);
    const said = (m: (typeof measures)[number]) => `${m.signal} ${inUnit(m.signal, m.now)}, before ${inUnit(m.signal, m.before)}`;
    return {
      measures,
      verdict: measures.length === 0 ? 'unknown' : away.length === 0 ? 'backToNormal' : 'notYet',
      because:
        measures.length === 0
          ? `no metrics of ${workload} from the ${BEFORE / 60_000} minutes before it`
          : (away.length === 0 ? measures : away).map(said).join('; '),
    };
  },
});

/** Differences that nobody minds, in the unit of the signal. */
const LEAST: Readonly<Record<(typeof ASKED)[number][0], number>> = {
  workload_latency_seconds: 0.03,
  workload_requests_per_second: 0.05,
  workload_memory_bytes_max: 64 * 2 ** 20,
  workload_cpu_cores: 0.2,
};
