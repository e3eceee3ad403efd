import { useEffect, useRef, useState } from 'react';
import type { Chart, Expected, Failure } from '../../agents/contract/index.ts';
import { type Client, failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { AS_THEY_CAME_MS } from './columns.ts';
import type { Panel } from './panels.ts';
import { SPANS, type Shown, type TimeWindow, useSettled } from './time-window.ts';

/** What one chart shows, read as far as it is needed: the window and half of it on either side, so that it can be moved at once. */

export interface Loaded {
  readonly chart: Chart;
  readonly expected: Expected | undefined;
  readonly from: number;
  readonly to: number;
  /** Milliseconds. */
  readonly step: number;
}

export interface ChartReading {
  readonly loaded: Loaded | undefined;
  readonly failure: Failure | undefined;
  readonly again: () => void;
}

/** What is expected changes slowly and costs much: a range is asked for anew so often at most. */
const EXPECTED_EVERY_MS = 5 * 60_000;
const EXPECTED_POINTS = 400;

/** The length of a span of the chart: a pixel's worth, in whole readings. */
export const stepOf = (span: number, width: number): number =>
  Math.max(AS_THEY_CAME_MS, Math.ceil(span / Math.max(100, width) / AS_THEY_CAME_MS) * AS_THEY_CAME_MS);

export function useChart(context: string, panel: Panel, window: TimeWindow, width: number): ChartReading {
  const client = useClient();
  const settled = useSettled(window);
  const [known, setKnown] = useState<{ readonly of: string; readonly loaded: Loaded | undefined; readonly failure: Failure | undefined }>({
    of: '',
    loaded: undefined,
    failure: undefined,
  });
  const [tries, setTries] = useState(0);
  // The question stands for the panel, which may be made anew without asking for anything else.
  const key = JSON.stringify(questionOf(context, panel));
  const held = useRef<{ readonly of: string; readonly loaded: Loaded; readonly expectedAt: number } | undefined>(undefined);
  useEffect(() => {
    if (width === 0) return;
    const wish = wishOf(settled, width, Date.now());
    const has = held.current?.of === key ? held.current : undefined;
    if (has !== undefined && !settled.follows && covers(has.loaded, settled, wish.step)) return;
    const over = new AbortController();
    const take = (loaded: Loaded, expectedAt: number) => {
      if (over.signal.aborted) return;
      held.current = { of: key, loaded, expectedAt };
      setKnown({ of: key, loaded, failure: undefined });
    };
    read(client, JSON.parse(key) as Question, wish, has, over.signal, take).catch((error: unknown) => {
      // What was read stays: it is no less true than before.
      if (!over.signal.aborted) setKnown({ of: key, loaded: has?.loaded, failure: failureOf(error) });
    });
    return () => over.abort();
  }, [client, key, settled, width, tries]);
  const current = known.of === key ? known : { loaded: undefined, failure: undefined };
  return { ...current, again: () => setTries((n) => n + 1) };
}

interface Question {
  readonly context: string;
  /** The selector of each line. */
  readonly of: string[];
  readonly counters?: 'total';
  /** Which of them are measured, the others being limits. */
  readonly measured: readonly number[];
  /** The series whose expected range is shaded. */
  readonly expected?: string;
}

function questionOf(context: string, { lines, counters, expected }: Panel): Question {
  return {
    ...{ context, of: lines.map((l) => l.selector), measured: lines.flatMap((l, i) => (l.limit === true ? [] : [i])) },
    ...(counters === undefined ? {} : { counters }),
    ...(expected === undefined ? {} : { expected }),
  };
}

interface Wish {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function wishOf({ span, from, to }: Shown, width: number, now: number): Wish {
  const half = SPANS[span] / 2;
  return { from: from - half, to: Math.min(now, to + half), step: stepOf(SPANS[span], width) };
}

const covers = (loaded: Loaded, { from, to }: Shown, step: number): boolean =>
  loaded.step === step && loaded.from <= from && loaded.to >= to;

/** Tells the values as soon as they are there, and once more with where they were expected. */
async function read(
  client: Client,
  { expected: match, measured, ...question }: Question,
  { from, to, step }: Wish,
  has: { readonly loaded: Loaded; readonly expectedAt: number } | undefined,
  signal: AbortSignal,
  tell: (loaded: Loaded, expectedAt: number) => void,
): Promise<void> {
  const range = { start: new Date(from).toISOString(), end: new Date(to).toISOString() };
  const chart = await client.metrics.chart({ ...question, ...range, step: step / 1000 }, { signal });
  const now = Date.now();
  const quarter = (to - from) / 4;
  const same =
    has !== undefined && has.loaded.step === step && Math.abs(has.loaded.from - from) < quarter && Math.abs(has.loaded.to - to) < quarter;
  const before = same ? has.loaded.expected : undefined;
  tell({ chart, expected: before, from, to, step }, has?.expectedAt ?? 0);
  // Of a series that is not there nothing is expected.
  if (match === undefined || !chart.lines.some((l) => measured.includes(l.of)) || (same && now - has.expectedAt < EXPECTED_EVERY_MS))
    return;
  const expected = await client.signals
    .expected({ context: question.context, match, ...range, points: EXPECTED_POINTS }, { signal })
    .catch(() => undefined);
  tell({ chart, expected, from, to, step }, now);
}
