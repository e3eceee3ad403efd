import { useCallback } from 'react';
import type { ChartLine } from '../../agents/contract/index.ts';
import { useRepeated } from '../state/use-repeated.ts';

const WIDE = 220;
const HIGH = 48;
const AGAIN_MS = 10 * 60_000;

interface SparkProps {
  readonly context: string;
  readonly selector: string;
  readonly from: number;
  readonly to: number;
  /** Where it was expected: a band. */
  readonly low?: number;
  readonly high?: number;
  readonly limit?: number;
  readonly words: string;
}

/** A small chart beside a sentence: the line, where it was expected, its limit. The sentence says what it shows. */
export function Spark({ context, selector, from, to, low, high, limit, words }: SparkProps) {
  // By the minute, so that time going on is no new question each second.
  const [start, end] = [Math.floor(from / 60_000), Math.ceil(to / 60_000)];
  const { value } = useRepeated<ChartLine | undefined>(
    useCallback(
      async (client, signal) => {
        const range = { start: new Date(start * 60_000).toISOString(), end: new Date(end * 60_000).toISOString() };
        const step = Math.max(15, ((end - start) * 60) / (WIDE / 2));
        const { lines } = await client.metrics.chart({ context, ...range, step, of: [selector] }, { signal });
        return lines[0];
      },
      [context, selector, start, end],
    ),
    AGAIN_MS,
  );
  if (value === undefined) return <svg className="spark" width={WIDE} height={HIGH} aria-hidden="true" />;
  const top = Math.max(...value.max, high ?? 0, limit ?? 0) * 1.05 || 1;
  const x = (t: number) => (((t / 60_000 - start) / Math.max(1, end - start)) * WIDE).toFixed(1);
  const y = (v: number) => (HIGH - 1 - (Math.max(0, v) / top) * (HIGH - 2)).toFixed(1);
  return (
    <svg className="spark" width={WIDE} height={HIGH} viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={words}>
      {low !== undefined && high !== undefined && (
        <rect className="spark-band" x="0" width={WIDE} y={y(high)} height={Math.max(1, Number(y(Math.max(0, low))) - Number(y(high)))} />
      )}
      {limit !== undefined && <line className="spark-limit" x1="0" x2={WIDE} y1={y(limit)} y2={y(limit)} />}
      <path className="spark-line" d={pathOf(value, x, y)} />
    </svg>
  );
}

/** Across a hole there is no line. */
function pathOf({ at, max, gaps }: ChartLine, x: (t: number) => string, y: (v: number) => string): string {
  const begins = new Set(gaps.map(([, to]) => to));
  return at.map((t, i) => `${i === 0 || begins.has(t) ? 'M' : 'L'}${x(t)} ${y(max[i] ?? 0)}`).join('');
}
