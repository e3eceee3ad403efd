import type { Place } from '../state/route.ts';

/** Line icons of our own: 20 by 20, stroke 1.5. */
const PATHS: Readonly<Record<Place | 'hold' | 'lock', string>> = {
  fleet: 'M3 4h6v5H3zM11 4h6v8h-6zM3 11h6v5H3zM11 14h6v2h-6z',
  incidents: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1',
  approvals: 'M4 10.5l4 4 8-9',
  feed: 'M4 5h12M4 10h12M4 15h7',
  agents: 'M10 3.5a3 3 0 1 1 0 6a3 3 0 1 1 0-6M4 17a6 6 0 0 1 12 0',
  hold: 'M7 4v12M13 4v12',
  lock: 'M5 9h10v7H5zM7 9V6.5a3 3 0 0 1 6 0V9',
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
