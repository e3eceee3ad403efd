import { z } from 'zod';
import { CodeSchema, ContextNameSchema, type Failure, ResourceRefSchema, TimeSchema } from './ids.ts';
import { KnowledgeAnswerSchema, KnowledgeHitSchema } from './knowledge.ts';
import { SimilarIncidentSchema } from './past-incidents.ts';
import { sortedText } from './sorted-text.ts';
import { SurroundingsSchema } from './surroundings.ts';
import { SizingsSchema, TrafficProfileSchema, TrendsSchema } from './trends.ts';

/**
 * What an agent, or the host, may ask of an agent by name. A closed table: the part before the dot is the id of the agent that answers,
 * and it does not compile until that agent has a handler under the part behind the dot. An answer changes nothing anywhere.
 */

interface Row<I extends z.ZodType, O extends z.ZodType> {
  /** What one gets to know. */
  readonly words: string;
  readonly input: I;
  readonly output: O;
  /** Who has not answered by then is unavailable. */
  readonly timeLimitMs: number;
  /** How long an answer is good. */
  readonly goodForMs: number;
}

const consultation = <I extends z.ZodType, O extends z.ZodType>(
  words: string,
  input: I,
  output: O,
  { timeLimitMs = 5_000, goodForMs = 60_000 }: { timeLimitMs?: number; goodForMs?: number } = {},
): Row<I, O> => ({ words, input, output, timeLimitMs, goodForMs });

const top = z.number().int().min(1).max(50);

/** The first search of all waits until what comes with the app has been read. */
const SEARCHED = { timeLimitMs: 30_000 };
/** Weeks of many series are read for it. */
const LEARNED = { timeLimitMs: 30_000, goodForMs: 300_000 };

export const CONSULTATIONS = {
  'documentation.similarIncidents': consultation(
    'incidents that are over and were like this one, most alike first',
    z.strictObject({
      /** Its own id, where it has one: earlier times of the same fault come first. */
      id: z.string().optional(),
      context: ContextNameSchema.optional(),
      code: CodeSchema.optional(),
      resource: ResourceRefSchema.optional(),
      field: z.string().optional(),
      symptoms: z.array(CodeSchema).default([]),
      /** What is said of it: its title and message, or a question in plain words. */
      words: z.string().max(4_000),
      top: top.default(5),
    }),
    z.strictObject({ incidents: z.array(SimilarIncidentSchema) }),
    { goodForMs: 15_000 },
  ),
  'documentation.bestPractice': consultation(
    'what is written about how this is done well, the most trusted first',
    z.strictObject({
      code: CodeSchema.optional(),
      kind: z.string().optional(),
      words: z.string().min(1).max(2_000),
      top: top.default(3),
    }),
    z.strictObject({ passages: z.array(KnowledgeHitSchema) }),
    SEARCHED,
  ),
  'documentation.search': consultation(
    'passages of what is known beforehand',
    z.strictObject({
      text: z.string().min(1).max(2_000),
      top: top.default(5),
      /** See `KnowledgeQuery`. */
      teamOnly: z.boolean().optional(),
    }),
    KnowledgeAnswerSchema,
    SEARCHED,
  ),
  'troubleshooting.surroundings': consultation(
    'what an object depends on, and what depends on it',
    z.strictObject({ resource: ResourceRefSchema }),
    SurroundingsSchema,
    { goodForMs: 5_000 },
  ),
  'observability.verifyMetrics': consultation(
    'whether a workload is back to what it was before something began, in numbers',
    z.strictObject({
      resource: ResourceRefSchema,
      /** When it began. */
      since: TimeSchema,
    }),
    z.strictObject({
      measures: z.array(z.strictObject({ signal: z.string(), before: z.number(), now: z.number(), back: z.boolean() })),
      verdict: z.enum(['backToNormal', 'notYet', 'unknown']),
      because: z.string(),
    }),
    { goodForMs: 15_000 },
  ),
  'observability.trends': consultation(
    'how workloads changed from last week to this week',
    z.strictObject({ namespace: z.string().optional() }),
    TrendsSchema,
    LEARNED,
  ),
  'observability.rightSizing': consultation(
    'what containers request, what they take, and what would fit them',
    z.strictObject({ namespace: z.string().optional() }),
    SizingsSchema,
    LEARNED,
  ),
  'observability.trafficProfile': consultation(
    'when in the week a workload is busy',
    z.strictObject({ namespace: z.string(), workload: z.string() }),
    TrafficProfileSchema,
    LEARNED,
  ),
} as const satisfies Readonly<Record<`${string}.${string}`, Row<z.ZodType, z.ZodType>>>;

export type ConsultationName = keyof typeof CONSULTATIONS;
export type OwnerOf<N extends ConsultationName> = N extends `${infer A}.${string}` ? A : never;
/** As the asker writes it: what has a default may be left out. */
export type ConsultationAsk<N extends ConsultationName> = z.input<(typeof CONSULTATIONS)[N]['input']>;
export type ConsultationInput<N extends ConsultationName> = z.output<(typeof CONSULTATIONS)[N]['input']>;
export type ConsultationOutput<N extends ConsultationName> = z.output<(typeof CONSULTATIONS)[N]['output']>;

/** The answer, or why there is none: its agent is not there, paused, fell, or took too long. The asker goes on without it, in words. */
export type ConsultationAnswer<N extends ConsultationName = ConsultationName> =
  { readonly ok: true; readonly value: ConsultationOutput<N> } | { readonly ok: false; readonly failure: Failure };

export const ConsultationNameSchema = z.enum(Object.keys(CONSULTATIONS) as [ConsultationName, ...ConsultationName[]]);
/** Typed by its name only where it is written; on its way `input` is whatever it is, and parsed by who carries it out. */
export const ConsultationSchema = z.strictObject({ name: ConsultationNameSchema, input: z.unknown() });
export type Consultation = z.infer<typeof ConsultationSchema>;

/** The id of the agent that answers. */
export const ownerOf = (name: ConsultationName): string => name.slice(0, name.indexOf('.'));
/** The identity of a question to an agent: two equal ones are one. */
export const consultationKey = ({ name, input }: Consultation): string => `${name} ${sortedText(input)}`;
