import { createHash } from 'node:crypto';
import { type Dispatcher, Pool } from 'undici';
import type { Outcome } from '../../contract/index.ts';
import { ConnectLimit } from './connect-limit.ts';
import { connectorOf } from './connector.ts';
import type { Credential } from './credential.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { proxyFromEnv, readProxy } from './proxy-choice.ts';
import { ServerClocks } from './server-clock.ts';
import { type TlsSettings, machineContext, secureContextOf, tlsOf } from './tls-settings.ts';

/**
 * What a request is for. Ordinary reads share two connections. Watches and lists that come as streams have each its own, for as long as
 * they go on. A ping has one that nothing else uses: a slow list must not make a cluster look dead. Metrics have two: what a
 * person asks for does not wait behind them.
 */
export type Use = 'read' | 'stream' | 'ping' | 'metrics';

const CONNECTIONS: Readonly<Record<Use, number | null>> = { read: 2, stream: null, ping: 1, metrics: 2 };
/** An idle connection is kept a little shorter than common load balancers keep theirs. */
const KEEP_ALIVE_MS = 30_000;
/** More are kept only as long as they hold connections; certificates that were renewed leave theirs behind. */
const MOST_WAYS = 256;
/** Somebody who was given a way needs a moment until it shows that it is used. */
const UNUSED_MS = 60_000;

interface Pooled {
  /** When it was last given to somebody, by `performance.now`. */
  used: number;
  readonly origin: string;
  readonly userKey: string;
  readonly connect: ReturnType<typeof connectorOf>;
  readonly closing: AbortController;
  readonly pools: Map<Use, { readonly pool: Pool; readonly dispatcher: Dispatcher }>;
}

/**
 * Pools of connections for each (server, TLS settings, certificate, proxy): requests reuse connections, and two users never share one.
 * All of a thread's are made under one limit.
 */
export class Dispatchers {
  readonly limit: ConnectLimit;
  readonly clocks: ServerClocks;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #ways = new Map<string, Pooled>();

  constructor(env: Readonly<Record<string, string | undefined>>, limit = new ConnectLimit(), clocks = new ServerClocks()) {
    this.#env = env;
    this.limit = limit;
    this.clocks = clocks;
  }

