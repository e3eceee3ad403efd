import type { AgentRow } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage, waiting } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Fact } from '../ui/fact.tsx';
import { Problem } from '../ui/problem.tsx';

/** The agents, as they describe themselves, and how they are. */
export function AgentList({ id }: { id: string | undefined }) {
  const agents = usePage((s) => s.agents);
  if (agents.length === 0)
    return (
      <div className="empty">
        <h2>No agent is there yet</h2>
        <p>They start with Quarterdeck. If none comes, the log of the process says why.</p>
      </div>
    );
  return (
    <ul className="cards" aria-label="Agents">
      {agents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} chosen={agent.id === id} />
      ))}
    </ul>
  );
}

const STATE_WORDS: Readonly<Record<AgentRow['state'], string>> = {
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  restarting: 'fell, is started again',
  gaveUp: 'given up',
};

function AgentCard({ agent, chosen }: { agent: AgentRow; chosen: boolean }) {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const waits = waiting(usePage((s) => s.plans)).filter((p) => p.agent === agent.id);
  const paused = agent.state === 'paused';
  const broken = agent.state === 'gaveUp' || agent.state === 'restarting';
  return (
    <li className={`card${chosen ? ' chosen' : ''}`} data-agent={agent.id}>
      <header>
        <h2>{agent.title}</h2>
        <span className={`mark ${broken ? 'tone-broken' : paused ? 'tone-degraded' : ''}`}>{STATE_WORDS[agent.state]}</span>
      </header>
      <p className="text-ink-2">{agent.description}</p>
      <dl>
        {agent.checks === 0 ? (
          <Fact name="Works">when another agent or a person asks it</Fact>
        ) : (
          <>
            <Fact name="Knows">
              {agent.checks} checks, {agent.remedies} {agent.remedies === 1 ? 'remedy' : 'remedies'}
            </Fact>
            <Fact name="Reads">{agent.kinds.length} kinds of objects</Fact>
            <Fact name="Watches">{agent.contexts.length === 0 ? 'no cluster' : agent.contexts.join(', ')}</Fact>
          </>
        )}
        <Fact name="Last report">{agent.lastReport === null ? '–' : <Age at={agent.lastReport} suffix=" ago" />}</Fact>
        <Fact name="Waits for you">
          {waits[0] === undefined ? (
            'nothing'
          ) : (
            <a href={linkTo('approvals', waits[0].id)}>{waits.length === 1 ? '1 plan' : `${waits.length} plans`}</a>
          )}
        </Fact>
        <Fact name="Queue">{agent.queue === 0 ? 'nothing' : `${agent.queue} open`}</Fact>
        <Fact name="Restarts">{agent.restarts}</Fact>
      </dl>
      {agent.lastError !== null && <Problem failure={{ code: 'agent-unavailable', message: agent.lastError }} />}
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <footer>
        <a href={linkTo('feed', undefined, { agent: agent.id, by: 'time' })}>What it did</a>
        <button
          type="button"
          aria-label={`${paused ? 'Let go on' : 'Pause'}: ${agent.title}`}
          disabled={order.running || agent.state === 'gaveUp'}
          onClick={() => order.give(() => client.agents[paused ? 'resume' : 'pause']({ id: agent.id, by }))}
        >
          {paused ? 'Let go on' : 'Pause'}
        </button>
      </footer>
    </li>
  );
}
