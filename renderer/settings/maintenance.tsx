import { useState } from 'react';
import type { Maintenance } from '../../agents/contract/index.ts';
import { scopeWords } from '../../agents/contract/refs.ts';
import type { Client } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { type Order, useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { useRepeated } from '../state/use-repeated.ts';
import { Problem } from '../ui/problem.tsx';

type Known = Maintenance & { readonly active: boolean };

const HOUR_MS = 60 * 60_000;
/** How long it may last, as a choice; undefined: until somebody ends it. */
const LENGTHS: Readonly<Record<string, number | undefined>> = {
  'for an hour': HOUR_MS,
  'for 4 hours': 4 * HOUR_MS,
  'for 12 hours': 12 * HOUR_MS,
  'until I end it': undefined,
};
/** Hours that come again begin and end without a word in the log. */
const AGAIN_MS = 30_000;

const readKnown = async (client: Client, signal: AbortSignal): Promise<readonly Known[]> =>
  (await client.maintenance.list({}, { signal })).maintenance;

/** Where somebody works: what goes wrong there is kept, and told to nobody before it is over. */
export function KnownMaintenance() {
  const client = useClient();
  const order = useOrder();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const news = usePage((s) => s.feed.find((e) => e.event.type.startsWith('maintenance.'))?.seq ?? 0);
  const { value: known, ...reading } = useRepeated(readKnown, AGAIN_MS, news);
  const failure = order.failure ?? reading.failure;
  return (
    <>
      <p className="text-ink-3">
        What goes wrong there meanwhile is found and kept as ever, and told to nobody; no rule acts. What is still wrong when it is over is
        told then.
      </p>
      {failure !== undefined && <Problem failure={failure} />}
      {known?.length === 0 && <p className="my-2">None is known.</p>}
      <ul aria-label="Known maintenance" className="my-2">
        {known?.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 py-1">
            <span className="min-w-52 flex-1">
              <span className="name">{one.context}</span>, {scopeWords(one.scope)}: {one.reason}{' '}
              <span className="text-ink-3">
                ({one.by}; {whenWords(one)})
              </span>
            </span>
            <button
              type="button"
              disabled={order.running}
              aria-label={`End it: maintenance of ${scopeWords(one.scope)} in ${one.context}`}
              onClick={() => order.give(() => client.maintenance.end({ id: one.id, by }))}
            >
              End it
            </button>
          </li>
        ))}
      </ul>
      <Announce order={order} by={by} />
    </>
  );
}

function whenWords({ active, from, until, window }: Known): string {
  const hours = window === undefined ? '' : `, ${window.from} to ${window.to} ${window.timezone}`;
  const end = until === null ? 'until somebody ends it' : `until ${new Date(until).toLocaleString()}`;
  if (active) return `holds now, ${end}${hours}`;
  return Date.parse(from) > Date.now() ? `from ${new Date(from).toLocaleString()}, ${end}${hours}` : `not at this hour, ${end}${hours}`;
}

function Announce({ order, by }: { order: Order; by: string }) {
  const client = useClient();
  const contexts = usePage((s) => s.contexts)?.contexts ?? [];
  const current = contexts.find((c) => c.current)?.name ?? contexts[0]?.name ?? '';
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [namespace, setNamespace] = useState('');
  const [length, setLength] = useState('for 4 hours');
  const [reason, setReason] = useState('');
  const context = chosen ?? current;
  const announce = async () => {
    const lasts = LENGTHS[length];
    await client.maintenance.add({
      context,
      scope: namespace.trim() === '' ? {} : { namespace: namespace.trim() },
      ...(lasts === undefined ? {} : { until: new Date(Date.now() + lasts).toISOString() }),
      reason: reason.trim(),
      by,
    });
    setReason('');
    setNamespace('');
  };
  return (
    <form
      className="my-2 flex flex-wrap items-end gap-3"
      aria-label="Announce maintenance"
      onSubmit={(e) => {
        e.preventDefault();
        order.give(announce);
      }}
    >
      <label className="min-w-40 flex-1">
        Cluster
        <select className="w-full" value={context} onChange={(e) => setChosen(e.target.value)}>
          {contexts.map((c) => (
            <option key={c.name}>{c.name}</option>
          ))}
        </select>
      </label>
      <label className="min-w-40 flex-1">
        Namespace
        <input
          className="w-full"
          value={namespace}
          placeholder="the whole cluster"
          autoComplete="off"
          onChange={(e) => setNamespace(e.target.value)}
        />
      </label>
      <label className="min-w-32">
        How long
        <select className="w-full" value={length} onChange={(e) => setLength(e.target.value)}>
          {Object.keys(LENGTHS).map((words) => (
            <option key={words}>{words}</option>
          ))}
        </select>
      </label>
      <label className="min-w-52 flex-1">
        Why
        <input
          className="w-full"
          value={reason}
          placeholder="nodes are replaced"
          autoComplete="off"
          onChange={(e) => setReason(e.target.value)}
        />
      </label>
      <button type="submit" className="primary" disabled={order.running || context === '' || reason.trim() === ''}>
        Announce it
      </button>
    </form>
  );
}