  /** Fails with `cluster-untrusted`, `cluster-unauthorized` or `kubeconfig-invalid` where what the kubeconfig says cannot be used. */
  async of(target: KubeTarget, credential: Credential, use: Use = 'stream'): Promise<Outcome<Dispatcher>> {
    const server = new URL(target.cluster.server ?? '');
    const tls = await tlsOf(target, credential);
    if (!tls.ok) return tls;
    const written = target.cluster['proxy-url'];
    const proxy = written ?? proxyFromEnv(server, this.#env);
    const key = createHash('sha256')
      .update(JSON.stringify([server.origin, target.userKey, proxy, tls.value]))
      .digest('base64');
    const known = this.#ways.get(key);
    if (known !== undefined) known.used = performance.now();
    if (known !== undefined) return { ok: true, value: dispatcherOf(known, use, this.clocks) };
    const url = proxy === undefined ? undefined : readProxy(proxy);
    if (proxy !== undefined && url === undefined)
      return {
        ok: false,
        failure: {
          code: 'kubeconfig-invalid',
          message: `Context ${target.context.name}: ${written === undefined ? 'HTTPS_PROXY or HTTP_PROXY' : 'proxy-url'} is not the URL of a proxy.`,
          hint: 'Write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.',
        },
      };
    const way = this.#open(target, server, url, tls.value);
    if (!way.ok) return way;
    // Another request may have opened the same while this one was looking at its files.
    const fresh = this.#ways.get(key) ?? way.value;
    this.#ways.set(key, fresh);
    this.#tidy();
    return { ok: true, value: dispatcherOf(fresh, use, this.clocks) };
  }

  /** Whether a connection to this cluster waits for its turn: the time limit of a request should not run meanwhile. */
  isWaiting(target: KubeTarget): boolean {
    return this.limit.isWaiting(new URL(target.cluster.server ?? '').origin);
  }

  /** Closes every connection of this user to this server, whatever runs over it: the kubeconfig says something else now. */
  async drop(target: KubeTarget): Promise<void> {
    const { origin } = new URL(target.cluster.server ?? '');
    const dropped = [...this.#ways].filter(([, way]) => way.origin === origin && way.userKey === target.userKey);
    for (const [key] of dropped) this.#ways.delete(key);
    await destroy(dropped.map(([, way]) => way));
  }

  async close(): Promise<void> {
    const ways = [...this.#ways.values()];
    this.#ways.clear();
    await destroy(ways);
  }

  #open(target: KubeTarget, server: URL, proxy: URL | undefined, tls: TlsSettings): Outcome<Pooled> {
    const secured = server.protocol === 'https:' ? secureContextOf(target.context.name, tls) : undefined;
    if (secured?.ok === false) return secured;
    const closing = new AbortController();
    const connect = connectorOf(
      {
        server,
        proxy,
        tls: secured === undefined ? undefined : { context: secured.value, servername: tls.servername, verify: tls.verify },
        proxyContext: machineContext,
      },
      this.limit,
      closing.signal,
    );
    return {
      ok: true,
      value: { used: performance.now(), origin: server.origin, userKey: target.userKey, connect, closing, pools: new Map() },
    };
  }

  #tidy(): void {
    if (this.#ways.size <= MOST_WAYS) return;
    for (const [key, way] of this.#ways) {
      if (this.#ways.size <= MOST_WAYS) return;
      if (performance.now() - way.used < UNUSED_MS) continue;
      if ([...way.pools.values()].some(({ pool }) => pool.stats.connected > 0 || pool.stats.size > 0)) continue;
      this.#ways.delete(key);
      void destroy([way]);
    }
  }
}

function dispatcherOf({ origin, connect, pools }: Pooled, use: Use, clocks: ServerClocks): Dispatcher {
  const known = pools.get(use);
  if (known !== undefined) return known.dispatcher;
  // Time limits are the request's own (a watch is long by intention); HTTP/1.1, so that a cut connection ends one watch only.
  const pool = new Pool(origin, {
    connect,
    connections: CONNECTIONS[use],
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  const dispatcher = pool.compose((dispatch) => (options, handler) => dispatch(options, new DateHeard(handler, origin, clocks)));
  pools.set(use, { pool, dispatcher });
  return dispatcher;
}

/** Passes everything on, and takes the `Date` of each answer to the clocks. */
class DateHeard implements Dispatcher.DispatchHandler {
  readonly #to: Dispatcher.DispatchHandler;
  readonly #origin: string;
  readonly #clocks: ServerClocks;

  constructor(to: Dispatcher.DispatchHandler, origin: string, clocks: ServerClocks) {
    this.#to = to;
    this.#origin = origin;
    this.#clocks = clocks;
  }

  onRequestStart(...args: Told<'onRequestStart'>): void {
    this.#to.onRequestStart?.(...args);
  }

  onRequestUpgrade(...args: Told<'onRequestUpgrade'>): void {
    this.#to.onRequestUpgrade?.(...args);
  }

  onResponseStart(...args: Told<'onResponseStart'>): void {
    this.#clocks.heard(this.#origin, args[2]['date']);
    this.#to.onResponseStart?.(...args);
  }

  onResponseData(...args: Told<'onResponseData'>): void {
    this.#to.onResponseData?.(...args);
  }

  onResponseEnd(...args: Told<'onResponseEnd'>): void {
    this.#to.onResponseEnd?.(...args);
  }

  onResponseError(...args: Told<'onResponseError'>): void {
    this.#to.onResponseError?.(...args);
  }
}

type Told<M extends keyof Dispatcher.DispatchHandler> = Parameters<NonNullable<Dispatcher.DispatchHandler[M]>>;

async function destroy(ways: readonly Pooled[]): Promise<void> {
  for (const { closing } of ways) closing.abort();
  const pools = ways.flatMap((way) => [...way.pools.values()]);
  await Promise.all(pools.map(({ pool }) => pool.destroy().catch(() => undefined)));
}
