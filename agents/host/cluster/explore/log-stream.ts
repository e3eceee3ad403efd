import { setTimeout as pause } from 'node:timers/promises';
import { type Failure, KINDS, type LogItem, type LogLine, type LogSelection } from '../../../contract/index.ts';
import { redact } from '../../../core/redact.ts';
import { objectPath } from '../paths.ts';
import { holdsWords } from '../../holds-words.ts';
import type { ReadOnlyTransport } from '../transport.ts';
import type { Discovery } from './discovery.ts';
import { logLines } from './log-lines.ts';
import { LogMerge } from './log-merge.ts';
import { LogResume } from './log-resume.ts';
import { type LogSource, logSources, podQueries } from './log-sources.ts';

/** Sockets one request may hold; what is more is said, not read. */
const MOST_STREAMS = 50;
/** While following: how often pods that came, went or restarted are looked for. */
const LOOK_MS = 3_000;
const OPEN_MS = 15_000;

interface LogStream {
  readonly transport: ReadOnlyTransport;
  readonly discovery: Discovery;
  readonly selection: LogSelection;
  readonly signal: AbortSignal;
  /** False when nobody reads any more. */
  readonly write: (item: LogItem) => Promise<boolean>;
}

/** Reads the logs of everything selected until they end, or while following until `signal` ends. The failure that kept it from beginning. */
export async function streamLogs({ transport, discovery, selection, signal, write }: LogStream): Promise<Failure | undefined> {
  try {
    if (selection.container !== undefined) new RegExp(selection.container);
  } catch {
    return { code: 'bad-input', message: `"${selection.container}" is no regular expression for container names.` };
  }
  const queries = await podQueries(selection, transport, discovery);
  if (!queries.ok) return queries.failure;
  const first = await logSources(selection, queries.value, transport, signal);
  if (!first.ok) return first.failure;
  const following = new Following(transport, selection, signal, write);
  following.take(first.value, true);
  if (selection.follow) void following.look(() => logSources(selection, queries.value, transport, signal));
  else following.merge.close();
  for await (const lines of following.merge.batches(signal))
    if (!(await write({ type: 'lines', context: transport.context, namespace: selection.namespace, lines }))) break;
  return undefined;
}

interface Reading {
  run: string;
  open: boolean;
  readonly resume: LogResume;
}

class Following {
  readonly merge: LogMerge;
  readonly #transport: ReadOnlyTransport;
  readonly #selection: LogSelection;
  readonly #signal: AbortSignal;
  readonly #write: LogStream['write'];
  readonly #readings = new Map<string, Reading>();
  #saidMany = false;

  constructor(transport: ReadOnlyTransport, selection: LogSelection, signal: AbortSignal, write: LogStream['write']) {
    this.#transport = transport;
    this.#selection = selection;
    this.#signal = signal;
    this.#write = write;
    this.merge = new LogMerge(selection.follow);
  }

  /** Opens what is new, and what has been restarted or cut. */
  take(sources: readonly LogSource[], first: boolean): void {
    let open = [...this.#readings.values()].filter((r) => r.open).length;
    for (const source of sources) {
      const key = `${source.uid} ${source.container}`;
      const known = this.#readings.get(key);
      if (known?.open === true || (known !== undefined && known.run === source.run && !this.#selection.follow)) continue;
      if (open >= MOST_STREAMS) {
        if (!this.#saidMany) this.#note(source, `more than ${MOST_STREAMS} containers match; the rest is not read. Select fewer.`);
        this.#saidMany = true;
        return;
      }
      // An ended container that did not run again has said what it had to say.
      if (known !== undefined && known.run === source.run && known.resume.newest === '' && source.run !== '') continue;
      if (known === undefined && !first) this.#note(source, 'has appeared');
      const reading = known ?? { run: source.run, open: true, resume: new LogResume() };
      reading.run = source.run;
      reading.open = true;
      this.#readings.set(key, reading);
      open++;
      this.merge.add(this.#lines(source, reading, first));
    }
    const there = new Set(sources.map((s) => `${s.uid} ${s.container}`));
    for (const [key, reading] of this.#readings) if (!reading.open && !there.has(key)) this.#readings.delete(key);
  }

  async look(read: () => ReturnType<typeof logSources>): Promise<void> {
    while (!this.#signal.aborted) {
      await pause(LOOK_MS, undefined, { signal: this.#signal, ref: false }).catch(() => undefined);
      if (this.#signal.aborted) break;
      const sources = await read();
      // What cannot be looked at now is looked at again; the streams that are open go on.
      if (sources.ok) this.take(sources.value, false);
    }
    this.merge.close();
  }

  #note({ pod, container }: Pick<LogSource, 'pod' | 'container'>, text: string): void {
    const { namespace } = this.#selection;
    void this.#write({ type: 'note', context: this.#transport.context, namespace, pod, container, text });
  }

  async *#lines(source: LogSource, reading: Reading, first: boolean): AsyncGenerator<LogLine, void> {
    const { namespace, previous, follow, sinceSeconds, sinceTime, tailLines, masked, match } = this.#selection;
    const isSought = holdsWords(match);
    const { resume } = reading;
    const again = resume.sinceTime !== undefined;
    try {
      const opened = await this.#transport.stream(objectPath(KINDS.Pod, source.pod, namespace, 'log'), {
        query: {
          container: source.container,
          timestamps: true,
          follow: follow || undefined,
          previous: previous || undefined,
          ...(again ? { sinceTime: resume.sinceTime } : { sinceSeconds, sinceTime }),
          // A container that appears while following is read from its beginning.
          tailLines: again || !first ? undefined : tailLines,
        },
        accept: '*/*',
        timeoutMs: OPEN_MS,
        signal: this.#signal,
      });
      if (!opened.ok) {
        if (!again && opened.failure.code !== 'cancelled' && (first || !follow)) this.#note(source, opened.failure.message);
        return;
      }
      try {
        const known = resume.known();
        for await (const line of logLines(opened.value, source.pod, source.container)) {
          if (known(line)) continue;
          resume.take(line);
          // Before it is masked to save the masking, and after it so that nobody finds out by asking what was masked.
          if (!isSought(line.line)) continue;
          const told = masked ? { ...line, line: redact(line.line) } : line;
          if (isSought(told.line)) yield told;
        }
      } catch {
        // Cut while it was read: looked for again while following.
        if (!follow && !this.#signal.aborted) this.#note(source, 'the connection was cut; the log may go on');
      } finally {
        opened.value.on('error', () => undefined).destroy();
      }
    } finally {
      reading.open = false;
    }
  }
}
