import type { ActionSpec, ErrorCode, Json } from '../../contract/index.ts';
import { sameJson } from '../actions/json-patch.ts';
import type { WriteRequest } from '../ports/writer.ts';

/** After these the server may have carried out the request all the same: the answer got lost, not the request. */
const UNKNOWN: ReadonlySet<ErrorCode> = new Set(['cluster-timeout', 'cluster-unreachable', 'cluster-refused', 'cancelled', 'internal']);

export function mayHaveHappened(code: ErrorCode): boolean {
  return UNKNOWN.has(code);
}

/** How often what was written in between is read and asked for anew. */
export const TRIES = 4;

/** Refused because the object was written since it was read, a status mostly: surely not carried out. What is there already can not be created. */
export function wasWritten(code: ErrorCode, spec: ActionSpec): boolean {
  return code === 'conflict' && spec.type !== 'create';
}

const SERVER_KEEPS = new Set(['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink']);
type Map = { [key: string]: Json };
const isMap = (value: Json | undefined): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths (as steps) at which two objects differ in what people set. Lists are compared whole. */
export function differences(before: Json, after: Json): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const walk = (a: Json | undefined, b: Json | undefined, path: readonly string[]) => {
    if (isMap(a) && isMap(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        if (path.length === 0 && key === 'status') continue;
        if (path.length === 1 && path[0] === 'metadata' && SERVER_KEEPS.has(key)) continue;
        walk(a[key], b[key], [...path, key]);
      }
    } else if (!sameJson(a ?? null, b ?? null)) found.push(path);
  };
  walk(before, after, []);
  return found;
}

const at = (object: Json, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((here, step) => (isMap(here) ? here[step] : undefined), object);

/**
 * Whether the live object (undefined: there is none) shows that a request whose answer was lost was carried out. `before` is the object as
 * it was read just before, `after` as the dry run said it would become.
 */
export function shows(request: WriteRequest, before: Json, after: Json, live: Json | undefined): boolean {
  const meta = live === undefined ? undefined : at(live, ['metadata']);
  switch (request.verb) {
    case 'create':
      return live !== undefined;
    case 'delete':
      return (
        live === undefined ||
        at(live, ['metadata', 'uid']) !== at(before, ['metadata', 'uid']) ||
        (isMap(meta) && meta['deletionTimestamp'] !== undefined)
      );
    case 'patch':
    case 'update':
      return live !== undefined && differences(before, after).every((path) => sameJson(at(live, path) ?? null, at(after, path) ?? null));
  }
}
