import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ContextNameSchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/**
 * The fleet as a map: namespaces, what runs pods in them, and their pods, in columns, so that 150,000 pods are a few megabytes of text and a
 * handful of values to parse.
 */

/** Between the names of pods: no name that can be asked for holds one. */
export const BETWEEN_NAMES = '/';
/** Between the states of pods. */
export const BETWEEN_STATES = '|';

/**
 * One context's part of the map. Everything there is of it (`whole`), or what has changed since the part before: workloads as they are
 * now, and what is gone. The columns from `in` on have an entry a workload.
 */
export const MapPartSchema = z.strictObject({
  context: ContextNameSchema,
  whole: z.boolean(),
  /** From a running watch; else as last known. */
  live: z.boolean(),
  /** Of what is not live: when it was so. Null where nothing is known. */
  asOf: TimeSchema.nullable(),
  kinds: z.array(z.string()),
  /** Of a whole part all of them, also those with nothing in them. */
  namespaces: z.array(z.string()),
  /** Its namespace, as a place in `namespaces`; its kind, as a place in `kinds`. */
  in: z.array(z.number().int()),
  kind: z.array(z.number().int()),
  name: z.array(z.string()),
  /** A digit each: its place in HEALTHS. */
  health: z.string(),
  /** In kubectl's words: `2/3 ready`. */
  state: z.array(z.string()),
  /** The names of its pods in order, `/` between them; `-x` where a name begins with the workload's, else `=name`. Null: as before. */
  pods: z.array(z.string().nullable()),
  /** A digit a pod. */
  podHealth: z.array(z.string()),
  /** In the same order the states of those pods that are not ok, `|` between them. */
  podState: z.array(z.string()),
  /** Workloads that are not there any more: `namespace/kind/name`. */
  gone: z.array(z.string()),
  goneNamespaces: z.array(z.string()),
});
export type MapPart = z.infer<typeof MapPartSchema>;

export const mapCommands = {
  map: {
    get: proc(
      'GET',
      '/map',
      'The map of all contexts: namespaces, workloads and pods with their health; live where watched, else as last known',
      z.strictObject({}),
      z.strictObject({ parts: z.array(MapPartSchema) }),
    ),
    follow: proc(
      'GET',
      '/map/changes',
      'The map as it changes: first every context whole, then what has changed of each, gathered four times a second at most',
      z.strictObject({}),
      eventIterator(MapPartSchema),
    ),
  },
};
