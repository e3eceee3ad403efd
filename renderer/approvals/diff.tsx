import { useState } from 'react';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { type DiffRow, type Side, hunksOf, indentOf } from './diff-rows.ts';

/** The change of one object, side by side as the cluster itself answered it: changed lines only, until the ones around are asked for. */
export function Diff({ text }: { text: string }) {
  const [around, setAround] = useState(false);
  const hunks = hunksOf(text);
  const same = hunks.flatMap((h) => h.rows).filter((r) => 'same' in r).length;
  return (
    <ScrollBox className="diff" label="Now and after">
      <div className="diff-head">
        <span>now</span>
        <span>after</span>
      </div>
      {hunks.map((hunk, i) => {
        const rows = around ? hunk.rows : hunk.rows.filter((r) => !('same' in r));
        const indent = indentOf(rows);
        return (
          // Hunks and lines of a diff have no identity but their place.
          <div key={i}>
            {hunk.place !== '' && <p className="place">{hunk.place}</p>}
            {rows.map((row, j) => (
              <Line key={j} row={row} indent={indent} />
            ))}
          </div>
        );
      })}
      {same > 0 && (
        <button type="button" className="around" aria-expanded={around} onClick={() => setAround(!around)}>
          {around ? 'Changed lines only' : `Show the ${same} ${same === 1 ? 'line' : 'lines'} around`}
        </button>
      )}
    </ScrollBox>
  );
}

function Line({ row, indent }: { row: DiffRow; indent: number }) {
  if ('same' in row)
    return (
      <div className="diff-row">
        <code>{row.same.slice(indent)}</code>
        <code className="twin">{row.same.slice(indent)}</code>
      </div>
    );
  return (
    <div className="diff-row">
      <Cell side={row.left} tone="minus" indent={indent} />
      <Cell side={row.right} tone="plus" indent={indent} />
    </div>
  );
}

function Cell({ side, tone, indent }: { side: Side | undefined; tone: 'minus' | 'plus'; indent: number }) {
  if (side === undefined) return <code className="none" />;
  const { text, from, to } = side;
  const at = (n: number) => Math.max(n, indent);
  const Tag = tone === 'minus' ? 'del' : 'ins';
  return (
    <code className={tone}>
      <span className="sign">{tone === 'minus' ? '−' : '+'}</span>
      {text.slice(indent, at(from))}
      {to > from && <Tag>{text.slice(at(from), to)}</Tag>}
      {text.slice(Math.max(to, indent))}
    </code>
  );
}
