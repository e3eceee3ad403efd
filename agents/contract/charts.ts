import { z } from 'zod';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** Kept metrics as a chart draws them: no more points than it has room for, nothing smoothed away, and holes as holes. */

/** Lines of one chart at most, and spans of each. */
export const MOST_LINES = 50;
export const MOST_SPANS = 5_000;

const queryTexts = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

/** Spans of one series that have samples, in the order of their times. */
export const ChartLineSchema = z.strictObject({
  /** Which of the selectors it answers to. */
  of: z.number().int(),
  labels: z.record(z.string(), z.string()),
  /** Beginning of each span, milliseconds since 1970; where spans are as short as samples come, the very time of the sample. */
  at: z.array(z.number()),
  min: z.array(z.number()),
  max: z.array(z.number()),
  mean: z.array(z.number()),
  /** Where samples are missing: from the last before to the first after, milliseconds since 1970. */
  gaps: z.array(z.tuple([z.number(), z.number()])),
});
export type ChartLine = z.infer<typeof ChartLineSchema>;

export const ChartSchema = z.strictObject({
  lines: z.array(ChartLineSchema),
  /** There were more series than one chart takes. */
  truncated: z.boolean(),
});
export type Chart = z.infer<typeof ChartSchema>;

const range = {
  context: ContextNameSchema,
  start: TimeSchema,
  end: TimeSchema,
  /** Length of a span, seconds: a pixel's worth. */
  step: z.coerce.number().positive(),
};

/** Rows of `metrics` in the table of commands. */
export const chartCommands = {
  chart: proc(
    'GET',
    '/metrics/chart',
    'Series of a range as spans with their least, greatest and mean value, for a chart; selectors as in PromQL, counters as what they grow by in a second',
    z.strictObject({
      ...range,
      of: queryTexts.pipe(z.array(z.string().min(1).max(2_000)).min(1).max(20)),
      /** Totals are for what happens so seldom that a rate says nothing: restarts. */
      counters: z.enum(['rate', 'total']).default('rate'),
    }),
    ChartSchema,
  ),
};
