import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';

/** Heap in use after garbage collection, bytes. The process must run with --expose-gc. */
export async function heapAfterGc(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let i = 0; i < 3; i++) {
    await globalThis.gc({ execution: 'async', type: 'major' });
    await breathe();
  }
  return process.memoryUsage().heapUsed;
}

/** The longest time the loop was kept from a timer of 2 ms while `work` ran. Milliseconds. */
export async function longestBlock<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly blockMs: number }> {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 2);
    last = now;
  };
  const timer = setInterval(look, 2);
  const value = await work();
  // A block at the very end shows when the timer gets its turn.
  await pause(10);
  clearInterval(timer);
  return { value, blockMs: Math.round(longest) };
}

export const MiB = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** What a child of the benchmark answers: figures by name. */
export type Figures = Readonly<Record<string, number>>;
export function tell(figures: Figures): void {
  process.send?.(figures);
}
