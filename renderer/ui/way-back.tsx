import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

/** Above a page that belongs to another one: the way there. */
export function WayBack({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a className="way-back" href={to}>
      <Icon name="back" size={16} /> {children}
    </a>
  );
}
