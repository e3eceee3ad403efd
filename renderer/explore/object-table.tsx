import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { usePage } from '../state/page.ts';
import { AsOf } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { useChosenColumns } from './chosen-columns.ts';
import { ColumnChoice } from './column-choice.tsx';
import { type Asked, linkToObject, linkToTable } from './places.ts';
import { MOST_ROWS, type TableRead, useTable } from './reading.ts';
import { CONTEXT, NAMESPACE, NO_ROWS, type Row, sift, sorted, words } from './rows.ts';
import { SelectionBar } from './selection-bar.tsx';

const ROW_PX = 32;
/** After the last key, when the address takes what was typed, milliseconds. */
const ADDRESS_MS = 300;

/** The objects of a kind. Arrows choose a row, Enter opens it, Space selects it, `/` goes to the filter. */
export function ObjectTable(props: { kind: string; contexts: readonly string[]; asked: Asked; children: ReactNode }) {
  const { kind, contexts, asked, children } = props;
  const [again, setAgain] = useState(0);
  const [text, setText] = useState(asked.text);
  const { value, failure } = useTable(kind, contexts.join('\n'), asked.labels, again);
  const { table = NO_ROWS, failed = [], more = failure === undefined } = value ?? {};
  const typed = useDeferredValue(text);
  const inOrder = useMemo(() => sorted(table, table.rows, asked.sort, asked.down), [table, asked.sort, asked.down]);
  const rows = useMemo(() => sift(inOrder, typed), [inOrder, typed]);
  const filter = useSlash();
  const [picked, setPicked] = useState<ReadonlySet<string>>(NONE);
  const [wished, choose] = useChosenColumns(kind);
  const every = columnsOf(table.kind?.namespaced ?? false, contexts.length > 1, table.columns);
  const columns = every.filter((c) => (wished === undefined ? !table.wide.has(c) : c === 'Name' || wished.includes(c)));
  const cell = (row: Row, column: string) =>
    column === CONTEXT ? row.context : column === NAMESPACE ? (row.namespace ?? '') : words(row.cells[table.columns.indexOf(column)]);
  const selected = picked.size === 0 ? rows : rows.filter((r) => picked.has(r.key));

  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== asked.text) window.history.replaceState(null, '', linkToTable(kind, { ...asked, text }));
    }, ADDRESS_MS);
    return () => clearTimeout(timer);
  }, [text, asked, kind]);

  const sortBy = (column: string) =>
    window.location.replace(linkToTable(kind, { ...asked, text, sort: column, down: asked.sort === column && !asked.down }));
  return (
    <section className="objects" aria-label={table.kind?.kind ?? kind}>
      <div className="feed-bar" role="search" aria-label="Which objects">
        <h1>{table.kind?.kind ?? kind}</h1>
        <input
          ref={filter}
          type="search"
          aria-label="Filter"
          placeholder="Filter  /"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        {children}
        <Count read={value} shown={rows.length} failed={failure !== undefined} />
        <SelectionBar kind={kind} rows={selected} selected={picked.size > 0} columns={columns} cell={cell} clear={() => setPicked(NONE)} />
        <ColumnChoice columns={every} shown={columns} choose={choose} />
        <button type="button" onClick={() => setAgain(again + 1)}>
          Read again
        </button>
      </div>
      {failure !== undefined && <Problem failure={failure} />}
      {failed.map((f) => (
        <Problem key={f.context} failure={{ ...f.failure, message: `${f.context}: ${f.failure.message}` }} />
      ))}
      {rows.length > 0 ? (
        <Grid kind={kind} columns={columns} rows={rows} asked={asked} sortBy={sortBy} cell={cell} picked={picked} pick={setPicked} />
      ) : more ? (
        <p className="p-5 text-ink-3">Reading…</p>
      ) : (
        failed.length < contexts.length &&
        failure === undefined && (
          <div className="empty">
            <h2>{table.rows.length === 0 ? 'There are none' : 'None is like that'}</h2>
            <p>
              {table.rows.length > 0
                ? `None of ${table.rows.length} holds all of “${typed}”.`
                : asked.labels === ''
                  ? 'The cluster has no object of this kind that you may see.'
                  : `No object of this kind has the labels ${asked.labels}.`}
            </p>
          </div>
        )
      )}
    </section>
  );
}

