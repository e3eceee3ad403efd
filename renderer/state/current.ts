import { isLive } from './cluster-words.ts';
import { usePage } from './page.ts';

/** Whether what is shown of a cluster is what it is now: it is watched without a gap, and this page hears of it. */
export function useIsCurrent(context: string): boolean {
  return usePage((s) => s.phase === 'live' && s.contexts?.contexts.find((c) => c.name === context)?.state === 'connected');
}

/** The clusters that are read, one name a line: as text it is another value only where they are others. */
export function useLiveContexts(): string {
  return usePage(
    (s) =>
      s.contexts?.contexts
        .filter((c) => isLive(c.state))
        .map((c) => c.name)
        .join('\n') ?? '',
  );
}

/** Names that stand one a line. */
export const named = (joined: string): string[] => joined.split('\n').filter((c) => c !== '');
