import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { EvidenceSchema } from './finding.ts';
import { CodeSchema, ContextNameSchema, ResourceRefSchema, RiskSchema, TimeSchema } from './ids.ts';
import { KnowledgeHitSchema } from './knowledge.ts';
import { PlanStateSchema } from './plan.ts';
import { proc } from './proc.ts';

/**
 * Questions in plain words. An answer is put together from what was found and what is written, word for word: every sentence that claims
 * something stands in what it cites. Asking changes nothing in a cluster; what would is a plan, and is only shown.
 */

const n = z.number().int().positive();

/** What is read for an answer beside what was found wrong. */
export const READ_FOR_ANSWERS = ['object', 'list', 'changes', 'metrics', 'signals', 'logs', 'access', 'plans', 'clusters'] as const;

/** What a sentence rests on. `text` is what it says itself, so that a reader can hold the sentence against it. */
export const CitationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), n, id: z.string(), context: ContextNameSchema, code: CodeSchema, text: z.string() }),
  z.strictObject({
    kind: z.literal('evidence'),
    n,
    incident: z.string(),
    resource: ResourceRefSchema,
    of: EvidenceSchema.shape.kind,
    source: z.string().optional(),
    at: TimeSchema.optional(),
    text: z.string(),
  }),
  /** Something else was looked for, and not found. */
  z.strictObject({ kind: z.literal('ruledOut'), n, incident: z.string().nullable(), context: ContextNameSchema, text: z.string() }),
  z.strictObject({ kind: z.literal('plan'), n, id: z.string(), hash: z.string(), text: z.string() }),
  /** What was read for this question, in words. `source`: the command that shows it; `resource`: where it is of one object. */
  z.strictObject({
    kind: z.literal('read'),
    n,
    context: ContextNameSchema.nullable(),
    of: z.enum(READ_FOR_ANSWERS),
    resource: ResourceRefSchema.nullable(),
    source: z.string(),
    text: z.string(),
  }),
  /** Another time that an incident was there; `opened` and `resolved` are entries of the log. */
  z.strictObject({
    kind: z.literal('past'),
    n,
    incident: z.string(),
    context: ContextNameSchema,
    opened: z.number().int(),
    resolved: z.number().int(),
    at: TimeSchema,
    text: z.string(),
  }),
  z.strictObject({
    kind: z.literal('passage'),
    n,
    ...KnowledgeHitSchema.pick({
      id: true,
      source: true,
      path: true,
      heading: true,
      line: true,
      trust: true,
      givesOrders: true,
      text: true,
    }).shape,
  }),
]);
export type Citation = z.infer<typeof CitationSchema>;

/** What stands before a quoted sentence. */
export const LEADS = [
  'Cause',
  'Likely',
  'Because',
  'Evidence',
  'Noticed',
  'Not',
  'Plan',
  'Before',
  'Helped then',
  'Did not help then',
  'Written',
  'Also',
  'Needs',
  'Since',
  'Now',
  'Changed',
  'Measured',
  'Unusual',
  'Foreseen',
  'Logged',
  'Waiting',
  'Done',
] as const;

/** Sentences of our own that claim nothing about a cluster or the world: what was looked at, what was not, and what one can do next. */
export const FRAMES = [
  'about',
  'taken',
  'well',
  'more',
  'next',
  'unknown',
  'notThere',
  'unreachable',
  'unread',
  'nobody',
  'nothingBefore',
] as const;

export const SentenceSchema = z.strictObject({
  /** Where nothing is claimed. */
  frame: z.enum(FRAMES).nullable(),
  lead: z.enum(LEADS).nullable(),
  text: z.string(),
  /** Numbers of the citations it stands in; none where nothing is claimed. */
  cites: z.array(n),
});
export type Sentence = z.infer<typeof SentenceSchema>;

export const AnswerSchema = z.strictObject({
  id: z.string(),
  /** Further questions in it are understood by what was said before. */
  session: z.string(),
  question: z.string(),
  at: TimeSchema,
  /** Whom it was for, and how sure that is. `here`: whether there is such an agent. `by`: the model that named it, where the words alone left a doubt. */
  agent: z.strictObject({ id: z.string(), chance: z.number(), here: z.boolean(), by: z.string().nullable().default(null) }),
  /** How it was answered: by looking at a cluster, from what is written, from past incidents, or with a plan to decide on. */
  from: z.enum(['cluster', 'knowledge', 'past', 'plan', 'nothing']),
  /** False: it is said that it is not known. */
  known: z.boolean(),
  sentences: z.array(SentenceSchema).min(1),
  citations: z.array(CitationSchema),
  /** The sentences with the numbers of their citations. */
  text: z.string(),
  /** Plans for what was found, the one to prefer first. None of them is carried out by asking. */
  plans: z.array(
    z.strictObject({ id: z.string(), hash: z.string(), title: z.string(), risk: RiskSchema, state: PlanStateSchema, incident: z.string() }),
  ),
  /** What it is about, for the next question. */
  about: z.strictObject({
    context: ContextNameSchema.nullable(),
    namespaces: z.array(z.string()),
    resource: z.string().nullable(),
    /** Incidents it speaks of, the one in front first. */
    incidents: z.array(z.string()),
  }),
  /** The model that chose what is quoted of what is written; null: none did. Every sentence is quoted either way. */
  model: z.string().nullable(),
  durationMs: z.number().int(),
});
export type Answer = z.infer<typeof AnswerSchema>;

/** What is being done for a question, as it is done; the answer last. */
export const AskNoticeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('doing'), words: z.string() }),
  z.strictObject({ type: z.literal('answer'), answer: AnswerSchema }),
]);
export type AskNotice = z.infer<typeof AskNoticeSchema>;

const QuestionSchema = z.strictObject({
  question: z.string().min(1).max(2_000),
  /** Of an earlier answer; without it a new session begins. */
  session: z.string().optional(),
  context: ContextNameSchema.optional(),
  namespaces: z.array(z.string()).default([]),
});
export type Question = z.infer<typeof QuestionSchema>;

const SessionRowSchema = z.strictObject({ id: z.string(), title: z.string(), at: TimeSchema, turns: z.number().int() });
const one = z.strictObject({ session: z.string() });

export const askCommands = {
  ask: {
    answer: proc('POST propose', '/ask', 'Answer a question in plain words, with what the answer rests on', QuestionSchema, AnswerSchema),
    follow: proc(
      'POST propose',
      '/ask/follow',
      'The same, telling what is being done meanwhile; ending the stream ends the question',
      QuestionSchema,
      eventIterator(AskNoticeSchema),
    ),
    sessions: proc(
      'GET',
      '/ask/sessions',
      'List earlier conversations, the latest first',
      z.strictObject({}),
      z.strictObject({ sessions: z.array(SessionRowSchema) }),
    ),
    session: proc('GET', '/ask/sessions/{session}', 'One conversation', one, z.strictObject({ answers: z.array(AnswerSchema) })),
    forget: proc(
      'POST propose',
      '/ask/sessions/{session}/forget',
      'Delete a conversation for good',
      one,
      z.strictObject({ forgotten: z.number().int() }),
    ),
  },
};
