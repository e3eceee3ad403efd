import { useEffect } from 'react';
import { usePage, waiting } from '../state/page.ts';
import { PLACE, type Place } from '../state/route.ts';

/** The window's title: how many plans wait, and where one is. */
export function useTitle(place: Place): void {
  const waits = usePage((s) => waiting(s.plans).length);
  useEffect(() => {
    document.title = `${waits > 0 ? `(${waits}) ` : ''}${PLACE[place].words} · Quarterdeck`;
  }, [waits, place]);
}
