import type { Json, JsonPatchOp } from '../../../contract/index.ts';
import { applyPatch, find, sameJson } from '../../actions/json-patch.ts';
import { type Answer, CHANGED, badRequest, conflict, exists, invalid, notFound } from './answer.ts';
import { type ObjectTable, type RawObject, SERVED } from './objects.ts';
import type { Place } from './place.ts';

export interface WriteOrder {
  readonly verb: string;
  readonly place: Place;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly contentType: string;
}

type Changed = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly answer: Answer };
const asObject = (json: Json) => json as unknown as RawObject;
const asJson = (object: object) => object as unknown as Json;

/**
 * Creates, updates, patches and deletes. Strategic merge patches are taken as merge patches (RFC 7386): lists are replaced whole, where a
 * real server merges those that have a key. There are no defaults and no schemas: a manifest is stored as it came.
 */
export function write(table: ObjectTable, order: WriteOrder): Answer {
  const { verb, place, query, body } = order;
  const dry = query.get('dryRun') === 'All' || sameJson(find(body, '/dryRun') ?? null, ['All']);
  const store = (object: RawObject, status: number): Answer => ({ status, body: dry ? table.stamped(object) : table.put(object) });
  if (verb === 'create') return create(table, order, store);
  const { resource, namespace, name = '' } = place;
  const live = table.get(resource, namespace, name);
  if (live === undefined) return notFound(resource, name);
  if (verb === 'delete') return remove(table, live, order, dry);
  if (place.sub === 'scale') return scale(live, order, store);
  const changed = verb === 'update' ? { ok: true as const, value: body } : patched(asJson(live), order);
  if (!changed.ok) return changed.answer;
  const next = asObject(changed.value);
  const refused = precondition(live, changed.value, place);
  if (refused !== undefined) return refused;
  if (next.metadata.name !== live.metadata.name || next.kind !== live.kind)
    return badRequest(`the name of the object (${next.metadata.name}) does not match the name on the URL (${name})`);
  // The status is written through its own subresource, and that writes nothing else.
  if (place.sub === 'status') return store({ ...live, ...statusOf(next) }, 200);
  const { status: _status, ...rest } = next;
  const { finalizers, deletionTimestamp } = next.metadata;
  if (!dry && deletionTimestamp !== undefined && (!Array.isArray(finalizers) || finalizers.length === 0)) {
    // The last finalizer of a deleted object is gone, and so is the object.
    table.remove(resource, namespace, name);
    return { status: 200, body: next };
  }
  return store({ ...rest, ...statusOf(live) } as RawObject, 200);
}

const statusOf = ({ status }: RawObject) => (status === undefined ? {} : { status });

type Store = (object: RawObject, status: number) => Answer;

function create(table: ObjectTable, { place, body }: WriteOrder, store: Store): Answer {
  const { resource, namespace } = place;
  const { kind, apiVersion } = SERVED[resource] ?? { kind: '', apiVersion: '' };
  const name = find(body, '/metadata/name');
  if (find(body, '/kind') !== kind || find(body, '/apiVersion') !== apiVersion)
    return badRequest(`the object provided is unrecognized: it is not a ${kind} of ${apiVersion}`);
  if (typeof name !== 'string' || name === '') return invalid(`${kind} "" is invalid: metadata.name: Required value: name is required`);
  if (namespace !== undefined && table.get('namespaces', undefined, namespace) === undefined) return notFound('namespaces', namespace);
  if (table.get(resource, namespace, name) !== undefined) return exists(resource, name);
  const { uid: _uid, resourceVersion: _version, ...metadata } = asObject(body).metadata;
  return store({ ...asObject(body), metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } }, 201);
}

function remove(table: ObjectTable, live: RawObject, { place, body }: WriteOrder, dry: boolean): Answer {
  const { resource, namespace, name = '' } = place;
  const { uid, resourceVersion } = (find(body, '/preconditions') ?? {}) as { uid?: string; resourceVersion?: string };
  if (uid !== undefined && uid !== live.metadata.uid)
    return conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ''}`);
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) return conflict(resource, name, CHANGED);
  const finalizers = live.metadata['finalizers'];
  if (Array.isArray(finalizers) && finalizers.length > 0) {
    const deletionTimestamp = live.metadata.deletionTimestamp ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const leaving = { ...live, metadata: { ...live.metadata, deletionTimestamp } };
    return { status: 200, body: dry ? table.stamped(leaving) : table.put(leaving) };
  }
  if (!dry) {
    table.remove(resource, namespace, name);
    if (find(body, '/propagationPolicy') !== 'Orphan') collect(table, live.metadata.uid);
  }
  return { status: 200, body: live };
}

/** What an object owned goes with it. */
function collect(table: ObjectTable, owner: string | undefined): void {
  for (const resource of Object.keys(SERVED))
    for (const object of table.list(resource)) {
      if (object.metadata.ownerReferences?.some((r) => r.uid === owner) !== true) continue;
      table.remove(resource, object.metadata.namespace, object.metadata.name);
      collect(table, object.metadata.uid);
    }
}

/** The Scale of a workload: its count alone, bound to the workload's identity and version. A count of 0 is left out, as servers do. */
function scale(live: RawObject, order: WriteOrder, store: Store): Answer {
  const { name, namespace, uid, resourceVersion } = live.metadata;
  const scaleOf = (object: RawObject) => {
    const replicas = object.spec?.['replicas'] ?? 1;
    return {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name, namespace, uid, resourceVersion: object.metadata.resourceVersion },
      spec: replicas === 0 ? {} : { replicas },
    };
  };
  const before = asJson(structuredClone(scaleOf({ ...live, metadata: { ...live.metadata, resourceVersion: resourceVersion ?? '' } })));
  const changed = order.verb === 'update' ? { ok: true as const, value: order.body } : patched(before, order);
  if (!changed.ok) return changed.answer;
  const refused = precondition(live, changed.value, order.place);
  if (refused !== undefined) return refused;
  const replicas = find(changed.value, '/spec/replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0)
    return invalid(
      `Scale "${name}" is invalid: spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    );
  const { body } = store({ ...live, spec: { ...live.spec, replicas } }, 200);
  return { status: 200, body: scaleOf(body as RawObject) };
}

/** A version or uid in what is sent must be that of what is there. */
function precondition(live: RawObject, next: Json, { resource, name = '' }: Place): Answer | undefined {
  const uid = find(next, '/metadata/uid');
  if (uid !== undefined && uid !== '' && uid !== live.metadata.uid)
    return conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${live.metadata.uid ?? ''}`,
    );
  const version = find(next, '/metadata/resourceVersion');
  return version !== undefined && version !== '' && version !== live.metadata.resourceVersion
    ? conflict(resource, name, CHANGED)
    : undefined;
}

function patched(before: Json, { body, contentType, place }: WriteOrder): Changed {
  const [type] = contentType.split(';');
  if (type === 'application/json-patch+json') {
    if (!Array.isArray(body)) return { ok: false, answer: badRequest('error decoding patch: it is not a list of operations') };
    const result = applyPatch(before, body as unknown as JsonPatchOp[]);
    if (result.ok) return result;
    return { ok: false, answer: invalid('the server rejected our request due to an error in our request') };
  }
  if (type === 'application/merge-patch+json' || type === 'application/strategic-merge-patch+json')
    return { ok: true, value: merged(before, body) };
  return {
    ok: false,
    answer: { ...badRequest(`the body of the request was in an unknown format: ${contentType} (${place.resource})`), status: 415 },
  };
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
