import { createHash } from 'node:crypto';
import type { Failure, Kind, KubeObject, Outcome } from '../../contract/index.ts';
import type { Gap } from '../../core/view.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import { BackOff, Limiter } from './back-off.ts';
import { type Where, healsByItself, isConnectionFailure, notAnApiServer } from './failures.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { fieldOf } from './projecting.ts';
import { type Packed, Packer, unpack } from '../packing.ts';
import { Reflector, type ReflectorShared, type ReflectorSink } from './reflector.ts';
import type { ReadOnlyTransport } from './transport.ts';

export interface SessionState {
  readonly uid: string;
  readonly version: string;
  readonly objects: number;
  readonly gaps: readonly Gap[];
}

/** Who hears what a session reads. */
interface SessionListener {
  changed(kind: Kind, key: string): void;
  /** See ReflectorSink. */
  observed: ReflectorSink['observed'];
  /** A kind was read for the first time, or what cannot be read has changed. */
  settled(): void;
  notice(notice: ClusterNotice): void;
}

const LISTS_AT_ONCE = 6;
/** The 1.x release in which API servers began to send whole lists as a stream by default. */
const STREAMS_SINCE = 32;
const PING_MS = 5_000;
/** A cluster that has sent nothing for this long is asked whether it lives. */
const HEARTBEAT_MS = 15_000;
const WAKE_SPREAD_MS = 1_500;

/** One connected cluster: a reflector a kind, whether it can be reached, and who it is. */
export class ClusterSession {
  readonly target: KubeTarget;
  readonly #transport: ReadOnlyTransport;
  readonly #listener: SessionListener;
  readonly #shared: ReflectorShared;
  readonly #reflectors = new Map<Kind, Reflector>();
  readonly #failing = new Map<Kind | 'heartbeat', Failure>();
  #waiting: ((outcome: Outcome<SessionState>) => void)[] = [];
  #identity: { uid: string; version: string } | undefined;
  #offline: Failure | undefined;
  #saidSynced = '';
  #lastAlive = performance.now();
  #heartbeat: NodeJS.Timeout | undefined;
  #beginning: Promise<Failure | undefined> | undefined;
  readonly #backOff = new BackOff();
  #stopped = false;

