import { usePage, waiting } from '../state/page.ts';
import { PLACE, PLACES, type Place, linkTo } from '../state/route.ts';
import { useSettings } from '../state/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { SCREENS } from './screens.ts';

/** The places of the app, with how many need a person. */
export function Rail({ place }: { place: Place }) {
  const plans = usePage((s) => s.plans);
  const incidents = usePage((s) => s.incidents);
  const wide = useSettings((s) => s.wideRail);
  const counts: Partial<Record<Place, number>> = { incidents: incidents.length, approvals: waiting(plans).length };
  return (
    <nav className="rail" aria-label="Places" data-wide={wide ? '' : undefined}>
      {PLACES.map((p) => {
        const count = counts[p] ?? 0;
        return (
          <a
            key={p}
            className={`rail-item${p === 'settings' ? ' phone:mt-auto' : ''}`}
            href={linkTo(p)}
            aria-current={p === place ? 'page' : undefined}
            aria-label={count > 0 ? `${PLACE[p].words}, ${count}` : PLACE[p].words}
          >
            <Icon name={SCREENS[p].icon} />
            <span className="label">{PLACE[p].words}</span>
            {count > 0 && <span className={`count ${p === 'approvals' ? 'asks' : ''}`}>{count > 99 ? '99+' : count}</span>}
          </a>
        );
      })}
      <button
        type="button"
        className="rail-item widen"
        aria-label={wide ? 'Names away' : 'Show names'}
        aria-expanded={wide}
        onClick={() => useSettings.setState({ wideRail: !wide })}
      >
        <Icon name={wide ? 'narrow' : 'widen'} />
        <span className="label">{wide ? 'Names away' : 'Show names'}</span>
      </button>
    </nav>
  );
}
