import type { Page } from 'playwright-core';
import type { Stage } from '../ui/browser.ts';

/** What a storm of events does to an open page. */
export interface Storm {
  readonly events: number;
  readonly seconds: number;
  readonly commitsPerSecond: number;
  /** The longest that the page did nothing else, milliseconds. */
  readonly longestTask: number;
  /** From an input until the next frame could show it, the worst of those tried, milliseconds. */
  readonly worstFrame: number;
  readonly heapGrowth: number;
}

/** Between two entries of the log. */
export const STORM_EVERY_MS = 10;

/** About 100 entries a second into the log for so many seconds, while somebody looks at the feed with the search open. */
export async function storm(stage: Stage, page: Page, seconds: number): Promise<Storm> {
  const { client } = stage.served.running.app;
  await page.evaluate(() => void (window.location.hash = '#/feed?by=time'));
  await page.locator('.entry').first().waitFor({ timeout: 60_000 });
  await watchTasks(page);
  const before = await heapOf(page);
  const end = Date.now() + seconds * 1_000;
  let events = 0;
  const rain = (async () => {
    while (Date.now() < end) {
      await client.agents[events % 2 === 0 ? 'pause' : 'resume']({ id: 'troubleshooting', by: 'storm' });
      events++;
      await new Promise((resolve) => setTimeout(resolve, STORM_EVERY_MS));
    }
  })();
  let worstFrame = 0;
  await page.keyboard.press('Control+k');
  const field = page.locator('.palette input');
  await field.waitFor();
  while (Date.now() < end) worstFrame = Math.max(worstFrame, await page.evaluate(frameDelay));
  await rain;
  const { commits, longest } = await page.evaluate(() => (window as unknown as { seen: { commits: number; longest: number } }).seen);
  return {
    events,
    seconds,
    commitsPerSecond: commits / seconds,
    longestTask: longest,
    worstFrame,
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
