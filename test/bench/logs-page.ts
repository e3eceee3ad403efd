import { noBrowser } from '../ui/browser.ts';
import { openDaily } from './daily/daily.ts';
import { table } from './table.ts';

const LINES_PER_SECOND = 5_000;
const SECONDS = 60;
const TALKERS = 5;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

interface Seen {
  worst: number;
  longest: number;
  frames: number;
}

/** Logs of five pods at 5,000 lines a second for a minute in Chromium, followed, through the real host. */
export async function benchLogsPage(): Promise<void> {
  if (noBrowser !== undefined) return void process.stdout.write(`${noBrowser}\n`);
  const { page, said, close } = await openDaily({ pods: 0, talkers: TALKERS, linesPerSecond: LINES_PER_SECOND });
  await page.evaluate(() => void (window.location.hash = '#/explore/~logs?in=daily&namespace=team-0&labels=app%3Dtalker'));
  await page.locator('.log-line').first().waitFor({ timeout: 60_000 });
  await page.evaluate(() => {
    const seen: Seen = { worst: 0, longest: 0, frames: 0 };
    Object.assign(window, { seen });
    let last = performance.now();
    const frame = (now: number) => {
      seen.worst = Math.max(seen.worst, now - last);
      seen.frames++;
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(frame);
    });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
  });
  const heap = async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const used = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
    await session.detach();
    return used;
  };
  // The collection that is asked for is no frame of the page: what is seen is looked at before it.
  const look = () => page.evaluate(() => ({ ...(window as unknown as { seen: Seen }).seen }));
  await page.waitForTimeout(15_000);
  const early = await look();
  const firstHeap = await heap();
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen };
    seen.worst = 0;
    seen.longest = 0;
  });
  const from = await said();
  const shownFrom = await page.evaluate(shownLines);
  await page.waitForTimeout((SECONDS - 15) * 1_000);
  const [to, shownTo, late] = [await said(), await page.evaluate(shownLines), await look()];
  const lastHeap = await heap();
  await close();
  process.stdout.write(
    `\nlogs of ${TALKERS} pods at ${LINES_PER_SECOND.toLocaleString('en')} lines a second for ${SECONDS} s\n${table(
      ['measure', 'found', 'at most'],
      [
        ['lines a second that the pods said', Math.round((to - from) / (SECONDS - 15)).toLocaleString('en'), ''],
        ['lines a second that the page took', Math.round((shownTo - shownFrom) / (SECONDS - 15)).toLocaleString('en'), ''],
        ['longest time between two frames', `${Math.round(Math.max(early.worst, late.worst))} ms`, '100 ms'],
        ['longest time without an ear for keys', `${Math.round(Math.max(early.longest, late.longest))} ms`, '100 ms'],
        ['frames a second', (late.frames / SECONDS).toFixed(0), ''],
        ['heap of the page after 15 s, and after 60 s', `${megabytes(firstHeap)}, ${megabytes(lastHeap)}`, 'no growth'],
      ],
    )}\n`,
  );
}

/** In the page: all lines it has taken so far, kept or not. */
function shownLines(): number {
  const text = document.querySelector('.log-state')?.textContent ?? '';
  const number = (pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? '0').replaceAll(',', ''));
  return number(/([\d,]+) lines/) + number(/([\d,]+) older/);
}
