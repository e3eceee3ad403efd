import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../../contract/index.ts';
import { find } from '../../actions/json-patch.ts';
import { type Answer, badRequest, forbidden, notFound, notServed, send, statusBody, tooMany, unauthorized } from './answer.ts';
import { ObjectTable, type RawObject } from './objects.ts';
import { type Place, discovery, placeOf, rightOf } from './place.ts';
import { type LogSource, Reading, logOf } from './reading.ts';
import { write } from './writing.ts';

/**
 * A Kubernetes API server of ours in memory, speaking HTTP on loopback: what it answers is what the product reads from any cluster, so
 * everything above it is the real code. What goes wrong on demand is in `faults`.
 */
export interface ApiServer {
  readonly url: string;
  readonly table: ObjectTable;
  readonly requests: readonly ApiRequest[];
  readonly faults: Faults;
  close(): Promise<void>;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly dryRun: boolean;
  /** When it arrived, by `performance.now()`. */
  readonly at: number;
}

/** Switched by tests while it runs. */
export interface Faults {
  /** Requests are accepted and never answered. */
  hang: boolean;
  /** So many requests from now on are answered with 429 and `Retry-After: 1`. */
  tooMany: number;
  /** Changes of these resources are accepted, not carried out and never answered; rehearsals are. */
  readonly stalled: Set<string>;
  /** Before each answer, milliseconds. */
  latencyMs: number;
  /** Answered with 403 and by access reviews: `patch/deployments`, `patch/deployments/scale`, or of one namespace `list/secrets in shop`. */
  readonly forbidden: Set<string>;
  /** Ends all watches as a broken connection does. */
  cutWatches(): void;
  /** Everything up to now is too old: watches that come back and lists half read get 410. */
  forget(): void;
  /** Nothing listens any more; connections are broken. */
  down(): Promise<void>;
  /** Listens again at the same address. */
  up(): Promise<void>;
}

export interface ApiServerOptions {
  readonly objects: readonly RawObject[];
  /** Makes its uids different from those of every other cluster; a cluster is known by the uid of namespace kube-system. */
  readonly name?: string;
  /** Required as a bearer token where given. */
  readonly token?: string;
  /** `gitVersion`. */
  readonly version?: string;
  /** The text of a container's log. */
  readonly log?: LogSource;
  /** What is answered by what stands behind the API server: metrics, proxies. Asked before everything that is an object. */
  readonly pages?: PageSource;
}

/** `cut`: so many bytes of the body are sent, and the connection is broken. */
export interface Page {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
  readonly cut?: number;
}
export type PageSource = (path: string, query: URLSearchParams) => Page | undefined;

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { objects, name, token, version = 'v1.37.2', log = () => undefined, pages } = options;
  const table = new ObjectTable(name);
  for (const object of objects) table.put(object);
  const reading = new Reading(table);
  const requests: ApiRequest[] = [];

  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: statusBody(500, 'InternalError', String(error)) });
    });
  });
  const listen = (port: number) =>
    new Promise<void>((done) => {
      server.listen(port, '127.0.0.1', () => done());
      server.unref();
    });
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const faults: Faults = {
    hang: false,
    tooMany: 0,
    latencyMs: 0,
    forbidden: new Set(),
    stalled: new Set(),
    cutWatches: () => reading.cut(),
    forget: () => reading.forget(),
    down: stop,
    up: () => listen(port),
  };
  const isForbidden = (verb: string, right: string, namespace: string | undefined) =>
    faults.forbidden.has(`${verb}/${right}`) || faults.forbidden.has(`${verb}/${right} in ${namespace ?? ''}`);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster.invalid');
    const { pathname: path, searchParams: query } = url;
    const method = request.method ?? 'GET';
    requests.push({ method, path, dryRun: query.get('dryRun') === 'All', at: performance.now() });
    if (faults.hang) return;
    if (faults.latencyMs > 0) await new Promise((done) => setTimeout(done, faults.latencyMs));
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return send(response, unauthorized());
    if (faults.tooMany > 0) {
      faults.tooMany--;
      return send(response, tooMany());
    }
    const body = await readBody(request);
    if (body === undefined) return send(response, badRequest('the body of the request is not JSON'));
    if (/^\/(healthz|livez|readyz)$/.test(path)) return void response.writeHead(200).end('ok');
    const plain = path === '/version' ? { major: '1', minor: '37', gitVersion: version } : discovery(path);
    if (plain !== undefined) return send(response, { status: 200, body: plain });
    if (path.endsWith('/selfsubjectaccessreviews')) return send(response, { status: 201, body: review(body) });
    if (path.endsWith('/selfsubjectrulesreviews')) return send(response, { status: 201, body: rules() });
    const page = pages?.(path, query);
    if (page !== undefined) return sendPage(page, response);
    const place = placeOf(path);
    if (place === undefined) return send(response, notServed());
    const verb = VERBS[method] ?? (query.get('watch') === 'true' ? 'watch' : place.name === undefined ? 'list' : 'get');
    if (isForbidden(verb, rightOf(place), place.namespace)) return send(response, forbidden(verb, rightOf(place), place.namespace));
    if (VERBS[method] !== undefined && query.get('dryRun') !== 'All' && faults.stalled.has(place.resource)) return;
    if (verb === 'watch') return reading.watch(place, query, response);
    if (verb === 'list') return send(response, reading.list(place, query));
    if (verb === 'get') return place.sub === 'log' ? sendLog(place, query, response) : send(response, reading.get(place));
    send(response, write(table, { verb, place, query, body, contentType: request.headers['content-type'] ?? '' }));
  }

  function sendPage({ status = 200, type = 'application/json', body, cut }: Page, response: ServerResponse): void {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    if (cut === undefined) response.end(body);
    else response.write(body.slice(0, cut), () => response.destroy());
  }

  function sendLog({ resource, namespace, name = '' }: Place, query: URLSearchParams, response: ServerResponse): void {
    const pod = table.get(resource, namespace, name);
    const text: string | Answer = pod === undefined ? notFound(resource, name) : logOf(pod, query, log);
    if (typeof text !== 'string') return send(response, text);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(text);
  }

  function review(body: Json): object {
    const asked = find(body, '/spec/resourceAttributes') as Readonly<Record<string, string>> | undefined;
    const { verb = '', resource = '', subresource, namespace } = asked ?? {};
    const allowed = !isForbidden(verb, rightOf({ resource, sub: subresource }), namespace);
    return {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      status: { allowed, reason: allowed ? '' : 'not in the roles of this user' },
    };
  }

  /** Where something is forbidden it says nothing, as servers do whose authorizer is a webhook: rules cannot say "all but". */
  function rules(): object {
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    const some = faults.forbidden.size > 0;
    return {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      status: { resourceRules: some ? [] : [all], nonResourceRules: [], incomplete: some },
    };
  }

  return { url: `http://127.0.0.1:${port}`, table, requests, faults, close: stop };
}

/** The body as JSON, null where there is none, undefined where it is something else. */
async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  const parts: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) parts.push(chunk);
  const text = Buffer.concat(parts).toString();
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