const columnsOf = (namespaced: boolean, several: boolean, names: readonly string[]): readonly string[] => [
  ...(several ? [CONTEXT] : []),
  ...(namespaced ? [NAMESPACE] : []),
  ...names,
];

function Count({ read, shown, failed }: { read: TableRead | undefined; shown: number; failed: boolean }) {
  const live = usePage((s) => s.phase === 'live');
  if (read === undefined) return <span className="count-words" role="status" />;
  const all = read.table.rows.length;
  return (
    <span className="count-words" role="status">
      {shown === all ? all : `${shown} of ${all}`}
      {all >= MOST_ROWS ? ', more are not read' : read.more && !failed ? ' so far' : ''} {(failed || !live) && <AsOf at={read.at} />}
    </span>
  );
}

/** `/` goes to the filter, wherever no text is being written. */
function useSlash() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (e: globalThis.KeyboardEvent) => {
      const writing = e.target instanceof HTMLElement && e.target.matches('input, textarea, select, [contenteditable="true"]');
      if (e.key !== '/' || writing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog:modal') !== null) return;
      e.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return field;
}

interface GridProps {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly asked: Asked;
  readonly sortBy: (column: string) => void;
  readonly cell: (row: Row, column: string) => string;
  /** Keys of the rows that are selected. */
  readonly picked: ReadonlySet<string>;
  readonly pick: (keys: ReadonlySet<string>) => void;
}

const NONE: ReadonlySet<string> = new Set();

function Grid({ kind, columns, rows, asked, sortBy, cell, picked, pick }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const seen = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 10 });
  const at = chosen === undefined ? -1 : rows.findIndex((r) => r.key === chosen);
  const linkOf = ({ context, namespace, name }: Row) => linkToObject({ kind, context, namespace: namespace ?? undefined, name });
  const onKey = (e: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[e.key];
    const row = rows[at];
    if (e.key === 'Enter' && e.target === box.current && row !== undefined) window.location.hash = linkOf(row);
    if (e.key === ' ' && e.target === box.current && row !== undefined) {
      e.preventDefault();
      turn(row);
    }
    if (e.key === 'a' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      pickAll();
    }
    if (step === undefined) return;
    e.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    setChosen(rows[next]?.key);
    seen.scrollToIndex(next);
  };
  const all = rows.length > 0 && picked.size >= rows.length && rows.every((r) => picked.has(r.key));
  const pickAll = () => pick(all ? NONE : new Set(rows.map((r) => r.key)));
  const turn = ({ key }: Row) => {
    const next = new Set(picked);
    if (!next.delete(key)) next.add(key);
    pick(next);
  };
  const template = `28px ${columns.map((c) => (c === 'Name' ? 'minmax(14rem, 3fr)' : 'minmax(6rem, 1fr)')).join(' ')}`;
  const shown = seen.getVirtualItems();
  return (
    <div
      ref={box}
      className="grid-box"
      role="grid"
      aria-label="Objects"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={shown.some((i) => i.index === at) ? `object-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="row" aria-rowindex={1} className="grid-head" style={{ gridTemplateColumns: template }}>
        <div role="columnheader">
          <input type="checkbox" aria-label="Select all that are shown" checked={all} onChange={pickAll} />
        </div>
        {columns.map((c) => (
          <div key={c} role="columnheader" aria-sort={asked.sort !== c ? 'none' : asked.down ? 'descending' : 'ascending'}>
            <button type="button" onClick={() => sortBy(c)}>
              {c}
              <span aria-hidden="true">{asked.sort !== c ? '' : asked.down ? ' ↓' : ' ↑'}</span>
            </button>
          </div>
        ))}
      </div>
      <div role="rowgroup" className="grid-rows" style={{ height: seen.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={row.key}
              id={`object-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={picked.has(row.key)}
              data-active={row.key === chosen ? '' : undefined}
              className="grid-row"
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
            >
              <div role="gridcell">
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Select ${row.name}`}
                  checked={picked.has(row.key)}
                  onChange={() => turn(row)}
                />
              </div>
              {columns.map((c) => (
                <div key={c} role="gridcell" title={cell(row, c)}>
                  {c === 'Name' ? (
                    <a className="name" dir="auto" href={linkOf(row)} tabIndex={-1}>
                      {cell(row, c)}
                    </a>
                  ) : (
                    cell(row, c)
                  )}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
