import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react';
import { stateWords } from '../state/cluster-words.ts';
import { chooseContext, useHereState } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { linkTo } from '../state/route.ts';
import { AsOf } from '../ui/age.tsx';
import { Icon } from '../ui/icons.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { type Counts, type Health, OK, podsOf } from './fleet-model.ts';
import type { Site } from './fleet-plots.ts';
import { useFleetMap, useFleetWords } from './follow.ts';
import { type Pin, worstSeverity } from './marks.ts';
import { linkToPlace } from './places.ts';
import { type TwinRow, twinRows } from './twin-rows.ts';
import { WatchButton } from './watch-button.tsx';
import { HEALTH_WORDS, podWords } from './words.ts';

const ROW_PX = 36;
const TONES: Readonly<Record<Health, string>> = { 0: '', 1: 'tone-changing', 2: 'tone-degraded', 3: 'tone-broken', 4: 'tone-unknown' };

/** The map as a tree in words: the same places in the same order. Arrows move and unfold, Enter switches to the cluster, `.` opens the object. */
export function Twin({ pins, typed, drill }: { pins: readonly Pin[]; typed: string; drill: (key: string) => void }) {
  useFleetMap();
  const groups = useFleetWords();
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(groups.map((g) => g.key)));
  const [at, setAt] = useState<string | undefined>(undefined);
  const text = useDeferredValue(typed);
  const rows = useMemo(() => twinRows(groups, opened, text), [groups, opened, text]);
  const box = useRef<HTMLDivElement>(null);
  const seen = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (i) => rows[i]?.id ?? i,
    overscan: 12,
  });
  const found = at === undefined ? -1 : rows.findIndex((r) => r.id === at);
  const current = Math.max(0, found);
  const marks = useMemo(() => marksOf(pins), [pins]);

  const toggle = (id: string, open: boolean) =>
    setOpened((before) => {
      const next = new Set(before);
      if (open) next.add(id);
      else next.delete(id);
      return next;
    });
  const goTo = (i: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, i))];
    if (row === undefined) return;
    setAt(row.id);
    seen.scrollToIndex(rows.indexOf(row));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.closest('button, a') !== null && event.key !== 'Escape') {
      if (!event.key.startsWith('Arrow')) return;
    }
    const row = rows[current];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[event.key];
    const handled = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (step !== undefined) {
      handled();
      goTo(found < 0 && step === 1 ? 0 : current + step);
    } else if (event.key === 'ArrowRight') {
      handled();
      if (row.open === false) toggle(row.id, true);
      else if (row.open === true) goTo(current + 1);
    } else if (event.key === 'ArrowLeft') {
      handled();
      if (row.open === true && text === '') toggle(row.id, false);
      else goTo(rows.findLastIndex((r, i) => i < current && r.depth < row.depth));
    } else if (event.key === 'Enter') {
      handled();
      if (row.item.level !== 'group') chooseContext(row.item.context);
      if (row.open !== undefined) toggle(row.id, !row.open);
    } else if (event.key === '.') {
      const link = linkToPlace(row.item, row.pod);
      if (link !== undefined) window.location.hash = link;
    } else if (event.key === ' ' && row.item.level === 'workload') {
      handled();
      drill(row.item.key);
    }
  };

  if (rows.length === 0)
    return (
      <div className="empty">
        <h2>Nothing is called so</h2>
        <p>No cluster, namespace, workload or pod that is known holds “{text}”.</p>
      </div>
    );
  return (
    <div
      ref={box}
      className="twin"
      role="treegrid"
      aria-label="The fleet"
      aria-rowcount={rows.length}
      aria-colcount={4}
      aria-activedescendant={found >= 0 ? `twin-${found}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="rowgroup" style={{ height: seen.getTotalSize() }} className="relative">
        {seen.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <Line
              key={key}
              row={row}
              index={index}
              top={start}
              current={index === found}
              marks={row.pod === undefined ? marks.get(row.item.key) : undefined}
              press={() => {
                setAt(row.id);
                if (row.item.level !== 'group') chooseContext(row.item.context);
              }}
              toggle={() => toggle(row.id, row.open === false)}
              measure={seen.measureElement}
            />
          );
        })}
      </div>
    </div>
  );
}

interface Marks {
  readonly incidents: number;
  readonly plans: number;
  readonly worst: NonNullable<Pin['incident']> | undefined;
  readonly plan: string | undefined;
}

function marksOf(pins: readonly Pin[]): ReadonlyMap<string, Marks> {
  const marks = new Map<string, Marks>();
  for (const { keys, incident, plan } of pins)
    for (const key of keys) {
      const { incidents = 0, plans = 0, worst, plan: first } = marks.get(key) ?? {};
      marks.set(key, {
        incidents: incidents + (incident === undefined ? 0 : 1),
        plans: plans + (plan === undefined ? 0 : 1),
        worst:
          incident === undefined
            ? worst
            : worst === undefined || worstSeverity(worst.severity, incident.severity) !== worst.severity
              ? incident
              : worst,
        plan: first ?? plan,
      });
    }
  return marks;
}

interface LineProps {
  readonly row: TwinRow;
  readonly index: number;
  readonly top: number;
  readonly current: boolean;
  readonly marks: Marks | undefined;
  readonly press: () => void;
  readonly toggle: () => void;
  readonly measure: (element: HTMLElement | null) => void;
}

function Line({ row, index, top, current, marks, press, toggle, measure }: LineProps) {
  const { item, pod, depth, open } = row;
  const chosen = useHereState((s) => item.level === 'cluster' && s.chosen === item.context);
  const one = item.level === 'workload' && pod !== undefined ? podsOf(item)[pod] : undefined;
  const link = linkToPlace(item, pod);
  // Tab goes on from the current line into what can be pressed in it.
  const tab = current ? 0 : -1;
  return (
    <div
      ref={measure}
      data-index={index}
      id={`twin-${index}`}
      role="row"
      className={`twin-row${chosen ? ' chosen' : ''}`}
      aria-level={depth}
      aria-setsize={row.of}
      aria-posinset={row.place}
      aria-rowindex={index + 1}
      aria-selected={current}
      {...(open === undefined ? {} : { 'aria-expanded': open })}
      {...(item.level === 'cluster' ? { 'data-context': item.context, 'data-state': item.row.state } : {})}
      style={{ transform: `translateY(${top}px)` }}
      onClick={press}
    >
      <div role="gridcell" className="twin-name" style={{ paddingInlineStart: (depth - 1) * 18 }}>
        {open === undefined ? (
          <span className="twin-fold" />
        ) : (
          <button
            type="button"
            className="twin-fold"
            tabIndex={tab}
            aria-label={open ? `Fold ${row.name}` : `Unfold ${row.name}`}
            onClick={toggle}
          >
            <Icon name="unfold" size={14} />
          </button>
        )}
        {item.level === 'workload' && <span className="row-meta">{pod !== undefined ? 'Pod' : item.kind}</span>}
        {link !== undefined && (item.level === 'workload' || pod !== undefined) ? (
          <a className="name" dir="auto" href={link} tabIndex={tab}>
            {row.name}
          </a>
        ) : (
          <span className={item.level === 'group' ? 'text-ink-3' : 'name'} dir="auto">
            {row.name}
          </span>
        )}
        {item.level === 'cluster' && <SiteMarks site={item} />}
      </div>
      <div role="gridcell" className="twin-state">
        {one !== undefined ? (
          <span className={TONES[one.health]}>{one.state === '' ? 'Running' : one.state}</span>
        ) : item.level === 'cluster' ? (
          <SiteState site={item} />
        ) : item.level === 'workload' ? (
          <span className={TONES[item.worst]}>
            {item.state}
            {item.worst !== OK && ` · ${HEALTH_WORDS[item.worst]}`}
          </span>
        ) : null}
      </div>
      <div role="gridcell" className="twin-pods">
        {one === undefined && item.level !== 'group' && (
          <PodCounts counts={item.level === 'cluster' ? item.cluster?.counts : item.counts} />
        )}
      </div>
      <div role="gridcell" className="twin-marks">
        {marks?.worst !== undefined && (
          <a href={linkTo('incidents', marks.worst.id)} title={marks.worst.title} tabIndex={tab}>
            <SeverityMark severity={marks.worst.severity} word={false} /> {marks.incidents}{' '}
            {marks.incidents === 1 ? 'incident' : 'incidents'}
          </a>
        )}
        {marks?.plan !== undefined && (
          <a href={linkTo('approvals', marks.plan)} tabIndex={tab}>
            {marks.plans === 1 ? 'a plan waits' : `${marks.plans} plans wait`}
          </a>
        )}
        {item.level === 'cluster' && <WatchButton row={item.row} tab={tab} />}
      </div>
    </div>
  );
}

function PodCounts({ counts }: { counts: Counts | undefined }) {
  return counts === undefined ? null : <span className="text-ink-2">{podWords(counts)}</span>;
}

function SiteMarks({ site: { row } }: { site: Site }) {
  return (
    <>
      {row.demo && <span className="mark">demo</span>}
      {row.protected && (
        <span className="mark" title="Approving a plan here asks for the name of the context">
          <Icon name="lock" /> protected
        </span>
      )}
      {row.readOnly && (
        <span className="mark" title="Nothing is changed in this cluster from here">
          <Icon name="eye" /> read-only
        </span>
      )}
    </>
  );
}

function SiteState({ site: { row } }: { site: Site }) {
  const live = usePage((s) => s.phase === 'live');
  const tone =
    row.state === 'offline' || row.state === 'unauthorised' ? 'tone-broken' : row.state === 'stale' ? 'tone-degraded' : 'text-ink-2';
  const current = live && row.state === 'connected';
  return (
    <span className={tone} title={row.failure?.message}>
      {live ? stateWords(row) : `${row.state} when last heard`} {!current && row.asOf !== null && <AsOf at={row.asOf} />}
      {row.failure !== null && <span className="twin-why">{row.failure.message}</span>}
    </span>
  );
}
