import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DailyStage, openDaily } from '../bench/daily/daily.ts';
import { noBrowser } from './browser.ts';

/** Logs of busy pods with their long lines wrapped: who follows sees the end, who looks back reads lines that stand still. */

const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('wrapped logs', () => {
  let daily: DailyStage;
  let page: Page;
  const box = () => page.locator('.log-box');
  const state = (words: string) => page.locator('.log-state', { hasText: words }).waitFor(WAIT);
  const fromEnd = () => box().evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
  /** The first line whose top is in sight, and where it is. */
  const first = () =>
    box().evaluate((e) => {
      const { top } = e.getBoundingClientRect();
      const lines = [...e.querySelectorAll<HTMLElement>('.log-line')].map(
        (l) => [l.dataset['n'], Math.round(l.getBoundingClientRect().top - top)] as const,
      );
      return lines.filter(([, y]) => y >= 0).toSorted((a, b) => a[1] - b[1])[0];
    });
  const last = async () => Number(await page.locator('.log-line').last().getAttribute('data-n'));

  beforeAll(async () => {
    daily = await openDaily({ pods: 0, talkers: 2, linesPerSecond: 400 });
    page = daily.page;
    await page.setViewportSize({ width: 700, height: 800 });
    await page.evaluate(() => void (window.location.hash = '#/explore/~logs?in=daily&namespace=team-0&labels=app%3Dtalker'));
    await page.locator('.log-line').nth(20).waitFor(WAIT);
    await page.getByRole('button', { name: 'Wrap', exact: true }).click(WAIT);
  }, 240_000);
  afterAll(() => daily?.close());

  test('while they are followed the newest line is in sight, and whole', async () => {
    const before = await last();
    await expect.poll(last, WAIT).toBeGreaterThan(before + 500);
    await expect.poll(fromEnd).toBeLessThanOrEqual(1);
    expect(
      await page
        .locator('.log-line')
        .last()
        .evaluate((e) => e.getBoundingClientRect().height),
    ).toBeGreaterThan(30);
    await daily.stage.picture(page, 'logs-wrapped');
  });

  test('looking back stops them, what is read stays where it is, and going on leads to the end again', async () => {
    await box().hover();
    await page.mouse.wheel(0, -900);
    await state('Held.');
    await page.getByRole('button', { name: /^Go on \(/ }).waitFor(WAIT);
    // Once what is above has been measured, nothing moves any more, whatever comes behind it.
    await expect
      .poll(async () => {
        const was = await first();
        await page.waitForTimeout(400);
        return JSON.stringify(await first()) === JSON.stringify(was) && was !== undefined;
      }, WAIT)
      .toBe(true);
    const heights = await page
      .locator('.log-line')
      .evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).toSorted((a, b) => a.top - b.top));
    for (const [i, line] of heights.entries()) if (i > 0) expect(Math.abs(line.top - (heights[i - 1]?.bottom ?? 0))).toBeLessThan(2);
    await daily.stage.picture(page, 'logs-looked-back');
    await page.getByRole('button', { name: /^Go on/ }).click();
    await state('Following.');
    await expect.poll(fromEnd).toBeLessThanOrEqual(1);
  });

  test('holding them leaves the screen as it is', async () => {
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.click(WAIT);
    await state('Held.');
    await expect.poll(fromEnd).toBeLessThanOrEqual(1);
    expect(
      await page
        .locator('.log-line')
        .last()
        .evaluate((e) => e.getBoundingClientRect().bottom),
    ).toBeGreaterThan(200);
  });
});
