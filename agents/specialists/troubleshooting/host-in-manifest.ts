import type { Container } from '../../contract/index.ts';
import type { Placed } from './containers.ts';

/** The host where it stands by itself: `mongo` of `mongodb://mongo:27017` is not part of the scheme. */
export const asWord = (host: string) => new RegExp(`(?<![\\w.-])${host.replaceAll('.', '\\.')}(?![\\w-])`, 'i');

/** Where the manifest names the host: the variable or the argument, with its whole value. */
export function written({ spec, path }: Placed, host: string): { readonly field: string; readonly value: string } | undefined {
  const word = asWord(host);
  const inList = (list: 'command' | 'args') => spec[list].findIndex((value) => word.test(value));
  const env = spec.env.findIndex((e: Container['env'][number]) => word.test(e.value ?? ''));
  if (env >= 0) return { field: `${path}.env[${env}].value`, value: spec.env[env]?.value ?? '' };
  for (const list of ['args', 'command'] as const) {
    const at = inList(list);
    if (at >= 0) return { field: `${path}.${list}[${at}]`, value: spec[list][at] ?? '' };
  }
  return undefined;
}
