import { setTimeout as pause } from 'node:timers/promises';
import { type Failure, KINDS, type LogLine } from '../../contract/index.ts';
import { logLines } from '../cluster/explore/log-lines.ts';
import { LogResume } from '../cluster/explore/log-resume.ts';
import { objectPath } from '../cluster/paths.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import { type ByteBudget, withinBudgets } from './byte-budget.ts';
import { type Gathered, GatheredEvents } from './gathered-events.ts';
import type { LogContainer, LogPod } from './log-pods.ts';

/** Follows the log of one container over cuts and restarts; of each run every line once. */

/** Of what was before it was followed: so much of it is read, so that there is something to compare with. */
const BACKLOG_LINES = 2_000;
const BACKLOG_SECONDS = 60 * 60;
const OPEN_MS = 15_000;
const AGAIN_MS = 1_000;
const MOST_AGAIN_MS = 60_000;
/** A stream that went on for so long was a good one. */
const LONG_MS = 30_000;
/** A container that does not run is looked at again when it changes; in any case after this. */
const QUIET_MS = 10 * 60_000;
/** A line waits this long for a stack trace under it. */
const TRACE_MS = 700;
/** What was said before has been read when nothing comes for so long, when a line comes that is newer than the stream, or after this, for clocks differ. */
const PAUSE_MS = 700;
const BACKLOG_MS = 3_000;

export interface ContainerSink {
  /** `age`: how long the run had lasted by then. */
  event(pod: LogPod, container: string, at: number, age: number, gathered: Gathered): void;
  counted(read: number, skipped: number): void;
  note(pod: LogPod, container: string, text: string, failure?: Failure): void;
}

interface Parts {
  readonly transport: Pick<ReadOnlyTransport, 'stream'>;
  readonly budgets: readonly ByteBudget[];
  /** How many may be opened at once, over all containers of the cluster. */
  readonly opening: { run<T>(work: () => Promise<T>): Promise<T> };
  readonly sink: ContainerSink;
  readonly clock: () => number;
  /** The first pause after a stream that ended; longer ones follow. */
  readonly againMs?: number;
}

export class ContainerLog {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  readonly #gathered = new GatheredEvents();
  readonly #resume: LogResume;
  #pod: LogPod;
  #container: LogContainer;
  /** The run that is read: its number of restarts before it. */
  #run: number | undefined;
  #wake: (() => void) | undefined;
  #isOpen = false;
  /** Up to when it is said that every line is known. */
  #coveredTo: number | undefined;
  #isFirst = true;
  #first: (() => void)[] = [];
  #caughtUp = false;

  /** `newest`: up to where an earlier life of the app has read it. */
  constructor(parts: Parts, pod: LogPod, container: LogContainer, newest: string) {
    this.#parts = parts;
    this.#pod = pod;
    this.#container = container;
    this.#resume = new LogResume(newest);
    if (newest !== '') this.#coveredTo = Date.parse(`${newest}Z`) || undefined;
    void this.#follow();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  get newest(): string {
    return this.#resume.newest;
  }
  get pod(): LogPod {
    return this.#pod;
  }

  update(pod: LogPod, container: LogContainer): void {
    const moved = container.restarts !== this.#container.restarts || container.isRunning !== this.#container.isRunning;
    this.#pod = pod;
    this.#container = container;
    if (moved) this.#wake?.();
  }

