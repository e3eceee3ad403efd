import { type TimeSaid, timeSaid } from '../../../core/ask/time-said.ts';
import type { AskParts, Turn } from '../turn.ts';

const DAY_MS = 86_400_000;

/** The time that a question speaks of, where it says none the last day; days are those of this machine. */
export function timeAsked(
  { ports }: Pick<AskParts, 'ports'>,
  { begun }: Turn,
): Omit<TimeSaid, 'words'> & { readonly words: string | undefined } {
  const now = ports.clock.now();
  const said = timeSaid(begun.question, { now, dayBegan: new Date(now).setHours(0, 0, 0, 0) });
  return said ?? { from: now - DAY_MS, to: now, words: undefined };
}
