import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { ROUGH_NAMES, crowdedKubeconfig, roughCluster } from './rough-cluster.ts';

const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('kinds, their objects and one object', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-explore-'));
  let server: ApiServer;
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const names = () => page.locator('.grid-row .name').allTextContents();
  const tooWide = () =>
    page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('html, main, .explore, .explored')].map((e) => e.scrollWidth - e.clientWidth)),
    );

  beforeAll(async () => {
    server = await startApiServer({ objects: roughCluster() });
    stage = await setStage({ protectedContexts: [], kubeconfig: crowdedKubeconfig(dir, server.url, 1) });
    await stage.served.running.app.client.cluster.connect({ context: 'rough' });
    page = await stage.open();
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('a kind is found by typing, and its objects stand in the columns of the server', async () => {
    await go('#/explore');
    await page.getByLabel('Find a kind').fill('deploy');
    await page.locator('.kinds a', { hasText: 'Deployment' }).click(WAIT);
    await page.locator('.grid-row').first().waitFor(WAIT);
    expect((await names()).toSorted()).toEqual(Object.values(ROUGH_NAMES).toSorted());
    expect(await page.getByRole('columnheader').nth(1).textContent()).toBe('Namespace');
    await stage.picture(page, 'explore-table');
    expect(await barriers(page)).toEqual([]);
  });

  test('the filter is in the address, and a reload shows the same', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('/');
    await page.keyboard.type('CART xxx');
    await expect.poll(names).toEqual([ROUGH_NAMES.long]);
    await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('text=CART+xxx');
    await page.reload();
    await page.locator('.grid-row').first().waitFor(WAIT);
    expect(await names()).toEqual([ROUGH_NAMES.long]);
    await page.getByLabel('Filter').fill('no such thing');
    await page.locator('.empty h2', { hasText: 'None is like that' }).waitFor(WAIT);
  });

  test('columns sort, arrows choose and Enter opens', async () => {
    await go('#/explore/services?sort=-Name');
    await page.locator('[aria-sort="descending"]').waitFor(WAIT);
    await page.locator('.grid-row').first().waitFor(WAIT);
    const down = await names();
    await page.getByRole('button', { name: 'Name', exact: true }).click(WAIT);
    await expect.poll(names).toEqual(down.toReversed());
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('.grid-row[data-active]').waitFor(WAIT);
    await page.keyboard.press('Enter');
    await page.locator('.object h1 .name').waitFor(WAIT);
    expect(await page.locator('.object h1 .name').textContent()).toBe(`shop/${down.at(-2)}`);
  });

  test.each(Object.entries(ROUGH_NAMES))('an object is shown whole, its name as text: %s', async (key, name) => {
    await go('#/explore/deployments.apps');
    await page.locator('.grid-row .name', { hasText: name }).first().click(WAIT);
    await page.locator('.object h1', { hasText: name }).waitFor(WAIT);
    await page.getByRole('tab', { name: 'YAML' }).click(WAIT);
    await page.locator('.yaml-editor .cm-content', { hasText: 'kind: Deployment' }).waitFor(WAIT);
    expect(await page.locator('.yaml-editor .cm-content').textContent()).not.toContain('managedFields');
    await page.getByRole('tab', { name: 'Events' }).click(WAIT);
    await page.getByRole('tabpanel').waitFor(WAIT);
    await page.getByRole('tab', { name: 'Overview' }).click(WAIT);
    await page.locator('.object .facts').waitFor(WAIT);
    await stage.picture(page, `explore-object-${key}`);
    expect(await tooWide()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  test('what cannot be read says why: a cluster that does not answer, a kind and an object that are not there', async () => {
    await go('#/explore/pods?in=crowd-0');
    await page.locator('.objects .problem', { hasText: 'crowd-0' }).waitFor(WAIT);
    await go('#/explore/nonsense?in=rough');
    await page.locator('.objects .problem').waitFor(WAIT);
    await go('#/explore/pods/rough/shop/nobody');
    await page.locator('.object .problem').waitFor(WAIT);
  });

  test('labels are asked of the cluster', async () => {
    await go('#/explore/pods?in=rough');
    await page.getByLabel(/^Labels/).fill('app=emoji');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await names()).length).toBe(1);
  });

  test('rows are selected by keys, their names are copied, and they leave as CSV that no spreadsheet runs', async () => {
    await go('#/explore/deployments.apps?in=rough');
    await expect.poll(async () => (await names()).length).toBe(4);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.locator('.selection', { hasText: '2 selected' }).waitFor(WAIT);
    const chosen = (await names()).slice(0, 2);
    await page.getByRole('button', { name: 'Copy the names of the selected' }).click(WAIT);
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(chosen.join('\n'));
    const csv = async () => {
      const coming = page.waitForEvent('download', WAIT);
      await page.getByRole('button', { name: 'CSV' }).click(WAIT);
      const download = await coming;
      expect(download.suggestedFilename()).toBe('deployments.apps.csv');
      return readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\r\n');
    };
    const two = await csv();
    expect(two[0]).toMatch(/^Namespace,Name,/);
    expect(two.slice(1).map((line) => line.split(',')[1])).toEqual(chosen);
    await page.getByRole('button', { name: 'None' }).click();
    await page.getByLabel('Filter').fill('cart');
    await expect.poll(async () => (await names()).length).toBe(2);
    expect(await csv()).toHaveLength(3);
    await page.getByLabel('Filter').fill('');
  });

  test.each(['#/explore', '#/explore/deployments.apps?in=rough', `#/explore/deployments.apps/rough/shop/${ROUGH_NAMES.long}`])(
    '%s fits a phone',
    async (hash) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await go(hash);
      await page.locator('.grid-row:visible, .object .facts, .kinds a:visible').first().waitFor(WAIT);
      await stage.picture(page, `explore-phone-${hash.split('/').length}`);
      expect(await tooWide()).toBe(0);
      await page.setViewportSize({ width: 1280, height: 860 });
    },
  );

  test('no page broke its policy or a rule of React', () => {
    // A refused question is the browser's to mention.
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
