import { z } from 'zod';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc, queryBool, queryInt } from './proc.ts';

/**
 * What workloads say again and again: lines of one statement of a program are one pattern, over all replicas. Learned from the logs that
 * are followed while a cluster is connected, with what is new, more, or a burst since a rollout. Credentials are masked before anything
 * is kept.
 */

/** error: it says by its level or its words that something failed. */
export const LOG_LEVELS = ['error', 'warning', 'other'] as const;
export const LogLevelSchema = z.enum(LOG_LEVELS);
export type LogLevel = z.infer<typeof LogLevelSchema>;

/**
 * new: an error that no earlier revision logged | more: an error that each pod logs much more often since the rollout | burst: an error
 * that comes much more often than in the hour before. Everything else is no news.
 */
export const LogNewsSchema = z.strictObject({
  kind: z.enum(['new', 'more', 'burst']),
  /** It still goes on, in the revision that is in force. */
  active: z.boolean(),
  /** When the first line of it was, and when it was told. */
  since: TimeSchema,
  toldAt: TimeSchema,
  /** The revision it began with; null where it is of no rollout. */
  revision: z.string().nullable(),
  /** When that was rolled out. */
  rolledOutAt: TimeSchema.nullable(),
  /** Lines a minute before and now: of each pod since a rollout (new, more), of all pods in a burst. */
  before: z.number(),
  now: z.number(),
  /** A sentence of why it is news, with what it was compared to. */
  because: z.string(),
});
export type LogNews = z.infer<typeof LogNewsSchema>;

export const LogSampleSchema = z.strictObject({
  pod: z.string(),
  container: z.string(),
  at: TimeSchema,
  line: z.string(),
  /** The stack trace under it, cut where it is long. */
  trace: z.array(z.string()),
});
export type LogSample = z.infer<typeof LogSampleSchema>;

export const LogPatternSchema = z.strictObject({
  /** Stays the same while the pattern becomes more general, and over restarts of the app. */
  id: z.string(),
  namespace: z.string(),
  /** `Deployment/checkout`: what a person edits. */
  workload: z.string(),
  /** Its words, `<*>` where they vary; of a stack trace also the exception and where it was thrown. */
  text: z.string(),
  level: LogLevelSchema,
  /** Lines of it that were read, those of a stack trace under one not counted. */
  count: z.number().int(),
  /** Lines a minute over the last five, of all pods together. */
  perMinute: z.number(),
  firstSeen: TimeSchema,
  lastSeen: TimeSchema,
  /** The first revision that logged it, newest known rollout last; null where its pods say no revision. */
  sinceRevision: z.string().nullable(),
  revisions: z.array(
    z.strictObject({
      revision: z.string(),
      lines: z.number().int(),
      /** Of each pod, over the time its pods were read; null where that was too short to say. */
      perPodMinute: z.number().nullable(),
    }),
  ),
  pods: z.number().int(),
  sample: LogSampleSchema,
  news: LogNewsSchema.nullable(),
  /** Lines of each minute, oldest first; the last one is still going on. */
  minutes: z.strictObject({ start: TimeSchema, counts: z.array(z.number().int()) }),
});
export type LogPattern = z.infer<typeof LogPatternSchema>;

/** Why the logs of a workload are followed: those higher up come first where not all can be. */
export const WATCH_REASONS = ['chosen', 'incident', 'rollout', 'restarts', 'small'] as const;
export const WatchReasonSchema = z.enum(WATCH_REASONS);
export type WatchReason = z.infer<typeof WatchReasonSchema>;

export const LogWatchSchema = z.strictObject({
  context: ContextNameSchema,
  workloads: z.array(
    z.strictObject({
      namespace: z.string(),
      workload: z.string(),
      because: WatchReasonSchema,
      /** Containers that are followed now, of how many. */
      streams: z.number().int(),
      containers: z.number().int(),
      /** Since when its lines are known, and how many were read. */
      since: TimeSchema,
      lines: z.number().int(),
      revision: z.string().nullable(),
      patterns: z.number().int(),
    }),
  ),
  streams: z.number().int(),
  mostStreams: z.number().int(),
  /** Bytes that were read, and those that came faster than is read, since the cluster was connected. */
  bytes: z.number().int(),
  skippedBytes: z.number().int(),
  bytesPerSecond: z.number().int(),
  /** Workloads worth following for which there was no room. */
  leftOut: z.number().int(),
  /** What could not be read, and what was cut: the newest, each a sentence. */
  notes: z.array(z.strictObject({ at: TimeSchema, namespace: z.string(), pod: z.string(), container: z.string(), text: z.string() })),
});
export type LogWatch = z.infer<typeof LogWatchSchema>;

export const LogPatternsSchema = z.strictObject({
  /** News first, then errors, then by how many lines. */
  patterns: z.array(LogPatternSchema),
  truncated: z.boolean(),
  /** Workloads whose logs are known, of those asked about. */
  workloads: z.number().int(),
});
export type LogPatterns = z.infer<typeof LogPatternsSchema>;

/** What an agent is told: the errors that are news now and still go on, the gravest first. */
export const LogNewsFactSchema = z.strictObject({ patterns: z.array(LogPatternSchema) });
export type LogNewsFact = z.infer<typeof LogNewsFactSchema>;

/** Kind in any of the ways kubectl takes it. */
const WorkloadNameSchema = z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected KIND/NAME, for example deployment/checkout');

export const logCommands = {
  logs: {
    patterns: proc(
      'GET',
      '/logs/patterns',
      'What workloads log again and again: patterns of lines with counts, rates, since which revision, and what is new about them',
      z.strictObject({
        context: ContextNameSchema,
        namespace: z.string().optional(),
        workload: WorkloadNameSchema.optional(),
        /** Words that the pattern or its sample line holds, upper and lower case alike. */
        search: z.string().max(500).optional(),
        level: LogLevelSchema.optional(),
        /** Only what is news. */
        news: queryBool.default(false),
        /** Minutes of counts, counted back from now. */
        minutes: queryInt.min(1).max(120).default(60),
        limit: queryInt.min(1).max(2_000).default(200),
      }),
      LogPatternsSchema,
    ),
    watching: proc(
      'GET',
      '/logs/watching',
      'Whose logs of a cluster are followed, why, and how much of what there is to follow is read',
      z.strictObject({ context: ContextNameSchema }),
      LogWatchSchema,
    ),
    watch: proc(
      'POST propose',
      '/logs/watch',
      'Follow the logs of a workload always, or no longer than there is another reason to',
      z.strictObject({ context: ContextNameSchema, namespace: z.string().min(1), workload: WorkloadNameSchema, on: z.boolean() }),
      z.strictObject({ chosen: z.array(z.strictObject({ namespace: z.string(), workload: z.string() })) }),
    ),
    forget: proc(
      'POST admin',
      '/logs/forget',
      'Forget all patterns of a cluster',
      z.strictObject({ context: ContextNameSchema }),
      z.strictObject({ patterns: z.number().int() }),
    ),
  },
};
