import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, getCACertificates } from 'node:tls';
import { type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import type { Failure, Outcome } from '../../contract/index.ts';
import type { Credential } from './credentials.ts';
import type { KubeTarget } from './kubeconfig.ts';

interface TlsSettings {
  readonly ca?: string | string[];
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

const CONNECT_MS = 5_000;
/** An idle connection is kept a little shorter than common load balancers keep theirs. */
const KEEP_ALIVE_MS = 30_000;
const MOST_POOLS = 256;

/**
 * One pool of connections for each (server, TLS settings, certificate, proxy): requests reuse connections, and two users never share
 * one. Closed when too many have gathered, for certificates that were renewed leave theirs behind.
 */
export class Dispatchers {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #pools = new Map<string, Dispatcher>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  async of(target: KubeTarget, credential: Credential): Promise<Outcome<Dispatcher>> {
    const server = new URL(target.cluster.server ?? '');
    const tls = await tlsOf(target, credential);
    if (!tls.ok) return tls;
    const proxy = target.cluster['proxy-url'] ?? proxyFromEnv(server, this.#env);
    const ca = typeof tls.value.ca === 'string' ? tls.value.ca : '';
    const parts = [server.origin, target.userKey, proxy, ca, tls.value.cert, tls.value.key, tls.value.servername];
    const key = createHash('sha256')
      .update(JSON.stringify([...parts, tls.value.rejectUnauthorized]))
      .digest('base64');
    let pool = this.#pools.get(key);
    if (pool !== undefined) return { ok: true, value: pool };
    pool = this.#open(server, proxy, tls.value);
    this.#pools.set(key, pool);
    for (const [old, one] of this.#pools) {
      if (this.#pools.size <= MOST_POOLS) break;
      this.#pools.delete(old);
      void one.close();
    }
    return { ok: true, value: pool };
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy().catch(() => undefined)));
  }

  #open(server: URL, proxy: string | undefined, tls: TlsSettings): Dispatcher {
    // Time limits are the request's own (a watch is long by intention); HTTP/1.1, so that a cut connection ends one watch only.
    const connection = { ...tls, timeout: CONNECT_MS, keepAlive: true, keepAliveInitialDelay: 15_000 };
    const more = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 0, bodyTimeout: 0, allowH2: false };
    if (proxy === undefined) return new Pool(server.origin, { ...more, connect: connection });
    if (proxy.startsWith('socks5')) return new Socks5ProxyAgent(proxy, { ...more, requestTls: connection });
    return new ProxyAgent({ ...more, uri: proxy, requestTls: connection, connect: { timeout: CONNECT_MS } });
  }
}

/** The TLS settings of a target. Fails with `cluster-untrusted` where the file of the authority cannot be read. */
async function tlsOf(target: KubeTarget, credential: Credential): Promise<Outcome<TlsSettings>> {
  const { cluster, context } = target;
  const data = cluster['certificate-authority-data'];
  const path = cluster['certificate-authority'];
  let ca: string | undefined = data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
  if (ca === undefined && path !== undefined) {
    try {
      ca = await readFile(path, 'utf8');
    } catch (error) {
      const failure: Failure = {
        code: 'cluster-untrusted',
        message: `Context ${context.name}: certificate-authority ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
        hint: 'Check the path in the kubeconfig and your right to read the file.',
      };
      return { ok: false, failure };
    }
  }
  const server = new URL(cluster.server ?? '');
  const servername = cluster['tls-server-name'];
  const skip = cluster['insecure-skip-tls-verify'];
  return {
    ok: true,
    value: {
      ...(server.protocol === 'https:' && !skip ? { ca: ca ?? systemAuthorities() } : {}),
      ...(credential.certificate === undefined ? {} : { cert: credential.certificate }),
      ...(credential.key === undefined ? {} : { key: credential.key }),
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: !skip,
    },
  };
}

let authorities: string[] | undefined;
/** Without an authority in the kubeconfig: those Node brings and those this machine trusts, as kubectl does. Read once, it is slow. */
function systemAuthorities(): string[] {
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return authorities;
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go reads them: never for loopback. */
export function proxyFromEnv(server: URL, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return undefined;
  const without = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((s) => s.trim());
  const named = (entry: string) => entry === '*' || host === entry || host.endsWith(entry.startsWith('.') ? entry : `.${entry}`);
  if (without.some((entry) => entry !== '' && (named(entry) || inRange(host, entry)))) return undefined;
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[name] ?? env[name.toLowerCase()];
  return value === undefined || value === '' ? undefined : value.includes('://') ? value : `http://${value}`;
}

/** `10.0.0.0/8` holds the IPv4 address `host`. */
function inRange(host: string, entry: string): boolean {
  const [base = '', bits] = entry.split('/');
  if (bits === undefined || isIP(host) !== 4 || isIP(base) !== 4) return false;
  const number = (ip: string) => ip.split('.').reduce((n, part) => n * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(host) / size) === Math.floor(number(base) / size);
}

/** Looks at the server's certificates without trusting them, to say which of the chain has ended and when. At most 3 s. */
export function findExpired(target: KubeTarget): Promise<string | undefined> {
  const server = new URL(target.cluster.server ?? '');
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const name = target.cluster['tls-server-name'] ?? (isIP(host) === 0 ? host : '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(server.port || 443), servername: name, rejectUnauthorized: false, timeout: 3_000 });
    const done = (found: string | undefined): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', () => {
      let certificate = socket.getPeerX509Certificate();
      for (let depth = 0; certificate !== undefined && depth < 8; depth++) {
        if (certificate.validToDate.getTime() < Date.now()) {
          const whose = depth === 0 ? `the certificate of server ${server.host}` : `an authority of server ${server.host}`;
          return done(`${whose} (${certificate.subject.replaceAll('\n', ', ')}) expired on ${certificate.validToDate.toISOString()}.`);
        }
        certificate = certificate.issuerCertificate;
      }
      done(undefined);
    });
    socket.once('error', () => done(undefined));
    socket.once('timeout', () => done(undefined));
  });
}
