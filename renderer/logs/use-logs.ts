import { useEffect, useRef, useState } from 'react';
import type { Failure, LogItem } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { type Line, LogBook, type Matches, type Source } from './log-book.ts';
import { type Selected, readLogs } from './log-stream.ts';

/** What has come is drawn at most this often, milliseconds. */
const DRAW_MS = 100;

export interface Logs {
  readonly lines: readonly Line[];
  readonly sources: readonly Source[];
  readonly kept: number;
  readonly count: number;
  readonly dropped: number;
  readonly state: 'reading' | 'broken' | 'over';
  readonly failure: Failure | undefined;
  readonly clear: () => void;
}

/** The logs of a selection (keep it with useMemo), as far as the filter lets them through. */
export function useLogs(selected: Selected, matches: Matches | undefined): Logs {
  const client = useClient();
  const book = useRef(new LogBook());
  const [, draw] = useState(0);
  const [stand, setStand] = useState<Pick<Logs, 'state' | 'failure'>>({ state: 'reading', failure: undefined });

  useEffect(() => {
    book.current = new LogBook();
    const ended = new AbortController();
    let waiting: LogItem[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      book.current.take(waiting);
      waiting = [];
      draw((n) => n + 1);
    };
    draw((n) => n + 1);
    const reader = {
      took: (item: LogItem) => {
        waiting.push(item);
        timer ??= setTimeout(flush, DRAW_MS);
      },
      stands: (state: Logs['state'], failure: Failure | undefined) => {
        if (!ended.signal.aborted) setStand({ state, failure });
      },
    };
    void readLogs(client, selected, reader, ended.signal);
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [client, selected]);

  useEffect(() => {
    book.current.filter(matches);
    draw((n) => n + 1);
    // A new selection begins a new book, to which the filter belongs too.
  }, [matches, selected]);

  const { shown, sources, size, count, dropped } = book.current;
  return {
    lines: shown,
    sources,
    kept: size,
    count,
    dropped,
    ...stand,
    clear: () => {
      book.current.clear();
      draw((n) => n + 1);
    },
  };
}
