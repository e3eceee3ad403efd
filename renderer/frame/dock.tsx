import { Suspense, lazy } from 'react';
import type { Envelope, HostEvent, Plan } from '../../agents/contract/index.ts';
import { storyOf } from '../../agents/contract/story.ts';
import { ExpiresIn } from '../approvals/expires.tsx';
import { inLocalTime } from '../feed/local-time.ts';
import { isLoud } from '../feed/loud.ts';
import { openPlan } from '../state/here.ts';
import { useAgentTitles } from '../state/agent-titles.ts';
import { usePage, waiting } from '../state/page.ts';
import { type Place, linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { RiskMark } from '../ui/risk.tsx';

const Coming = lazy(() => import('../metrics/alerts-line.tsx').then((m) => ({ default: m.Coming })));

const SHOWN = 40;
/** A plan that waits stands above; what was looked at and found is told by its incident. */
const SAID_ELSEWHERE: ReadonlySet<HostEvent['type']> = new Set<HostEvent['type']>([
  'agent.looked',
  'approval.requested',
  'diagnosis.completed',
  'consultation.asked',
  'consultation.answered',
  'incident.updated',
]);

/** What waits for a person and what just happened, beside every screen: a decision never needs leaving the place one is at. */
export function Dock({ place }: { place: Place }) {
  const waits = waiting(usePage((s) => s.plans));
  const feed = usePage((s) => s.feed);
  return (
    <aside className="dock" aria-label="Waiting plans and feed" tabIndex={0}>
      {place !== 'approvals' && <Waiting plans={waits} />}
      <Suspense fallback={null}>
        <Coming />
      </Suspense>
      {place !== 'feed' && <Lately feed={feed} />}
    </aside>
  );
}

function Waiting({ plans }: { plans: readonly Plan[] }) {
  return (
    <>
      <h2>
        Waiting for you <span className="font-normal">{plans.length === 0 ? 'nothing' : plans.length}</span>
      </h2>
      <ul className="dock-list">
        {plans.map((plan) => (
          <li key={plan.id}>
            <button type="button" className="dock-plan" onClick={() => openPlan(plan.id)}>
              <span className="line-clamp-2 wrap-anywhere" dir="auto">
                {plan.title}
              </span>
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
    </>
  );
}

function Lately({ feed }: { feed: readonly Envelope[] }) {
  const called = useAgentTitles();
  return (
    <>
      <h2>
        Feed{' '}
        <a className="ml-auto font-normal" href={linkTo('feed')}>
          all
        </a>
      </h2>
      <ol className="px-4 pb-4 text-13 text-ink-2">
        {feed
          .filter(({ event }) => !SAID_ELSEWHERE.has(event.type))
          .slice(0, SHOWN)
          .map(({ seq, at, event }) => (
            <li key={seq} className="flex gap-2 border-t border-line py-1.5">
              <span className={`line-clamp-3 min-w-0 flex-1 wrap-anywhere ${isLoud(event) ? 'text-broken' : ''}`}>
                {inLocalTime(event.type, storyOf(event, called))}
              </span>
              <span className="flex-none text-12 text-ink-3">
                <Age at={at} />
              </span>
            </li>
          ))}
      </ol>
    </>
  );
}
