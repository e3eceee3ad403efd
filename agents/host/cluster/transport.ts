import type { Readable } from 'node:stream';
import type { Json, Outcome } from '../../contract/index.ts';
import { notAnApiServer } from './failures.ts';
import type { Use } from './dispatchers.ts';
import type { ClusterHttp, Method, Query } from './http.ts';

interface ReadOptions {
  readonly query?: Query;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly accept?: string;
  /** `answer-too-large` beyond; default 256 MiB. */
  readonly mostBytes?: number;
  readonly use?: Use;
}

/** The roots of paths that only ever read. */
const ROOTS = ['api', 'apis', 'version', 'healthz', 'livez', 'readyz', 'openapi'];
/** Subresources on which even a GET acts: it opens a shell, a tunnel, or passes the request on to a workload. */
const ACTING = ['exec', 'attach', 'portforward', 'proxy'];

/** @throws where a path could reach anything but a resource of this API server. That is a fault of ours, not of the cluster. */
function checkReadPath(path: string): void {
  const steps = (path.split('?')[0] ?? '').split('/');
  const bare = steps.map((step) => {
    try {
      return decodeURIComponent(step);
    } catch {
      return '..';
    }
  });
  const odd = bare.some((step, i) => step === '..' || step === '.' || step.includes('/') || (i > 0 && i < bare.length - 1 && step === ''));
  const control = [...path].some((c) => c <= ' ' || c === '\u007f' || c === '#' || c === '\\');
  if (bare[0] !== '' || odd || control) throw new Error(`not an API path: ${JSON.stringify(path)}`);
  if (!ROOTS.includes(bare[1] ?? '')) throw new Error(`not a path of the Kubernetes API: ${JSON.stringify(path)}`);
  const resource = bare[1] === 'api' ? bare.slice(3) : bare.slice(4);
  const inside = resource[0] === 'namespaces' && resource.length > 2 ? resource.slice(2) : resource;
  if (ACTING.includes(inside[2] ?? ''))
    throw new Error(`the read-only transport refuses ${inside[0] ?? ''}/${inside[2] ?? ''}: it acts on the cluster`);
}

/**
 * The only way in which the kube worker and the probes reach a cluster. It knows one method, GET, and refuses everything else before
 * anything is sent: no bug and no text from a cluster can write through it.
 */
export class ReadOnlyTransport {
  readonly #http: ClusterHttp;

  constructor(http: ClusterHttp) {
    this.#http = http;
  }

  get context(): string {
    return this.#http.where.context;
  }

  get where(): ClusterHttp['where'] {
    return this.#http.where;
  }

  /** @throws for any method but GET, and for paths that act. */
  async request(method: string, path: string, options: ReadOptions = {}): Promise<Outcome<Json>> {
    if (method !== 'GET') throw new Error(`the read-only transport refuses ${method} ${path}`);
    const text = await this.text(path, options);
    return text.ok ? parseAnswer(this.#http, text.value) : text;
  }

  get(path: string, options: ReadOptions = {}): Promise<Outcome<Json>> {
    return this.request('GET', path, options);
  }

  /** The answer as it is, for logs and for lists that are parsed page by page. */
  async text(path: string, options: ReadOptions = {}): Promise<Outcome<string>> {
    checkReadPath(path);
    return this.#http.read({ ...options, method: 'GET', path });
  }

  /** An answer that goes on, for watches; `timeoutMs` is the limit until it begins. Destroy the body, or end the signal, to end it. */
  async stream(path: string, options: ReadOptions = {}): Promise<Outcome<Readable>> {
    checkReadPath(path);
    const answer = await this.#http.open({ ...options, method: 'GET', path });
    return answer.ok ? { ok: true, value: answer.value.body } : answer;
  }
}

export interface WriteOptions {
  readonly query?: Query;
  readonly body?: Json;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Can change a cluster. Made for the writer in the host and for nobody else; never retried here beyond one renewal of the login. */
export class WritableTransport {
  readonly #http: ClusterHttp;

  constructor(http: ClusterHttp) {
    this.#http = http;
  }

  get context(): string {
    return this.#http.where.context;
  }

  /** `path` is an API path without query: `/apis/apps/v1/namespaces/shop/deployments/web`. */
  async request(method: Method, path: string, { body, ...options }: WriteOptions = {}): Promise<Outcome<Json>> {
    const text = await this.#http.read({ ...options, method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return text.ok ? parseAnswer(this.#http, text.value) : text;
  }
}

function parseAnswer(http: ClusterHttp, text: string): Outcome<Json> {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    return { ok: false, failure: notAnApiServer(http.where) };
  }
}
