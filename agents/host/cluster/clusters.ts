import { getHeapStatistics } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type { ContextName, Fact, Json, Kind, Outcome, Probe } from '../../contract/index.ts';
import { runProbe } from '../probes/index.ts';
import type { ClusterNotice, KubeconfigReading, ReadingStats } from '../ports.ts';
import { Limiter } from './back-off.ts';
import { BlockMeter } from './block-meter.ts';
import { ClusterSession, type SessionState } from './cluster-session.ts';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import { type KubeTarget, KubeconfigReader, type KubeconfigSources } from './kubeconfig.ts';
import { fieldOf } from './projecting.ts';
import type { KubeCalls } from './protocol.ts';
import { withoutSecretValues } from './secret-values.ts';
import { ReadOnlyTransport } from './transport.ts';
import { ViewHub } from './view-hub.ts';

const PROBES_AT_ONCE = 8;
const PING_MS = 5_000;
const PINGS_AT_ONCE = 32;

interface Line {
  readonly target: KubeTarget;
  readonly transport: ReadOnlyTransport;
  readonly probes: Limiter;
}

/** All clusters of the kube worker: the calls of the host carried out, with read-only transports alone. */
export class Clusters implements KubeCalls {
  readonly #reader: KubeconfigReader;
  readonly #credentials: Credentials;
  readonly #dispatchers: Dispatchers;
  readonly #lines = new Map<ContextName, Line>();
  readonly #sessions = new Map<ContextName, ClusterSession>();
  readonly #hub = new ViewHub(this.#sessions);
  readonly #pings = new Limiter(PINGS_AT_ONCE);
  readonly #meter = new BlockMeter();
  readonly #notify: (notice: ClusterNotice) => void;

  constructor(sources: KubeconfigSources, notify: (notice: ClusterNotice) => void) {
    this.#reader = new KubeconfigReader(sources);
    this.#credentials = new Credentials(sources.env);
    this.#dispatchers = new Dispatchers(sources.env);
    this.#notify = notify;
  }

  async kubeconfig(): Promise<KubeconfigReading> {
    const { contexts, problems } = await this.#reader.read();
    return { contexts, problems };
  }

  async connect(context: ContextName, kinds: readonly Kind[]): Promise<Outcome<SessionState>> {
    const line = await this.#line(context);
    if (!line.ok) return line;
    const { target } = line.value;
    let session = this.#sessions.get(context);
    // Somebody asks again after a failure: a login that was refused may have been renewed, the file may say something else now.
    if (session === undefined || session.offline !== undefined) await this.#credentials.forgive(target);
    session = this.#sessions.get(context);
    if (session !== undefined && session.target !== target && session.offline !== undefined) {
      this.#close(context);
      session = undefined;
    }
    return (session ?? this.#open(context, line.value)).connect([...kinds, ...this.#hub.kinds]);
  }

  disconnect(context: ContextName): Promise<void> {
    this.#close(context);
    this.#lines.delete(context);
    return Promise.resolve();
  }

  ping(context: ContextName): Promise<Outcome<{ version: string; ms: number }>> {
    return this.#pings.run(async () => {
      const line = await this.#line(context);
      if (!line.ok) return line;
      const started = performance.now();
      const answer = await line.value.transport.get('/version', { timeoutMs: PING_MS });
      if (!answer.ok) return answer;
      const version = fieldOf(answer.value, 'gitVersion');
      return {
        ok: true,
        value: { version: typeof version === 'string' ? version : 'unknown', ms: Math.round(performance.now() - started) },
      };
    });
  }

  async probe(context: ContextName, probe: Probe): Promise<Fact> {
    const line = await this.#line(context);
    return line.ok ? line.value.probes.run(() => runProbe(probe, line.value.transport)) : line;
  }

  async get(context: ContextName, path: string): Promise<Outcome<Json>> {
    const line = await this.#line(context);
    if (!line.ok) return line;
    try {
      const answer = await line.value.transport.get(path);
      return answer.ok ? { ok: true, value: withoutSecretValues(answer.value) } : answer;
    } catch (error) {
      return { ok: false, failure: { code: 'bad-input', message: error instanceof Error ? error.message : String(error) } };
    }
  }

  stats(): Promise<ReadingStats> {
    const clusters = [...this.#sessions.values()].map((session) => ({
      context: session.context,
      objects: session.objects,
      ...session.counts,
      interrupted: session.interrupted(0),
    }));
    return Promise.resolve({ heapBytes: getHeapStatistics().used_heap_size, longestBlockMs: this.#meter.longest(), clusters });
  }

  attach(agent: string, kinds: readonly Kind[], port: MessagePort): void {
    for (const session of this.#sessions.values()) session.watch(kinds);
    this.#hub.attach(agent, kinds, port);
  }

  detach(agent: string): void {
    this.#hub.detach(agent);
  }

  async close(): Promise<void> {
    for (const context of [...this.#sessions.keys()]) this.#close(context);
    this.#hub.close();
    this.#meter.close();
    await this.#dispatchers.close();
  }

  #open(context: ContextName, { target, transport }: Line): ClusterSession {
    const session: ClusterSession = new ClusterSession(target, transport, {
      changed: (kind, key) => this.#hub.changed(context, kind, key),
      settled: () => this.#hub.settled(session),
      notice: (notice) => this.#notify(notice),
    });
    this.#sessions.set(context, session);
    this.#hub.opened(session);
    return session;
  }

  #close(context: ContextName): void {
    this.#sessions.get(context)?.stop();
    if (this.#sessions.delete(context)) this.#hub.closed(context);
  }

  /** The way to a context as the kubeconfig has it now; that of a session stays what it was until it is connected anew. */
  async #line(context: ContextName): Promise<Outcome<Line>> {
    const target = (await this.#reader.read()).target(context);
    const known = this.#lines.get(context);
    const session = this.#sessions.get(context);
    if (
      known !== undefined &&
      (session !== undefined && session.offline === undefined
        ? known.target === session.target
        : target.ok && known.target === target.value)
    )
      return { ok: true, value: known };
    if (!target.ok) return target;
    const http = new ClusterHttp(target.value, this.#credentials, this.#dispatchers);
    const line: Line = { target: target.value, transport: new ReadOnlyTransport(http), probes: new Limiter(PROBES_AT_ONCE) };
    this.#lines.set(context, line);
    return { ok: true, value: line };
  }
}
