import { type MetricAnswer, type SignalUnit, valueWords } from '../../agents/contract/index.ts';
import type { HeatCell } from './heat.ts';
import { linkToSeries, selectorOf } from './series-place.ts';

/** What a heat map can be of: a measure is one entry here. Pure. */

export interface Measure {
  readonly id: string;
  readonly words: string;
  readonly unit: SignalUnit;
  /** What is in use, and of how much; of what has no limit the most of all is the whole. */
  readonly used: string;
  readonly of: string | undefined;
}

export const NODE_MEASURES: readonly Measure[] = [
  { id: 'cpu', words: 'processor time', unit: 'cores', used: 'node_cpu_cores', of: 'node_cpu_allocatable_cores' },
  { id: 'memory', words: 'memory', unit: 'bytes', used: 'node_memory_bytes', of: 'node_memory_allocatable_bytes' },
  { id: 'pods', words: 'pods', unit: 'count', used: 'node_pods', of: undefined },
  { id: 'disk', words: 'disk', unit: 'bytes', used: 'node_filesystem_used_bytes', of: 'node_filesystem_capacity_bytes' },
];

export const WORKLOAD_MEASURES: readonly Measure[] = [
  {
    id: 'memory',
    words: 'memory of the largest pod, of its limit',
    unit: 'bytes',
    used: 'workload_memory_bytes_max',
    of: 'workload_memory_limit_bytes',
  },
  { id: 'cpu', words: 'processor time, of what most take', unit: 'cores', used: 'workload_cpu_cores', of: undefined },
  { id: 'throttled', words: 'throttled', unit: 'ratio', used: 'workload_throttled_ratio', of: '1' },
  { id: 'pods', words: 'pods, of the most', unit: 'count', used: 'workload_pods', of: undefined },
];

/** The newest values; what has not been heard of for five minutes is gone. */
export const queryOf = (signal: string, namespace: string): string => (namespace === '' ? signal : selectorOf(signal, { namespace }));

type Labels = Readonly<Record<string, string>>;
const nameOf = ({ node, namespace, workload }: Labels, alone: boolean): string =>
  node ?? (alone ? (workload ?? '') : `${namespace ?? ''}/${workload?.split('/')[1] ?? ''}`);
const keyOf = ({ node, namespace, workload }: Labels): string => JSON.stringify([node, namespace, workload]);
const numberOf = (answer: MetricAnswer['series'][number]): number | undefined => {
  const value = answer.values.at(-1);
  return typeof value === 'number' ? value : undefined;
};

/** Cells of a cluster by name. `alone`: of one namespace, which then need not be said. */
export function cellsOf(
  context: string,
  { unit, of }: Measure,
  used: MetricAnswer,
  most: MetricAnswer | undefined,
  alone: boolean,
): readonly HeatCell[] {
  const limits = new Map((most?.series ?? []).map((s) => [keyOf(s.labels), numberOf(s)]));
  const largest = Math.max(0, ...used.series.map((s) => numberOf(s) ?? 0));
  return used.series
    .map((s): HeatCell => {
      const value = numberOf(s);
      const whole = of === undefined ? largest : of === '1' ? 1 : limits.get(keyOf(s.labels));
      const { __name__: _, ...labels } = s.labels;
      const share = value === undefined || whole === undefined || !(whole > 0) ? undefined : value / whole;
      const said = value === undefined ? 'not known' : valueWords(unit, value);
      const ofWhole =
        of === undefined || of === '1'
          ? ''
          : whole === undefined
            ? ', without a limit'
            : ` of ${valueWords(unit, whole)}${share === undefined ? '' : `, ${Math.round(100 * share)} %`}`;
      return { key: keyOf(labels), name: nameOf(labels, alone), href: linkToSeries(context, labels), share, words: `${said}${ofWhole}` };
    })
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
