import { usePage, waiting } from '../state/page.ts';
import { PLACES, type Place, linkTo } from '../state/route.ts';
import { Icon } from './icons.tsx';

export const PLACE_WORDS: Readonly<Record<Place, string>> = {
  fleet: 'Fleet',
  incidents: 'Incidents',
  approvals: 'Approvals',
  feed: 'Feed',
  agents: 'Agents',
};

/** The places of the app, with how many need a person. */
export function Rail({ place }: { place: Place }) {
  const plans = usePage((s) => s.plans);
  const incidents = usePage((s) => s.incidents);
  const counts: Partial<Record<Place, number>> = { incidents: incidents.length, approvals: waiting(plans).length };
  return (
    <nav className="rail" aria-label="Places">
      {PLACES.map((p) => {
        const count = counts[p] ?? 0;
        return (
          <a
            key={p}
            href={linkTo(p)}
            aria-current={p === place ? 'page' : undefined}
            aria-label={count > 0 ? `${PLACE_WORDS[p]}, ${count}` : PLACE_WORDS[p]}
          >
            <Icon name={p} />
            <span className="label">{PLACE_WORDS[p]}</span>
            {count > 0 && <span className={`count ${p === 'approvals' ? 'asks' : ''}`}>{count > 99 ? '99+' : count}</span>}
          </a>
        );
      })}
    </nav>
  );
}
