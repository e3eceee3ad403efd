import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Processor time, milliseconds; it does not care what else runs on the machine. */
export interface Processor {
  /** Of the page's own thread: scripts, styles, layout, recording what is painted. */
  readonly page: number;
  /** Of all processes of the browser together: with a software-drawn Chromium that is every pixel as well. */
  readonly browser: number;
}

/** Begins to count, for the page as it is now (another address may be another process). What it gives is what was spent since. */
export async function watchProcessor(page: Page): Promise<() => Promise<Processor>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser');
  const [own, all] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
  // The thread's clock stands for the page only while this session is open.
  await own.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<Processor> => {
    const { metrics } = await own.send('Performance.getMetrics');
    const { processInfo } = await all.send('SystemInfo.getProcessInfo');
    return {
      page: (metrics.find((m) => m.name === 'ThreadTime')?.value ?? NaN) * 1_000,
      browser: processInfo.reduce((sum, p) => sum + p.cpuTime, 0) * 1_000,
    };
  };
  const from = await spent();
  return async () => {
    const to = await spent();
    return { page: to.page - from.page, browser: to.browser - from.browser };
  };
}

/** Until this process, in which the app runs, takes little of a core for a second: its agents have looked at everything once. */
export async function atRest(): Promise<void> {
  for (let looks = 0; looks < 60; looks++) {
    const before = process.cpuUsage();
    await setTimeout(1_000);
    const { user, system } = process.cpuUsage(before);
    if (user + system < 200_000) return;
  }
}
