import type { ResourceRef } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

/** Addresses of this screen: `#/explore/deployments.apps?in=a,b` and `#/explore/deployments.apps/CONTEXT/NAMESPACE/NAME`. Pure. */

/** Stands for the namespace of what has none. No namespace may be called so. */
const NO_NAMESPACE = '-';

export interface ObjectPlace {
  readonly kind: string;
  readonly context: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function linkToObject({ kind, context, namespace, name }: ObjectPlace, tab?: string): string {
  const way = [context, namespace ?? NO_NAMESPACE, name].map(encodeURIComponent).join('/');
  return `${linkTo('explore', kind)}/${way}${tab === undefined ? '' : `?${new URLSearchParams({ tab }).toString()}`}`;
}

/** The place of what a reference means; its kind by name and group, which the host understands as it does plurals. */
export function linkToRef(
  context: string,
  { apiVersion, kind, namespace, name }: Pick<ResourceRef, 'apiVersion' | 'kind' | 'name'> & { readonly namespace?: string | undefined },
  tab?: string,
): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : '';
  return linkToObject({ kind: `${kind.toLowerCase()}${group}`, context, namespace, name }, tab);
}

/** The object an address is about; undefined where it is about a kind, or about nothing. */
export function objectAt(path: readonly string[]): ObjectPlace | undefined {
  const [kind, context, namespace, name] = path;
  if (kind === undefined || context === undefined || namespace === undefined || name === undefined) return undefined;
  return { kind, context, namespace: namespace === NO_NAMESPACE ? undefined : namespace, name };
}

/** What is asked of a table; all of it is in the address, so that it can be kept and sent. */
export interface Asked {
  /** Named contexts; none: all that are connected. */
  readonly contexts: readonly string[];
  /** A label selector, as kubectl takes it. */
  readonly labels: string;
  readonly text: string;
  readonly sort: string | undefined;
  readonly down: boolean;
}

export function askedIn(query: URLSearchParams): Asked {
  const sort = query.get('sort') ?? undefined;
  return {
    contexts: (query.get('in') ?? '').split(',').filter((c) => c !== ''),
    labels: query.get('labels') ?? '',
    text: query.get('text') ?? '',
    sort: sort?.replace(/^-/, ''),
    down: sort?.startsWith('-') === true,
  };
}

export function linkToTable(kind: string | undefined, { contexts, labels, text, sort, down }: Asked): string {
  const said = Object.entries({ in: contexts.join(','), labels, text, sort: sort === undefined ? '' : `${down ? '-' : ''}${sort}` });
  const query = said.filter(([, value]) => value !== '');
  return linkTo('explore', kind, query.length === 0 ? undefined : Object.fromEntries(query));
}
