import type { ReactNode } from 'react';

/** A table that scrolls by itself where it is wider than the page. */
export function WideTable({ label, heads, children }: { label: string; heads: readonly ReactNode[]; children: ReactNode }) {
  return (
    <div className="wide-table" tabIndex={0} role="region" aria-label={label}>
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
    </div>
  );
}
