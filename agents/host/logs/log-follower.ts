import type { Failure, LogPattern, LogWatch, Outcome } from '../../contract/index.ts';
import { WorkloadLogs } from '../../core/signals/workload-logs.ts';
import { Limiter } from '../cluster/back-off.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import { ByteBudget } from './byte-budget.ts';
import { ContainerLog, type ContainerSink } from './container-log.ts';
import { LogPods } from './log-pods.ts';
import type { LogStore } from './protocol.ts';
import {
  MOST_STREAMS,
  type Wanted,
  type WatchList,
  type WatchedWorkload,
  type WorkloadName,
  watchList,
  workloadKey,
} from './watch-list.ts';

/** Follows the logs of one cluster: who is worth it, within a budget of streams and bytes, mined as they come. */

const TICK_MS = 2_000;
const STORE_MS = 15_000;
const NOT_YET_MS = 1_000;
const FIRST_MS = 1_500;
/** Who is worth following is looked at again after this also where no pod changed. */
const LOOK_MS = 15_000;
const BYTES_PER_SECOND = 2 ** 20;
const BURST = 6 * 2 ** 20;
const STREAM_BYTES_PER_SECOND = 256 * 2 ** 10;
const STREAM_BURST = 2 * 2 ** 20;
const OPENING_AT_ONCE = 6;
const MOST_NOTES = 50;
/** What a workload's logs taught is kept in memory so long after it was followed last; then it is read from the store again. */
const REMEMBERED_MS = 30 * 60_000;
const MOST_WORKLOADS = 150;
/** A namespace whose logs are forbidden is asked again after this. */
const FORBIDDEN_MS = 10 * 60_000;
/** Somebody asked about a workload: it is followed for a while. */
const ASKED_MS = 10 * 60_000;
const CATCH_UP_MS = 8_000;

interface Parts {
  readonly session: Pick<ClusterSession, 'context' | 'kinds' | 'keys' | 'object' | 'offline' | 'isSettled'>;
  readonly transport: Pick<ReadOnlyTransport, 'stream'>;
  readonly store: LogStore;
  /** Of all clusters together. */
  readonly budget: ByteBudget;
  readonly news: (patterns: readonly LogPattern[]) => void;
  readonly clock?: () => number;
}

interface Followed {
  readonly name: WorkloadName;
  readonly logs: WorkloadLogs;
  readonly streams: Map<string, ContainerLog>;
  watched: WatchedWorkload | undefined;
  since: number;
  seen: number;
}

export interface PatternsAsk {
  readonly namespace?: string | undefined;
  readonly workload?: string | undefined;
  readonly minutes: number;
  /** Only what is news, as it is known now: nobody waits for what is still being read. */
  readonly news: boolean;
}

