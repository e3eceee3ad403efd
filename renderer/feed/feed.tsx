import type { Envelope, HostEvent } from '../../agents/contract/index.ts';
import { storyOf } from '../../agents/contract/story.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';

/** What happened, newest first: one sentence an entry, as it is in the log. */
export function Feed() {
  const feed = usePage((s) => s.feed);
  if (feed.length === 0)
    return (
      <div className="empty">
        <h2>Nothing has happened yet</h2>
        <p>
          What the agents see, propose and do, and what people decide, appears here. Begin with <a href={linkTo('fleet')}>a cluster</a>.
        </p>
      </div>
    );
  return (
    <ol className="feed" aria-label="Event log, newest first">
      {feed.map((envelope) => (
        <Entry key={envelope.seq} envelope={envelope} />
      ))}
    </ol>
  );
}

const LOUD = new Set<HostEvent['type']>([
  'agent.crashed',
  'agent.gaveUp',
  'cluster.wentOffline',
  'cluster.wentStale',
  'action.failed',
  'plan.rollingBack',
  'check.failed',
]);

function Entry({ envelope: { seq, at, event } }: { envelope: Envelope }) {
  const plan = planOf(event);
  return (
    <li className={LOUD.has(event.type) ? 'loud' : ''}>
      <span className="seq">{seq}</span>
      <Age at={at} />
      <span>
        {storyOf(event)}{' '}
        {plan !== undefined && (
          <a href={linkTo('approvals', plan)} aria-label={`Open ${plan}`}>
            open
          </a>
        )}
      </span>
    </li>
  );
}

function planOf(event: HostEvent): string | undefined {
  if (!('plan' in event)) return undefined;
  return typeof event.plan === 'string' ? event.plan : event.plan.id;
}
