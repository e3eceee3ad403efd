import { z } from 'zod';
import { TimeSchema } from './ids.ts';

/** What is learned of workloads over days and weeks: how they change, what they would need, and when they are busy. */

const workload = {
  namespace: z.string(),
  /** As series name it: `Deployment/checkout`. */
  workload: z.string(),
};

export const MEASURES = ['cpu', 'memory', 'requests', 'errors', 'latency', 'received', 'sent'] as const;
export const MeasureSchema = z.enum(MEASURES);
export type Measure = z.infer<typeof MeasureSchema>;

export const TrendSchema = z.strictObject({
  ...workload,
  measure: MeasureSchema,
  unit: z.enum(['cores', 'bytes', 'per second', 'seconds', 'bytes per second']),
  /** Means over the hours of the week that were seen in both; of all that was seen where there is no week before. */
  thisWeek: z.number(),
  weekBefore: z.number().nullable(),
  /** By how much it changed, as a part of the week before: 0.2 is a fifth more. Null where there is nothing to compare with. */
  change: z.number().nullable(),
  /** The largest of this week. */
  peak: z.number(),
  /** Hours of this week that were seen, and those of them that are compared. */
  hours: z.number().int(),
  compared: z.number().int(),
});
export type Trend = z.infer<typeof TrendSchema>;

export const TrendsSchema = z.strictObject({
  /** Those that changed most first. */
  trends: z.array(TrendSchema),
  /** What is compared with what: this week begins at `middle`. */
  from: TimeSchema,
  middle: TimeSchema,
  to: TimeSchema,
  /** What is missing, and since when there is anything. */
  because: z.string(),
  truncated: z.boolean(),
});
export type Trends = z.infer<typeof TrendsSchema>;

export const SizingSchema = z.strictObject({
  ...workload,
  container: z.string(),
  resource: z.enum(['cpu', 'memory']),
  unit: z.enum(['cores', 'bytes']),
  /** As the template has it now. */
  request: z.number().nullable(),
  limit: z.number().nullable(),
  /** Of the pod that takes most. The peak at the start is that of its first five minutes. */
  usage: z
    .strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number(), startUpPeak: z.number().nullable() })
    .nullable(),
  samples: z.number().int(),
  hours: z.number(),
  /** Times that the kernel ended it for want of memory, as far as that is known. */
  oomKills: z.number().int(),
  replicas: z.number().int(),
  /** Null where nothing can be said yet, or the pods take it as they are. */
  recommended: z.strictObject({ request: z.number(), limit: z.number().nullable() }).nullable(),
  change: z.enum(['raise', 'lower', 'set', 'keep', 'unknown']),
  /** What the requests of all its pods would become less by; below zero: more. */
  frees: z.number(),
  because: z.string(),
});
export type Sizing = z.infer<typeof SizingSchema>;

export const SizingsSchema = z.strictObject({ sizings: z.array(SizingSchema), because: z.string(), truncated: z.boolean() });
export type Sizings = z.infer<typeof SizingsSchema>;

export const TrafficProfileSchema = z.strictObject({
  ...workload,
  /** The nearest to traffic that is known of it: requests, else what it receives, else processor time. */
  measure: MeasureSchema.nullable(),
  unit: z.string(),
  /** Of the week, 0 is Monday 00:00 to 01:00 UTC; hours that were never seen are absent. */
  hours: z.array(z.strictObject({ hour: z.number().int().min(0).max(167), mean: z.number(), max: z.number() })),
  busiest: z.strictObject({ hour: z.number().int(), mean: z.number() }).nullable(),
  quietest: z.strictObject({ hour: z.number().int(), mean: z.number() }).nullable(),
  /** How alike the days are, 0 to 1: whether tomorrow can be told from yesterday. Null before there are two days. */
  alike: z.number().nullable(),
  because: z.string(),
});
export type TrafficProfile = z.infer<typeof TrafficProfileSchema>;

/** A series in figures: what a probe brings where the samples themselves would be too many. */
export const MetricProfileSchema = z.strictObject({
  labels: z.record(z.string(), z.string()),
  samples: z.number().int(),
  /** Hours in which there was any. */
  hoursSeen: z.number().int(),
  since: TimeSchema,
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  /** Of the means of minutes. */
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  /** By the hour of the week, 0 is Monday 00:00 UTC. */
  hours: z.array(z.strictObject({ hour: z.number().int(), mean: z.number(), max: z.number() })),
  /** By the day, oldest first: means of its 24 hours, null where nothing was seen. */
  days: z.array(z.array(z.number().nullable())),
});
export type MetricProfile = z.infer<typeof MetricProfileSchema>;

export const AlertRulesSchema = z.strictObject({
  incident: z.string(),
  /** Where it would go: a file for a person to read, change and apply. */
  fileName: z.string(),
  /** A PrometheusRule. */
  text: z.string(),
  rules: z.array(z.strictObject({ alert: z.string(), expr: z.string(), for: z.string(), because: z.string() })),
});
export type AlertRules = z.infer<typeof AlertRulesSchema>;

/** A series with where it was expected at each point, as the detector saw it coming. */
export const ExpectedSchema = z.strictObject({
  labels: z.record(z.string(), z.string()),
  at: z.array(z.number()),
  values: z.array(z.number()),
  low: z.array(z.number()),
  high: z.array(z.number()),
  score: z.array(z.number()),
  /** Points before the range that were learned from; the range of the first two dozen says nothing. */
  learned: z.number().int(),
});
export type Expected = z.infer<typeof ExpectedSchema>;
