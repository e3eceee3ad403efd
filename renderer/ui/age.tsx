import { useSyncExternalStore } from 'react';
import { clockWords } from '../state/cluster-words.ts';

/** `3 min`, `2 h`, `5 d`: the unit that matters. Seconds below a minute. */
export function ageWords(from: number, now: number): string {
  const s = Math.max(0, Math.round((now - from) / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  return s < 172_800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} d`;
}

const TICK_MS = 1_000;
const watchers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, so that a hundred ages are drawn again at once; it stands still while nobody looks at one. */
function onTick(changed: () => void): () => void {
  if (watchers.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of watchers) tell();
    }, TICK_MS);
  }
  watchers.add(changed);
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) clearInterval(timer);
  };
}

/** Now, anew each second while it is shown; milliseconds since 1970. */
export function useNow(): number {
  return useSyncExternalStore(onTick, () => now);
}

/** How long ago, with the exact time on hover. */
export function Age({ at, suffix = '' }: { at: string; suffix?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ageWords(Date.parse(at), now)}
      {suffix}
    </time>
  );
}

/** `as of 14:05, 3 h ago`: how old something is that is not live. */
export function AsOf({ at }: { at: string }) {
  const now = useNow();
  const then = Date.parse(at);
  return (
    <time className="as-of" dateTime={at} title={new Date(at).toLocaleString()}>
      as of {clockWords(then, now)}, {ageWords(then, now)} ago
    </time>
  );
}
