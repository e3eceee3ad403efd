import { parentPort, workerData } from 'node:worker_threads';
import { Database } from './database.ts';
import { storeFailure } from './failures.ts';
import type { StoreCall, StoreCalls, StoreReply, StoreRequest, StoreThreadData } from './protocol.ts';

/** The store's thread: one connection, calls one after the other, closed before the thread ends. */

const { dataDir, maxPages } = workerData as StoreThreadData;
const say = (reply: StoreReply) => parentPort?.postMessage(reply);

type Handlers = { readonly [C in StoreCall]: (...args: StoreCalls[C]['args']) => StoreCalls[C]['answer'] };

function open(): Database | undefined {
  try {
    return new Database(dataDir, maxPages);
  } catch (error) {
    say({ type: 'failed', failure: storeFailure(error, dataDir) });
    return undefined;
  }
}

const db = open();
if (db !== undefined) {
  const handlers: Handlers = {
    events: (since, limit) => db.events(since, limit),
    lastSeq: () => db.lastSeq(),
    plans: () => db.plans(),
    plan: (id) => db.plan(id),
    incidents: (state) => db.incidents(state),
    incident: (id) => db.incident(id),
    dismissals: () => db.dismissals(),
    knownClusters: () => db.known.clusters(),
    knownRows: (context, kind) => db.known.rows(context, kind),
    putKnownClusters: (clusters) => void db.known.putClusters(clusters),
    putKnownRows: (context, uid, rows) => void db.known.putRows(context, uid, rows),
    forgetKnown: (contexts) => void db.known.forget(contexts),
    tidyKnown: (configured, now) => db.known.tidy(configured, now),
    changes: (query) => db.changes.list(query),
    putChanges: (changes) => void db.changes.put(changes),
    append: (at, events, rows) => db.append(at, events, rows),
  };
  parentPort?.on('message', (request: StoreRequest | 'close') => {
    if (request === 'close') {
      db.close();
      parentPort?.close();
      return;
    }
    try {
      const handle = handlers[request.call] as (...args: readonly unknown[]) => unknown;
      say({ type: 'answer', id: request.id, value: handle(...request.args) });
    } catch (error) {
      say({ type: 'refusal', id: request.id, failure: storeFailure(error, dataDir) });
    }
  });
  say({ type: 'ready' });
}
