import { z } from 'zod';
import { type Failure, type Json, KINDS, type Outcome, type ResourceRef, isKind } from '../../contract/index.ts';

/** Where a kind is served: `{ apiVersion: 'apps/v1', resource: 'deployments', namespaced: true }`. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** `/api/v1`, `/apis/apps/v1`. */
export function apiRoot(apiVersion: string): string {
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

const ResourceListSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const KEEP_MS = 600_000;

/** Finds where kinds are served: ours from the table of the contract, others by asking the server, which is remembered for 10 min. */
export class ApiPaths {
  readonly #read: (path: string) => Promise<Outcome<Json>>;
  readonly #known = new Map<string, { readonly at: number; readonly kinds: Promise<Outcome<ReadonlyMap<string, ApiResource>>> }>();

  constructor(read: (path: string) => Promise<Outcome<Json>>) {
    this.#read = read;
  }

  /** Fails with `not-found` where the server does not serve that kind in that version. */
  async resource(apiVersion: string, kind: string): Promise<Outcome<ApiResource>> {
    if (isKind(kind) && KINDS[kind].apiVersion === apiVersion) return { ok: true, value: KINDS[kind] };
    const kinds = await this.#group(apiVersion);
    if (!kinds.ok) return kinds;
    const found = kinds.value.get(kind);
    if (found !== undefined) return { ok: true, value: found };
    const failure: Failure = {
      code: 'not-found',
      message: `The cluster does not serve ${kind} in ${apiVersion}.`,
      hint: 'Check kind and version.',
    };
    return { ok: false, failure };
  }

  async path(ref: ResourceRef, subresource?: string): Promise<Outcome<string>> {
    const where = await this.resource(ref.apiVersion, ref.kind);
    return where.ok ? { ok: true, value: objectPath(where.value, ref.name, ref.namespace, subresource) } : where;
  }

  #group(apiVersion: string): Promise<Outcome<ReadonlyMap<string, ApiResource>>> {
    const known = this.#known.get(apiVersion);
    if (known !== undefined && Date.now() - known.at < KEEP_MS) return known.kinds;
    const kinds = this.#discover(apiVersion);
    const entry = { at: Date.now(), kinds };
    this.#known.set(apiVersion, entry);
    void kinds.then((outcome) => {
      if (!outcome.ok && this.#known.get(apiVersion) === entry) this.#known.delete(apiVersion);
    });
    return kinds;
  }

  async #discover(apiVersion: string): Promise<Outcome<ReadonlyMap<string, ApiResource>>> {
    const answer = await this.#read(apiRoot(apiVersion));
    if (!answer.ok) return answer;
    const parsed = ResourceListSchema.safeParse(answer.value);
    if (!parsed.success)
      return {
        ok: false,
        failure: { code: 'cluster-refused', message: `The cluster's list of resources of ${apiVersion} cannot be read.` },
      };
    const plain = parsed.data.resources.filter((r) => !r.name.includes('/'));
    return { ok: true, value: new Map(plain.map((r) => [r.kind, { apiVersion, resource: r.name, namespaced: r.namespaced }])) };
  }
}
