import { usePage } from '../state/page.ts';
import { BROKEN, CHANGING, DEGRADED, type Health, OK, UNKNOWN, pods } from './fleet-model.ts';
import type { Group } from './fleet-plots.ts';
import { HEALTH_WORDS } from './words.ts';

const SIGNS: readonly (readonly [Health, string, string])[] = [
  [OK, '', 'text-ink-3'],
  [CHANGING, 'M9.5 6a3.5 3.5 0 1 1-3.5-3.5', 'tone-changing'],
  [DEGRADED, 'M6 1.5v5.5M6 9.8v.4', 'tone-degraded'],
  [BROKEN, 'M2.5 2.5l7 7M9.5 2.5l-7 7', 'tone-broken'],
  [UNKNOWN, 'M2.5 6h7', 'tone-unknown'],
];

/** What the colours and signs say, and how many there are of each. */
export function Legend({ groups }: { groups: readonly Group[] }) {
  const incidents = usePage((s) => s.incidents.length);
  const sites = groups.flatMap((g) => g.sites);
  const counts = sites.reduce<number[]>((all, s) => all.map((n, i) => n + (s.cluster?.counts[i] ?? 0)), [0, 0, 0, 0, 0]);
  const all = pods(counts as unknown as Parameters<typeof pods>[0]);
  return (
    <p className="map-legend">
      <span>
        {sites.length} {sites.length === 1 ? 'cluster' : 'clusters'}, {all.toLocaleString('en')} pods
        {incidents > 0 && `, ${incidents} open ${incidents === 1 ? 'incident' : 'incidents'}`}
      </span>
      {SIGNS.map(([health, path, tone]) => (
        <span key={health} className={(counts[health] ?? 0) > 0 || health === OK ? tone : 'text-ink-3'}>
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            {health === OK ? (
              <rect x="1" y="1" width="10" height="10" fill="var(--cell)" />
            ) : (
              <path d={path} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
            )}
          </svg>{' '}
          {HEALTH_WORDS[health]}
          {health !== OK && (counts[health] ?? 0) > 0 && ` ${(counts[health] ?? 0).toLocaleString('en')}`}
        </span>
      ))}
    </p>
  );
}
