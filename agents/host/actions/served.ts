import { KINDS, type ResourceRef, isKind } from '../../contract/index.ts';
import { collectionPath, groupOf, objectPath } from '../cluster/paths.ts';

/** Where the API server serves a kind. */
export interface Served {
  readonly group: string;
  /** Plural, as in paths and RBAC rules: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Undefined for kinds that are not in the table, and for a kind of the same name in another API group. */
export function servedAt(ref: Pick<ResourceRef, 'apiVersion' | 'kind'>): Served | undefined {
  if (!isKind(ref.kind)) return undefined;
  const { apiVersion, resource, namespaced } = KINDS[ref.kind];
  const group = groupOf(apiVersion);
  return groupOf(ref.apiVersion) === group ? { group, resource, namespaced } : undefined;
}

/**
 * The path of one object (`/apis/apps/v1/namespaces/shop/deployments/checkout`) or, without a name, of its collection. Undefined where
 * the kind is not known, or the reference lacks the namespace its kind needs.
 */
export function apiPath(ref: Omit<ResourceRef, 'name' | 'uid'> & { readonly name?: string }, subresource?: string): string | undefined {
  const served = servedAt(ref);
  if (served === undefined || (served.namespaced && ref.namespace === undefined)) return undefined;
  const where = { apiVersion: ref.apiVersion, resource: served.resource, namespaced: served.namespaced };
  return ref.name === undefined ? collectionPath(where, ref.namespace) : objectPath(where, ref.name, ref.namespace, subresource);
}
