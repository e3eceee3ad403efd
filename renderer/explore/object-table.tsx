import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { usePage } from '../state/page.ts';
import { AsOf } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { type Asked, linkToObject, linkToTable } from './places.ts';
import { MOST_ROWS, type TableRead, useTable } from './reading.ts';
import { CONTEXT, NAMESPACE, NO_ROWS, type Row, sift, sorted, words } from './rows.ts';

const ROW_PX = 32;
/** After the last key, when the address takes what was typed, milliseconds. */
const ADDRESS_MS = 300;

/** The objects of a kind. Arrows choose a row, Enter opens it, `/` goes to the filter. */
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
        <button type="button" onClick={() => setAgain(again + 1)}>
          Read again
        </button>
      </div>
      {failure !== undefined && <Problem failure={failure} />}
      {failed.map((f) => (
        <Problem key={f.context} failure={{ ...f.failure, message: `${f.context}: ${f.failure.message}` }} />
      ))}
      {rows.length > 0 ? (
        <Grid
          kind={kind}
          columns={columnsOf(table.kind?.namespaced ?? false, contexts.length > 1, table.columns)}
          rows={rows}
          asked={asked}
          sortBy={sortBy}
          names={table.columns}
        />
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
  /** Of the server, in the order of a row's cells. */
  readonly names: readonly string[];
  readonly rows: readonly Row[];
  readonly asked: Asked;
  readonly sortBy: (column: string) => void;
}

function Grid({ kind, columns, names, rows, asked, sortBy }: GridProps) {
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
    if (step === undefined) return;
    e.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, at + step));
    setChosen(rows[next]?.key);
    seen.scrollToIndex(next);
  };
  const cell = (row: Row, column: string) =>
    column === CONTEXT ? row.context : column === NAMESPACE ? (row.namespace ?? '') : words(row.cells[names.indexOf(column)]);
  const template = columns.map((c) => (c === 'Name' ? 'minmax(14rem, 3fr)' : 'minmax(6rem, 1fr)')).join(' ');
  const shown = seen.getVirtualItems();
  return (
    <div
      ref={box}
      className="grid-box"
      role="grid"
      aria-label="Objects"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={shown.some((i) => i.index === at) ? `object-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="row" aria-rowindex={1} className="grid-head" style={{ gridTemplateColumns: template }}>
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
              aria-selected={row.key === chosen}
              className="grid-row"
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
            >
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
