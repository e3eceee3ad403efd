import { linkTo } from '../state/route.ts';
import { CopyButton } from '../ui/copy.tsx';
import { type Row, csvOf } from './rows.ts';

/** What can be done with the rows that are selected, else with all that are shown. */
export function SelectionBar(props: {
  kind: string;
  rows: readonly Row[];
  selected: boolean;
  columns: readonly string[];
  cell: (row: Row, column: string) => string;
  clear: () => void;
}) {
  const { kind, rows, selected, columns, cell, clear } = props;
  const places = new Set(rows.map((r) => `${r.context} ${r.namespace ?? ''}`));
  const [first] = rows;
  const download = () => {
    const text = csvOf(
      columns,
      rows.map((row) => columns.map((c) => cell(row, c))),
    );
    const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${kind}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      {selected && (
        <span className="selection" role="status">
          {rows.length} selected{' '}
          <button type="button" onClick={clear}>
            None
          </button>
          <CopyButton text={() => rows.map((r) => r.name).join('\n')} words="Copy the names of the selected" label="Copy names" />
          {kind === 'pods' && places.size === 1 && first !== undefined && rows.length <= 50 && (
            <a
              href={linkTo('explore', '~logs', {
                in: first.context,
                namespace: first.namespace ?? 'default',
                for: rows.map((r) => r.name).join(','),
              })}
            >
              Logs of them
            </a>
          )}
        </span>
      )}
      <button
        type="button"
        disabled={rows.length === 0}
        title={selected ? 'The selected rows' : 'All rows that are shown'}
        onClick={download}
      >
        CSV
      </button>
    </>
  );
}
