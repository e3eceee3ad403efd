import { registerHooks } from 'node:module';
import { setPriority } from 'node:os';
import type { Failure } from '../../agents/contract/index.ts';
import { readGgufHeader } from '../gguf-header.ts';
import { type Load, type LoadedModel, type Order, type Report, Failed } from './protocol.ts';

/**
 * The process of one model. Native code may end it at any time, and the app goes on. It ends itself when the app is gone.
 */

const PRIORITY = 5;

/** A process of Node's has `process.send`, one of Electron's a port with the same two words. */
interface Line {
  say(report: Report): void;
  hear(listener: (order: Order) => void): void;
}

const parentPort = (
  process as { parentPort?: { postMessage(m: unknown): void; on(e: 'message', l: (m: { data: unknown }) => void): void } }
).parentPort;
const line: Line =
  parentPort === undefined
    ? {
        say: (report) => void process.send?.(report),
        hear: (listener) => void process.on('message', (message) => listener(message as Order)),
      }
    : {
        say: (report) => parentPort.postMessage(report),
        hear: (listener) => parentPort.on('message', ({ data }) => listener(data as Order)),
      };

process.on('disconnect', () => process.exit(0));

// The app comes first; on an idle machine this costs nothing.
try {
  setPriority(PRIORITY);
} catch {
  // Where it may not be lowered it stays as it is.
}

let model: LoadedModel | undefined;
const running = new Map<number, AbortController>();

line.hear((order) => void obey(order));

async function obey(order: Order): Promise<void> {
  if (order.type === 'cancel') {
    running.get(order.id)?.abort();
    return;
  }
  if (order.type === 'load') {
    try {
      await fits(order.load);
      model = await load(order.load);
      line.say({ type: 'loaded', loaded: model.loaded });
    } catch (error) {
      line.say({ type: 'notLoaded', failure: failureOf(error, `The model ${order.load.path} could not be loaded`) });
    }
    return;
  }
  const stop = new AbortController();
  running.set(order.id, stop);
  try {
    if (model === undefined) throw new Error('no model is loaded');
    line.say(await model.carryOut(order, stop.signal));
  } catch (error) {
    const failure = stop.signal.aborted ? CANCELLED : failureOf(error, 'The model failed');
    line.say({ type: 'failed', id: order.id, failure });
  } finally {
    running.delete(order.id);
  }
}

/** The library tries its native code in a process before it loads it. This process is that one already, and in a packed app none can be forked. */
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/node-llama-cpp/dist/bindings/utils/testBindingBinary.js')
      ? { format: 'module', source: 'export const testBindingBinary = () => Promise.resolve(true);', shortCircuit: true }
      : next(url, context),
});

async function load(what: Load): Promise<LoadedModel> {
  if (what.purpose === 'embedding') return (await import('./embedding.ts')).loadEmbedding(what);
  return (await import('./instruct.ts')).loadInstruct(what);
}

/** The native code takes a file for what it is told it is; what it is says its header. */
async function fits({ path, purpose }: Load): Promise<void> {
  const header = await readGgufHeader(path);
  if (!header.ok) throw new Failed(header.failure);
  if (header.value.purpose === purpose) return;
  const [is, hint] =
    purpose === 'instruct'
      ? ['makes vectors, and cannot write', 'Choose an instruct model.']
      : ['writes, and makes no vectors', 'Choose an embedding model.'];
  throw new Failed({ code: 'bad-input', message: `${path} is a model that ${is}.`, hint });
}

const CANCELLED: Failure = { code: 'cancelled', message: 'The model was told to stop.' };

function failureOf(error: unknown, what: string): Failure {
  if (error instanceof Failed) return error.failure;
  const words = error instanceof Error ? error.message : String(error);
  return { code: 'model-unavailable', message: `${what}: ${words.replace(/\.$/, '')}.` };
}
