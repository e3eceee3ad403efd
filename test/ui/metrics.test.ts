import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { type MetricsCluster, POD, metricsCluster } from './metrics-cluster.ts';

/** Metrics as people see them: charts of a week that was kept, what is foretold and unusual, where the load is. */

const WAIT = { timeout: 60_000 };
const POLL = { timeout: 60_000 };
const WEB = '#/explore/deployments.apps/one/shop/web?tab=metrics';

describe.skipIf(noBrowser !== undefined)('metrics', () => {
  let cluster: MetricsCluster;
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const memory = () => page.getByRole('figure', { name: 'Memory of the pod that takes most' });

  beforeAll(async () => {
    cluster = await metricsCluster();
    stage = await setStage({ protectedContexts: [], kubeconfig: cluster.kubeconfig, dataDir: cluster.dataDir });
    const { client } = stage.served.running.app;
    await client.cluster.connect({ context: 'one' });
    await client.metrics.sources({ context: 'one' });
    page = await stage.open();
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    await cluster?.close();
  });

  test('a workload has charts with its limit, its rollout and its holes, in words and on the canvas', async () => {
    await go(`${WEB}&range=24h`);
    await memory().locator('canvas').waitFor(WAIT);
    const words = memory().locator('.chart-words');
    await expect
      .poll(() => words.textContent(), POLL)
      .toMatch(/^Working set: 3\d\d MiB, 17\d MiB to 3\d\d MiB in this time; nothing between .* and .*\. Limit: 512 MiB/);
    expect(await words.textContent()).toContain('Request 256 MiB.');
    await page.locator('.happened', { hasText: 'revision 2' }).waitFor(WAIT);
    // Where it was expected comes after the values.
    await expect.poll(() => words.textContent(), POLL).toMatch(/Expected now: .* to .* \(shaded\)\./);
    // What is not measured there has no empty frame, and is named.
    await page.getByText('Not known of it: throttled').waitFor(WAIT);
    expect(await page.getByRole('figure', { name: 'Throttled' }).count()).toBe(0);
    await stage.picture(page, 'metrics-workload');
  });

  test('no more than two points a pixel are drawn of a week', async () => {
    await page.getByRole('radio', { name: '7 days' }).check();
    const drawn = () =>
      memory()
        .locator('.chart-surface')
        .evaluate((surface) => {
          const { points, wide } = (surface as unknown as { plot: { drawn: () => { points: number; wide: number } } }).plot.drawn();
          return points / wide;
        });
    // Until the week is read, the day that was there before is drawn in its place.
    await expect.poll(async () => [await drawn()].every((n) => n > 0.5 && n <= 2.05), POLL).toBe(true);
    expect(page.url()).toContain('range=7d');
  });

  test('by keys a moment is chosen and told exactly; with Shift the time moves; the table has the same', async () => {
    await page.getByRole('radio', { name: '1 hour' }).check();
    const slider = memory().getByRole('slider');
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => slider.getAttribute('aria-valuetext'), POLL)
      // Just after midnight it is of the day before, and says so.
      .toMatch(/^(\w+ \d+, )?\d\d:\d\d:\d\d.*: working set 3\d\d MiB, limit 512 MiB$/);
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(() => page.getByRole('button', { name: 'Now' }).isEnabled(), POLL).toBe(true);
    await page.getByRole('button', { name: 'Now' }).click();
    await memory().getByText('As a table').click();
    await expect.poll(() => memory().locator('tbody tr').count(), POLL).toBeGreaterThan(20);
    expect(await memory().locator('tbody tr').nth(1).textContent()).toMatch(/3\d\d.* MiB.*512 MiB/);
    await memory().getByText('As a table').click();
  });

  test('what is foretold says when, since which rollout, and on how much data it stands', async () => {
    const card = page.getByRole('region', { name: 'What is foretold' });
    await card.getByRole('heading', { name: /^Out of memory in about 1 h \d+ min \(.* to .*\)$/ }).waitFor(WAIT);
    await card.getByText(/^since the rollout at .* \(revision 2\)$/).waitFor(WAIT);
    await card.getByText(/^stands on 4 d of data$/).waitFor(WAIT);
    expect(await barriers(page)).toEqual([]);
  });

  test('on the page of its pod the same is foretold, and said to be of what made it', async () => {
    await go(`#/explore/pods/one/shop/${POD}?tab=metrics`);
    const card = page.getByRole('region', { name: 'What is foretold' });
    await card.getByRole('heading', { name: /^Out of memory in about/ }).waitFor(WAIT);
    await card.getByRole('link', { name: 'Deployment shop/web' }).waitFor(WAIT);
    await stage.picture(page, 'metrics-pod');
    expect(await barriers(page)).toEqual([]);
  });

  test('what is unusual is an alert with its score, what was expected, a small chart and what makes it silent', async () => {
    await go('#/feed');
    await page.getByRole('link', { name: /unusual/ }).click(WAIT);
    const row = page.locator('.alert', { hasText: 'Processor time is 1.' });
    await row.waitFor(WAIT);
    expect(await row.textContent()).toMatch(/expected .* to .* cores, farthest 1\.\d+ cores; .*; score 0\.\d\d/);
    expect(await row.textContent()).toMatch(/Silent after four readings in a row below .* cores, or twelve hours as it is now/);
    await row.locator('.spark-line').waitFor(WAIT);
    // What runs out is an incident once the agent has looked, and is silenced with a reason.
    const card = page.locator('.forecast', { hasText: 'Out of memory' });
    await card.getByText(/it rises by [\d.]+ MiB an hour/).waitFor(WAIT);
    // A change of the object has the agent look at once; the rollout before it is found to be the cause, and that incident is the one to silence.
    cluster.touch();
    await card.getByText(/revision 2 .*, and since then/).waitFor({ timeout: 90_000 });
    await card.getByRole('button', { name: 'Silence…' }).click(WAIT);
    await stage.picture(page, 'metrics-alerts');
    await page.getByLabel(/Why is it known and accepted/).fill('restarted at noon');
    await page.keyboard.press('Enter');
    await card.getByText(/accepted .*: restarted at noon/).waitFor(WAIT);
    expect(await barriers(page)).toEqual([]);
  });

  test('how full nodes are is seen on a map, gone through by keys, and read as a list; workloads of a namespace too', async () => {
    await go('#/explore/~load?in=one');
    const map = page.locator('.heat canvas[data-cells="8"]');
    await map.waitFor(WAIT);
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('.heat-said').textContent(), POLL).toMatch(/^node-7: 3\.9 cores of 4 cores, 9[78] %$/);
    await stage.picture(page, 'metrics-load');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Node node-7' }).waitFor(WAIT);
    await page.getByRole('figure', { name: 'Processor time' }).locator('canvas').waitFor(WAIT);
    await go('#/explore/~load?in=one&of=workloads&namespace=shop&as=list');
    await page.getByRole('row', { name: /Deployment\/web 3\d\d MiB of 512 MiB, 6\d %/ }).waitFor(WAIT);
  });

  test('on a phone nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const hash of [WEB, '#/feed/alerts', '#/explore/~load?in=one']) {
      await go(hash);
      await page.locator('.chart-surface canvas, .alert, .heat canvas').first().waitFor(WAIT);
      await stage.picture(page, `metrics-phone-${hash.length}`);
      const tooWide = await page.evaluate(() =>
        Math.max(...[...document.querySelectorAll('html, main, .explored')].map((e) => e.scrollWidth - e.clientWidth)),
      );
      expect(tooWide).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test('no page broke its policy or a rule of React', () => {
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
