import { z } from 'zod';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc, queryInt } from './proc.ts';
import { AlertRulesSchema, ExpectedSchema, SizingsSchema, TrafficProfileSchema, TrendsSchema } from './trends.ts';

/** What is unusual in the metrics of a cluster, and which limits are about to be reached. References to series, never the series themselves. */

const series = {
  /** A name of `SIGNALS`. */
  signal: z.string(),
  labels: z.record(z.string(), z.string()),
};

export const UnusualSchema = z.strictObject({
  ...series,
  /** When it was first outside what was expected, and when it was last seen. */
  since: TimeSchema,
  at: TimeSchema,
  /** Now, and the farthest from what was expected since then. */
  value: z.number(),
  worst: z.number(),
  /** Where the value was expected when it began. */
  low: z.number(),
  high: z.number(),
  /** From 0.5 to below 1: how rare it is. */
  score: z.number(),
  /** point: it stands out | level: its level moved | wild, calm: it moves more, less | flat: it stopped moving | gap: points are missing */
  trait: z.enum(['point', 'level', 'wild', 'calm', 'flat', 'gap']),
  /** What would make it silent. */
  silentWhen: z.string(),
});
export type Unusual = z.infer<typeof UnusualSchema>;

export const RunningOutSchema = z.strictObject({
  ...series,
  /** Of `limitSignal`, the same unit as `value`. */
  limitSignal: z.string(),
  /** Where the rise that the forecast stands on begins, as far as it was looked at. */
  since: TimeSchema,
  limit: z.number(),
  value: z.number(),
  at: TimeSchema,
  /** When the limit is reached, and between which times that lies. */
  exhaustsAt: TimeSchema,
  earliest: TimeSchema,
  latest: TimeSchema,
  confidence: z.number().min(0).max(1),
  /** What it stands on. */
  because: z.string(),
});
export type RunningOut = z.infer<typeof RunningOutSchema>;

/** What is foretold of a series that has a limit, also where nothing runs out. */
export const OutlookSchema = z.strictObject({
  ...series,
  limitSignal: z.string(),
  limit: z.number(),
  value: z.number(),
  at: TimeSchema,
  /** runsOut: within the horizon | lasts: not within it | unknown: too little is known to say | reached: it is at its limit now */
  state: z.enum(['runsOut', 'lasts', 'unknown', 'reached']),
  /** Null unless it runs out. */
  exhaustsAt: TimeSchema.nullable(),
  earliest: TimeSchema.nullable(),
  latest: TimeSchema.nullable(),
  /** Where the rise that it stands on begins. */
  since: TimeSchema.nullable(),
  /** How far ahead was looked, seconds. */
  horizonSeconds: z.number(),
  confidence: z.number().min(0).max(1),
  /** What it stands on, or what is missing: "not enough history: 20 more minutes". */
  because: z.string(),
  /** The first of the samples that it stands on. */
  knownSince: TimeSchema.nullable(),
});
export type Outlook = z.infer<typeof OutlookSchema>;

export const SignalNewsSchema = z.strictObject({
  unusual: z.array(UnusualSchema),
  /** Soonest first. */
  runningOut: z.array(RunningOutSchema),
  /** Series that are judged, those of them that are still being learned, and those that were left out because they are too many. */
  watched: z.number().int(),
  learning: z.number().int(),
  leftOut: z.number().int(),
  /** Of the newest value; null where there is none. */
  at: TimeSchema.nullable(),
});
export type SignalNews = z.infer<typeof SignalNewsSchema>;

export const signalCommands = {
  signals: {
    list: proc(
      'GET',
      '/signals',
      'What is unusual in the metrics of a cluster now, and which limits are about to be reached',
      z.strictObject({ context: ContextNameSchema }),
      SignalNewsSchema,
    ),
    outlook: proc(
      'GET',
      '/signals/outlook',
      'Whether what has a limit will reach it: of a workload, a claim, a node, or all of a namespace; the soonest first',
      z.strictObject({
        context: ContextNameSchema,
        namespace: z.string().optional(),
        /** `Deployment/checkout` */
        workload: z.string().optional(),
        claim: z.string().optional(),
        node: z.string().optional(),
      }),
      z.strictObject({
        outlooks: z.array(OutlookSchema),
        /** There were more series with limits than are looked at. */
        truncated: z.boolean(),
      }),
    ),
    expected: proc(
      'GET',
      '/signals/expected',
      'One kept series with the range in which each value was expected; six hours by default, about 500 points',
      z.strictObject({
        context: ContextNameSchema,
        /** A selector that matches one series: `workload_latency_seconds{namespace="shop",workload="Deployment/web",quantile="0.95"}`. */
        match: z.string().min(1).max(2_000),
        start: TimeSchema.optional(),
        end: TimeSchema.optional(),
        points: queryInt.min(10).max(5_000).default(500),
      }),
      ExpectedSchema,
    ),
    trends: proc(
      'GET',
      '/signals/trends',
      'How workloads changed from last week to this week: processor time, memory, requests, errors, latency, network',
      z.strictObject({ context: ContextNameSchema, namespace: z.string().optional() }),
      TrendsSchema,
    ),
    sizing: proc(
      'GET',
      '/signals/sizing',
      'What containers request, what they take, and what would fit them',
      z.strictObject({ context: ContextNameSchema, namespace: z.string().optional() }),
      SizingsSchema,
    ),
    traffic: proc(
      'GET',
      '/signals/traffic',
      'When in the week a workload is busy',
      z.strictObject({ context: ContextNameSchema, namespace: z.string(), workload: z.string().regex(/^[A-Z][A-Za-z]+\/[^/]+$/) }),
      TrafficProfileSchema,
    ),
    rules: proc(
      'GET',
      '/signals/rules',
      'Alert rules that would have told of an incident, as a PrometheusRule for a person to take',
      z.strictObject({ incident: z.string() }),
      AlertRulesSchema,
    ),
  },
};
