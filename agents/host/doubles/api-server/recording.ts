import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { RawObject } from './objects.ts';

/** How the program in an image behaves: what the mini kubelet needs to play it. */
const AppSchema = z.strictObject({
  /** Port it listens at. */
  port: z.number().int().default(8080),
  /** Paths it answers with 200. */
  paths: z.array(z.string()).default(['/healthz', '/ready', '/']),
  /** MiB it takes; more than the limit gets it killed. */
  memoryMi: z.number().default(32),
  /** Variables without which it ends. */
  requires: z.array(z.string()).default([]),
  /** What it logs while it runs. */
  log: z.string().default('listening on :8080'),
});
export type RecordedApp = z.infer<typeof AppSchema>;

const RecordingSchema = z.strictObject({
  kind: z.literal('Recording'),
  version: z.string().default('v1.37.2'),
  /** Images that can be pulled, with how their programs behave. */
  images: z.record(z.string(), AppSchema),
});
export interface Recording {
  readonly version: string;
  readonly images: Readonly<Record<string, RecordedApp>>;
  readonly objects: readonly RawObject[];
}

/** A recorded cluster: Kubernetes manifests and one document of kind Recording. @throws with the place of what cannot be read. */
export function readRecording(text: string): Recording {
  const documents = parseAllDocuments(text).map((d) => {
    const [error] = d.errors;
    if (error !== undefined) throw error;
    return d.toJS() as { kind?: string } | null;
  });
  const head = RecordingSchema.parse(documents.find((d) => d?.kind === 'Recording'));
  const objects = documents.filter((d): d is RawObject => d !== null && d.kind !== undefined && d.kind !== 'Recording');
  return { version: head.version, images: head.images, objects };
}
