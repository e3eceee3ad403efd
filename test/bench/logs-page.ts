import { noBrowser } from '../ui/browser.ts';
import { type DailyStage, openDaily } from './daily/daily.ts';
import { heapOf } from './page-storm.ts';
import { watchProcessor } from './processor.ts';
import { table } from './table.ts';

const LINES_PER_SECOND = 5_000;
const SECONDS = 60;
const EARLY_SECONDS = 15;
const TALKERS = 5;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

interface Seen {
  worst: number;
  longest: number;
  frames: number;
}

/** Logs of five pods at 5,000 lines a second for a minute in Chromium, followed, through the real host; and the same with long lines wrapped. */
export async function benchLogsPage(): Promise<void> {
  if (noBrowser !== undefined) return void process.stdout.write(`${noBrowser}\n`);
  const daily = await openDaily({ pods: 0, talkers: TALKERS, linesPerSecond: LINES_PER_SECOND });
  const { page, close } = daily;
  // Narrow enough that most lines take two rows when they are wrapped.
  await page.setViewportSize({ width: 900, height: 860 });
  await page.evaluate(() => void (window.location.hash = '#/explore/~logs?in=daily&namespace=team-0&labels=app%3Dtalker'));
  await page.locator('.log-line').first().waitFor({ timeout: 60_000 });
  const plain = await aMinute(daily);
  await page.getByRole('button', { name: 'Wrap', exact: true }).click();
  const wrapped = await aMinute(daily);
  await close();
  const both = (measure: string, of: (minute: Minute) => string, most: string) => [measure, of(plain), of(wrapped), most];
  process.stdout.write(
    `\nlogs of ${TALKERS} pods at ${LINES_PER_SECOND.toLocaleString('en')} lines a second for ${SECONDS} s\n${table(
      ['measure', 'in one row', 'wrapped', 'at most'],
      [
        both('lines a second that the pods said', (m) => Math.round(m.said).toLocaleString('en'), ''),
        both('lines a second that the page took', (m) => Math.round(m.took).toLocaleString('en'), ''),
        both('longest time between two frames', (m) => `${Math.round(m.worst)} ms`, '100 ms'),
        both('longest time without an ear for keys', (m) => `${Math.round(m.longest)} ms`, '100 ms'),
        both('frames a second', (m) => m.frames.toFixed(0), ''),
        both('processor time of the page, of one core', (m) => `${Math.round(m.page * 100)} %`, ''),
        both(
          `heap of the page after ${EARLY_SECONDS} s, and after ${SECONDS} s`,
          (m) => `${megabytes(m.firstHeap)}, ${megabytes(m.lastHeap)}`,
          'no growth',
        ),
      ],
    )}\n`,
  );
}

interface Minute extends Seen {
  readonly said: number;
  readonly took: number;
  readonly page: number;
  readonly firstHeap: number;
  readonly lastHeap: number;
}

async function aMinute({ page, said }: DailyStage): Promise<Minute> {
  await page.evaluate(watchFrames);
  // The collection that is asked for is no frame of the page: what is seen is looked at before it.
  const look = () => page.evaluate(() => ({ ...(window as unknown as { seen: Seen }).seen }));
  await page.waitForTimeout(EARLY_SECONDS * 1_000);
  const early = await look();
  const firstHeap = await heapOf(page);
  await page.evaluate(watchFrames);
  const rest = SECONDS - EARLY_SECONDS;
  const [saidFrom, tookFrom, spent] = [await said(), await page.evaluate(shownLines), await watchProcessor(page)];
  await page.waitForTimeout(rest * 1_000);
  const [saidTo, tookTo, processor, late] = [await said(), await page.evaluate(shownLines), await spent(), await look()];
  return {
    said: (saidTo - saidFrom) / rest,
    took: (tookTo - tookFrom) / rest,
    worst: Math.max(early.worst, late.worst),
    longest: Math.max(early.longest, late.longest),
    frames: late.frames / rest,
    page: processor.page / rest / 1_000,
    firstHeap,
    lastHeap: await heapOf(page),
  };
}

/** In the page: frames and long tasks from now on, in `window.seen`. */
function watchFrames(): void {
  const seen: Seen = { worst: 0, longest: 0, frames: 0 };
  Object.assign(window, { seen });
  const mine = () => (window as unknown as { seen: Seen }).seen === seen;
  let last: number | undefined;
  const frame = (now: number) => {
    if (!mine()) return;
    if (last !== undefined) seen.worst = Math.max(seen.worst, now - last);
    seen.frames++;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list, self) => {
    if (!mine()) return self.disconnect();
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: 'longtask' });
}

/** In the page: all lines it has taken so far, kept or not. */
function shownLines(): number {
  const text = document.querySelector('.log-state')?.textContent ?? '';
  const number = (pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? '0').replaceAll(',', ''));
  return number(/([\d,]+) lines/) + number(/([\d,]+) older/);
}