export class LogFollower {
  readonly #parts: Parts;
  readonly #clock: () => number;
  readonly #pods: LogPods;
  readonly #followed = new Map<string, Followed>();
  readonly #opening = new Limiter(OPENING_AT_ONCE);
  readonly #budget = new ByteBudget(BYTES_PER_SECOND, BURST);
  readonly #forbidden = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  #notes: LogWatch['notes'] = [];
  #wanted: Wanted = new Map();
  #list: WatchList = { workloads: [], leftOut: 0 };
  #bytes = 0;
  #skipped = 0;
  #lately = { at: 0, bytes: 0, perSecond: 0 };
  #changed = true;
  #looked = Number.NEGATIVE_INFINITY;
  #stored = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #first: (() => void)[] = [];
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? Date.now;
    this.#pods = new LogPods(parts.session);
    this.#in(Math.random() * FIRST_MS);
  }

  changed(kind: string, key: string): void {
    this.#pods.changed(kind, key);
    if (kind === 'Pod') this.#changed = true;
  }

  /** Whom people chose, and who has an incident. */
  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#changed = true;
    this.#soon();
  }

  /** The patterns there are, of one workload also where it was not followed until now: then after what it had said was read. */
  async patterns({ namespace, workload, minutes, news }: PatternsAsk): Promise<Outcome<{ patterns: LogPattern[]; workloads: number }>> {
    if (namespace !== undefined && workload !== undefined) this.#ask({ namespace, workload });
    if (!news) await this.#ready();
    const now = this.#clock();
    const its = [...this.#followed.values()].filter(
      ({ name }) => (namespace === undefined || name.namespace === namespace) && (workload === undefined || name.workload === workload),
    );
    const patterns = its.flatMap(({ name, logs }) => logs.patterns(now, minutes, news).map((p) => ({ ...p, ...name })));
    return { ok: true, value: { patterns, workloads: its.length } };
  }

  async watching(): Promise<LogWatch> {
    await this.#ready();
    const iso = (at: number) => new Date(at).toISOString();
    const streams = [...this.#followed.values()].reduce((sum, f) => sum + [...f.streams.values()].filter((s) => s.isOpen).length, 0);
    return {
      context: this.#parts.session.context,
      workloads: [...this.#followed.values()].flatMap(({ name, logs, streams: own, watched, since }) =>
        watched === undefined
          ? []
          : [
              {
                ...name,
                because: watched.because,
                streams: [...own.values()].filter((s) => s.isOpen).length,
                containers: watched.containers,
                since: iso(since),
                lines: logs.lines,
                revision: logs.current?.revision ?? null,
                patterns: logs.size,
              },
            ],
      ),
      streams,
      mostStreams: MOST_STREAMS,
      bytes: this.#bytes,
      skippedBytes: this.#skipped,
      bytesPerSecond: this.#lately.perSecond,
      leftOut: this.#list.leftOut,
      notes: this.#notes,
    };
  }

  /** What is known here is forgotten; what the store has is read again. */
  forget(): void {
    for (const [key, { streams }] of this.#followed) {
      for (const stream of streams.values()) stream.close();
      this.#followed.delete(key);
    }
    this.#changed = true;
    this.#soon();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const { streams } of this.#followed.values()) for (const stream of streams.values()) stream.close();
    this.#keep();
    this.#tell();
  }

  #tell(): void {
    for (const tell of this.#first.splice(0)) tell();
  }

  /** Resolves after the first look, and when what had been said before was read, or after a while. */
  async #ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CATCH_UP_MS)));
    const caughtUp = async () => {
      if (this.#ticks === 0 || this.#changed) await new Promise<void>((resolve) => this.#first.push(resolve));
      await Promise.all([...this.#followed.values()].flatMap(({ streams }) => [...streams.values()].map((s) => s.caughtUp())));
    };
    await Promise.race([caughtUp(), late]);
    clearTimeout(timer);
    for (const one of this.#followed.values()) this.#take(one);
  }

  #ask(name: WorkloadName): void {
    const key = workloadKey(name);
    const isFollowed = this.#followed.get(key)?.watched !== undefined;
    this.#asked.set(key, this.#clock() + ASKED_MS);
    if (isFollowed) return;
    this.#changed = true;
    this.#soon();
  }

  #in(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#go(), ms);
    this.#timer.unref();
  }

  #soon(): void {
    if (this.#ticks > 0) this.#in(0);
  }

  async #go(): Promise<void> {
    const { session } = this.#parts;
    if (session.offline !== undefined || !session.kinds.includes('Pod') || !session.isSettled(session.kinds)) return this.#in(NOT_YET_MS);
    try {
      await this.#tick();
    } catch (error) {
      this.#say({ namespace: '', pod: '', container: '', text: error instanceof Error ? error.message : String(error) });
    }
    this.#ticks += 1;
    this.#tell();
    this.#in(TICK_MS);
  }

  async #tick(): Promise<void> {
    const now = this.#clock();
    if (this.#changed || now - this.#looked >= LOOK_MS) {
      this.#changed = false;
      this.#looked = now;
      await this.#pods.refresh();
      this.#list = watchList(this.#allowed(now), this.#wantedNow(now), now);
      await this.#follow(now);
    }
    const news: LogPattern[] = [];
    for (const one of this.#followed.values()) {
      if (one.watched === undefined) continue;
      this.#take(one);
      news.push(...one.logs.judge(this.#clock()).map((p) => ({ ...p, ...one.name })));
    }
    if (news.length > 0) this.#parts.news(news);
    if (now - this.#lately.at >= 10_000) {
      const perSecond = this.#lately.at === 0 ? 0 : Math.round((1000 * (this.#bytes - this.#lately.bytes)) / (now - this.#lately.at));
      this.#lately = { at: now, bytes: this.#bytes, perSecond };
    }
    if (now - this.#stored >= STORE_MS) {
      this.#stored = now;
      this.#keep();
    }
  }

  *#allowed(now: number): Iterable<ReturnType<LogPods['all']> extends Iterable<infer P> ? P : never> {
    for (const [namespace, until] of this.#forbidden) if (until <= now) this.#forbidden.delete(namespace);
    for (const pod of this.#pods.all()) if (!this.#forbidden.has(pod.namespace)) yield pod;
  }

  #wantedNow(now: number): Wanted {
    for (const [key, until] of this.#asked) if (until <= now) this.#asked.delete(key);
    return new Map([...[...this.#asked.keys()].map((key) => [key, 'incident'] as const), ...this.#wanted]);
  }

  /** Opens what is new on the list, and closes what is not on it any more. */
  async #follow(now: number): Promise<void> {
    const listed = new Map(this.#list.workloads.map((w) => [workloadKey(w), w]));
    for (const [key, one] of this.#followed) {
      one.watched = listed.get(key);
      if (one.watched !== undefined) one.seen = now;
      else {
        for (const stream of one.streams.values()) stream.close();
        one.streams.clear();
      }
    }
    await Promise.all(this.#list.workloads.filter((w) => !this.#followed.has(workloadKey(w))).map((w) => this.#begin(w, now)));
    for (const [key, w] of listed) {
      const one = this.#followed.get(key);
      if (one !== undefined && !this.#stopped) this.#open(one, w);
    }
    this.#let(now);
  }

  async #begin(watched: WatchedWorkload, now: number): Promise<void> {
    const { namespace, workload } = watched;
    const logs = new WorkloadLogs();
    // What was learned before counts; a store that does not answer is no reason not to look.
    const rows = await this.#parts.store.recall(this.#parts.session.context, workloadKey(watched)).catch(() => []);
    logs.restore(rows);
    const key = workloadKey(watched);
    if (!this.#followed.has(key))
      this.#followed.set(key, { name: { namespace, workload }, logs, streams: new Map(), watched, since: now, seen: now });
  }

  #open(one: Followed, { streams, revisions }: WatchedWorkload): void {
    for (const [revision, at] of revisions) one.logs.rolledOut(revision, at);
    const wanted = new Set<string>();
    for (const { pod, container } of streams) {
      const key = `${pod.uid} ${container.name}`;
      wanted.add(key);
      const known = one.streams.get(key);
      if (known !== undefined) known.update(pod, container);
      else one.streams.set(key, new ContainerLog(this.#of(one), pod, container, one.logs.read.get(key) ?? ''));
    }
    for (const [key, stream] of one.streams)
      if (!wanted.has(key)) {
        this.#span(one, stream);
        stream.close();
        one.streams.delete(key);
      }
    for (const key of one.logs.read.keys()) if (!wanted.has(key)) one.logs.read.delete(key);
  }

  #of(one: Followed): ConstructorParameters<typeof ContainerLog>[0] {
    const sink: ContainerSink = {
      event: (pod, container, at, age, { first, trace }) =>
        one.logs.take({
          ...{ at, age, trace, container },
          pod: pod.name,
          revision: pod.revision,
          leaving: pod.isLeaving,
          line: first.line,
        }),
      counted: (read, skipped) => {
        this.#bytes += read;
        this.#skipped += skipped;
      },
      note: ({ namespace, name: pod }, container, text, failure) => this.#noted({ namespace, pod, container, text }, failure),
    };
    return {
      transport: this.#parts.transport,
      budgets: [this.#parts.budget, this.#budget, new ByteBudget(STREAM_BYTES_PER_SECOND, STREAM_BURST)],
      opening: this.#opening,
      sink,
      clock: this.#clock,
    };
  }

  /** How far each stream has come. */
  #take(one: Followed): void {
    for (const [key, stream] of one.streams) {
      this.#span(one, stream);
      if (stream.newest !== '') one.logs.read.set(key, stream.newest);
    }
  }

  #span(one: Followed, stream: ContainerLog): void {
    const span = stream.tick();
    if (span !== undefined) one.logs.covered(stream.pod.revision, span.from, span.to);
  }

  #keep(): void {
    const { store, session } = this.#parts;
    for (const [key, { logs }] of this.#followed) {
      const rows = logs.changed();
      if (rows.length > 0) store.keep(session.context, key, rows);
    }
  }

  /** What nobody follows any more is let go of; it is in the store. */
  #let(now: number): void {
    const idle = [...this.#followed].filter(([, f]) => f.watched === undefined).sort(([, a], [, b]) => a.seen - b.seen);
    let over = this.#followed.size - MOST_WORKLOADS;
    for (const [key, one] of idle) {
      if (now - one.seen < REMEMBERED_MS && over <= 0) continue;
      const rows = one.logs.changed();
      if (rows.length > 0) this.#parts.store.keep(this.#parts.session.context, key, rows);
      this.#followed.delete(key);
      over -= 1;
    }
  }

  #noted(note: Omit<LogWatch['notes'][number], 'at'>, failure: Failure | undefined): void {
    if (failure?.code === 'forbidden') {
      if (this.#forbidden.has(note.namespace)) return;
      this.#forbidden.set(note.namespace, this.#clock() + FORBIDDEN_MS);
      this.#changed = true;
    }
    this.#say(note);
  }

  #say(note: Omit<LogWatch['notes'][number], 'at'>): void {
    const same = this.#notes.findIndex((n) => n.pod === note.pod && n.container === note.container && n.text === note.text);
    if (same >= 0) this.#notes.splice(same, 1);
    this.#notes = [...this.#notes, { at: new Date(this.#clock()).toISOString(), ...note }].slice(-MOST_NOTES);
  }
}
