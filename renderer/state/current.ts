import { usePage } from './page.ts';

/** Whether what is shown of a cluster is what it is now: it is watched without a gap, and this page hears of it. */
export function useIsCurrent(context: string): boolean {
  return usePage((s) => s.phase === 'live' && s.contexts?.contexts.find((c) => c.name === context)?.state === 'connected');
}
