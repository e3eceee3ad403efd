import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Client } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { countWords, stateWords } from '../state/cluster-words.ts';
import { usePage } from '../state/page.ts';
import { Age } from '../ui/age.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { partsOfKey, podsOf } from './fleet-model.ts';
import type { Placed } from './fleet-plots.ts';
import type { Rect, Size } from './geometry.ts';
import type { Pin } from './marks.ts';
import { worstSeverity } from './marks.ts';
import { kindWords, podWords } from './words.ts';

/** After so long on one place, what changed there last is asked for. */
const ASK_MS = 150;
const MARGIN = 8;
const WIDTH = 320;

/** What a place is, beside it: its name in full, how many are how well, the worst that is wrong, what changed last. */
export function PlaceCard({
  item,
  pod,
  rect,
  size,
  pins,
}: {
  item: Placed;
  pod: number | undefined;
  rect: Rect;
  size: Size;
  pins: readonly Pin[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const one = item.level === 'workload' && pod !== undefined ? podsOf(item)[pod] : undefined;
  const here = pins.filter((p) => p.keys.includes(item.key));
  const incidents = here.flatMap((p) => p.incident ?? []);
  const worst = incidents.reduce<(typeof incidents)[number] | undefined>(
    (w, i) => (w === undefined || worstSeverity(w.severity, i.severity) !== w.severity ? i : w),
    undefined,
  );
  const plans = here.filter((p) => p.plan !== undefined).length;
  useLayoutEffect(() => {
    const card = box.current;
    if (card === null) return;
    const { offsetHeight: height } = card;
    const right = rect.x + rect.w + MARGIN;
    const left = rect.x - WIDTH - MARGIN;
    const x = right + WIDTH <= size.w ? right : left >= 0 ? left : Math.max(MARGIN, size.w - WIDTH - MARGIN);
    const y = Math.max(MARGIN, Math.min(size.h - height - MARGIN, Math.max(rect.y, 0)));
    card.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  });
  return (
    <div ref={box} className="map-card" data-card={item.key}>
      <p className="row-meta">{one === undefined ? kindWords(item) : 'Pod'}</p>
      <p className="name" dir="auto">
        {one?.name ?? (item.level === 'cluster' ? (item.row.alias ?? item.context) : item.name)}
      </p>
      {item.level === 'cluster' && <p>{stateWords(item.row)}</p>}
      {item.level === 'cluster' ? <p className="text-ink-2">{countWords(item.row)}</p> : null}
      {one === undefined && item.level !== 'group' && <PodWords item={item} />}
      {one !== undefined && <p>{one.state === '' ? 'Running' : one.state}</p>}
      {item.level === 'workload' && item.state !== '' && <p className="text-ink-2">{item.state}</p>}
      {worst !== undefined && (
        <p>
          <SeverityMark severity={worst.severity} word={false} /> {worst.title}
          {incidents.length > 1 && <span className="hint"> and {incidents.length - 1} more</span>}
        </p>
      )}
      {plans > 0 && <p className="text-accent">{plans === 1 ? 'A plan waits for a decision' : `${plans} plans wait for a decision`}</p>}
      {item.level === 'workload' && <LastChange key={item.key} of={item.key} />}
    </div>
  );
}

function PodWords({ item }: { item: Exclude<Placed, { level: 'group' }> }) {
  const counts = item.level === 'cluster' ? item.cluster?.counts : item.counts;
  return counts === undefined ? null : <p>{podWords(counts)}</p>;
}

const asked = new Map<string, Promise<string | undefined>>();
const MOST_ASKED = 200;
const FRESH_MS = 20_000;

function lastChange(client: Client, key: string): Promise<string | undefined> {
  const known = asked.get(key);
  if (known !== undefined) return known;
  const [context = '', namespace = '', kind = '', name = ''] = partsOfKey(key);
  const answer = client.changes.list({ context, namespace, resource: `${kind}/${name}`, limit: 1 }).then(
    ({ changes: [change] }) => (change === undefined ? undefined : `${change.at} ${change.summary}`),
    () => undefined,
  );
  if (asked.size > MOST_ASKED) asked.clear();
  asked.set(key, answer);
  setTimeout(() => asked.delete(key), FRESH_MS);
  return answer;
}

/** The last line of a card, filled in when it is known; the card does not wait for it. */
function LastChange({ of }: { of: string }) {
  const client = useClient();
  const live = usePage((s) => s.phase === 'live');
  const [change, setChange] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (!live) return;
    let gone = false;
    const timer = setTimeout(() => {
      void lastChange(client, of).then((found) => {
        if (!gone) setChange(found);
      });
    }, ASK_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, of, live]);
  if (change === undefined) return null;
  const space = change.indexOf(' ');
  return (
    <p className="hint">
      {change.slice(space + 1)}, <Age at={change.slice(0, space)} suffix=" ago" />
    </p>
  );
}
