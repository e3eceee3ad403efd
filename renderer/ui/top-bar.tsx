import { useState } from 'react';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import type { Place } from '../state/route.ts';
import { Icon } from './icons.tsx';
import { Problem } from './problem.tsx';
import { PLACE_WORDS } from './rail.tsx';

/** Where one is, what the agents may do, and the button that holds them all. */
export function TopBar({ place }: { place: Place }) {
  return (
    <header className="top">
      <h1>{PLACE_WORDS[place]}</h1>
      <span className="autonomy" title="No plan is carried out unless a person approves it">
        Agents ask for everything
      </span>
      <HoldAll />
    </header>
  );
}

/** Holds every agent with one press and one confirm; lets them go on the same way back. */
function HoldAll() {
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
          disabled={order.running || agents.length === 0}
          onClick={() => (held ? go() : setSure(true))}
        >
          <Icon name="hold" /> {held ? 'Let the agents go on' : 'Hold all agents'}
        </button>
      )}
    </div>
  );
}
