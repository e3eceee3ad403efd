import type { ContextRow } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useHere } from '../state/here.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { isWatched } from './twin-rows.ts';

/** Begins to watch a cluster, or ends it. `tab`: whether it is reached by Tab, or by the keys of its row. */
export function WatchButton({ row, tab }: { row: ContextRow; tab: number }) {
  const client = useClient();
  const order = useOrder();
  const watched = isWatched(row.state);
  return (
    <button
      type="button"
      tabIndex={tab}
      title={order.failure?.message}
      disabled={order.running}
      onClick={(event) => {
        event.stopPropagation();
        order.give(() => client.cluster[watched ? 'disconnect' : 'connect']({ context: row.name }));
      }}
    >
      {order.running ? 'Working…' : watched ? 'Stop watching' : again(row) ? 'Try again' : 'Watch'}
    </button>
  );
}

/** On the map: to watch the cluster that is chosen, or the only one. Nothing where it is watched already. */
export function WatchHere() {
  const here = useHere();
  const rows = usePage((s) => s.contexts)?.contexts ?? [];
  const row = here ?? (rows.length === 1 ? rows[0] : undefined);
  if (row === undefined)
    return rows.some((r) => isWatched(r.state)) ? null : <span className="hint whitespace-nowrap">Choose a cluster to watch it.</span>;
  return isWatched(row.state) ? null : <WatchIt key={row.name} row={row} />;
}

function WatchIt({ row }: { row: ContextRow }) {
  const client = useClient();
  const order = useOrder();
  const name = row.alias ?? row.name;
  return (
    <>
      {order.failure !== undefined && (
        <p className="map-refusal tone-broken" role="alert">
          {order.failure.message}
        </p>
      )}
      <button
        type="button"
        className="primary max-w-64"
        disabled={order.running}
        onClick={() => order.give(() => client.cluster.connect({ context: row.name }))}
      >
        <span className="truncate">{order.running ? 'Connecting…' : again(row) ? `Try ${name} again` : `Watch ${name}`}</span>
      </button>
    </>
  );
}

const again = ({ state }: ContextRow): boolean => state === 'offline' || state === 'unauthorised';
