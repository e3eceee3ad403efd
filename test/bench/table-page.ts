import type { Page } from 'playwright-core';
import { noBrowser } from '../ui/browser.ts';
import { openDaily } from './daily/daily.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

const PODS = 30_000;
const RUNS = 5;
const ms = (values: readonly number[]) => `${Math.round(median(values))} ms`;

/** A table of 30,000 pods in Chromium, read through the real host: opened, sorted, filtered key by key. */
export async function benchTablePage(): Promise<void> {
  if (noBrowser !== undefined) return void process.stdout.write(`${noBrowser}\n`);
  const { page, close } = await openDaily({ pods: PODS, talkers: 0, linesPerSecond: 0 });
  const [opened, whole, sorts, keys, tasks]: number[][] = [[], [], [], [], []];
  for (let run = 0; run <= RUNS; run++) {
    await page.evaluate(() => void (window.location.hash = '#/settings'));
    await page.locator('.settings, #content h2, #content section').first().waitFor({ timeout: 60_000 });
    const { first, all, longest } = await page.evaluate(openTable, PODS);
    const sorted = await page.evaluate(sortBy, run % 2 === 0 ? 'Name' : 'Age');
    const typed = await type(page, 'cart crash');
    // The first time the server makes its pages, and the page is compiled.
    if (run === 0) continue;
    opened?.push(first);
    whole?.push(all);
    tasks?.push(longest);
    sorts?.push(sorted);
    keys?.push(...typed);
  }
  await close();
  process.stdout.write(
    `\na table of ${PODS.toLocaleString('en')} pods, median of ${RUNS}\n${table(
      ['measure', 'found', 'at most'],
      [
        ['from the link to its first rows', ms(opened ?? []), '300 ms'],
        ['until all of it is read', ms(whole ?? []), ''],
        ['longest time without an ear for keys meanwhile', ms(tasks ?? []), ''],
        ['sorted', ms(sorts ?? []), '200 ms'],
        ['a key in the filter, until its rows are drawn', ms(keys ?? []), '50 ms'],
        ['the slowest key', `${Math.round(Math.max(...(keys ?? [])))} ms`, ''],
      ],
    )}\n`,
  );
}

/** In the page: from the change of address until the first row, and until the count says that all are there. */
async function openTable(pods: number): Promise<{ first: number; all: number; longest: number }> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let longest = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  tasks.observe({ type: 'longtask' });
  const begun = performance.now();
  window.location.hash = '#/explore/pods?in=daily';
  while (document.querySelector('.grid-row') === null) await frame();
  const first = performance.now() - begun;
  const count = () => document.querySelector('.count-words')?.textContent ?? '';
  while (!count().startsWith(String(pods)) || count().includes('so far')) await frame();
  const all = performance.now() - begun;
  tasks.disconnect();
  return { first, all, longest };
}

/** In the page: from the press on a column's head until its rows are drawn in the other order, which is said at the head with the same drawing. */
async function sortBy(column: string): Promise<number> {
  const heads = [...document.querySelectorAll<HTMLElement>('.grid-head [role="columnheader"]')];
  const head = heads.find((h) => h.textContent?.replace(/ [↑↓]$/, '') === column);
  const before = head?.getAttribute('aria-sort');
  const begun = performance.now();
  head?.querySelector('button')?.click();
  while (head?.getAttribute('aria-sort') === before) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - begun;
}

/** Keys as a person presses them; each until the rows are those it leaves. */
async function type(page: Page, text: string): Promise<readonly number[]> {
  await page.getByLabel('Filter').focus();
  const taken: number[] = [];
  for (const key of [...text]) {
    await page.evaluate(() => {
      const seen = { at: 0, drawn: 0 };
      Object.assign(window, { seen });
      window.addEventListener('keydown', () => (seen.at = performance.now()), { once: true, capture: true });
      new MutationObserver((_, self) => {
        self.disconnect();
        requestAnimationFrame(() => (seen.drawn = performance.now()));
      }).observe(document.querySelector('.count-words') ?? document.body, { childList: true, characterData: true, subtree: true });
    });
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.waitForTimeout(150);
    const { at, drawn } = await page.evaluate(() => (window as unknown as { seen: { at: number; drawn: number } }).seen);
    // A space, or a letter that every row left has, changes no row.
    if (drawn > 0) taken.push(drawn - at);
  }
  await page.getByLabel('Filter').fill('');
  return taken;
}
