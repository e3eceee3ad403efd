import type { Api } from './api.ts';

/** A kind of object as the API server lists it, with what it takes to delete one. */
export interface Kind {
  /** Such as `/apis/apps/v1`. */
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly wholesale: boolean;
}

interface Discovered {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What the control plane makes and removes by itself, all the time. */
const MAINTAINED = new Set([
  'events',
  'leases',
  'endpoints',
  'endpointslices',
  'componentstatuses',
  'leasecandidates',
  'ipaddresses',
  'servicecidrs',
  'storageversions',
  'csinodes',
]);

/** Every kind the server has, those of custom resources too. A group that does not answer (its APIService is broken) is left out. */
export async function kindsOf(api: Api): Promise<Kind[]> {
  const { body } = await api.call('GET', '/apis');
  const groups = (body['groups'] ?? []) as { preferredVersion: { groupVersion: string } }[];
  const paths = ['/api/v1', ...groups.map((g) => `/apis/${g.preferredVersion.groupVersion}`)];
  const found = await Promise.all(
    paths.map(async (group) => {
      const answer = await api.call('GET', group);
      if (answer.status !== 200) return [];
      return ((answer.body['resources'] ?? []) as Discovered[])
        .filter((r) => !r.name.includes('/') && r.verbs.includes('delete') && r.verbs.includes('list') && !MAINTAINED.has(r.name))
        .map((r) => ({
          group,
          resource: r.name,
          kind: r.kind,
          namespaced: r.namespaced,
          wholesale: r.verbs.includes('deletecollection'),
        }));
    }),
  );
  return found.flat();
}

export const pathOf = ({ group, resource }: Kind, namespace?: string): string =>
  namespace === undefined ? `${group}/${resource}` : `${group}/namespaces/${namespace}/${resource}`;
