import { useSyncExternalStore } from 'react';

export const PLACES = ['fleet', 'incidents', 'approvals', 'feed', 'agents'] as const;
export type Place = (typeof PLACES)[number];

/** Where in the page somebody is: `#/incidents/inc-4f2k`. Anything else is the fleet. */
export interface Route {
  readonly place: Place;
  readonly id: string | undefined;
}

export function readRoute(hash: string): Route {
  const [, place, id] = hash.split('/');
  const known = PLACES.find((p) => p === place);
  return { place: known ?? 'fleet', id: known === undefined || id === undefined || id === '' ? undefined : decodeURIComponent(id) };
}

export const linkTo = (place: Place, id?: string): string => `#/${place}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

const onHash = (change: () => void) => {
  window.addEventListener('hashchange', change);
  return () => window.removeEventListener('hashchange', change);
};

export const useRoute = (): Route =>
  readRoute(
    useSyncExternalStore(
      onHash,
      () => window.location.hash,
      () => '',
    ),
  );
