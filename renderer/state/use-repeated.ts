import { useEffect, useState } from 'react';
import type { Failure } from '../../agents/contract/index.ts';
import { type Client, failureOf } from '../bridge/bridge.ts';
import { useClient } from './bridge-context.ts';

interface Repeated<T> {
  readonly value: T | undefined;
  /** Of the last reading; what was read before stays beside it. */
  readonly failure: Failure | undefined;
}

/**
 * Reads now and again and again while the page is looked at, anew whenever it is another function (keep it with useCallback). What was read
 * stays until the next is there. Other `news` is a wish to read once more at once.
 */
export function useRepeated<T>(read: (client: Client, signal: AbortSignal) => Promise<T>, everyMs: number, news?: number): Repeated<T> {
  const client = useClient();
  const [known, setKnown] = useState<Repeated<T> & { readonly of: typeof read }>({ of: read, value: undefined, failure: undefined });
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      if (document.visibilityState === 'visible')
        await read(client, signal).then(
          (value) => signal.aborted || setKnown({ of: read, value, failure: undefined }),
          (error: unknown) =>
            signal.aborted ||
            setKnown((before) => ({ of: read, value: before.of === read ? before.value : undefined, failure: failureOf(error) })),
        );
      if (!signal.aborted) timer = setTimeout(() => void turn(), everyMs);
    };
    void turn();
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [client, read, everyMs, news]);
  return known.of === read ? known : { value: undefined, failure: undefined };
}
