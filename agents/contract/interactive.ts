import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ContextNameSchema } from './ids.ts';
import { proc } from './proc.ts';

/** Shells in containers and tunnels to pods: opened by a person, recorded in the log, never by an agent. */

const target = {
  context: ContextNameSchema,
  namespace: z.string().min(1),
  /** `pod-name`, or KIND/NAME of what selects pods; of those a ready one is taken. */
  target: z.string().min(1),
  by: z.string().min(1),
  /** For a protected context: its name, typed by the person. */
  typedContext: z.string().optional(),
};

export const ExecEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), session: z.string(), pod: z.string(), container: z.string().nullable() }),
  /** Bytes in base64, for a character may be cut between two of them. */
  z.strictObject({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), data: z.string() }),
  /** `exitCode` null: it is not known how it ended; `message` says what is. */
  z.strictObject({ type: z.literal('ended'), exitCode: z.number().int().nullable(), message: z.string() }),
]);
export type ExecEvent = z.infer<typeof ExecEventSchema>;

export const ForwardSchema = z.strictObject({
  id: z.string(),
  context: ContextNameSchema,
  namespace: z.string(),
  target: z.string(),
  /** The pod of the next connection; another one takes its place when it goes. */
  pod: z.string(),
  /** Port of the pod. */
  remotePort: z.number().int(),
  /** On 127.0.0.1. */
  localPort: z.number().int(),
  connections: z.number().int(),
  /** Why the last connection did not come about. */
  failure: z.string().nullable(),
});
export type Forward = z.infer<typeof ForwardSchema>;

const session = z.string().min(1);
const nothing = z.strictObject({});
const size = { columns: z.number().int().min(1).max(1_000), rows: z.number().int().min(1).max(1_000) };

export const interactiveCommands = {
  exec: {
    open: proc(
      'POST admin',
      '/exec',
      'Run a command in a container; the answer is its output until it ends. Leaving the stream ends the session',
      z.strictObject({
        ...target,
        container: z.string().optional(),
        command: z.array(z.string()).min(1),
        tty: z.boolean().default(false),
        stdin: z.boolean().default(false),
        size: z.strictObject(size).optional(),
      }),
      eventIterator(ExecEventSchema),
    ),
    send: proc(
      'POST admin',
      '/exec/send',
      'Input for a running command, bytes in base64; `end` closes its input',
      z.strictObject({ session, data: z.base64().default(''), end: z.boolean().default(false) }),
      nothing,
    ),
    resize: proc(
      'POST admin',
      '/exec/resize',
      'Tell a running command the size of its terminal',
      z.strictObject({ session, ...size }),
      nothing,
    ),
    close: proc('POST admin', '/exec/close', 'End a session', z.strictObject({ session }), nothing),
  },
  forward: {
    open: proc(
      'POST admin',
      '/forwards',
      'Forward a port of 127.0.0.1 to a port of a pod, a Service or a workload',
      z.strictObject({
        ...target,
        /** Number or name; of a Service its own port. */
        port: z.union([z.number().int().min(1).max(65_535), z.string().min(1)]),
        /** A free one where absent. */
        localPort: z.number().int().min(0).max(65_535).optional(),
      }),
      ForwardSchema,
    ),
    list: proc('GET', '/forwards', 'Ports that are forwarded', z.strictObject({}), z.strictObject({ forwards: z.array(ForwardSchema) })),
    close: proc(
      'POST admin',
      '/forwards/close',
      'Stop to forward a port',
      z.strictObject({ id: z.string().min(1), by: z.string().min(1) }),
      nothing,
    ),
  },
};
