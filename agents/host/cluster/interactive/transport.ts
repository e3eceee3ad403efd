import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ContextName, Failure, Outcome } from '../../../contract/index.ts';
import { readApiPath } from '../api-request.ts';
import type { CredentialSource } from '../credential.ts';
import type { Dispatchers } from '../dispatchers.ts';
import { type Where, failureOfError, failureOfStatus, statusBody } from '../failures.ts';
import type { KubeTarget } from '../kubeconfig.ts';

/** The subresources a person may open; nothing else goes through here. */
const OPENED = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/(?:exec|attach|portforward)$/;
const OPEN_MS = 30_000;
/** RFC 6455, 1.3. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface Opened {
  readonly socket: Duplex;
  /** What came together with the answer. */
  readonly head: Buffer;
  readonly protocol: string;
}

/**
 * A third right beside reading and writing: to open a shell in a container or a tunnel to a pod, because a person asked for it. Made in
 * the host for that alone; no agent, probe or reader ever holds one.
 */
export class InteractiveTransport {
  readonly #target: KubeTarget;
  readonly #credentials: CredentialSource;
  readonly #dispatchers: Dispatchers;
  readonly #where: Where;

  constructor(target: KubeTarget, credentials: CredentialSource, dispatchers: Dispatchers) {
    this.#target = target;
    this.#credentials = credentials;
    this.#dispatchers = dispatchers;
    this.#where = { context: target.context.name, host: new URL(target.cluster.server ?? '').host };
  }

  get context(): ContextName {
    return this.#target.context.name;
  }

  /** Opens a WebSocket in the first of `protocols` that the server has. @throws for any path that is not one of the three. */
  async open(path: string, query: URLSearchParams, protocols: readonly string[]): Promise<Outcome<Opened>> {
    if (!OPENED.test(path)) throw new Error(`the interactive transport does not open ${path}`);
    for (let renewed = false; ; renewed = true) {
      const credential = await this.#credentials.get(this.#target);
      if (!credential.ok) return credential;
      const dispatcher = await this.#dispatchers.of(this.#target, credential.value, 'stream');
      if (!dispatcher.ok) return dispatcher;
      const answer = await this.#upgrade(dispatcher.value, path, query, protocols, credential.value.headers);
      if (answer.type === 'opened') return { ok: true, value: answer.opened };
      if (answer.type === 'failed') return { ok: false, failure: failureOfError(this.#where, answer.error) };
      if (answer.status === 401 && !renewed && (await this.#credentials.refuse(this.#target, credential.value))) continue;
      return { ok: false, failure: this.#refused(path, answer.status, answer.body) };
    }
  }

  #refused(path: string, status: number, body: string): Failure {
    const asked = readApiPath('POST', path, false);
    const parsed = statusBody(body);
    return failureOfStatus(this.#where, asked, status, parsed.message === undefined ? { message: body.slice(0, 400) } : parsed);
  }

  #upgrade(
    dispatcher: Dispatcher,
    path: string,
    query: URLSearchParams,
    protocols: readonly string[],
    headers: Readonly<Record<string, string | string[]>>,
  ): Promise<Answer> {
    const server = new URL(this.#target.cluster.server ?? '');
    const key = randomBytes(16).toString('base64');
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ type: 'failed', error: new Error('no answer within 30 s') }), OPEN_MS);
      const done = (answer: Answer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      let status = 0;
      const body: Buffer[] = [];
      dispatcher.dispatch(
        {
          origin: server.origin,
          path: `${server.pathname.replace(/\/+$/, '')}${path}?${query.toString()}`,
          method: 'GET',
          upgrade: 'websocket',
          headers: {
            ...headers,
            'user-agent': 'quarterdeck',
            'sec-websocket-key': key,
            'sec-websocket-version': '13',
            'sec-websocket-protocol': protocols.join(', '),
          },
        },
        {
          onRequestStart: () => undefined,
          onRequestUpgrade: (_controller: unknown, _status: number, answered: IncomingHttpHeaders, socket: Duplex, head?: Buffer) => {
            const proof = createHash('sha1')
              .update(key + ACCEPT)
              .digest('base64');
            if (answered['sec-websocket-accept'] !== proof) {
              socket.destroy();
              return done({ type: 'failed', error: new Error('the answer is not that of a WebSocket') });
            }
            done({
              type: 'opened',
              opened: { socket, head: head ?? Buffer.alloc(0), protocol: String(answered['sec-websocket-protocol'] ?? '') },
            });
          },
          onResponseStart: (_controller: unknown, code: number) => {
            status = code;
          },
          onResponseData: (_controller: unknown, chunk: Buffer) => {
            if (body.length < 16) body.push(chunk);
          },
          onResponseEnd: () => done({ type: 'refused', status, body: Buffer.concat(body).toString('utf8') }),
          onResponseError: (_controller: unknown, error: Error) => done({ type: 'failed', error }),
        } as Dispatcher.DispatchHandler,
      );
    });
  }
}

type Answer =
  | { readonly type: 'opened'; readonly opened: Opened }
  | { readonly type: 'refused'; readonly status: number; readonly body: string }
  | { readonly type: 'failed'; readonly error: unknown };
