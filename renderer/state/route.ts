import { useSyncExternalStore } from 'react';

/** The places of the app in the order of the rail: their names, and the keys that lead there. Their screens: frame/screens.ts. */
export const PLACE = {
  fleet: { words: 'Fleet', keys: 'g f' },
  incidents: { words: 'Incidents', keys: 'g i' },
  approvals: { words: 'Approvals', keys: 'g a' },
  explore: { words: 'Explore', keys: 'g e' },
  knowledge: { words: 'Knowledge', keys: 'g k' },
  ask: { words: 'Ask', keys: 'g q' },
  feed: { words: 'Feed', keys: 'g l' },
  agents: { words: 'Agents', keys: 'g n' },
  settings: { words: 'Settings', keys: 'g s' },
} as const;
export type Place = keyof typeof PLACE;
export const PLACES = Object.keys(PLACE) as readonly Place[];

/** Where in the page somebody is: `#/incidents/inc-4f2k?cluster=prod`. Anything else is the fleet. */
export interface Route {
  readonly place: Place;
  /** The first part behind the place. */
  readonly id: string | undefined;
  /** All parts behind the place. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function readRoute(hash: string): Route {
  const [way = '', query = ''] = hash.split('?', 2);
  const [, place, ...rest] = way.split('/');
  const known = PLACES.find((p) => p === place);
  const path = known === undefined ? [] : rest.filter((part) => part !== '').map(decoded);
  return { place: known ?? 'fleet', id: path[0], path, query: new URLSearchParams(known === undefined ? '' : query) };
}

/** A stray per cent sign is a per cent sign. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const linkTo = (place: Place, id?: string, query?: Readonly<Record<string, string>>): string =>
  `#/${place}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`;

const onHash = (change: () => void) => {
  window.addEventListener('hashchange', change);
  return () => window.removeEventListener('hashchange', change);
};

/** The address behind `#`, as it changes. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    onHash,
    () => window.location.hash,
    () => '',
  );
  return readRoute(hash);
}
