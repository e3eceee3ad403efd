import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Json, JsonPatchOp } from '../../../contract/index.ts';
import { applyPatch } from '../../actions/json-patch.ts';
import { ObjectTable, type RawObject, SERVED } from './objects.ts';
import { matchesQuery, statusBody } from './wire.ts';

/**
 * A Kubernetes API server of ours in memory, speaking HTTP on loopback: what it answers is what the product reads from any cluster, so
 * everything above it is the real code. Behaviour that tests switch on (hang, forbid, cut) is in `faults`.
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
}

export interface Faults {
  /** Requests are accepted and never answered. */
  hang: boolean;
  /** Answered with 403; `verb/resource`, for example `patch/deployments`, `list/secrets`. */
  readonly forbidden: Set<string>;
  cutWatches(): void;
}

export interface ApiServerOptions {
  readonly objects: readonly RawObject[];
  /** Required as a bearer token where given. */
  readonly token?: string;
  /** `gitVersion`. */
  readonly version?: string;
  /** The text of a container's log. */
  readonly log?: (pod: RawObject, container: string, previous: boolean) => string | undefined;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

interface Place {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
}

/** `/apis/apps/v1/namespaces/shop/deployments/web/status` in its parts; undefined for what is not served. */
function placeOf(path: string): Place | undefined {
  const parts = path
    .split('/')
    .filter((p) => p !== '')
    .map(decodeURIComponent);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  const version = parts[0] === 'api' ? parts[1] : parts.slice(1, 3).join('/');
  const inside = rest[0] === 'namespaces' && rest.length > 2;
  const [resource = '', name, sub] = inside ? rest.slice(2) : rest;
  const served = SERVED[resource];
  if (served === undefined || served.apiVersion !== version) return undefined;
  return { resource, namespace: inside ? rest[1] : undefined, name, sub };
}

export async function startApiServer({ objects, token, version = 'v1.37.2', log = () => undefined }: ApiServerOptions): Promise<ApiServer> {
  const table = new ObjectTable();
  for (const object of objects) table.put(object);
  const requests: ApiRequest[] = [];
  const watches = new Set<ServerResponse>();
  const faults: Faults = {
    hang: false,
    forbidden: new Set(),
    cutWatches: () => {
      for (const response of watches) response.destroy();
    },
  };

  const server: Server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => send(response, 500, statusBody(500, 'InternalError', String(error))));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster.invalid');
    const method = request.method ?? 'GET';
    requests.push({ method, path: url.pathname, dryRun: url.searchParams.get('dryRun') === 'All' });
    if (faults.hang) return;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return send(response, 401, statusBody(401, 'Unauthorized', 'Unauthorized'));
    const body = await readBody(request);
    if (url.pathname === '/version') return send(response, 200, { major: '1', minor: '37', gitVersion: version });
    if (/^\/(healthz|livez|readyz)$/.test(url.pathname)) return void response.writeHead(200).end('ok');
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) return send(response, 201, review(body));
    const place = placeOf(url.pathname);
    if (place === undefined) return send(response, 404, statusBody(404, 'NotFound', 'the server could not find the requested resource'));
    const verb = VERBS[method] ?? (url.searchParams.get('watch') === 'true' ? 'watch' : place.name === undefined ? 'list' : 'get');
    if (faults.forbidden.has(`${verb}/${place.resource}`)) {
      const { group, name } = groupOf(place.resource);
      const where = place.namespace === undefined ? 'at the cluster scope' : `in the namespace "${place.namespace}"`;
      return send(
        response,
        403,
        statusBody(
          403,
          'Forbidden',
          `${name} is forbidden: User "demo" cannot ${verb} resource "${place.resource}" in API group "${group}" ${where}`,
        ),
      );
    }
    if (verb === 'watch') return watch(place, url.searchParams, response);
    if (verb === 'list') return list(place, url.searchParams, response);
    if (verb === 'get') return get(place, url.searchParams, response);
    return change(verb, place, url.searchParams, body, request.headers['content-type'] ?? '', response);
  }

  function review(body: unknown): object {
    const asked = (body as { spec?: { resourceAttributes?: { verb?: string; resource?: string } } }).spec?.resourceAttributes;
    const allowed = !faults.forbidden.has(`${asked?.verb ?? ''}/${asked?.resource ?? ''}`);
    return {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      status: { allowed, reason: allowed ? '' : 'not in the roles of this user' },
    };
  }

  function list({ resource, namespace }: Place, query: URLSearchParams, response: ServerResponse): void {
    const all = table.list(resource, namespace).filter((o) => matchesQuery(o, query));
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const items = all.slice(from, from + limit);
    const more = from + limit < all.length;
    const { kind, apiVersion } = SERVED[resource] ?? { kind: '', apiVersion: 'v1' };
    send(response, 200, {
      kind: `${kind}List`,
      apiVersion,
      metadata: { resourceVersion: String(table.version), ...(more ? { continue: String(from + limit) } : {}) },
      items,
    });
  }

  function watch({ resource, namespace }: Place, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion') ?? table.version);
    if (from < table.oldest) return send(response, 410, statusBody(410, 'Expired', `too old resource version: ${from} (${table.oldest})`));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const write = (type: string, object: RawObject) => {
      if ((namespace === undefined || object.metadata.namespace === namespace) && matchesQuery(object, query))
        response.write(`${JSON.stringify({ type, object })}\n`);
    };
    for (const c of table.since(from, resource)) write(c.type, c.object);
    const stop = table.onChange((c) => void (c.resource === resource && write(c.type, c.object)));
    const end = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 300) * 1000);
    watches.add(response);
    response.on('close', () => {
      stop();
      clearTimeout(end);
      watches.delete(response);
    });
  }

  function get({ resource, namespace, name = '', sub }: Place, query: URLSearchParams, response: ServerResponse): void {
    const object = table.get(resource, namespace, name);
    if (object === undefined) return send(response, 404, notFound(resource, name));
    if (sub === 'log') {
      const text = log(object, query.get('container') ?? '', query.get('previous') === 'true');
      if (text === undefined)
        return send(
          response,
          400,
          statusBody(400, 'BadRequest', `container "${query.get('container') ?? ''}" in pod "${name}" is waiting to start`),
        );
      const lines = text.split('\n').slice(-Number(query.get('tailLines') ?? 1_000) - 1);
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(lines.join('\n'));
      return;
    }
    send(response, 200, object);
  }

  function change(verb: string, place: Place, query: URLSearchParams, body: unknown, type: string, response: ServerResponse): void {
    const { resource, namespace, name } = place;
    const dry = query.get('dryRun') === 'All' || JSON.stringify((body as { dryRun?: unknown } | undefined)?.dryRun ?? null).includes('All');
    const store = (object: RawObject, status: number) => send(response, status, dry ? table.stamped(object) : table.put(object));
    if (verb === 'create') {
      const object = body as RawObject;
      if (table.get(resource, namespace, object.metadata.name) !== undefined)
        return send(response, 409, statusBody(409, 'AlreadyExists', `${resource} "${object.metadata.name}" already exists`));
      return store({ ...object, metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) } }, 201);
    }
    const live = name === undefined ? undefined : table.get(resource, namespace, name);
    if (live === undefined || name === undefined) return send(response, 404, notFound(resource, name ?? ''));
    if (verb === 'delete') {
      const wanted = (body as { preconditions?: { uid?: string; resourceVersion?: string } } | undefined)?.preconditions;
      if (
        (wanted?.uid ?? live.metadata.uid) !== live.metadata.uid ||
        (wanted?.resourceVersion ?? live.metadata.resourceVersion) !== live.metadata.resourceVersion
      )
        return send(response, 409, conflict(resource, name));
      if (!dry) table.remove(resource, namespace, name);
      return send(response, 200, live);
    }
    const next = verb === 'update' ? { ok: true as const, value: body as Json } : patched(live, body, type);
    if (!next.ok)
      return send(
        response,
        422,
        statusBody(422, 'Invalid', `the server rejected our request due to an error in our request: ${next.because}`),
      );
    const object =
      place.sub === 'scale'
        ? { ...live, spec: { ...live.spec, replicas: (next.value as { spec?: { replicas?: number } }).spec?.replicas ?? 1 } }
        : (next.value as unknown as RawObject);
    const version = object.metadata.resourceVersion;
    if (version !== undefined && version !== live.metadata.resourceVersion) return send(response, 409, conflict(resource, name));
    store(object, 200);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  server.unref();
  const at = server.address();
  return {
    url: `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`,
    table,
    requests,
    faults,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function patched(live: RawObject, body: unknown, type: string): { ok: true; value: Json } | { ok: false; because: string } {
  if (!type.startsWith('application/json-patch')) return { ok: true, value: merged(live as unknown as Json, body as Json) };
  const result = applyPatch(live as unknown as Json, body as JsonPatchOp[]);
  return result.ok ? result : { ok: false, because: `the operation ${result.op.op} at ${result.op.path} does not fit the object` };
}

/** RFC 7386. */
function merged(target: Json, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base: Record<string, Json> = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key];
    else base[key] = merged(base[key] ?? null, value);
  }
  return base;
}

const notFound = (resource: string, name: string) => statusBody(404, 'NotFound', `${resource} "${name}" not found`);
const conflict = (resource: string, name: string) =>
  statusBody(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );

function groupOf(resource: string): { group: string; name: string } {
  const [group = '', version] = (SERVED[resource]?.apiVersion ?? 'v1').split('/');
  return version === undefined ? { group: '', name: resource } : { group, name: `${resource}.${group}` };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) parts.push(chunk);
  const text = Buffer.concat(parts).toString();
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
