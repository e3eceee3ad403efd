import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Reading whole clusters leaves a thread with several times the memory it needs, and V8 keeps that for as long as nothing presses: on a
 * laptop that is memory taken from other programs. When a large read is over and it is quiet, the thread gives it back, once.
 */
const QUIET_MS = 4_000;
/** A thread that is never quiet is tidied all the same. */
const LATEST_MS = 30_000;
/** A heap smaller than this is not worth the pause. */
const WORTH_BYTES = 64 * 2 ** 20;

type Collect = (options: { type: 'major'; execution: 'async' }) => Promise<void>;
let collect: Collect | undefined;
let timer: NodeJS.Timeout | undefined;
let since = 0;

/** Call after every large read; of many calls in a row the last one counts. */
export function giveBackSoon(): void {
  since = timer === undefined ? performance.now() : since;
  clearTimeout(timer);
  const wait = Math.max(0, Math.min(QUIET_MS, since + LATEST_MS - performance.now()));
  timer = setTimeout(() => {
    timer = undefined;
    if (process.memoryUsage().heapTotal < WORTH_BYTES) return;
    // The collector is not offered to programs unless asked for; asked for here, it is offered to this thread alone.
    setFlagsFromString('--expose-gc');
    collect ??= runInNewContext('gc') as Collect;
    void collect({ type: 'major', execution: 'async' }).catch(() => undefined);
  }, wait).unref();
}
