import type { ServerResponse } from 'node:http';
import { type Answer, badRequest, expired, notFound, statusBody } from './answer.ts';
import { type ObjectTable, type RawObject, SERVED } from './objects.ts';
import type { Place } from './place.ts';
import { matchesQuery } from './selectors.ts';

/** Lists that are being read page by page; more than these and the oldest tokens expire. */
const PAGED = 16;
/** How often a watch that asked for bookmarks gets one. Milliseconds. */
const BOOKMARK_MS = 30_000;

/** Lists, watches and logs. Pages of one list are of one moment, as on a real server. */
export class Reading {
  readonly #table: ObjectTable;
  readonly #pages = new Map<string, { readonly left: readonly RawObject[]; readonly version: number }>();
  readonly #watches = new Set<ServerResponse>();
  #tokens = 0;
  #forgotten = 0;

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  /** Everything before now is too old: for watches that come back, and for lists half read. */
  forget(): void {
    this.#forgotten = this.#table.version;
    this.#pages.clear();
  }

  /** Ends all watches as a broken connection does. */
  cut(): void {
    for (const response of this.#watches) response.destroy();
  }

  list({ resource, namespace }: Place, query: URLSearchParams): Answer {
    const token = query.get('continue') ?? '';
    const page = token === '' ? undefined : this.#pages.get(token);
    if (token !== '' && page === undefined)
      return expired('The provided continue parameter is too old to display a consistent list result. Start a new list.');
    const version = page?.version ?? this.#table.version;
    const all = page?.left ?? this.#table.list(resource, namespace).filter((o) => matchesQuery(o, query));
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const left = all.slice(limit);
    const { kind, apiVersion } = SERVED[resource] ?? { kind: '', apiVersion: 'v1' };
    const more = left.length === 0 ? {} : { continue: this.#keep(left, version), remainingItemCount: left.length };
    return {
      status: 200,
      body: { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: String(version), ...more }, items: all.slice(0, limit) },
    };
  }

  #keep(left: readonly RawObject[], version: number): string {
    const token = Buffer.from(`page ${++this.#tokens}`).toString('base64url');
    this.#pages.set(token, { left, version });
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > PAGED && oldest !== undefined) this.#pages.delete(oldest);
    return token;
  }

  watch({ resource, namespace }: Place, query: URLSearchParams, response: ServerResponse): void {
    const table = this.#table;
    const asked = query.get('resourceVersion') ?? '';
    const from = asked === '' || asked === '0' ? table.version : Number(asked);
    const oldest = Math.max(table.oldest, this.#forgotten);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const line = (type: string, object: object) => void response.write(`${JSON.stringify({ type, object })}\n`);
    if (from < oldest) {
      line('ERROR', statusBody(410, 'Expired', `too old resource version: ${asked} (${oldest})`));
      response.end();
      return;
    }
    const tell = (type: string, object: RawObject) => {
      if ((namespace === undefined || object.metadata.namespace === namespace) && matchesQuery(object, query)) line(type, object);
    };
    const initial = query.get('sendInitialEvents') === 'true';
    const { kind, apiVersion } = SERVED[resource] ?? { kind: '', apiVersion: 'v1' };
    const bookmark = (annotations?: object) =>
      line('BOOKMARK', { kind, apiVersion, metadata: { resourceVersion: String(table.version), ...annotations } });
    if (initial || asked === '' || asked === '0') for (const object of table.list(resource, namespace)) tell('ADDED', object);
    else for (const c of table.since(from, resource)) tell(c.type, c.object);
    const stop = table.onChange((c) => void (c.resource === resource && tell(c.type, c.object)));
    if (initial) bookmark({ annotations: { 'k8s.io/initial-events-end': 'true' } });
    const marks = query.get('allowWatchBookmarks') === 'true' ? setInterval(() => bookmark(), BOOKMARK_MS) : undefined;
    const end = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 300) * 1000);
    this.#watches.add(response);
    response.on('close', () => {
      stop();
      clearInterval(marks);
      clearTimeout(end);
      this.#watches.delete(response);
    });
  }

  get({ resource, namespace, name = '' }: Place): Answer {
    const object = this.#table.get(resource, namespace, name);
    return object === undefined ? notFound(resource, name) : { status: 200, body: object };
  }
}

/** The text of a container's log; undefined where that run of it never was. */
export type LogSource = (pod: RawObject, container: string, previous: boolean) => string | undefined;

/** A log as text, or why there is none, as a kubelet says it. */
export function logOf(pod: RawObject, query: URLSearchParams, source: LogSource): string | Answer {
  const { name } = pod.metadata;
  const containers = ((pod.spec?.['containers'] ?? []) as { name: string }[]).map((c) => c.name);
  const container = query.get('container') ?? (containers.length === 1 ? (containers[0] ?? '') : '');
  if (container === '') return badRequest(`a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]`);
  if (!containers.includes(container)) return badRequest(`container ${container} is not valid for pod ${name}`);
  const previous = query.get('previous') === 'true';
  const text = source(pod, container, previous);
  if (text === undefined)
    return badRequest(
      previous
        ? `previous terminated container "${container}" in pod "${name}" not found`
        : `container "${container}" in pod "${name}" is waiting to start: ${waitingFor(pod, container)}`,
    );
  const lines = text.replace(/\n$/, '').split('\n');
  const tail = query.get('tailLines');
  const kept = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  return kept.map((l) => `${l}\n`).join('');
}

/** What a container waits for, as a kubelet says it. */
function waitingFor(pod: RawObject, container: string): string {
  const statuses = (pod.status?.['containerStatuses'] ?? []) as { name: string; state?: { waiting?: { reason?: string } } }[];
  const reason = statuses.find((s) => s.name === container)?.state?.waiting?.reason ?? 'ContainerCreating';
  return /^(ErrImagePull|ImagePullBackOff)$/.test(reason) ? 'trying and failing to pull image' : reason;
}
