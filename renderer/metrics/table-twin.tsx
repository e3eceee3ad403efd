import { useState } from 'react';
import type { SignalUnit } from '../../agents/contract/index.ts';
import { WideTable } from '../explore/wide-table.tsx';
import type { Mark } from './marks.ts';
import { type NamedLine, momentWords, valueAt } from './words.ts';

const ROWS = 40;

interface TwinProps {
  readonly title: string;
  readonly lines: readonly NamedLine[];
  readonly unit: SignalUnit;
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
}

/** The same as a table: moments at even distances, and what happened between them. Made when somebody opens it. */
export function TableTwin(props: TwinProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="chart-twin" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>As a table</summary>
      {open && <Rows {...props} />}
    </details>
  );
}

function Rows({ title, lines, unit, step, from, to, marks }: TwinProps) {
  const every = (to - from) / ROWS;
  const now = Date.now();
  const moments = Array.from({ length: ROWS + 1 }, (_, i) => to - i * every);
  return (
    <WideTable label={`${title} as a table`} heads={['Time', ...lines.map((l) => l.words), 'Happened']}>
      {moments.map((t) => (
        <tr key={t}>
          <td>{momentWords(t, 0, now)}</td>
          {lines.map((l) => (
            <td key={l.words}>{valueAt(l, t, Math.max(step, every / 2), unit) ?? 'not known'}</td>
          ))}
          <td>
            {marks
              .filter(({ at }) => at > t - every && at <= t)
              .map(({ title: what }) => what)
              .join('; ')}
          </td>
        </tr>
      ))}
    </WideTable>
  );
}
