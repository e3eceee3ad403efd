import { Pool } from 'undici';
import type { SecureContext } from 'node:tls';
import type { ConnectLimit } from './connect-limit.ts';
import { connectorOf } from './connector.ts';
import { proxyFromEnv, readProxy } from './proxy-choice.ts';
import { machineContext } from './tls-settings.ts';

/** One request to an identity provider: a fresh connection, a time limit, a small answer. Never follows a redirect with a secret. */

const MOST_BYTES = 1 << 20;

export interface Asking {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limit: ConnectLimit;
  readonly context: SecureContext;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ProviderAnswer {
  readonly status: number;
  /** undefined where it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly date: string | undefined;
}

/** @throws what the connection throws, a TimeoutError after the limit, an AbortError when it is cancelled. */
export async function askProvider(
  url: URL,
  { env, limit, context, timeoutMs, signal }: Asking,
  post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
): Promise<ProviderAnswer> {
  const closing = new AbortController();
  const proxy = proxyFromEnv(url, env);
  const connect = connectorOf(
    {
      server: url,
      proxy: proxy === undefined ? undefined : readProxy(proxy),
      tls: url.protocol === 'https:' ? { context, servername: undefined, verify: true } : undefined,
      proxyContext: machineContext,
    },
    limit,
    closing.signal,
  );
  const pool = new Pool(url.origin, { connect, connections: 1, allowH2: false });
  try {
    const answer = await pool.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: post === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        'user-agent': 'quarterdeck',
        ...(post === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', ...post.headers }),
      },
      body: post?.body ?? null,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    let text = '';
    for await (const part of answer.body.setEncoding('utf8') as AsyncIterable<string>) {
      text += part;
      if (text.length > MOST_BYTES) break;
    }
    const { date } = answer.headers;
    return { status: answer.statusCode, body: objectIn(text), date: typeof date === 'string' ? date : undefined };
  } finally {
    closing.abort();
    void pool.destroy().catch(() => undefined);
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
