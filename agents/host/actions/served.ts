import { KINDS, type ResourceRef, isKind } from '../../contract/index.ts';
import { collectionPath, groupOf, objectPath } from '../cluster/paths.ts';

/** Where the API server serves a kind. */
export interface Served {
  readonly group: string;
  /** Plural, as in paths and RBAC rules: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

type Where = Pick<ResourceRef, 'apiVersion' | 'kind' | 'namespace' | 'resource'>;

/**
 * Our table says it for its kinds; for any other one, also one of the same name in another API group, the reference itself, as the
 * cluster's discovery had it. Undefined where neither does.
 */
export function servedAt({ apiVersion, kind, namespace, resource: said }: Where): Served | undefined {
  const group = groupOf(apiVersion);
  if (isKind(kind) && groupOf(KINDS[kind].apiVersion) === group) {
    const { resource, namespaced } = KINDS[kind];
    return { group, resource, namespaced };
  }
  return said === undefined ? undefined : { group, resource: said, namespaced: namespace !== undefined };
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
