import { useState } from 'react';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';

/** Holds every agent with one press and one confirm; lets them go on the same way back. */
export function HoldAll() {
  const client = useClient();
  const agents = usePage((s) => s.agents);
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const order = useOrder();
  const [sure, setSure] = useState(false);
  const running = agents.filter((a) => a.state !== 'paused' && a.state !== 'gaveUp');
  const held = agents.length > 0 && running.length === 0;
  const go = () => {
    setSure(false);
    order.give(() =>
      Promise.all(
        held
          ? agents.filter((a) => a.state === 'paused').map((a) => client.agents.resume({ id: a.id, by }))
          : running.map((a) => client.agents.pause({ id: a.id, by })),
      ),
    );
  };
  return (
    <div className="hold">
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <span className="autonomy text-13 text-ink-3" title="No plan is carried out unless a person approves it">
        {held ? 'All agents are held' : 'Agents ask for everything'}
      </span>
      {sure ? (
        <>
          <button type="button" className="danger" autoFocus disabled={order.running} onClick={go}>
            Yes, hold {running.length === 1 ? 'the agent' : `all ${running.length} agents`}
          </button>
          <button type="button" onClick={() => setSure(false)}>
            No
          </button>
        </>
      ) : (
        <button
          type="button"
          className={held ? '' : 'danger quiet'}
          aria-label={held ? 'Let the agents go on' : 'Hold all agents'}
          disabled={order.running || agents.length === 0}
          onClick={() => (held ? go() : setSure(true))}
        >
          <Icon name="hold" size={16} /> <span className="words">{held ? 'Let the agents go on' : 'Hold all agents'}</span>
        </button>
      )}
    </div>
  );
}
