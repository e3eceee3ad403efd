import { useState } from 'react';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { autonomyWords } from '../state/autonomy-words.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';

/** What the agents may do now, and the red stop: one press and one confirm holds them all, and lets them go on the same way back. */
export function HoldAll() {
  const client = useClient();
  const hold = usePage((s) => s.hold);
  const autonomy = usePage((s) => s.autonomy);
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const order = useOrder();
  const [sure, setSure] = useState(false);
  const held = hold?.held === true;
  const words = autonomyWords(autonomy, held);
  const go = () => {
    setSure(false);
    order.give(async () => {
      usePage.setState({ hold: await (held ? client.hold.release({ by }) : client.hold.set({ by })) });
    });
  };
  return (
    <div className="hold">
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <a
        className={`autonomy text-13 no-underline ${words.bad ? 'text-broken' : 'text-ink-3'}`}
        href={linkTo('settings', 'rules')}
        title={words.long}
      >
        {words.short}
      </a>
      {sure ? (
        <>
          <button type="button" className={held ? 'primary' : 'danger'} autoFocus disabled={order.running} onClick={go}>
            {held ? 'Yes, let them go on' : 'Yes, hold them all'}
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
          disabled={order.running || hold === undefined}
          onClick={() => setSure(true)}
        >
          <Icon name="hold" size={16} /> <span className="words">{held ? 'Let the agents go on' : 'Hold all agents'}</span>
        </button>
      )}
    </div>
  );
}
