import { type Socket, connect as connectTcp, isIP } from 'node:net';
import { type SecureContext, connect as connectTls } from 'node:tls';
import { type buildConnector, errors } from 'undici';
import type { ConnectLimit } from './connect-limit.ts';
import { bareHost, connectThrough, portOf, ProxyFailed, socksThrough } from './proxy-tunnel.ts';

/** A whole attempt, from the first packet to the end of the TLS handshake, through a proxy or not. */
const CONNECT_MS = 5_000;
const ALIVE_MS = 15_000;

export interface Way {
  readonly server: URL;
  readonly proxy: URL | undefined;
  /** Undefined for a server that speaks no TLS. */
  readonly tls: { readonly context: SecureContext; readonly servername: string | undefined; readonly verify: boolean } | undefined;
  /** The authorities a proxy that speaks TLS is checked by: those of the machine, never those of a cluster. */
  readonly proxyContext: () => SecureContext;
}

/**
 * Makes the connections of one cluster as undici wants them, under the limit of the thread; the time limit begins with the attempt,
 * not with the waiting for its turn. TLS sessions are resumed. Nothing is begun after `closed`, and what was begun ends.
 */
export function connectorOf(way: Way, limit: ConnectLimit, closed: AbortSignal, timeLimitMs = CONNECT_MS): buildConnector.connector {
  let session: Buffer | undefined;
  const attempt = (stop: AbortSignal, through: () => void): Promise<Socket> =>
    open(way, stop, through, { get: () => session, set: (fresh) => (session = fresh) });
  return (_options, callback) => {
    limit
      .run(way.server.origin, async (giveUp) => {
        closed.throwIfAborted();
        const late = new AbortController();
        let through = false;
        const timer = setTimeout(() => late.abort(), timeLimitMs);
        const stop = AbortSignal.any([giveUp, late.signal, closed]);
        try {
          return await Promise.race([attempt(stop, () => (through = true)), ended(stop)]);
        } catch (error) {
          if (!late.signal.aborted) throw error;
          if (way.proxy !== undefined && !through)
            throw new ProxyFailed(
              way.proxy,
              `did not open a way to server ${way.server.host} within ${timeLimitMs / 1000} s.`,
              'Check that it runs, and that it can reach the server.',
            );
          throw new errors.ConnectTimeoutError(`no connection to ${way.server.host} within ${timeLimitMs} ms`);
        } finally {
          clearTimeout(timer);
        }
      })
      .then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(passable(error), null),
      );
  };
}

/** Undici takes an error with this code for a broken connection and would try again for ever. */
function passable(error: unknown): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  return (known as { code?: unknown }).code === 'UND_ERR_SOCKET' ? new Error(known.message, { cause: known.cause }) : known;
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the attempt was ended')), { once: true });
  });
}

interface Session {
  get(): Buffer | undefined;
  set(session: Buffer): void;
}

/** Every socket on the way is destroyed when `stop` ends before the last one is ready. */
async function open({ server, proxy, tls, proxyContext }: Way, stop: AbortSignal, through: () => void, session: Session): Promise<Socket> {
  const first = proxy ?? server;
  let socket: Socket = await ready(connectTcp({ host: bareHost(first), port: portOf(first) }), 'connect', stop, proxy);
  socket.setKeepAlive(true, ALIVE_MS).setNoDelay(true);
  if (proxy !== undefined) {
    if (proxy.protocol === 'https:') {
      const name = bareHost(proxy);
      const wrapped = connectTls({ socket, host: name, secureContext: proxyContext(), ...nameOf(undefined, name) });
      socket = await ready(wrapped, 'secureConnect', stop, proxy);
    }
    const raw = socket;
    const destroy = (): void => void raw.destroy();
    stop.addEventListener('abort', destroy, { once: true });
    try {
      if (proxy.protocol.startsWith('http')) await connectThrough(raw, proxy, server);
      else await socksThrough(raw, proxy, server);
    } catch (error) {
      raw.destroy();
      throw error;
    } finally {
      stop.removeEventListener('abort', destroy);
    }
    through();
  }
  if (tls === undefined) return socket;
  const host = bareHost(server);
  const resumed = session.get();
  const wrapped = connectTls({
    socket,
    host,
    secureContext: tls.context,
    rejectUnauthorized: tls.verify,
    ALPNProtocols: ['http/1.1'],
    ...nameOf(tls.servername, host),
    ...(resumed === undefined ? {} : { session: resumed }),
  });
  wrapped.on('session', (fresh: Buffer) => session.set(fresh));
  return ready(wrapped, 'secureConnect', stop, undefined);
}

/** An address cannot be asked for by SNI; the certificate is checked against it all the same. */
const nameOf = (servername: string | undefined, host: string): { servername?: string } => {
  const name = servername ?? host;
  return isIP(name) === 0 ? { servername: name } : {};
};

/** Resolves with the socket when it has come so far. Failures on the way to a proxy say so: they say nothing about the server. */
function ready<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', stop: AbortSignal, proxy: URL | undefined): Promise<S> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off(event, came).off('error', failed).off('close', closed);
      stop.removeEventListener('abort', end);
    };
    const came = (): void => {
      done();
      resolve(socket);
    };
    const failed = (error: NodeJS.ErrnoException): void => {
      done();
      socket.destroy();
      reject(
        proxy === undefined
          ? error
          : new ProxyFailed(
              proxy,
              `cannot be reached (${error.code ?? 'unknown error'}).`,
              'Check that it runs, and proxy-url, HTTPS_PROXY and NO_PROXY.',
            ),
      );
    };
    const closed = (): void => failed(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    const end = (): void => failed(new Error('the attempt was ended'));
    // An error event nobody listens to would end the process, also later, when the socket changes hands.
    socket.on('error', () => undefined);
    socket.once(event, came).once('error', failed).once('close', closed);
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
  });
}
