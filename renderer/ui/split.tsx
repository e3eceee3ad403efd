import type { ReactNode } from 'react';
import { type Place, linkTo } from '../state/route.ts';
import { Icon } from './icons.tsx';

/** A list with the chosen one beside it; on a narrow screen first the list, then the chosen one with the way back. */
export function Split({
  place,
  open,
  list,
  label,
  children,
}: {
  place: Place;
  open: boolean;
  list: ReactNode;
  label: string;
  children: ReactNode;
}) {
  return (
    <div className="split" data-open={open ? '' : undefined}>
      <nav className="list" aria-label={label}>
        {list}
      </nav>
      <div className="beside">
        <a className="back" href={linkTo(place)}>
          <Icon name="back" size={16} /> {label}
        </a>
        {children}
      </div>
    </div>
  );
}
