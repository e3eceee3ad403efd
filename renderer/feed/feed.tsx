import { useVirtualizer } from '@tanstack/react-virtual';
import { Suspense, lazy, useMemo, useRef, useState } from 'react';
import type { Envelope } from '../../agents/contract/index.ts';
import type { Called } from '../../agents/contract/story.ts';
import { useAgentTitles } from '../state/agent-titles.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { WORST_FIRST, usePage } from '../state/page.ts';
import { linkTo, useRoute } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';
import { FeedEntry, FeedHeading } from './entry.tsx';
import { KINDS, type Sieve, grouped, liner, siftLines } from './lines.ts';

/** Older entries are read in steps of this many. */
const STEP = 1_000;

const Alerts = lazy(() => import('../metrics/alerts.tsx').then((m) => ({ default: m.Alerts })));
const AlertsLine = lazy(() => import('../metrics/alerts-line.tsx').then((m) => ({ default: m.AlertsLine })));

/** What happened; behind `#/feed/alerts` what is unusual now, and what will run out. */
export function Feed({ id }: { id: string | undefined }) {
  return id === 'alerts' ? <Alerts /> : <Log />;
}

/** What happened, newest first: one sentence an entry, as it is in the log; live until it is held still. */
function Log() {
  const { query } = useRoute();
  const live = usePage((s) => s.feed);
  // A log has its first entry from the first start on.
  const unread = usePage((s) => s.lastSeq === 0);
  const incidents = usePage((s) => s.incidents);
  const accepted = usePage((s) => s.accepted);
  const plans = usePage((s) => s.plans);
  const [held, setHeld] = useState<readonly Envelope[] | undefined>(undefined);
  const [older, setOlder] = useState<readonly Envelope[]>([]);
  const sieve = sieveOf(query);
  const byTime = query.get('by') === 'time';

  const newest = held ?? live;
  const entries = useMemo(() => {
    const oldest = newest.at(-1)?.seq ?? 0;
    return [...newest, ...older.filter((e) => e.seq < oldest)];
  }, [newest, older]);
  const called = useAgentTitles();
  const read = useMemo(() => liner({ incidents: [...incidents, ...accepted], plans, called }), [incidents, accepted, plans, called]);
  const lines = useMemo(() => read(entries), [read, entries]);
  const sifted = siftLines(lines, sieve);
  const shown = byTime ? sifted.map((line) => ({ line })) : grouped(sifted);
  const titles = new Map([...incidents, ...accepted].map((i) => [i.id, i] as const));

  const box = useRef<HTMLOListElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => 38,
    overscan: 12,
    getItemKey: (i) => {
      const row = shown[i];
      return row === undefined ? i : 'line' in row ? row.line.seq : `g ${row.heading ?? ''}`;
    },
  });

  const turn = (key: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(key);
    else next.set(key, value);
    window.location.replace(linkTo('feed', undefined, Object.fromEntries(next)));
  };
  const missed = held === undefined ? 0 : live.filter((e) => e.seq > (held[0]?.seq ?? 0)).length;

  return (
    <div className="flex h-full flex-col">
      <div className="feed-bar" role="search" aria-label="Which lines">
        <Suspense fallback={null}>
          <AlertsLine />
        </Suspense>
        <select aria-label="Order" value={byTime ? 'time' : ''} onChange={(e) => turn('by', e.target.value)}>
          <option value="">by incident</option>
          <option value="time">by time</option>
        </select>
        <Pick label="agent" value={sieve.agent} options={lines.map((l) => l.agent)} called={called} turn={turn} />
        <Pick label="cluster" name="context" value={sieve.context} options={lines.map((l) => l.context)} turn={turn} />
        <Pick label="severity" value={sieve.severity} options={WORST_FIRST} turn={turn} />
        <Pick label="kind" value={sieve.kind} options={KINDS} turn={turn} />
        <button
          type="button"
          className="ml-auto"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held === undefined ? live : undefined)}
        >
          {held === undefined ? 'Hold still' : missed === 0 ? 'Go on' : `Go on, ${missed} new`}
        </button>
      </div>
      {unread ? (
        <p className="loading p-5 text-ink-3">Reading…</p>
      ) : shown.length === 0 ? (
        <div className="empty">
          <h2>{entries.length === 0 ? 'Nothing has happened yet' : 'No line is like that'}</h2>
          <p>
            {entries.length === 0 ? (
              <>
                What the agents see, propose and do, and what people decide, appears here. Begin with{' '}
                <a href={linkTo('fleet')}>a cluster</a>.
              </>
            ) : (
              <a href={linkTo('feed')}>Show all lines again</a>
            )}
          </p>
        </div>
      ) : (
        <ol ref={box} className="feed" aria-label="Event log, newest first" tabIndex={0}>
          <li aria-hidden="true" style={{ height: rows.getTotalSize() }} />
          {rows.getVirtualItems().map((item) => {
            const row = shown[item.index];
            return (
              <li
                key={item.key}
                ref={rows.measureElement}
                data-index={item.index}
                className="feed-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row === undefined ? null : 'line' in row ? (
                  <FeedEntry line={row.line} grouped={!byTime} />
                ) : (
                  <FeedHeading group={row} incident={row.heading === undefined ? undefined : titles.get(row.heading)} />
                )}
              </li>
            );
          })}
        </ol>
      )}
      <Older entries={entries} add={(more) => setOlder((before) => [...before, ...more])} />
    </div>
  );
}

function sieveOf(query: URLSearchParams): Sieve {
  const of = (key: string) => query.get(key) ?? undefined;
  return { agent: of('agent'), context: of('context'), severity: of('severity'), kind: of('kind') };
}

function Pick(props: {
  label: string;
  name?: string;
  value: string | undefined;
  options: readonly (string | undefined)[];
  called?: Called;
  turn: (key: string, value: string) => void;
}) {
  const { label, name = label, value, called, turn } = props;
  const options = [...new Set([...props.options, value])].filter((o) => o !== undefined);
  if (options.length === 0) return null;
  return (
    <select aria-label={label} value={value ?? ''} onChange={(e) => turn(name, e.target.value)}>
      <option value="">any {label}</option>
      {options.map((o) => (
        <option key={o} value={o}>
          {called?.(o) ?? o}
        </option>
      ))}
    </select>
  );
}

/** The log goes back further than the page holds. */
function Older({ entries, add }: { entries: readonly Envelope[]; add: (more: readonly Envelope[]) => void }) {
  const client = useClient();
  const order = useOrder();
  const oldest = entries.at(-1)?.seq ?? 1;
  if (oldest <= 1) return null;
  const read = async () => {
    const { events } = await client.events.list({ since: Math.max(0, oldest - 1 - STEP), limit: STEP });
    add(events.filter((e) => e.seq < oldest).toReversed());
  };
  return (
    <div className="border-t border-line px-5 py-2">
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <button type="button" disabled={order.running} onClick={() => order.give(read)}>
        Read what was before entry {oldest}
      </button>
    </div>
  );
}
