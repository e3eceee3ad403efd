import type { AgentRow } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';

/** The agents, as they describe themselves, and how they are. */
export function AgentList() {
  const agents = usePage((s) => s.agents);
  return (
    <ul className="cards" aria-label="Agents">
      {agents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} />
      ))}
    </ul>
  );
}

function AgentCard({ agent }: { agent: AgentRow }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const paused = agent.state === 'paused';
  return (
    <li className="card">
      <header>
        <h2>{agent.title}</h2>
        <span className={`mark ${agent.state === 'gaveUp' || agent.state === 'restarting' ? 'tone-broken' : ''}`}>
          {agent.state === 'gaveUp' ? 'given up' : agent.state}
        </span>
      </header>
      <p>{agent.description}</p>
      <dl>
        <div>
          <dt>Knows</dt>
          <dd>
            {agent.checks} checks, {agent.remedies} remedies
          </dd>
        </div>
        <div>
          <dt>Watches</dt>
          <dd>{agent.contexts.length === 0 ? 'no cluster' : agent.contexts.join(', ')}</dd>
        </div>
        <div>
          <dt>Last report</dt>
          <dd>{agent.lastReport === null ? '–' : <Age at={agent.lastReport} suffix=" ago" />}</dd>
        </div>
        <div>
          <dt>Restarts</dt>
          <dd>{agent.restarts}</dd>
        </div>
      </dl>
      {agent.lastError !== null && <Problem failure={{ code: 'agent-unavailable', message: agent.lastError }} />}
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <footer>
        <button
          type="button"
          disabled={order.running || agent.state === 'gaveUp'}
          onClick={() => order.give(() => client.agents[paused ? 'resume' : 'pause']({ id: agent.id, by }))}
        >
          {paused ? 'Let it go on' : 'Hold'}
        </button>
      </footer>
    </li>
  );
}
