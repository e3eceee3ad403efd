import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Failure, Outcome } from '../../contract/index.ts';
import { readApiPath } from './api-request.ts';
import type { Credential, CredentialSource } from './credential.ts';
import type { Dispatchers, Use } from './dispatchers.ts';
import { findExpired } from './expired-certificate.ts';
import { TimedOut, type Where, answerTooLarge, failureOfError, failureOfStatus, statusBody } from './failures.ts';
import type { KubeTarget } from './kubeconfig.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface HttpRequest {
  readonly method: Method;
  /** From the root of the API: `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Until the answer begins, or for `read` until it has ended. Default 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For `read`: an answer that is larger is not read to its end (`answer-too-large`). Default 256 MiB. */
  readonly mostBytes?: number | undefined;
  /** Which connections it goes over; by default those of reads for `read`, one of its own for `open`. */
  readonly use?: Use | undefined;
}

interface HttpAnswer {
  readonly body: Readable;
  readonly contentType: string;
}

const TIMEOUT_MS = 30_000;
const MOST_WAITS = 3;
const LONGEST_WAIT_S = 10;
/** A page of a list is a few MB, the largest list that is read in one piece some hundred. */
const MOST_BYTES = 256 * 2 ** 20;

/** Speaks to one cluster as one user: login, one renewal after a 401, patience after a 429, and every failure as a value. */
export class ClusterHttp {
  readonly target: KubeTarget;
  readonly where: Where;
  readonly #credentials: CredentialSource;
  readonly #dispatchers: Dispatchers;
  readonly #base: string;

  constructor(target: KubeTarget, credentials: CredentialSource, dispatchers: Dispatchers) {
    const server = new URL(target.cluster.server ?? '');
    this.target = target;
    this.where = { context: target.context.name, host: server.host };
    this.#credentials = credentials;
    this.#dispatchers = dispatchers;
    this.#base = server.pathname.replace(/\/+$/, '');
  }

  /** Whole text of a successful answer. */
  async read(request: HttpRequest): Promise<Outcome<string>> {
    const limit = this.#limit(request);
    const signal = request.signal === undefined ? limit.signal : AbortSignal.any([request.signal, limit.signal]);
    try {
      const answer = await this.open({ use: 'read', ...request, signal });
      if (!answer.ok) return answer;
      const most = request.mostBytes ?? MOST_BYTES;
      const text = await readText(answer.value.body, most);
      return text === undefined ? { ok: false, failure: answerTooLarge(this.where, most) } : { ok: true, value: text };
    } catch (error) {
      return { ok: false, failure: failureOfError(this.where, signal.aborted ? signal.reason : error) };
    } finally {
      limit.end();
    }
  }

  /** A successful answer whose body the caller reads or destroys; ending `signal` ends the body too. */
  async open(request: HttpRequest): Promise<Outcome<HttpAnswer>> {
    let renewed = false;
    let broken = false;
    for (let waits = 0; ;) {
      const credential = await this.#credentials.get(this.target);
      if (!credential.ok) return credential;
      const dispatcher = await this.#dispatchers.of(this.target, credential.value, request.use ?? 'stream');
      if (!dispatcher.ok) return dispatcher;
      let answer: Dispatcher.ResponseData;
      try {
        answer = await this.#send(request, dispatcher.value, credential.value);
      } catch (error) {
        // A kept connection may have been closed by the server in the moment it was used again: once more, for reads only.
        if (!broken && request.method === 'GET' && isStale(error) && request.signal?.aborted !== true) {
          broken = true;
          continue;
        }
        return { ok: false, failure: await this.#explain(request, error) };
      }
      const { statusCode: status, headers, body } = answer;
      if (status >= 200 && status < 300) {
        this.#credentials.accepted(this.target);
        return { ok: true, value: { body, contentType: String(headers['content-type'] ?? '') } };
      }
      const text = (await readText(body, 65_536).catch(() => undefined)) ?? '';
      if (status === 401 && (await this.#credentials.refuse(this.target, credential.value)) && !renewed) {
        renewed = true;
        continue;
      }
      if (status !== 401) this.#credentials.accepted(this.target);
      const seconds = retryAfter(headers['retry-after']);
      if (status === 429 && request.method === 'GET' && waits < MOST_WAITS && (seconds ?? 1) <= LONGEST_WAIT_S) {
        waits++;
        try {
          await pause((seconds ?? 1) * 1000, undefined, request.signal === undefined ? {} : { signal: request.signal });
          continue;
        } catch {
          // The time limit ended the waiting: what the server said last is the answer.
        }
      }
      const asked = readApiPath(request.method, request.path, request.query?.['watch'] === true);
      return { ok: false, failure: this.#doubting(failureOfStatus(this.where, asked, status, statusBody(text), seconds)) };
    }
  }

  async #send(request: HttpRequest, dispatcher: Dispatcher, credential: Credential): Promise<Dispatcher.ResponseData> {
    // A limit until the answer begins; `read` brings its own for the whole.
    const limit = this.#limit(request);
    try {
      return await dispatcher.request({
        origin: new URL(this.target.cluster.server ?? '').origin,
        path: `${this.#base}${request.path}${queryText(request)}`,
        method: request.method,
        headers: {
          ...credential.headers,
          accept: request.accept ?? 'application/json',
          'user-agent': 'quarterdeck',
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        },
        body: request.body ?? null,
        signal: request.signal === undefined ? limit.signal : AbortSignal.any([request.signal, limit.signal]),
      });
    } catch (error) {
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      limit.end();
    }
  }

  /** Runs out after the request's time, which does not count while somebody logs in, or its connection waits for its turn. */
  #limit({ timeoutMs: ms = TIMEOUT_MS }: HttpRequest): { readonly signal: AbortSignal; end(): void } {
    const ended = new AbortController();
    const run = () => {
      if (this.#credentials.isWaiting(this.target) || this.#dispatchers.isWaiting(this.target)) timer = setTimeout(run, ms);
      else ended.abort(new TimedOut(ms));
    };
    let timer = setTimeout(run, ms);
    return { signal: ended.signal, end: () => clearTimeout(timer) };
  }

  /** A clock that is off makes good credentials look bad. */
  #doubting(failure: Failure): Failure {
    const doubts = failure.code === 'cluster-unauthorized' ? this.#credentials.doubts(this.target) : '';
    return doubts === '' ? failure : { ...failure, message: `${failure.message}${doubts}` };
  }

  async #explain(request: HttpRequest, error: unknown): Promise<Failure> {
    const cause: unknown = request.signal?.aborted === true ? request.signal.reason : error;
    const failure = failureOfError(this.where, cause);
    if (failure.code !== 'cluster-certificate-expired') return this.#doubting(failure);
    return failureOfError(this.where, cause, await findExpired(this.target));
  }
}

function queryText({ path, query }: HttpRequest): string {
  const pairs = Object.entries(query ?? {}).flatMap(([k, v]): [string, string][] => (v === undefined ? [] : [[k, String(v)]]));
  return pairs.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`;
}

function isStale(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && ['UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'ECONNRESET', 'EPIPE'].includes(code);
}

/** Seconds; the header may also hold a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** The body as text; undefined where it is larger. Bytes are joined before they are decoded, for a character may be cut between two. */
async function readText(body: Readable, mostBytes: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) {
      body.destroy();
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
