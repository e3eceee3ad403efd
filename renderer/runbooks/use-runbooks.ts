import { useCallback } from 'react';
import { useReading } from '../explore/reading.ts';
import { usePage } from '../state/page.ts';

export type RunbookRows = Awaited<ReturnType<Parameters<Parameters<typeof useReading>[0]>[0]['runbooks']['list']>>['runbooks'];

/** The number of the newest entry about runbooks: what was read before it is old. */
export const useRunbookNews = (): number => usePage((s) => s.feed.find((e) => e.event.type.startsWith('runbook.'))?.seq ?? 0);

export function useRunbooks() {
  const news = useRunbookNews();
  return useReading<RunbookRows>(
    useCallback(
      async (client, signal, tell) => {
        // Another number is a wish to read once more.
        void news;
        tell((await client.runbooks.list({}, { signal })).runbooks);
      },
      [news],
    ),
  );
}
