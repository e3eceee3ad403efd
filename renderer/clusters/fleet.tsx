import { useEffect } from 'react';
import type { ContextRow } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { countWords, isLive, stateWords } from '../state/cluster-words.ts';
import { chooseContext, useHereState } from '../state/here.ts';
import { useOrder } from '../state/order.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { AsOf } from '../ui/age.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';

const READ_AGAIN_MS = 15_000;

/** The clusters there are, each with its state, and what waits in it. */
export function Fleet() {
  const list = usePage((s) => s.contexts);
  useFreshContexts();
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

/** Counts and ages change without an event: while the clusters are looked at, they are read again now and then. */
function useFreshContexts() {
  const client = useClient();
  useEffect(() => {
    const timer = setInterval(() => {
      // What cannot be read now is said by the connection's own banner.
      client.contexts.list({}).then(
        (contexts) => usePage.setState({ contexts }),
        () => undefined,
      );
    }, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client]);
}

/** States that need a person. */
const BROKEN: ReadonlySet<ContextRow['state']> = new Set(['offline', 'unauthorised']);

function ClusterCard({ context }: { context: ContextRow }) {
  const client = useClient();
  const order = useOrder();
  const live = usePage((s) => s.phase === 'live');
  const incidents = usePage((s) => s.incidents).filter((i) => i.context === context.name);
  const plans = waiting(usePage((s) => s.plans)).filter((p) => p.context === context.name);
  const watched = isLive(context.state) || context.state === 'connecting';
  // What this page has not heard of for a while is not current either.
  const current = live && context.state === 'connected';
  const first = incidents[0];
  const chosen = useHereState((s) => s.chosen === context.name);
  return (
    <li
      className={`card state-${context.state}${current ? '' : ' not-live'}${chosen ? ' chosen' : ''}`}
      data-context={context.name}
      data-state={context.state}
    >
      <header>
        <h2 className="name">
          <button
            type="button"
            className="min-h-0 border-transparent bg-transparent p-0 text-left font-semibold wrap-anywhere"
            aria-pressed={chosen}
            title="Make it the context a click lands in"
            onClick={() => chooseContext(chosen ? undefined : context.name)}
          >
            {context.alias ?? context.name}
          </button>
        </h2>
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
          <dd className={BROKEN.has(context.state) ? 'tone-broken' : context.state === 'stale' ? 'tone-degraded' : ''}>
            {live ? stateWords(context) : `${context.state} when last heard`}
            {context.version !== null && ` · ${context.version}`}
          </dd>
        </div>
        <div>
          <dt>Server</dt>
          <dd className="name">{context.server}</dd>
        </div>
        <div>
          <dt>Objects</dt>
          <dd>{countWords(context)}</dd>
        </div>
        <div>
          <dt>Data</dt>
          <dd>{current ? 'now' : context.asOf === null ? 'none' : <AsOf at={context.asOf} />}</dd>
        </div>
      </dl>
      {context.failure !== null && <Problem failure={context.failure} />}
      {order.failure !== undefined && order.failure.message !== context.failure?.message && <Problem failure={order.failure} />}
      <footer>
        {incidents.length === 0 && context.asOf !== null && context.state !== 'connecting' && (
          <span className="quiet-words">{current ? 'Nothing is wrong' : 'Nothing was wrong then, as far as was known'}</span>
        )}
        {first !== undefined && (
          <a className="tone-broken" href={linkTo('incidents', first.id)}>
            {incidents.length} {incidents.length === 1 ? 'incident' : 'incidents'}
            {!current && ', as last known'}
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
          {order.running ? 'Working…' : watched ? 'Stop watching' : BROKEN.has(context.state) ? 'Try again' : 'Watch'}
        </button>
      </footer>
    </li>
  );
}
