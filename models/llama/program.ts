import type { Failure } from '../../agents/contract/index.ts';
import { type EmbeddingModel, loadEmbedding } from './embedding.ts';
import type { Order, Report } from './protocol.ts';

/**
 * The process of one model. Native code may end it at any time, and the app goes on. It ends itself when the app is gone.
 */

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

let model: EmbeddingModel | undefined;
const running = new Map<number, AbortController>();

line.hear((order) => void obey(order));

async function obey(order: Order): Promise<void> {
  if (order.type === 'cancel') {
    running.get(order.id)?.abort();
    return;
  }
  if (order.type === 'load') {
    try {
      model = await loadEmbedding(order.load);
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
    const vectors = await model.embed(order.texts, stop.signal);
    line.say({ type: 'vectors', id: order.id, vectors });
  } catch (error) {
    const failure = stop.signal.aborted ? CANCELLED : failureOf(error, 'The model failed');
    line.say({ type: 'failed', id: order.id, failure });
  } finally {
    running.delete(order.id);
  }
}

const CANCELLED: Failure = { code: 'cancelled', message: 'The model was told to stop.' };

function failureOf(error: unknown, what: string): Failure {
  const words = error instanceof Error ? error.message : String(error);
  return { code: 'model-unavailable', message: `${what}: ${words.replace(/\.$/, '')}.` };
}
