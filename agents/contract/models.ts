import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { proc } from './proc.ts';

/** Models: which there are, which are here, which one is used for what, and what may leave the machine. */

export const PURPOSES = ['instruct', 'embedding'] as const;
export const PurposeSchema = z.enum(PURPOSES);
export type Purpose = z.infer<typeof PurposeSchema>;

/** A model that can be had: one row of the catalogue. */
export const CatalogueEntrySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  purpose: PurposeSchema,
  size: z.enum(['small', 'medium', 'large']),
  file: z.string(),
  /** Where it is fetched, without the host: a mirror has the same path. Null: it comes with the app. */
  path: z.string().nullable(),
  bytes: z.number().int(),
  /** Of the whole file. Null: the sum its server states is taken, and where it states none that is said. */
  sha256: z.string().nullable(),
  licence: z.string(),
  /** Working memory it takes with the context it is run with here. */
  memoryBytes: z.number().int(),
  goodFor: z.string(),
  /** How questions are put to it; the file says the same, and is followed where it says otherwise. */
  promptFormat: z.string(),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntrySchema>;

export const ModelRowSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  purpose: PurposeSchema,
  size: z.enum(['small', 'medium', 'large']).nullable(),
  file: z.string(),
  bytes: z.number().int(),
  licence: z.string().nullable(),
  memoryBytes: z.number().int(),
  goodFor: z.string().nullable(),
  /** absent: it can be pulled | partial: a pull of it was cut off and can go on | pulling | here | unusable: see `problem`. */
  state: z.enum(['absent', 'partial', 'pulling', 'here', 'unusable']),
  /** Bytes that are here. */
  received: z.number().int(),
  /** Came with the app. */
  bundled: z.boolean(),
  inUse: z.boolean(),
  /** What speaks against using it on this machine, in a sentence. */
  problem: z.string().nullable(),
});
export type ModelRow = z.infer<typeof ModelRowSchema>;

/** Which kinds of questions there are (core/questions). */
export const QUESTION_IDS = ['explain', 'rankRemedies', 'pickRunbooks', 'nameAgent', 'summarise', 'answerFromPassages'] as const;
export const QuestionIdSchema = z.enum(QUESTION_IDS);
export type QuestionId = z.infer<typeof QuestionIdSchema>;

/** local: the model on this machine | remote: the endpoint | off: nothing is asked, the template words it. */
export const PlaceSchema = z.enum(['local', 'remote', 'off']);
export type Place = z.infer<typeof PlaceSchema>;

export const RemoteSchema = z.strictObject({
  /** Of an OpenAI-compatible API, up to and without `/chat/completions`: `http://127.0.0.1:11434/v1`. */
  url: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1),
  /** Tokens of question and answer together that it takes. */
  contextTokens: z.number().int().min(512).default(8_192),
  /** For a million tokens, in whatever currency you count. */
  inputPrice: z.number().min(0).default(0),
  outputPrice: z.number().min(0).default(0),
  /** credentials: what looks like one is masked, as everywhere | names: names of objects, namespaces and hosts are hidden as well. */
  hide: z.enum(['credentials', 'names']).default('names'),
});
export type RemoteSettings = z.infer<typeof RemoteSchema>;

export const ModelSettingsSchema = z.strictObject({
  /** File names; null: none. */
  instruct: z.string().nullable().default(null),
  embedding: z.string().nullable().default(null),
  /** In place of https://huggingface.co; the paths below it are the same. */
  mirror: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** `http://proxy:3128`; null: what the environment says. */
  proxy: z
    .url({ protocol: /^http$/ })
    .nullable()
    .default(null),
  remote: RemoteSchema.nullable().default(null),
  /** Where a kind of question goes; what is not named stays local. */
  where: z.partialRecord(QuestionIdSchema, PlaceSchema).default({}),
});
export type ModelSettings = z.infer<typeof ModelSettingsSchema>;

export const ModelsStateSchema = z.strictObject({
  models: z.array(ModelRowSchema),
  settings: ModelSettingsSchema,
  /** Whether a key for the endpoint is kept, and where; the key itself is never given. */
  remoteKey: z.enum(['none', 'system', 'file']),
  machine: z.strictObject({ memoryBytes: z.number(), availableBytes: z.number(), freeDiskBytes: z.number(), folder: z.string() }),
});
export type ModelsState = z.infer<typeof ModelsStateSchema>;

/** How a pull or an import goes on; the last one has the stage `done`. */
export const ModelProgressSchema = z.strictObject({
  name: z.string(),
  stage: z.enum(['fetching', 'waiting', 'verifying', 'done']),
  received: z.number(),
  total: z.number(),
  /** waiting: why; done: how it was verified. */
  note: z.string().nullable(),
});
export type ModelProgress = z.infer<typeof ModelProgressSchema>;

/** What a model was asked of one kind since a moment, as the log tells. */
export const ModelUseSchema = z.strictObject({
  model: z.string(),
  where: z.enum(['local', 'remote']),
  question: QuestionIdSchema,
  /** Answers that were shown, that were refused because they did not hold to the facts, and those that never came. */
  shown: z.number().int(),
  refused: z.number().int(),
  failed: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  tookMs: z.number().int(),
  /** By the prices that were set when it was asked; nothing for what runs here. */
  cost: z.number(),
});
export type ModelUse = z.infer<typeof ModelUseSchema>;

export const ModelUsesSchema = z.strictObject({ since: z.string(), uses: z.array(ModelUseSchema), cost: z.number() });
export type ModelUses = z.infer<typeof ModelUsesSchema>;

const named = z.strictObject({ name: z.string().min(1) });
const state = ModelsStateSchema;

export const modelsCommands = {
  models: {
    list: proc(
      'GET',
      '/models',
      'List models: those that can be had and those that are here, and what is used for what',
      z.strictObject({}),
      state,
    ),
    used: proc(
      'GET',
      '/models/used',
      'What models were asked in the last days, what became of it, and what it cost',
      z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) }),
      ModelUsesSchema,
    ),
    pull: proc(
      'POST admin',
      '/models/{name}/pull',
      'Fetch a model of the catalogue; goes on where an earlier fetch was cut off',
      named,
      eventIterator(ModelProgressSchema),
    ),
    import: proc(
      'POST admin',
      '/models/import',
      'Take in a model file from this machine, a stick or a share',
      z.strictObject({
        path: z.string().min(1),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/i)
          .optional(),
      }),
      eventIterator(ModelProgressSchema),
    ),
    use: proc(
      'POST admin',
      '/models/use',
      'Use a model that is here for what it can do; null takes none for that purpose',
      z.strictObject({ name: z.string().min(1).nullable(), purpose: PurposeSchema.optional() }),
      state,
    ),
    remove: proc('POST admin', '/models/{name}/remove', 'Delete the file of a model', named, state),
    set: proc(
      'POST admin',
      '/models/settings',
      'Set the mirror, the proxy, the endpoint and its key, and where each kind of question goes',
      z.strictObject({
        mirror: z
          .url({ protocol: /^https?$/ })
          .nullable()
          .optional(),
        proxy: z
          .url({ protocol: /^http$/ })
          .nullable()
          .optional(),
        remote: RemoteSchema.nullable().optional(),
        where: z.partialRecord(QuestionIdSchema, PlaceSchema).optional(),
        /** Goes into the keychain; null removes it. */
        key: z.string().min(1).nullable().optional(),
      }),
      state,
    ),
  },
};
