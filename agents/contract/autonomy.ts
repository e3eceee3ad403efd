import { z } from 'zod';
import { RiskSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** Who decides about a plan: rules as data. Without any, a person is asked for everything. */

/** Least to most: `observe` only shows what would be done; `ask` waits for a person; `auto` approves, after the checks of any approval. */
export const GIVES = ['observe', 'ask', 'auto'] as const;
export const GiveSchema = z.enum(GIVES);
export type Give = z.infer<typeof GiveSchema>;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 08:30');
/** A name, or a pattern in which `*` stands for anything. */
const patterns = z.array(z.string().min(1)).min(1);

/** Hours of a day in a time zone; `from` later than `to` reaches over midnight, and belongs to the day it begins on. */
export const WindowSchema = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).optional(),
  from: clockTime.default('00:00'),
  /** Up to, and not with, this minute; 00:00 is the end of the day. */
  to: clockTime.default('00:00'),
  timezone: z.string().refine(isTimeZone, 'is no time zone; write one like Europe/Berlin').default('UTC'),
});
export type Window = z.infer<typeof WindowSchema>;

/** All that is named must hold; a list holds where one of its patterns does. Each target of a plan is matched by itself. */
export const MatchSchema = z.strictObject({
  contexts: patterns.optional(),
  /** Groups of contexts, as marked. */
  groups: patterns.optional(),
  /** Namespaces of targets; a target that has none (a node) is in none. */
  namespaces: patterns.optional(),
  /** Labels on the target itself. */
  labels: z.record(z.string(), z.string()).optional(),
  agents: patterns.optional(),
  /** Types of actions: patch, scale, restart-rollout, undo-rollout, create, delete. */
  actions: patterns.optional(),
  kinds: patterns.optional(),
  maxRisk: RiskSchema.optional(),
  window: WindowSchema.optional(),
});
export type Match = z.infer<typeof MatchSchema>;

export const RuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes'),
  match: MatchSchema.default({}),
  give: GiveSchema,
  /** With `ask`: how many different people must approve. */
  people: z.union([z.literal(1), z.literal(2)]).default(1),
  because: z.string().optional(),
});
export type Rule = z.infer<typeof RuleSchema>;

/**
 * The rules. For each target of a plan the first rule that matches counts; of several targets the strictest answer. An `auto` rule that
 * names no `maxRisk` means low. Never automatic, whatever the rules say: protected and read-only contexts, what nothing can take back,
 * deletions, plans of more than `mostObjects`, undo plans, and kinds that say who may do what or that many others depend on.
 */
export const AutonomySchema = z.strictObject({
  version: z.literal(1),
  rules: z.array(RuleSchema).default([]),
  /** Automatic changes an hour; then a person is asked. */
  budgets: z
    .strictObject({
      perClusterPerHour: z.number().int().min(0).default(6),
      perWorkloadPerHour: z.number().int().min(0).default(2),
    })
    .default({ perClusterPerHour: 6, perWorkloadPerHour: 2 }),
  /** Objects one automatic plan may change. */
  mostObjects: z.number().int().min(1).max(10).default(2),
  /** Nothing is automatic then. */
  quietHours: z.array(WindowSchema.extend({ contexts: patterns.optional() })).default([]),
});
export type AutonomyRules = z.infer<typeof AutonomySchema>;

/** How a plan may be decided, and why. */
export const PlanAutonomySchema = z.strictObject({
  give: GiveSchema,
  /** The rule that says so; null where none does. */
  rule: z.string().nullable(),
  /** Of the rules: the first twelve characters of the SHA-256 of their text; empty where there are none. */
  version: z.string(),
  people: z.union([z.literal(1), z.literal(2)]),
  because: z.string(),
});
export type PlanAutonomy = z.infer<typeof PlanAutonomySchema>;

export const AutonomyStateSchema = z.strictObject({
  path: z.string(),
  version: z.string(),
  /** As written; empty where there are none. */
  text: z.string(),
  /** Null where they cannot be understood: then nothing can be approved at all. */
  rules: AutonomySchema.nullable(),
  problem: z.string().nullable(),
});
export type AutonomyState = z.infer<typeof AutonomyStateSchema>;

const by = z.string().min(1);
const text = z.string().max(65_536);

export const autonomyCommands = {
  autonomy: {
    get: proc('GET', '/autonomy', 'The rules that say what may be done without asking', z.strictObject({}), AutonomyStateSchema),
    set: proc('POST admin', '/autonomy', 'Put other rules in force', z.strictObject({ text, by }), AutonomyStateSchema),
    check: proc(
      'POST read',
      '/autonomy/check',
      'Say whether rules are well-formed, and what they would mean for the plans that wait',
      z.strictObject({ text }),
      z.strictObject({
        rules: AutonomySchema,
        plans: z.array(z.strictObject({ id: z.string(), title: z.string(), now: PlanAutonomySchema, then: PlanAutonomySchema })),
      }),
    ),
    explain: proc(
      'GET',
      '/autonomy/plans/{id}',
      'Why a plan asks, or was automatic',
      z.strictObject({ id: z.string() }),
      z.strictObject({ plan: z.string(), decided: z.boolean(), autonomy: PlanAutonomySchema }),
    ),
    history: proc(
      'GET',
      '/autonomy/history',
      'Which rules were in force since when, newest first',
      z.strictObject({}),
      z.strictObject({
        versions: z.array(
          z.strictObject({ at: TimeSchema, version: z.string(), by: z.string().nullable(), rules: z.number().int(), text: z.string() }),
        ),
      }),
    ),
  },
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
