import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AbortSignalLike, Failure, Outcome } from '../agents/contract/index.ts';

/** One request to the world outside, through a proxy where one is set. Redirects are the caller's. */
export interface WebRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Null: what the environment says. */
  readonly proxy: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignalLike;
  /** Until the head of the answer is there. */
  readonly limitMs: number;
}

export function ask({ url, method, headers, body, proxy, env, signal, limitMs }: WebRequest): Promise<Outcome<IncomingMessage>> {
  if (signal.aborted) return Promise.resolve({ ok: false, failure: CANCELLED });
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const proxyEnv = proxyOf(proxy, env);
    const agent = secure ? new HttpsAgent({ proxyEnv }) : new HttpAgent({ proxyEnv });
    const request = (secure ? httpsRequest : httpRequest)(url, { method, headers, agent });
    const late = setTimeout(() => request.destroy(new Error(`no answer within ${String(limitMs / 1000)} seconds`)), limitMs);
    const stop = () => void request.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop);
    request.on('response', (answer) => {
      clearTimeout(late);
      answer.once('close', () => {
        signal.removeEventListener('abort', stop);
        agent.destroy();
      });
      resolve({ ok: true, value: answer });
    });
    request.on('error', (error) => {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      agent.destroy();
      resolve({ ok: false, failure: signal.aborted ? CANCELLED : unreachable(url, error, proxy) });
    });
    request.end(body);
  });
}

/** A proxy that is set stands for both kinds of addresses; machines of one's own are asked directly all the same. */
function proxyOf(proxy: string | null, env: WebRequest['env']): NodeJS.ProcessEnv {
  if (proxy !== null) return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  const kept = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The whole text of an answer, at most so many bytes. */
export async function textOf(answer: IncomingMessage, mostBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBytes) {
      answer.destroy();
      break;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

export const CANCELLED: Failure = { code: 'cancelled', message: 'It was stopped.' };

function unreachable(url: URL, error: NodeJS.ErrnoException, proxy: string | null): Failure {
  const through = proxy === null ? '' : ` through the proxy ${withoutUser(proxy)}`;
  return {
    code: 'model-unavailable',
    message: `${url.host} cannot be reached${through}: ${WORDS[error.code ?? ''] ?? error.message}.`,
    hint: 'Check the network, or set a mirror or a proxy: quarterdeck models set --mirror URL --proxy URL.',
  };
}

function withoutUser(proxy: string): string {
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'its name is not known',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'it does not answer',
  EAI_AGAIN: 'names cannot be looked up now',
};
