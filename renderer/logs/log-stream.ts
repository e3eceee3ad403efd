import type { Failure, LogItem, LogSelection } from '../../agents/contract/index.ts';
import { type Client, failureOf } from '../bridge/bridge.ts';

/** Waits between attempts to go on after a break, milliseconds. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15_000;
/** Lines of several clocks are read again this far back after a break; what was there before is left out. */
const OVERLAP_MS = 10_000;
/** Failures that asking again does not mend. */
const FINAL: ReadonlySet<string> = new Set(['bad-input', 'not-found', 'forbidden', 'context-unknown', 'cluster-unauthorized', 'invalid']);

export interface LogReader {
  took(item: LogItem): void;
  /** reading | broken, and it is tried again | over: the logs have ended, or cannot be read. */
  stands(state: 'reading' | 'broken' | 'over', failure: Failure | undefined): void;
}

export type Selected = Partial<LogSelection> & Pick<LogSelection, 'context' | 'namespace'>;

/** Reads logs until they end; while following it goes on after a break where it was, no line twice. Returns when `signal` is aborted. */
export async function readLogs(client: Client, selected: Selected, reader: LogReader, signal: AbortSignal): Promise<void> {
  /** By source: the time of its last line. Stamps of one kubelet are of one form, so they compare as text. */
  const last = new Map<string, string>();
  let newest = 0;
  for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const again = newest > 0;
    const before = new Map(last);
    try {
      const { tailLines, sinceSeconds, ...rest } = selected;
      const stream = await client.explore.logs(
        again
          ? { ...rest, sinceTime: new Date(newest - OVERLAP_MS).toISOString() }
          : {
              ...rest,
              ...(tailLines === undefined ? {} : { tailLines }),
              ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
            },
        { signal },
      );
      reader.stands('reading', undefined);
      for await (const item of stream) {
        wait = FIRST_WAIT;
        if (signal.aborted) return;
        if (item.type === 'note') {
          if (!again) reader.took(item);
          continue;
        }
        const lines = again ? item.lines.filter((l) => l.at > (before.get(`${l.pod} ${l.container}`) ?? '')) : item.lines;
        for (const { pod, container, at } of item.lines) last.set(`${pod} ${container}`, at);
        newest = Math.max(newest, Date.parse(item.lines.at(-1)?.at ?? '') || 0);
        if (lines.length > 0) reader.took({ ...item, lines });
      }
      if (selected.follow !== true) return reader.stands('over', undefined);
      reader.stands('broken', { code: 'internal', message: 'The stream has ended.' });
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      const final = FINAL.has(failure.code) || selected.follow !== true;
      reader.stands(final ? 'over' : 'broken', failure);
      if (final) return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
