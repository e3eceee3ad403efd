import { storyOf } from '../../agents/contract/story.ts';
import { ExpiresIn } from '../approvals/expires.tsx';
import { isLoud } from '../feed/loud.ts';
import { openPlan } from '../state/here.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { RiskMark } from '../ui/risk.tsx';

const SHOWN = 40;

/** What waits for a person and what just happened, beside every screen: a decision never needs leaving the place one is at. */
export function Dock() {
  const waits = waiting(usePage((s) => s.plans));
  const feed = usePage((s) => s.feed);
  return (
    <aside className="dock" aria-label="Waiting plans and feed">
      <h2>
        Waiting for you <span className="font-normal">{waits.length === 0 ? 'nothing' : waits.length}</span>
      </h2>
      <ul className="dock-list">
        {waits.map((plan) => (
          <li key={plan.id}>
            <button type="button" className="dock-plan" onClick={() => openPlan(plan.id)}>
              <span className="line-clamp-2 wrap-anywhere">{plan.title}</span>
              <span className="row-meta flex items-center gap-2">
                <RiskMark risk={plan.risk} /> <span className="truncate">{plan.context}</span>
                <span className="ml-auto flex-none">
                  <ExpiresIn at={plan.expires} />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <h2>
        Feed{' '}
        <a className="ml-auto font-normal" href={linkTo('feed')}>
          all
        </a>
      </h2>
      <ol className="px-4 pb-4 text-13 text-ink-2">
        {feed.slice(0, SHOWN).map(({ seq, at, event }) => (
          <li key={seq} className="flex gap-2 border-t border-line py-1.5">
            <span className={`line-clamp-3 min-w-0 flex-1 wrap-anywhere ${isLoud(event) ? 'text-broken' : ''}`}>{storyOf(event)}</span>
            <span className="flex-none text-12 text-ink-3">
              <Age at={at} />
            </span>
          </li>
        ))}
      </ol>
    </aside>
  );
}
