import { shortNamesOf } from '../../objects/kind-words.ts';
import { SERVED } from './objects.ts';

/** What a path of the API means. */
export interface Place {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
}

/** `/apis/apps/v1/namespaces/shop/deployments/web/status` in its parts; undefined for what is not served. */
export function placeOf(path: string): Place | undefined {
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

/** The API group of a resource (empty for the core), and its name as messages say it: `deployments.apps`. */
export function groupOf(resource: string): { readonly group: string; readonly name: string } {
  const [group = '', version] = (SERVED[resource]?.apiVersion ?? 'v1').split('/');
  return version === undefined ? { group: '', name: resource } : { group, name: `${resource}.${group}` };
}

/** `deployments/scale` for a subresource, as RBAC rules have it. */
export const rightOf = ({ resource, sub }: Pick<Place, 'resource' | 'sub'>) => (sub === undefined ? resource : `${resource}/${sub}`);

/** What `/api`, `/apis` and each group version say is served; undefined for another path. */
export function discovery(path: string): object | undefined {
  const versions = [...new Set(Object.values(SERVED).map((s) => s.apiVersion))];
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis')
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: versions
        .filter((v) => v.includes('/'))
        .map((groupVersion) => {
          const [name = '', version = ''] = groupVersion.split('/');
          return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
        }),
    };
  const asked = versions.find((v) => path === (v.includes('/') ? `/apis/${v}` : `/api/${v}`));
  if (asked === undefined) return undefined;
  const resources = Object.entries(SERVED)
    .filter(([, { apiVersion }]) => apiVersion === asked)
    .map(([name, { kind, namespaced }]) => ({
      name,
      singularName: kind.toLowerCase(),
      shortNames: shortNamesOf(kind),
      namespaced,
      kind,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: asked, resources };
}
