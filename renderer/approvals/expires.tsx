import { ageWords, useNow } from '../ui/age.tsx';

/** Below this much time left it is said with weight, milliseconds. */
const SOON_MS = 120_000;

/** Until when a plan may be approved. */
export function ExpiresIn({ at }: { at: string }) {
  const now = useNow();
  const left = Date.parse(at) - now;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className={left < SOON_MS ? 'tone-degraded' : ''}>
      {left > 0 ? `expires in ${ageWords(now, Date.parse(at))}` : 'expired'}
    </time>
  );
}

/** The time a plan has left, as a line that grows shorter. */
export function TimeLeft({ from, to }: { from: string; to: string }) {
  const now = useNow();
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const left = Math.min(1, Math.max(0, (end - now) / Math.max(1, end - begin)));
  return (
    <div className="time-left" aria-hidden="true">
      <div style={{ width: `${left * 100}%` }} className={end - now < SOON_MS ? 'soon' : ''} />
    </div>
  );
}
