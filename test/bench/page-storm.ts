import type { Page } from 'playwright-core';
import type { Stage } from '../ui/browser.ts';
import { watchProcessor } from './processor.ts';

/** What a storm of events does to an open page. */
export interface Storm {
  readonly events: number;
  readonly seconds: number;
  readonly commitsPerSecond: number;
  /** The longest that the page did nothing else, milliseconds. */
  readonly longestTask: number;
  /** From an input until the next frame could show it, the worst of those tried, milliseconds. */
  readonly worstFrame: number;
  /** Processor time of the page, as a share of one core. */
  readonly share: number;
  readonly heapGrowth: number;
}

/** Between two entries of the log. */
const EVERY_MS = 10;

/** About 100 entries a second into the log for so many seconds, evenly in time; resolves with how many there were. */
export async function rain({ served }: Stage, seconds: number): Promise<number> {
  const { client } = served.running.app;
  const begun = performance.now();
  const due = () => Math.floor(Math.min(performance.now() - begun, seconds * 1_000) / EVERY_MS);
  const under: Promise<unknown>[] = [];
  while (under.length < (seconds * 1_000) / EVERY_MS) {
    // An agent that works when it is asked: to pause it and let it go on costs the host nothing but the entry.
    while (under.length < due())
      under.push(client.agents[under.length % 2 === 0 ? 'pause' : 'resume']({ id: 'documentation', by: 'storm' }));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS / 2));
  }
  await Promise.all(under);
  return under.length;
}

/** Rain for so many seconds, while somebody looks at the feed with the search open. */
export async function storm(stage: Stage, page: Page, seconds: number): Promise<Storm> {
  await page.evaluate(() => void (window.location.hash = '#/feed?by=time'));
  await page.locator('.entry').first().waitFor({ timeout: 60_000 });
  // The collection that this asks for is no task of the page.
  const before = await heapOf(page);
  await watchTasks(page);
  await page.keyboard.press('Control+k');
  const field = page.locator('.palette input');
  await field.waitFor();
  const spent = await watchProcessor(page);
  let over = false;
  const raining = rain(stage, seconds).finally(() => (over = true));
  let worstFrame = 0;
  while (!over) worstFrame = Math.max(worstFrame, await page.evaluate(frameDelay));
  const events = await raining;
  const processor = await spent();
  const { commits, longest } = await seenIn(page);
  return {
    events,
    seconds,
    commitsPerSecond: commits / seconds,
    longestTask: longest,
    worstFrame,
    share: processor.page / seconds / 1_000,
    heapGrowth: (await heapOf(page)) - before,
  };
}

/** Counts what is drawn anew in the page from now on, and how long it did nothing else: `window.seen`. */
export function watchTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen = { commits: 0, longest: 0 };
    Object.assign(window, { seen });
    new MutationObserver(() => seen.commits++).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
  });
}

export const seenIn = (page: Page): Promise<{ readonly commits: number; readonly longest: number }> =>
  page.evaluate(() => (window as unknown as { seen: { commits: number; longest: number } }).seen);

/** Bytes in use after a collection. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** How long it takes until the next frame is drawn; a pause like that of a hand follows. Runs in the page. */
export async function frameDelay(): Promise<number> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const begun = performance.now();
  await wait(0);
  await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
  const delay = performance.now() - begun;
  await wait(120);
  return delay;
}
