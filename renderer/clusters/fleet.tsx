import type { ContextRow } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';

/** The clusters there are, each with its state, and what waits in it. */
export function Fleet() {
  const list = usePage((s) => s.contexts);
  if (list === undefined) return null;
  return (
    <section className="fleet" aria-label="Clusters">
      {list.problems.map(({ file, failure }) => (
        <Problem key={file} failure={{ ...failure, message: `${file}: ${failure.message}` }} />
      ))}
      {list.contexts.length === 0 ? (
        <div className="empty">
          <h2>No cluster is configured</h2>
          <p>
            Quarterdeck reads the contexts of your kubeconfig. Set <code>KUBECONFIG</code> or create <code>~/.kube/config</code>, then start
            it again. To look around first, start it with <code>--demo</code>.
          </p>
        </div>
      ) : (
        <ul className="cards">
          {list.contexts.map((context) => (
            <ClusterCard key={context.name} context={context} />
          ))}
        </ul>
      )}
    </section>
  );
}

const STATE_WORDS: Readonly<Record<ContextRow['state'], string>> = {
  connected: 'connected',
  connecting: 'reading…',
  offline: 'unreachable',
  known: 'not watched',
};

function ClusterCard({ context }: { context: ContextRow }) {
  const client = useClient();
  const order = useOrder();
  const live = usePage((s) => s.phase === 'live');
  const incidents = usePage((s) => s.incidents).filter((i) => i.context === context.name);
  const plans = waiting(usePage((s) => s.plans)).filter((p) => p.context === context.name);
  const watched = context.state === 'connected' || context.state === 'connecting';
  const first = incidents[0];
  return (
    <li className={`card state-${context.state}`} data-context={context.name}>
      <header>
        <h2>{context.name}</h2>
        {context.demo && <span className="mark">demo</span>}
        {context.protected && (
          <span className="mark" title="Approving a plan here asks for the name of the context">
            <Icon name="lock" /> protected
          </span>
        )}
      </header>
      <dl>
        <div>
          <dt>State</dt>
          <dd className={context.state === 'offline' ? 'tone-broken' : ''}>
            {STATE_WORDS[context.state]}
            {context.version !== null && ` · ${context.version}`}
          </dd>
        </div>
        <div>
          <dt>Server</dt>
          <dd className="name">{context.server}</dd>
        </div>
        <div>
          <dt>Objects</dt>
          <dd>{context.objects ?? '–'}</dd>
        </div>
        <div>
          <dt>Last seen</dt>
          <dd>
            {live && context.state === 'connected' ? 'now' : context.lastSeen === null ? '–' : <Age at={context.lastSeen} suffix=" ago" />}
          </dd>
        </div>
      </dl>
      {context.failure !== null && <Problem failure={context.failure} />}
      {order.failure !== undefined && order.failure.message !== context.failure?.message && <Problem failure={order.failure} />}
      <footer>
        {context.state === 'connected' && incidents.length === 0 && <span className="quiet-words">Nothing is wrong</span>}
        {first !== undefined && (
          <a className="tone-broken" href={linkTo('incidents', first.id)}>
            {incidents.length} {incidents.length === 1 ? 'incident' : 'incidents'}
          </a>
        )}
        {plans[0] !== undefined && (
          <a href={linkTo('approvals', plans[0].id)}>
            {plans.length} {plans.length === 1 ? 'plan waits' : 'plans wait'}
          </a>
        )}
        <button
          type="button"
          disabled={order.running}
          onClick={() => order.give(() => client.cluster[watched ? 'disconnect' : 'connect']({ context: context.name }))}
        >
          {order.running ? 'Working…' : watched ? 'Stop watching' : context.state === 'offline' ? 'Try again' : 'Watch'}
        </button>
      </footer>
    </li>
  );
}
