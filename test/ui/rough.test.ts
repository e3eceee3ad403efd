import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { ROUGH_NAMES, crowdedKubeconfig, roughCluster } from './rough-cluster.ts';

const WAIT = { timeout: 60_000 };
const OTHERS = 2_000;

describe.skipIf(noBrowser !== undefined)('a rough world', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-rough-'));
  let server: ApiServer;
  let stage: Stage;
  let page: Page;
  const go = async (hash: string) => {
    await page.evaluate((h) => void (window.location.hash = h), hash);
    await page.locator('#content > :not(.loading)').first().waitFor(WAIT);
  };
  /** By how many pixels what is read as a page is wider than its place. */
  const tooWide = () =>
    page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('html, main, main > *, .beside, .list, .feed, dialog')].map((e) => e.scrollWidth - e.clientWidth),
      ),
    );

  beforeAll(async () => {
    server = await startApiServer({ objects: roughCluster() });
    stage = await setStage({ protectedContexts: [], kubeconfig: crowdedKubeconfig(dir, server.url, OTHERS) });
    await stage.served.running.app.client.cluster.connect({ context: 'rough' });
    page = await stage.open();
    await go('#/incidents');
    await page.locator('.list a', { hasText: ROUGH_NAMES.emoji }).waitFor(WAIT);
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test.each(Object.entries(ROUGH_NAMES))('a name is shown whole and as text: %s', async (_key, name) => {
    await go('#/incidents');
    await page.locator('.list a', { hasText: name }).first().click(WAIT);
    await page.locator('.chain .cause .name', { hasText: name }).waitFor(WAIT);
    expect(await page.locator('.chain .cause .name').textContent()).toBe(`shop/${name}`);
    expect(await tooWide()).toBe(0);
    await page.getByRole('button', { name: 'Look at the plan' }).click(WAIT);
    await page.locator('dialog .diff .plus').waitFor(WAIT);
    expect(await tooWide()).toBe(0);
    await stage.picture(page, `rough-${_key}`);
    await page.keyboard.press('Escape');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  test('the feed tells of them without breaking', async () => {
    await go('#/feed');
    await page.locator('.entry', { hasText: ROUGH_NAMES.html }).first().waitFor(WAIT);
    expect(await tooWide()).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
  });

  test('one of 2,000 contexts is found by typing, and is the one a click lands in', async () => {
    await page.keyboard.press('Control+k');
    const begun = Date.now();
    await page.locator('.palette input').fill('crowd-1999');
    await page.getByRole('option', { name: /^crowd-1999/ }).waitFor(WAIT);
    process.stdout.write(`one of ${OTHERS} contexts found in ${Date.now() - begun} ms\n`);
    await page.keyboard.press('Enter');
    await page.locator('.chip', { hasText: 'crowd-1999' }).waitFor(WAIT);
  });

  test.each(['#/incidents', '#/approvals', '#/feed', '#/agents', '#/settings'])(
    '%s fits a phone and a page twice as large',
    async (hash) => {
      for (const size of [
        { width: 390, height: 844 },
        { width: 640, height: 430 },
      ]) {
        await page.setViewportSize(size);
        await go(hash);
        expect(await tooWide()).toBe(0);
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    },
  );

  test('on a phone a plan is opened from the list, approved with two taps, and left again', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await go('#/approvals');
    await page.locator('.list a').first().click(WAIT);
    await page.getByRole('button', { name: 'Approve' }).click(WAIT);
    await page.getByRole('button', { name: 'Yes, carry it out in rough' }).click(WAIT);
    await page.locator('.road [aria-current="step"], .plan[data-state="done"]').first().waitFor(WAIT);
    await page.locator('.back').click();
    await page.locator('.list h3', { hasText: 'Decided' }).waitFor(WAIT);
  });

  test('a plan whose time is over on the page cannot be approved there', async () => {
    await page.setViewportSize({ width: 1280, height: 860 });
    const late = await stage.open();
    await late.evaluate(() => void (window.location.hash = '#/approvals'));
    await late.locator('.plan[data-state="awaitingApproval"]').waitFor(WAIT);
    await late.clock.install({ time: Date.now() + 3_600_000 });
    await late.clock.runFor(2_000);
    await late.reload();
    await late.locator('.plan .hint', { hasText: 'Its time is over' }).waitFor(WAIT);
    expect(await late.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await late.keyboard.press('a');
    expect(await late.getByRole('button', { name: /^Yes, carry/ }).count()).toBe(0);
    await late.context().close();
  });

  test('after a break of the line the feed goes on without a gap and without a double', async () => {
    const { client } = stage.served.running.app;
    await go('#/feed?by=time');
    await page.locator('.entry').first().waitFor(WAIT);
    await page.context().setOffline(true);
    for (const color of ['red', 'green', 'blue'] as const) await client.contexts.mark({ context: 'rough', color, by: 'somebody' });
    await page.locator('.banner.lost').waitFor(WAIT);
    await go('#/approvals');
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.waitFor(WAIT);
    expect(await approve.isDisabled()).toBe(true);
    await page.context().setOffline(false);
    await page.locator('.banner.lost').waitFor({ ...WAIT, state: 'detached' });
    await expect.poll(() => approve.isEnabled()).toBe(true);
    await go('#/feed?by=time');
    await page.locator('.entry', { hasText: 'somebody marked rough: blue' }).waitFor(WAIT);
    const seqs = (await page.locator('.entry .seq').allTextContents()).map(Number);
    const [newest = 0] = seqs;
    expect(seqs).toEqual(seqs.map((_, i) => newest - i));
    expect(await page.locator('.entry', { hasText: 'somebody marked rough' }).count()).toBe(3);
  });

  test('no page broke its policy or a rule of React', () => {
    // What the browser says of the line that was cut.
    expect(stage.complaints.filter((c) => !c.includes('ERR_INTERNET_DISCONNECTED') && !c.includes('ERR_NETWORK'))).toEqual([]);
  });
});