  constructor(target: KubeTarget, transport: ReadOnlyTransport, listener: SessionListener) {
    this.target = target;
    this.#transport = transport;
    this.#listener = listener;
    this.#shared = {
      transport,
      namespace: target.context.namespace,
      limiter: new Limiter(LISTS_AT_ONCE),
      packer: new Packer(),
      streams: true,
      counts: { lists: 0, watches: 0, events: 0 },
    };
  }

  get context(): string {
    return this.target.context.name;
  }

  get kinds(): readonly Kind[] {
    return [...this.#reflectors.keys()];
  }

  /** Why the cluster cannot be reached now, if so. */
  get offline(): Failure | undefined {
    return this.#offline;
  }

  /** When the cluster last said anything, in milliseconds of `performance.now`. */
  get lastAlive(): number {
    return this.#lastAlive;
  }

  /** How many objects of a kind are known. */
  size(kind: Kind): number {
    return this.#reflectors.get(kind)?.size ?? 0;
  }

  get objects(): number {
    let objects = 0;
    for (const reflector of this.#reflectors.values()) objects += reflector.size;
    return objects;
  }

  keys(kind: Kind): Iterable<string> {
    return this.#reflectors.get(kind)?.keys() ?? [];
  }

  packed(kind: Kind, key: string): Packed | undefined {
    return this.#reflectors.get(kind)?.packed(key);
  }

  object(kind: Kind, key: string): KubeObject | undefined {
    const packed = this.packed(kind, key);
    return packed === undefined ? undefined : unpack(packed);
  }

  /** Kinds that are read and whose watch has been down for longer than this: what is known of them may be out of date. */
  interrupted(ms: number): readonly Kind[] {
    const before = performance.now() - ms;
    return [...this.#reflectors.values()].filter((r) => r.settled && (r.interrupted ?? Infinity) < before).map((r) => r.kind);
  }

  /** What was asked of the cluster since it was connected. */
  get counts(): Readonly<ReflectorShared['counts']> {
    return this.#shared.counts;
  }

  isSettled(kinds: readonly Kind[]): boolean {
    return kinds.every((kind) => this.#reflectors.get(kind)?.settled === true);
  }

  gaps(kinds: readonly Kind[]): readonly Gap[] {
    return kinds.flatMap((kind) => this.#reflectors.get(kind)?.gaps ?? []);
  }

  /**
   * Asks the cluster who it is, starts what is not watched yet, and answers when all of it was listed once. A failure that may pass
   * (no connection, no answer) leaves the session trying; any other one is final until somebody asks again.
   */
  async connect(kinds: readonly Kind[]): Promise<Outcome<SessionState>> {
    this.watch(kinds);
    if (this.#identity === undefined) {
      const failure = await (this.#beginning ??= this.#begin().finally(() => (this.#beginning = undefined)));
      if (this.#stopped) return this.#cancelled();
      if (failure !== undefined) return { ok: false, failure };
    } else if (this.#offline !== undefined) for (const reflector of this.#reflectors.values()) reflector.kick();
    if (this.#offline === undefined && this.isSettled(this.kinds)) return { ok: true, value: this.#state() };
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Starts watching more kinds. */
  watch(kinds: readonly Kind[]): void {
    for (const kind of kinds) {
      if (this.#reflectors.has(kind) || this.#stopped) continue;
      const reflector = new Reflector(kind, this.#shared, {
        changed: (k, key) => {
          if (!this.#stopped) this.#listener.changed(k, key);
        },
        observed: (...seen) => {
          if (!this.#stopped) this.#listener.observed(...seen);
        },
        settled: () => this.#settled(),
        failing: (k, failure) => this.#fails(k, failure),
        healthy: (k) => this.#heals(k),
        alive: () => (this.#lastAlive = performance.now()),
      });
      this.#reflectors.set(kind, reflector);
      if (this.#identity !== undefined) reflector.start();
    }
  }

  /**
   * The machine has slept or moved, and its connections were dropped: whether the cluster is there is asked at once, and every watch goes
   * on from where it was. Each cluster at a moment of its own, so that they are not all asked at the same time.
   */
  wake(): void {
    setTimeout(() => {
      if (this.#stopped) return;
      for (const reflector of this.#reflectors.values()) reflector.kick();
      if (this.#identity === undefined) void this.connect([]);
      else void this.#check(true);
    }, Math.random() * WAKE_SPREAD_MS).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#heartbeat);
    for (const reflector of this.#reflectors.values()) reflector.stop();
    this.#answer(this.#cancelled());
  }

  #state(): SessionState {
    const { uid = '', version = '' } = this.#identity ?? {};
    return { uid, version, objects: this.objects, gaps: this.gaps(this.kinds) };
  }

  #answer(outcome: Outcome<SessionState>): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(outcome);
  }

  #cancelled(): Outcome<SessionState> {
    return { ok: false, failure: { code: 'cancelled', message: `Context ${this.context} was disconnected.` } };
  }

  #settled(): void {
    if (this.#stopped) return;
    this.#listener.settled();
    this.#sayState();
  }

  #fails(kind: Kind | 'heartbeat', failure: Failure): void {
    if (this.#stopped) return;
    this.#failing.set(kind, failure);
    this.#fail(failure);
  }

  #fail(failure: Failure): void {
    const before = this.#offline;
    this.#offline = failure;
    this.#saidSynced = '';
    this.#answer({ ok: false, failure });
    if (before?.code !== failure.code) this.#listener.notice({ type: 'offline', context: this.context, failure });
  }

  #heals(kind: Kind | 'heartbeat'): void {
    // An answer to anything proves that the cluster lives, whatever the heartbeat last said.
    const beat = this.#failing.delete('heartbeat');
    if (!(this.#failing.delete(kind) || beat) || this.#stopped) return;
    this.#lastAlive = performance.now();
    if (this.#failing.size === 0) void this.#backOnline();
    else this.#kickFailing();
  }

  /** The address may have been given to another cluster meanwhile: what was read of the old one is then worth nothing. */
  async #backOnline(): Promise<void> {
    const identity = await this.#identify();
    if (this.#stopped || this.#failing.size > 0) return;
    if (!identity.ok) {
      this.#fails('heartbeat', identity.failure);
      this.#beat();
      return;
    }
    const another = this.#identity !== undefined && this.#identity.uid !== identity.value.uid;
    this.#identity = identity.value;
    this.#offline = undefined;
    if (another) for (const reflector of this.#reflectors.values()) reflector.restart();
    this.#sayState();
  }

  #sayState(): void {
    if (this.#offline !== undefined || this.#identity === undefined || !this.isSettled(this.kinds)) return;
    const state = this.#state();
    this.#answer({ ok: true, value: state });
    const said = JSON.stringify([state.uid, state.version, this.kinds, state.gaps]);
    if (said === this.#saidSynced) return;
    this.#saidSynced = said;
    this.#listener.notice({ type: 'synced', context: this.context, ...state });
  }

  #kickFailing(): void {
    for (const [kind, reflector] of this.#reflectors) if (this.#failing.has(kind)) reflector.kick();
  }

  #beat(): void {
    clearTimeout(this.#heartbeat);
    if (this.#stopped) return;
    const quiet = performance.now() - this.#lastAlive;
    const failing = this.#failing.has('heartbeat');
    const wait = failing ? PING_MS : Math.max(HEARTBEAT_MS - quiet, 1_000);
    this.#heartbeat = setTimeout(() => void this.#check(), wait).unref();
  }

  /** Twice no answer = offline; then the watches are ended too, for they hang on connections that are dead. */
  async #check(now = false): Promise<void> {
    if (now || performance.now() - this.#lastAlive >= HEARTBEAT_MS || this.#failing.has('heartbeat')) {
      let answer = await this.#transport.get('/version', { timeoutMs: PING_MS, use: 'ping' });
      if (!answer.ok && !this.#failing.has('heartbeat'))
        answer = await this.#transport.get('/version', { timeoutMs: PING_MS, use: 'ping' });
      if (this.#stopped) return;
      if (answer.ok || !isConnectionFailure(answer.failure)) {
        this.#lastAlive = performance.now();
        this.#heals('heartbeat');
      } else {
        const first = !this.#failing.has('heartbeat');
        this.#fails('heartbeat', answer.failure);
        if (first) for (const reflector of this.#reflectors.values()) reflector.kick();
      }
    }
    this.#beat();
  }

  async #begin(): Promise<Failure | undefined> {
    clearTimeout(this.#heartbeat);
    const identity = await this.#identify();
    if (this.#stopped) return undefined;
    if (!identity.ok) {
      this.#fail(identity.failure);
      if (healsByItself(identity.failure)) this.#heartbeat = setTimeout(() => void this.connect([]), this.#backOff.take()).unref();
      return identity.failure;
    }
    this.#identity = identity.value;
    this.#offline = undefined;
    this.#shared.streams = sendsStreams(identity.value.version);
    for (const reflector of this.#reflectors.values()) reflector.start();
    this.#beat();
    return undefined;
  }

  /** Version, and the uid of namespace kube-system, which is as old as the cluster; a stand-in where that may not be read. */
  async #identify(): Promise<Outcome<{ uid: string; version: string }>> {
    const [version, system] = await Promise.all([
      this.#transport.get('/version', { timeoutMs: PING_MS, use: 'ping' }),
      this.#transport.get('/api/v1/namespaces/kube-system', { timeoutMs: PING_MS, use: 'ping' }),
    ]);
    if (!version.ok && version.failure.code !== 'forbidden') return version;
    if (!system.ok && isConnectionFailure(system.failure)) return system;
    const gitVersion = version.ok ? fieldOf(version.value, 'gitVersion') : undefined;
    if (version.ok && !(typeof gitVersion === 'string' && /^v?\d+\.\d+/.test(gitVersion)))
      return { ok: false, failure: notAnApiServer(this.#where(), 'no version when it was asked for its own') };
    const uid = system.ok ? fieldOf(fieldOf(system.value, 'metadata'), 'uid') : undefined;
    return {
      ok: true,
      value: { uid: typeof uid === 'string' ? uid : this.#standIn(), version: typeof gitVersion === 'string' ? gitVersion : 'unknown' },
    };
  }

  #where(): Where {
    const { server = '' } = this.target.cluster;
    return { context: this.target.context.name, host: URL.canParse(server) ? new URL(server).host : server };
  }

  #standIn(): string {
    const { cluster } = this.target;
    const text = JSON.stringify([cluster.server, cluster['certificate-authority-data'], cluster['certificate-authority']]);
    return `server-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  }
}

/** `v1.37.2`, `v1.31.4-eks-a737599`. An unknown version is asked: a server without streams refuses, and pages are read. */
function sendsStreams(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || Number(major) > 1 || Number(minor) >= STREAMS_SINCE;
}
