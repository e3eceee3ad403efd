import { rmSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerChart, answerOutlook } from './chart.ts';
import { answerLabels, answerQuery, answerSamples } from './ask.ts';
import type { FeedAnswer, FeedMessage, FromSeries, SeriesBatch, SeriesCall, SeriesCalls, SeriesThreadData, ToSeries } from './protocol.ts';
import { PatternDatabase } from './pattern-database.ts';
import { answerExpected } from './expected.ts';
import { answerProfiles } from './profiles.ts';
import { SeriesDatabase } from './series-database.ts';
import { SignalWatch } from './signal-watch.ts';

/** The thread of the series, and of the patterns of logs: one connection to each file. Values and patterns come from the kube worker over a port of their own, questions from the host. */

const FLUSH_MS = 5 * 60_000;
const TIDY_MS = 10 * 60_000;
const MOST_BYTES = 2 * 2 ** 30;
const MOST_BYTES_A_CLUSTER = 512 * 2 ** 20;

const host = parentPort;
if (host === null) throw new Error('host/series/series-worker.ts is a thread entry and cannot be run by itself');
const { path, logs: logsPath } = workerData as SeriesThreadData;
const say = (message: FromSeries) => host.postMessage(message);

/** What is kept can be had again or done without: a file that cannot be read is begun anew. */
function open<D>(Database: new (path: string) => D, file: string): D {
  try {
    return new Database(file);
  } catch (error) {
    if (!/malformed|not a database|corrupt/i.test(String(error))) throw error;
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    return new Database(file);
  }
}

type Handlers = { readonly [C in SeriesCall]: (...args: SeriesCalls[C]['args']) => SeriesCalls[C]['answer'] };

function serve(db: SeriesDatabase, logs: PatternDatabase): void {
  const watch = new SignalWatch(db);
  const handlers: Handlers = {
    query: (cluster, ask) => answerQuery(db, cluster, ask),
    labels: (cluster, match, limit) => answerLabels(db, cluster, match, limit),
    samples: (cluster, match, from, to, limit) => answerSamples(db, cluster, match, from, to, limit),
    held: (cluster) => ({ ...db.held(cluster), keeping: db.keeping(cluster) }),
    keep: (cluster, keeping) => {
      db.keep(cluster, keeping);
      tidy();
      return undefined;
    },
    stats: () => ({ heapBytes: process.memoryUsage().arrayBuffers + getHeapStatistics().used_heap_size, open: db.open }),
    chart: (cluster, ask) => answerChart(db, cluster, ask),
    outlook: (cluster, ask) => answerOutlook(db, cluster, ask),
    signals: (cluster) => watch.news(cluster),
    profiles: (cluster, match, from, to) => answerProfiles(db, cluster, match, from, to),
    expected: (cluster, match, from, to, points) => answerExpected(db, cluster, match, from, to, points),
    forget: (cluster) => {
      watch.forget(cluster);
      return db.forget(cluster);
    },
    forgetLogs: (cluster) => logs.forget(cluster),
  };
  const tidy = () => {
    if (db.tidy(Date.now(), MOST_BYTES, MOST_BYTES_A_CLUSTER)) setTimeout(tidy, 1_000).unref();
  };
  const timers = [setInterval(() => db.flush(), FLUSH_MS), setInterval(tidy, TIDY_MS), setInterval(() => logs.tidy(Date.now()), TIDY_MS)];
  const feeds = new Set<MessagePort>();
  host?.on('message', (message: ToSeries) => {
    if (message.type === 'feed') {
      feeds.add(message.port);
      take(db, watch, logs, message.port);
      return;
    }
    if (message.type === 'close') {
      for (const timer of timers) clearInterval(timer);
      for (const feed of feeds) feed.close();
      db.close();
      logs.close();
      host.close();
      return;
    }
    try {
      // Name and arguments come from one row of the protocol; the compiler cannot follow the correlation through the union.
      const handle = handlers[message.call] as (...args: readonly unknown[]) => unknown;
      say({ type: 'answer', id: message.id, value: handle(...message.args) });
    } catch (error) {
      say({ type: 'threw', id: message.id, message: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** Numbers of a port stand for series of the file. */
function take(db: SeriesDatabase, watch: SignalWatch, logs: PatternDatabase, port: MessagePort): void {
  const ids = new Map<number, number>();
  const define = (context: string, defined: SeriesBatch['defined']) => {
    for (const [number, labels] of defined) ids.set(number, db.id(context, labels));
  };
  port.on('message', (message: FeedMessage) => {
    if (message.type === 'last') {
      port.postMessage({ context: message.context, last: db.last(message.context) } satisfies FeedAnswer);
      return;
    }
    if (message.type === 'patterns') {
      logs.keep(message.context, message.workload, message.rows, Date.now());
      return;
    }
    if (message.type === 'recall') {
      port.postMessage({ recalled: message.id, rows: logs.of(message.context, message.workload) } satisfies FeedAnswer);
      return;
    }
    const { context, defined, gone, numbers, at, values } = message.batch;
    db.atOnce(() => {
      define(context, defined);
      db.append(
        Array.from(numbers, (n) => ids.get(n) ?? -1),
        at,
        values,
      );
    });
    for (const number of gone) ids.delete(number);
    watch.take(port, message.batch);
  });
}

try {
  serve(open(SeriesDatabase, path), open(PatternDatabase, logsPath));
  say({ type: 'ready' });
} catch (error) {
  say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}
