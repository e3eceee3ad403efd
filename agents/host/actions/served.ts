import { KINDS, type ResourceRef, isKind } from '../../contract/index.ts';

/** Where the API server serves a kind. */
export interface Served {
  readonly group: string;
  readonly version: string;
  /** Plural, as in paths and RBAC rules: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Undefined for kinds that are not in the table, and for a kind of the same name in another API group. */
export function servedAt(ref: Pick<ResourceRef, 'apiVersion' | 'kind'>): Served | undefined {
  if (!isKind(ref.kind)) return undefined;
  const { apiVersion, resource, namespaced } = KINDS[ref.kind];
  const { group } = split(apiVersion);
  const asked = split(ref.apiVersion);
  return asked.group === group ? { group, version: asked.version, resource, namespaced } : undefined;
}

function split(apiVersion: string): { group: string; version: string } {
  const at = apiVersion.indexOf('/');
  return at < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) };
}

/**
 * The path of one object (`/apis/apps/v1/namespaces/shop/deployments/checkout`) or, without a name, of its collection. Undefined where
 * the kind is not known, or the reference lacks the namespace its kind needs.
 */
export function apiPath(ref: Omit<ResourceRef, 'name' | 'uid'> & { readonly name?: string }, subresource?: string): string | undefined {
  const served = servedAt(ref);
  if (served === undefined || (served.namespaced && ref.namespace === undefined)) return undefined;
  const { group, version, resource, namespaced } = served;
  const steps = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespaced ? ['namespaces', ref.namespace ?? ''] : []),
    resource,
    ...(ref.name === undefined ? [] : [ref.name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${steps.map(encodeURIComponent).join('/')}`;
}
