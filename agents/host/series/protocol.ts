import type { MessagePort } from 'node:worker_threads';
import type { Chart, Expected, MetricAnswer, MetricProfile, MetricSeries, Outcome, Outlook, SignalNews } from '../../contract/index.ts';
import type { ChartAsk, OutlookAsk } from './chart.ts';
import type { LogFeedAnswer, LogFeedMessage } from '../logs/protocol.ts';
import type { Held, Keeping, Labels } from './series-database.ts';

/** What the host and the kube worker say to the series' thread. All ends are ours and of one build, so nothing is parsed here. */

export interface RangeAsk {
  readonly query: string;
  /** Milliseconds since 1970; of one moment both are the same. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly instant: boolean;
  readonly limit: number;
}

export interface SeriesCalls {
  readonly query: { readonly args: readonly [cluster: string, ask: RangeAsk]; readonly answer: Outcome<MetricAnswer> };
  readonly labels: {
    readonly args: readonly [cluster: string, match: string | undefined, limit: number];
    readonly answer: Outcome<{ readonly series: readonly Labels[]; readonly truncated: boolean }>;
  };
  /** Samples of the series a selector matches, as they are, for back-filling and checks. */
  readonly samples: {
    readonly args: readonly [cluster: string, match: string, from: number, to: number, limit: number];
    readonly answer: Outcome<readonly MetricSeries[]>;
  };
  readonly held: { readonly args: readonly [cluster: string]; readonly answer: Held & { readonly keeping: Keeping } };
  readonly keep: { readonly args: readonly [cluster: string, keeping: Keeping]; readonly answer: undefined };
  /** What the thread takes: its heap, and series with an open block. */
  readonly stats: { readonly args: readonly []; readonly answer: { readonly heapBytes: number; readonly open: number } };
  /** What is unusual among what arrived, and what runs out. */
  readonly signals: { readonly args: readonly [cluster: string]; readonly answer: SignalNews };
  readonly chart: { readonly args: readonly [cluster: string, ask: ChartAsk]; readonly answer: Outcome<Chart> };
  readonly outlook: {
    readonly args: readonly [cluster: string, ask: OutlookAsk];
    readonly answer: { readonly outlooks: Outlook[]; readonly truncated: boolean };
  };
  /** Series in figures, and one with where it was expected. */
  readonly profiles: {
    readonly args: readonly [cluster: string, match: string, from: number, to: number];
    readonly answer: Outcome<{ readonly series: readonly MetricProfile[]; readonly truncated: boolean }>;
  };
  readonly expected: {
    readonly args: readonly [cluster: string, match: string, from: number, to: number, points: number];
    readonly answer: Outcome<Expected>;
  };
  readonly forget: { readonly args: readonly [cluster: string]; readonly answer: number };
  readonly forgetLogs: { readonly args: readonly [cluster: string]; readonly answer: number };
}
export type SeriesCall = keyof SeriesCalls;

/** Values of one cluster, sent by the kube worker. A series is defined once for a port, and then goes by its number. */
export interface SeriesBatch {
  readonly context: string;
  readonly defined: readonly (readonly [number: number, labels: Labels])[];
  readonly gone: readonly number[];
  readonly numbers: Uint32Array;
  readonly at: Float64Array;
  readonly values: Float64Array;
}

/** Over a port of their own, from the kube worker. */
export type FeedMessage =
  { readonly type: 'batch'; readonly batch: SeriesBatch } | { readonly type: 'last'; readonly context: string } | LogFeedMessage;
/** When the newest sample of a cluster is from; patterns of a workload. */
export type FeedAnswer = { readonly context: string; readonly last: number | undefined } | LogFeedAnswer;

export type ToSeries =
  | {
      readonly [C in SeriesCall]: { readonly type: 'call'; readonly id: number; readonly call: C; readonly args: SeriesCalls[C]['args'] };
    }[SeriesCall]
  /** From its other end come `FeedMessage`s. */
  | { readonly type: 'feed'; readonly port: MessagePort }
  | { readonly type: 'close' };

export type FromSeries =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'threw'; readonly id: number; readonly message: string };

export interface SeriesThreadData {
  readonly path: string;
  /** Of the patterns of logs. */
  readonly logs: string;
}
