import { z } from 'zod';

/** The head of a recording: who the cluster is, and what is known of it besides its objects. */

const AppSchema = z.strictObject({
  /** `harbourline/checkout:2.3.0`, or without a tag for all of them. */
  image: z.string(),
  /** Where the program listens; without it, at the ports its container declares. */
  ports: z.array(z.number().int()).optional(),
  /** What it takes: with a smaller limit it is ended by the kernel. */
  memory: z.string().optional(),
  /** Variables without which it ends at once. */
  needs: z.array(z.string()).default([]),
  /** It ends so long after its start, whatever it is given. */
  endsAfterMs: z.number().optional(),
  exitCode: z.number().int().default(1),
  /** What it writes when it starts. */
  log: z.array(z.string()).default([]),
  /** What it writes when it ends by itself. */
  lastWords: z.array(z.string()).default([]),
});
export type RecordedApp = z.output<typeof AppSchema>;

export const RecordingHeadSchema = z.strictObject({
  kind: z.literal('Recording'),
  name: z.string(),
  /** The uid of namespace kube-system. */
  uid: z.string(),
  version: z.string().default('v1.37.2'),
  /** How long ago the objects were created, in minutes. */
  minutesOld: z.number().default(3 * 24 * 60),
  /** Images a node can pull; without the list, all. */
  images: z.array(z.string()).optional(),
  apps: z.array(AppSchema).default([]),
  /** What somebody changed later: a merge patch (RFC 7386) of one object. */
  changes: z
    .array(
      z.strictObject({
        minutesAgo: z.number(),
        kind: z.string(),
        namespace: z.string(),
        name: z.string(),
        patch: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
});
export type RecordingHead = z.output<typeof RecordingHeadSchema>;
