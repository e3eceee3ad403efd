import type { Failure } from '../../contract/index.ts';
import { readApiPath } from './api-request.ts';
import { failureOfStatus, statusBody } from './failures.ts';
import { fieldOf, metaOf } from './projecting.ts';
import type { ReadOnlyTransport } from './transport.ts';
import { giveWay } from './turns.ts';

type WatchEvent = { readonly type: 'put' | 'remove'; readonly raw: unknown };

/** How a watch ended. `resourceVersion` is the last one seen: the next watch goes on from there and misses nothing. */
export type WatchEnd =
  | { readonly type: 'ended'; readonly resourceVersion: string | undefined; readonly because: string }
  /** The version is too old for the server: list again. */
  | { readonly type: 'expired' }
  | { readonly type: 'failed'; readonly failure: Failure };

/** The server ends a watch after 240 s plus jitter, so that the watches of many clients do not come back all at once. */
const WATCH_S = 240;
const WATCH_JITTER_S = 60;
/**
 * A server that was asked for bookmarks sends one about every minute. A watch that is silent for longer than this may be one whose
 * connection a NAT or firewall has forgotten: it is ended and resumed, which costs one request.
 */
const QUIET_MS = 100_000;
const OPEN_MS = 15_000;
/** A server that has the stream begins at once; one that does not know the parameter, or a proxy that gathers, says nothing. */
const INITIAL_QUIET_MS = 10_000;

interface WatchOptions {
  readonly transport: ReadOnlyTransport;
  readonly path: string;
  /** Where to go on from; undefined: first everything there is, as a stream (WatchList), then on from there. */
  readonly resourceVersion: string | undefined;
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  /** Everything there was has been said. */
  readonly onInitialEnd?: () => void;
  readonly onEvent: (event: WatchEvent) => void;
  /** Called for every arrival of bytes: the cluster is alive. */
  readonly onAlive?: () => void;
  readonly quietMs?: number;
  readonly random?: () => number;
}

/** One watch request, from opening to its end, whatever ends it. Never throws; an event is handed on before its version is kept. */
export async function watchOnce(options: WatchOptions): Promise<WatchEnd> {
  const { transport, path, signal, quietMs = QUIET_MS, random = Math.random } = options;
  let resourceVersion = options.resourceVersion;
  // Until all initial events have come, no version of theirs is one to go on from.
  let initial = resourceVersion === undefined;
  const quiet = new AbortController();
  const ending = AbortSignal.any([signal, quiet.signal]);
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    ...(resourceVersion === undefined ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : { resourceVersion }),
    timeoutSeconds: WATCH_S + Math.floor(random() * WATCH_JITTER_S),
  };
  const opened = await transport.stream(path, { query, signal: ending, timeoutMs: OPEN_MS });
  if (!opened.ok) {
    if (signal.aborted) return { type: 'ended', resourceVersion, because: 'stopped' };
    // 410 before the stream begins reads as "nothing there"; a kind that is gone is found out by the list that follows.
    return opened.failure.code === 'not-found' && !initial ? { type: 'expired' } : { type: 'failed', failure: opened.failure };
  }
  options.onOpen();
  const silence = (): NodeJS.Timeout => setTimeout(() => quiet.abort(), initial ? Math.min(INITIAL_QUIET_MS, quietMs) : quietMs);
  let timer = silence();
  const lines = new LineSplitter();
  try {
    for await (const chunk of opened.value as AsyncIterable<Buffer>) {
      timer.refresh();
      options.onAlive?.();
      for (const line of lines.push(chunk)) {
        await giveWay();
        const event = parseLine(line);
        if (event === undefined) return { type: 'ended', resourceVersion, because: 'a line of the watch is not JSON' };
        if (event.type === 'ERROR') return errorEnd(transport, path, event.object);
        if (event.type === 'ADDED' || event.type === 'MODIFIED') options.onEvent({ type: 'put', raw: event.object });
        else if (event.type === 'DELETED') options.onEvent({ type: 'remove', raw: event.object });
        if (initial && !(event.type === 'BOOKMARK' && endsInitial(event.object))) continue;
        resourceVersion = metaOf(event.object).resourceVersion ?? resourceVersion;
        if (!initial) continue;
        initial = false;
        clearTimeout(timer);
        timer = silence();
        options.onInitialEnd?.();
      }
    }
    return { type: 'ended', resourceVersion, because: 'the server ended it' };
  } catch {
    return { type: 'ended', resourceVersion, because: quiet.signal.aborted ? 'it was silent' : 'the connection was cut' };
  } finally {
    clearTimeout(timer);
    opened.value.on('error', () => undefined).destroy();
  }
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists */
function endsInitial(bookmark: unknown): boolean {
  return fieldOf(fieldOf(fieldOf(bookmark, 'metadata'), 'annotations'), 'k8s.io/initial-events-end') === 'true';
}

function errorEnd(transport: ReadOnlyTransport, path: string, object: unknown): WatchEnd {
  const status = statusBody(JSON.stringify(object));
  if (status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone') return { type: 'expired' };
  return { type: 'failed', failure: failureOfStatus(transport.where, readApiPath('GET', path, true), status.code ?? 500, status) };
}

function parseLine(line: string): { type: unknown; object: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return { type: fieldOf(value, 'type'), object: fieldOf(value, 'object') };
  } catch {
    return undefined;
  }
}

/** Whole lines out of chunks that are cut anywhere, also inside a character. */
export class LineSplitter {
  #rest: Buffer[] = [];

  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...this.#rest, chunk.subarray(start, end)]).toString('utf8');
      this.#rest = [];
      start = end + 1;
      if (line.trim() !== '') lines.push(line);
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
    return lines;
  }
}
