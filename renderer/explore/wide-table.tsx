import type { ReactNode } from 'react';
import { ScrollBox } from '../ui/scroll-box.tsx';

/** A table that scrolls by itself where it is wider than the page. */
export function WideTable({ label, heads, children }: { label: string; heads: readonly ReactNode[]; children: ReactNode }) {
  return (
    <ScrollBox as="region" className="wide-table" label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head, i) => (
              // A head is its column.
              <th key={i} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollBox>
  );
}
