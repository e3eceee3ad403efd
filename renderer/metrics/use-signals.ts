import { useCallback } from 'react';
import type { Failure, SignalNews } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { named, useLiveContexts } from '../state/current.ts';
import { useRepeated } from '../state/use-repeated.ts';

const AGAIN_MS = 15_000;

interface Read {
  readonly news: readonly (SignalNews & { readonly context: string })[];
  readonly failed: readonly { readonly context: string; readonly failure: Failure }[];
}

/** What is unusual and what runs out in the clusters that are read, again and again. */
export function useSignals(): {
  readonly value: Read | undefined;
  readonly failure: Failure | undefined;
  readonly contexts: readonly string[];
} {
  const joined = useLiveContexts();
  const { value, failure } = useRepeated<Read>(
    useCallback(
      async (client, signal) => {
        const names = named(joined);
        const answers = await Promise.allSettled(names.map((context) => client.signals.list({ context }, { signal })));
        return {
          news: answers.flatMap((a, i) => (a.status === 'fulfilled' ? [{ context: names[i] ?? '', ...a.value }] : [])),
          failed: answers.flatMap((a, i) => (a.status === 'rejected' ? [{ context: names[i] ?? '', failure: failureOf(a.reason) }] : [])),
        };
      },
      [joined],
    ),
    AGAIN_MS,
  );
  return { value, failure, contexts: named(joined) };
}