  /** What has been read of it since it was asked last, as a span of time; lines that waited for a trace are handed on. */
  tick(): { readonly from: number; readonly to: number } | undefined {
    const now = this.#parts.clock();
    this.#hand(this.#gathered.flush(now - TRACE_MS));
    if (!this.#isOpen || !this.#caughtUp) return undefined;
    const span = { from: Math.max(this.#coveredTo ?? now, this.#container.startedAt ?? 0), to: now };
    this.#coveredTo = now;
    return span;
  }

  /** Resolves when what had been said before was read. */
  caughtUp(): Promise<void> {
    return this.#caughtUp ? Promise.resolve() : new Promise((resolve) => this.#first.push(resolve));
  }

  close(): void {
    this.#ending.abort();
    this.#wake?.();
    this.#hand(this.#gathered.flush());
    this.#catchUp();
  }

  #catchUp(): void {
    this.#caughtUp = true;
    for (const tell of this.#first.splice(0)) tell();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    const { againMs = AGAIN_MS } = this.#parts;
    let wait = againMs;
    while (!signal.aborted) {
      const { restarts, isRunning, startedAt } = this.#container;
      if (startedAt === undefined || (!isRunning && this.#run === restarts && this.#caughtUp)) {
        // Nothing more is said by a run that is over, nor by one that never began.
        this.#catchUp();
        await this.#rest(QUIET_MS);
        continue;
      }
      // What the run before said at its end is what matters most; where we were there to its end it is all known already.
      if (restarts > 0 && this.#run !== restarts) await this.#read(true);
      if (this.#run !== undefined && restarts > this.#run + 1)
        this.#note(`${restarts - this.#run - 1} runs began and ended while nobody looked; what they said is lost`);
      this.#run = restarts;
      const begun = this.#parts.clock();
      const outcome = signal.aborted ? 'ended' : await this.#read(false);
      this.#hand(this.#gathered.flush());
      if (outcome === 'refused') wait = MOST_AGAIN_MS;
      else wait = this.#parts.clock() - begun > LONG_MS ? againMs : Math.min(wait * 2, MOST_AGAIN_MS);
      await this.#rest(wait * (0.75 + Math.random() / 2));
    }
  }

  async #rest(ms: number): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await pause(ms, undefined, { signal: AbortSignal.any([waking.signal, this.#ending.signal]), ref: false }).catch(() => undefined);
    this.#wake = undefined;
  }

  async #read(previous: boolean): Promise<'ended' | 'refused'> {
    const { transport, budgets, opening, sink, clock } = this.#parts;
    const { signal } = this.#ending;
    const { namespace, name } = this.#pod;
    const { sinceTime } = this.#resume;
    const opened = await opening.run(() =>
      transport.stream(objectPath(KINDS.Pod, name, namespace, 'log'), {
        query: {
          container: this.#container.name,
          timestamps: true,
          follow: previous ? undefined : true,
          previous: previous || undefined,
          tailLines: this.#isFirst ? BACKLOG_LINES : undefined,
          ...(sinceTime === undefined ? { sinceSeconds: BACKLOG_SECONDS } : { sinceTime }),
        },
        accept: '*/*',
        timeoutMs: OPEN_MS,
        signal,
      }),
    );
    if (!opened.ok) {
      const { code } = opened.failure;
      // A run whose log is gone, or a container that has not begun, is no news to anybody.
      if (code !== 'cancelled' && code !== 'invalid' && code !== 'not-found')
        sink.note(this.#pod, this.#container.name, opened.failure.message, opened.failure);
      this.#catchUp();
      return code === 'forbidden' ? 'refused' : 'ended';
    }
    const known = this.#resume.known();
    const openedAt = clock();
    this.#isOpen = !previous;
    this.#isFirst &&= previous;
    const idle = setTimeout(() => this.#catchUp(), PAUSE_MS);
    const longest = setTimeout(() => this.#catchUp(), BACKLOG_MS);
    try {
      const bytes = withinBudgets(opened.value as AsyncIterable<Buffer>, budgets, (read, skipped) => sink.counted(read, skipped));
      for await (const line of logLines(bytes, name, this.#container.name)) {
        if (!this.#caughtUp) {
          idle.refresh();
          if (Date.parse(line.at) >= openedAt) this.#catchUp();
        }
        if (known(line)) continue;
        this.#resume.take(line);
        this.#coveredTo ??= Date.parse(line.at) || clock();
        this.#hand(this.#gathered.take(line, clock()));
      }
    } catch {
      // Cut while it was read: it goes on where it was.
    } finally {
      clearTimeout(idle);
      clearTimeout(longest);
      opened.value.on('error', () => undefined).destroy();
      this.#isOpen = false;
      if (!previous) this.#catchUp();
    }
    return 'ended';
  }

  #note(text: string): void {
    this.#parts.sink.note(this.#pod, this.#container.name, text);
  }

  #hand(gathered: Gathered | undefined): void {
    if (gathered === undefined) return;
    const at = atOf(gathered.first) ?? this.#parts.clock();
    const { startedAt } = this.#container;
    this.#parts.sink.event(this.#pod, this.#container.name, at, startedAt === undefined || at < startedAt ? 0 : at - startedAt, gathered);
  }
}

function atOf({ at }: LogLine): number | undefined {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? undefined : ms;
}
