import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { type MetricsCluster, metricsCluster } from './metrics-cluster.ts';

/** What workloads say again and again, learned from their logs by the real host; and what is learned of weeks of their metrics. */

const WAIT = { timeout: 60_000 };
const POLL = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('patterns and trends', () => {
  let cluster: MetricsCluster;
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);

  beforeAll(async () => {
    cluster = await metricsCluster();
    stage = await setStage({ protectedContexts: [], kubeconfig: cluster.kubeconfig, dataDir: cluster.dataDir });
    await stage.served.running.app.client.cluster.connect({ context: 'one' });
    page = await stage.open();
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    await cluster?.close();
  });

  test('whose logs are followed is said with why, and a person may choose', async () => {
    await go('#/explore/~patterns?in=one');
    await page.locator('.watching summary').click(WAIT);
    await page.getByRole('button', { name: 'Follow always' }).first().click(WAIT);
    await page.getByRole('cell', { name: 'somebody chose it' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Not always' }).click(WAIT);
    await expect.poll(() => page.getByRole('cell', { name: 'somebody chose it' }).count(), POLL).toBe(0);
    await stage.picture(page, 'patterns-watching');
    expect(await barriers(page)).toEqual([]);
  });

  test('they are sifted by level and by words, and that stands in the address', async () => {
    await page.getByLabel('Level').selectOption('error');
    await expect.poll(() => page.url(), POLL).toContain('level=error');
    await page.getByLabel('Words, Enter to search').fill('nothing says this');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No pattern is like that' }).waitFor(WAIT);
    expect(page.url()).toContain('search=nothing+says+this');
  });

  test('on a phone nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const hash of ['#/explore/~patterns?in=one', '#/explore/~trends?in=one']) {
      await go(hash);
      await page.locator('.watching, .wide-table').first().waitFor(WAIT);
      const tooWide = await page.evaluate(() =>
        Math.max(...[...document.querySelectorAll('html, main, .explored')].map((e) => e.scrollWidth - e.clientWidth)),
      );
      expect(tooWide).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test('what containers would need, and how this week was, in tables with their reasons', async () => {
    await go('#/explore/~trends?in=one');
    const sizes = page.getByRole('region', { name: 'What containers would need' });
    await sizes.getByRole('row', { name: /shop\/web web memory 256 MiB 512 MiB/ }).waitFor(WAIT);
    await page
      .getByRole('region', { name: 'This week and the week before' })
      .getByRole('row', { name: /Deployment\/web memory/ })
      .waitFor(WAIT);
    await stage.picture(page, 'trends');
    expect(await barriers(page)).toEqual([]);
  });

  test('no page broke its policy or a rule of React', () => {
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
