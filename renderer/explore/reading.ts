import { useCallback, useEffect, useState } from 'react';
import type { ApiKind, Failure } from '../../agents/contract/index.ts';
import { type Client, failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { named } from '../state/current.ts';
import { NO_ROWS, type Table, withPage } from './rows.ts';

/** What was read, and what stands in the way of more. */
export interface Reading<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
}

type Read<T> = (client: Client, signal: AbortSignal, tell: (value: T) => void) => Promise<void>;

/**
 * Reads, and reads anew whenever it is another function (keep it with useCallback); an answer that comes after that is not taken.
 * It may tell several times, each time more than before.
 */
export function useReading<T>(read: Read<T>): Reading<T> {
  const client = useClient();
  const [known, setKnown] = useState<Reading<T> & { readonly of: Read<T> }>({ of: read, value: undefined, failure: undefined });
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    read(client, signal, (value) => {
      if (!signal.aborted) setKnown({ of: read, value, failure: undefined });
    }).catch((error: unknown) => {
      if (signal.aborted) return;
      setKnown((before) => ({ of: read, value: before.of === read ? before.value : undefined, failure: failureOf(error) }));
    });
    return () => ended.abort();
  }, [client, read]);
  return known.of === read ? known : { value: undefined, failure: undefined };
}

export interface KindsRead {
  readonly kinds: readonly ApiKind[];
  readonly failed: readonly Failed[];
}

interface Failed {
  readonly context: string;
  readonly failure: Failure;
}

/** The kinds of these clusters; what one cannot say, another may. `joined`: their names, one a line. */
export function useKinds(joined: string): Reading<KindsRead> {
  return useReading<KindsRead>(
    useCallback(
      async (client, signal, tell) => {
        const contexts = named(joined);
        const answers = await Promise.allSettled(contexts.map((context) => client.explore.kinds({ context }, { signal })));
        tell({
          kinds: answers.flatMap((a) => (a.status === 'fulfilled' ? a.value.kinds : [])),
          failed: contexts.flatMap((context, i) => {
            const answer = answers[i];
            return answer?.status === 'rejected' ? [{ context, failure: failureOf(answer.reason) }] : [];
          }),
        });
      },
      [joined],
    ),
  );
}

export interface TableRead {
  readonly table: Table;
  readonly failed: readonly Failed[];
  /** Whether more pages are to come. */
  readonly more: boolean;
  /** When it was asked for, RFC 3339. */
  readonly at: string;
}

/** Objects read in the first answer, which is to be there at once, and in each after it; the most the host gives. */
const FIRST_PAGE = 200;
const PAGE = 1_000;
/** What came is told at most this often, milliseconds. */
const TELL_MS = 250;
/** Objects held at most: more than anybody reads, and less than a browser bears. */
export const MOST_ROWS = 50_000;

/** All objects of a kind in these clusters, page by page: the first is shown as soon as it is there. `again`: counts readings. */
export function useTable(kind: string, joined: string, labels: string, again: number): Reading<TableRead> {
  return useReading<TableRead>(
    useCallback(
      async (client, signal, tell) => {
        const at = new Date().toISOString();
        const failed: Failed[] = [];
        const waits = new Set(named(joined));
        let table = NO_ROWS;
        let told = -Infinity;
        const say = () => {
          told = performance.now();
          tell({ table, failed: [...failed], more: waits.size > 0, at });
        };
        const readOne = async (context: string) => {
          let after: string | undefined;
          do {
            const ask = {
              contexts: [context],
              kind,
              limit: after === undefined ? FIRST_PAGE : PAGE,
              ...(labels === '' ? {} : { labels }),
              ...(after === undefined ? {} : { after }),
            };
            const answer = await client.explore.table(ask, { signal });
            failed.push(...answer.failed);
            const [page] = answer.pages;
            after = page?.next ?? undefined;
            if (page !== undefined) table = withPage(table, context, page);
            if (after !== undefined && performance.now() - told > TELL_MS) say();
          } while (after !== undefined && table.rows.length < MOST_ROWS && !signal.aborted);
          waits.delete(context);
          say();
        };
        if (waits.size === 0) say();
        else await Promise.all([...waits].map(readOne));
        // A change of `again` is a wish to read once more.
        void again;
      },
      [kind, joined, labels, again],
    ),
  );
}
