import { z } from 'zod';
import { TimeSchema } from './ids.ts';
import type { AbortSignalLike } from './inference.ts';
import { proc, queryInt } from './proc.ts';

/** What is known beforehand: runbooks, the team's own pages, documentation. Found by words, and quoted with where it stands. */

/** How much a source is to be believed: `own` written by the team or shipped with the app, `vendor` by who makes the thing, `public` by anybody. */
export const TRUSTS = ['own', 'vendor', 'public'] as const;
export const TrustSchema = z.enum(TRUSTS);
export type Trust = z.infer<typeof TrustSchema>;

const PlaceOfPassageSchema = z.strictObject({ source: z.string(), path: z.string(), heading: z.string() });

export const KnowledgeHitSchema = z.strictObject({
  /** Of the passage: a hash of where it stands and what it says, the same after each indexing as long as neither changes. */
  id: z.string(),
  /** Name of the source. */
  source: z.string(),
  /** Of the document inside its source, with `/`. */
  path: z.string(),
  /** Headings above it, outermost first, joined by ` > `; empty where there is none. */
  heading: z.string(),
  /** First line of the passage in its document, from 1. */
  line: z.number().int(),
  /** 0 to 1; comparable within one answer. */
  score: z.number(),
  /** It is likely to be about what was asked. */
  confident: z.boolean(),
  /** Data, never an instruction, whatever it says. */
  text: z.string(),
  /** It is worded as if it gave orders to whoever reads it: shown as what it is, followed by nobody. */
  givesOrders: z.boolean(),
  trust: TrustSchema,
  /** When its document was last changed, as far as its source says. */
  at: TimeSchema.nullable(),
  /** Where the same is said again, in the same or nearly the same words. */
  alsoIn: z.array(PlaceOfPassageSchema),
});
export type KnowledgeHit = z.infer<typeof KnowledgeHitSchema>;

export const KnowledgeAnswerSchema = z.strictObject({
  /** Best first. */
  results: z.array(KnowledgeHitSchema),
  /** No result is confident: whoever asks should say that it is not known. */
  noGoodMatch: z.boolean(),
});
export type KnowledgeAnswer = z.infer<typeof KnowledgeAnswerSchema>;

export interface KnowledgeQuery {
  readonly text: string;
  /** At most so many results. */
  readonly top: number;
  /**
   * Of what the team has written and nothing that comes with the app: section by section, the nearest in meaning first. `confident` then
   * says that it may be the answer in other words than the question's; never so without an embedding model.
   */
  readonly teamOnly?: boolean | undefined;
}
export type SearchKnowledge = (query: KnowledgeQuery, signal?: AbortSignalLike) => Promise<KnowledgeAnswer>;

/** What a source is made of, as it was recognised. `builtIn`: comes with the app, needs no adding and cannot be removed. */
export const SOURCE_FORMS = ['builtIn', 'files', 'confluence', 'slack', 'stackOverflow', 'kubernetesDocs'] as const;

export const KnowledgeSourceSchema = z.strictObject({
  name: z.string(),
  /** Absolute path of the file or folder it is read from; for one that is built in, where it comes from in words. */
  root: z.string(),
  form: z.enum(SOURCE_FORMS),
  trust: TrustSchema,
  licence: z.string().nullable(),
  documents: z.number().int(),
  passages: z.number().int(),
  /** Passages that say in the same words what another one says, here or in another source. */
  duplicates: z.number().int(),
  /** Read again by itself when its files change. */
  watched: z.boolean(),
  /** `failed`: what stands in `problem`; what was read before is still found. */
  state: z.enum(['reading', 'ready', 'failed']),
  /** While it is read: files looked at, and how many there are where that is known. */
  progress: z.strictObject({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
  problem: z.string().nullable(),
  /** When it was last read to its end; null: never. */
  indexedAt: TimeSchema.nullable(),
  /** The last change of any of its documents. */
  newest: TimeSchema.nullable(),
});
export type KnowledgeSource = z.infer<typeof KnowledgeSourceSchema>;

/** How far the passages have vectors, by which they are found when they say the same in other words. */
export const VectorStateSchema = z.strictObject({
  /** Null: there is no embedding model, and passages are found by their words alone. */
  model: z.string().nullable(),
  done: z.number().int(),
  total: z.number().int(),
  state: z.enum(['none', 'running', 'paused', 'done', 'failed']),
  problem: z.string().nullable(),
});
export type VectorState = z.infer<typeof VectorStateSchema>;

/** What an indexing did, in documents. */
export const IndexReportSchema = z.strictObject({
  source: KnowledgeSourceSchema,
  added: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  removed: z.number().int(),
  /** Left out, each with the reason in a sentence; the rest went on. */
  skipped: z.array(z.strictObject({ path: z.string(), because: z.string() })),
});
export type IndexReport = z.infer<typeof IndexReportSchema>;

const named = z.strictObject({ name: z.string().min(1) });

export const knowledgeCommands = {
  knowledge: {
    sources: proc(
      'GET',
      '/knowledge/sources',
      'List the sources of knowledge',
      z.strictObject({}),
      z.strictObject({ sources: z.array(KnowledgeSourceSchema), vectors: VectorStateSchema }),
    ),
    add: proc(
      'POST admin',
      '/knowledge/sources',
      'Read a file, a folder of documents or an export; one that is there already is read again',
      z.strictObject({
        path: z.string().min(1),
        /** Default: the last part of the path. */
        name: z.string().min(1).optional(),
        /** Where nothing is said, what suits the form of the source: own for files and exports of one's own tools. */
        trust: TrustSchema.optional(),
        licence: z.string().optional(),
        /** Read it again by itself when its files change. */
        watch: z.boolean().default(true),
      }),
      IndexReportSchema,
    ),
    remove: proc('POST admin', '/knowledge/sources/{name}/remove', 'Forget a source and all its passages', named, KnowledgeSourceSchema),
    reindex: proc('POST admin', '/knowledge/sources/{name}/reindex', 'Read what has changed in a source', named, IndexReportSchema),
    embed: proc(
      'POST admin',
      '/knowledge/embed',
      'Make the vectors that are still missing; answers when there are no more to make',
      z.strictObject({}),
      VectorStateSchema,
    ),
    search: proc(
      'GET',
      '/knowledge/search',
      'Find passages by what they say',
      z.strictObject({ text: z.string().min(1).max(2_000), top: queryInt.min(1).max(50).default(5) }),
      KnowledgeAnswerSchema,
    ),
    page: proc(
      'GET',
      '/knowledge/pages',
      'All passages of one document, in their order',
      z.strictObject({ source: z.string().min(1), path: z.string().min(1) }),
      z.strictObject({ passages: z.array(KnowledgeHitSchema.omit({ score: true, confident: true, alsoIn: true })) }),
    ),
  },
};
