import type { Clock } from './ports/runtime.ts';

/** Waits for the work, but not longer than so many milliseconds; the work goes on. @throws what the work throws in that time. */
export async function within(ms: number, clock: Pick<Clock, 'after'>, work: Promise<unknown>): Promise<void> {
  let cancel: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (cancel = clock.after(ms, resolve)));
  await Promise.race([work, late]).finally(cancel);
}
