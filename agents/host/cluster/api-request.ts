/** What an API path asks for, in the words of RBAC. */
export interface ApiRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, or the HTTP method for paths that are no resource. */
  readonly verb: string;
  readonly group: string;
  /** `pods`, `pods/log`, or the path itself where it is no resource. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Reads verb, resource, namespace and name out of a method and an API path such as `/apis/apps/v1/namespaces/shop/deployments/web`. */
export function readApiPath(method: string, path: string, watching = false): ApiRequest {
  const steps = (path.split('?')[0] ?? '').split('/').filter((s) => s !== '');
  const [root] = steps;
  const rest = root === 'api' ? steps.slice(2) : root === 'apis' ? steps.slice(3) : [];
  if (rest.length === 0) return { verb: method.toLowerCase(), group: '', resource: path, namespace: undefined, name: undefined };
  const group = root === 'apis' ? (steps[1] ?? '') : '';
  const inside = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [resource = '', name, ...sub] = inside ? rest.slice(2) : rest;
  const verb = VERBS[method] ?? (name !== undefined ? 'get' : watching ? 'watch' : 'list');
  return {
    verb,
    group,
    resource: [resource, ...sub].join('/'),
    namespace: inside ? decodeURIComponent(rest[1] ?? '') : undefined,
    name: name === undefined ? undefined : decodeURIComponent(name),
  };
}

/** `list secrets in namespace shop`, `patch deployments.apps shop/web`. */
export function requestWords(request: ApiRequest): string {
  const [resource = '', ...sub] = request.resource.split('/');
  const what = `${request.group === '' ? resource : `${resource}.${request.group}`}${sub.length > 0 && !resource.startsWith('/') ? `/${sub.join('/')}` : ''}`;
  const where = request.namespace === undefined ? '' : ` in namespace ${request.namespace}`;
  const plain = request.resource.startsWith('/') ? request.resource : what;
  return `${request.verb} ${plain}${request.name === undefined ? '' : ` "${request.name}"`}${where}`;
}
