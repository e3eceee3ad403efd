import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { auditLog } from './audit-log.ts';
import { Database } from './database.ts';
import { storeFailure } from './failures.ts';
import type { StoreCall, StoreCalls, StoreClose, StoreReply, StoreRequest, StoreThreadData } from './protocol.ts';

/** The store's thread: one connection, calls one after the other, closed before the thread ends. */

const { dataDir, maxPages, witness, at } = workerData as StoreThreadData;
const say = (reply: StoreReply) => parentPort?.postMessage(reply);

type Message = StoreRequest | StoreClose;
/** Requests in one transaction at most: what is held by its answer waits no longer for others. */
const MOST_TOGETHER = 128;
const isAppend = (message: Message): message is StoreRequest<'append'> => message.call === 'append';
const following = (): Message | undefined =>
  parentPort === null ? undefined : (receiveMessageOnPort(parentPort)?.message as Message | undefined);

type Handlers = {
  readonly [C in StoreCall]: (...args: StoreCalls[C]['args']) => StoreCalls[C]['answer'] | Promise<StoreCalls[C]['answer']>;
};

function open(): Database | undefined {
  try {
    return new Database(dataDir, { maxPages, witness, onCheckpoint: (head) => say({ type: 'checkpoint', head }), at });
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
    maintenances: () => db.maintenances(),
    knownClusters: () => db.known.clusters(),
    knownRows: (context, kind) => db.known.rows(context, kind),
    putKnownClusters: (clusters) => void db.known.putClusters(clusters),
    putKnownRows: (context, uid, rows) => void db.known.putRows(context, uid, rows),
    forgetKnown: (contexts) => void db.known.forget(contexts),
    tidyKnown: (configured, now) => db.known.tidy(configured, now),
    changes: (query) => db.changes.list(query),
    putChanges: (changes) => void db.changes.put(changes),
    audit: () => auditLog(db),
    prune: (before, now) => db.prune(before, now),
    append: (now, events, rows) => db.append(now, events, rows),
  };
  let closed = false;
  const refuse = (id: number, error: unknown) => {
    // A long walk that the close came before: nobody waits for it any more.
    if (!closed) say({ type: 'refusal', id, failure: storeFailure(error, dataDir) });
  };
  /** Those that came with this one share its transaction; where that cannot be, each has its own and its own answer. Returns what came after them. */
  const appendTogether = (first: StoreRequest<'append'>): Message | undefined => {
    const requests = [first];
    let next = following();
    for (; next !== undefined && isAppend(next) && requests.length < MOST_TOGETHER; next = following()) requests.push(next);
    try {
      const stored = db.appendAll(requests.map((r) => r.args));
      requests.forEach(({ id }, i) => say({ type: 'answer', id, value: stored[i] }));
    } catch (error) {
      const [only] = requests;
      if (requests.length === 1 && only !== undefined) refuse(only.id, error);
      else for (const request of requests) handle(request);
    }
    return next;
  };
  const handle = (request: Message) => {
    if (request.call === 'close') {
      closed = true;
      db.close(request.at);
      parentPort?.close();
      return;
    }
    const { id } = request;
    try {
      const answer = handlers[request.call] as (...args: readonly unknown[]) => unknown;
      const value = answer(...request.args);
      if (value instanceof Promise)
        value.then(
          (answer: unknown) => say({ type: 'answer', id, value: answer }),
          (error: unknown) => refuse(id, error),
        );
      else say({ type: 'answer', id, value });
    } catch (error) {
      refuse(id, error);
    }
  };
  parentPort?.on('message', (message: Message) => {
    for (let request: Message | undefined = message; request !== undefined;) {
      if (isAppend(request)) request = appendTogether(request);
      else {
        handle(request);
        request = undefined;
      }
    }
  });
  say({ type: 'ready', suspicion: db.suspicion });
}
