import { z } from 'zod';
import { FailureSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** The program around the agents: whether it starts with the session, and whether it looks for newer versions of itself. */

export const UpdatesSchema = z.strictObject({
  /** Where newer versions are looked for; null: nowhere, which is how it is unless somebody says otherwise. */
  feed: z.string().nullable(),
  /** What the feed must be signed with: an Ed25519 key of 32 bytes, in base64. */
  publicKey: z.string().nullable(),
  checkedAt: TimeSchema.nullable(),
  /** A newer version than this one, as the signed feed tells it. Nothing is fetched or installed by itself. */
  found: z
    .strictObject({
      version: z.string(),
      notes: z.string(),
      files: z.array(z.strictObject({ name: z.string(), url: z.string(), sha256: z.string() })),
    })
    .nullable(),
  problem: FailureSchema.nullable(),
});
export type Updates = z.infer<typeof UpdatesSchema>;

export const ShellSchema = z.strictObject({
  /** Null where the system or the way it was started knows no such thing. */
  startsWithSession: z.boolean().nullable(),
  updates: UpdatesSchema,
});
export type Shell = z.infer<typeof ShellSchema>;

const empty = z.strictObject({});

export const shellCommands = {
  shell: {
    get: proc('GET', '/shell', 'Tell whether Quarterdeck starts with the session and looks for newer versions', empty, ShellSchema),
    startWithSession: proc(
      'POST admin',
      '/shell/start',
      'Start Quarterdeck with the session, or not',
      z.strictObject({ on: z.boolean() }),
      ShellSchema,
    ),
    followUpdates: proc(
      'POST admin',
      '/shell/updates',
      'Look for newer versions once a day in a signed feed; without a feed nothing is looked for',
      z.strictObject({
        feed: z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000), publicKey: z.base64().length(44) }).nullable(),
        by: z.string().min(1),
      }),
      ShellSchema,
    ),
    checkUpdates: proc('POST admin', '/shell/updates/check', 'Look for a newer version now', empty, ShellSchema),
  },
};
