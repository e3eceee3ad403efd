/** Where a kind is served: `{ apiVersion: 'apps/v1', resource: 'deployments', namespaced: true }`. */
interface ApiResource {
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** `/api/v1`, `/apis/apps/v1`. */
function apiRoot(apiVersion: string): string {
  return apiVersion.includes('/')
    ? `/apis/${apiVersion.split('/').map(encodeURIComponent).join('/')}`
    : `/api/${encodeURIComponent(apiVersion)}`;
}

/** The path of a collection, of the whole cluster or of one namespace. */
export function collectionPath({ apiVersion, resource, namespaced }: ApiResource, namespace?: string): string {
  const inside = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${apiRoot(apiVersion)}${inside}/${encodeURIComponent(resource)}`;
}

/** The path of one object, or of a subresource such as `scale`, `log`, `eviction`. */
export function objectPath(where: ApiResource, name: string, namespace?: string, subresource?: string): string {
  const sub = subresource === undefined ? '' : `/${encodeURIComponent(subresource)}`;
  return `${collectionPath(where, namespace)}/${encodeURIComponent(name)}${sub}`;
}

/** The API group for RBAC: `apps` of `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
