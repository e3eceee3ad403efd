import type { Severity } from '../../agents/contract/index.ts';

const TONE: Readonly<Record<Severity, string>> = {
  critical: 'broken',
  high: 'broken',
  medium: 'degraded',
  low: 'unknown',
  info: 'unknown',
};
const SHAPE: Readonly<Record<Severity, string>> = {
  critical: 'M6 1l4.3 4.3L6 11 1.7 5.3z',
  high: 'M6 1.5l5 9H1z',
  medium: 'M2 2h8v8H2z',
  low: 'M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8',
  info: 'M6 4a2 2 0 1 1 0 4a2 2 0 1 1 0-4',
};

/** How bad: a shape, a colour and the word, so that none of them is needed alone. */
export function SeverityMark({ severity, word = true }: { severity: Severity; word?: boolean }) {
  return (
    <span className={`severity tone-${TONE[severity]}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={SHAPE[severity]} fill="currentColor" />
      </svg>
      <span className={word ? '' : 'unseen'}>{severity}</span>
    </span>
  );
}
