import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** Who is here for the first time: the tour, a machine without a cluster, and what the program may do by itself. */

const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('somebody new', () => {
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const tour = () => page.locator('.tour');
  const settled = () => page.locator('.status', { hasText: 'live' }).waitFor(WAIT);

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: [] });
    page = await stage.open(undefined, 'dark', true);
  }, 240_000);
  afterAll(() => stage?.close());

  test('is taken through the demo fleet by keys alone, in five stops, and never again', async () => {
    await tour().getByRole('heading', { name: 'Your clusters, at one glance' }).waitFor(WAIT);
    expect(await barriers(page)).toEqual([]);
    await stage.picture(page, 'tour');
    await page.keyboard.press('Enter');
    await tour().getByRole('heading', { name: 'One cause, one incident' }).waitFor(WAIT);
    await expect.poll(() => page.evaluate(() => window.location.hash)).toBe('#/incidents');
    await page.keyboard.press('ArrowLeft');
    await tour().getByRole('heading', { name: 'Your clusters' }).waitFor(WAIT);
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await tour().getByRole('button', { name: 'Done' }).waitFor(WAIT);
    expect(await page.locator('[data-toured]').textContent()).toContain('Hold all agents');
    await page.keyboard.press('Enter');
    await tour().waitFor({ ...WAIT, state: 'detached' });
    expect(await page.locator('[data-toured]').count()).toBe(0);
    await page.reload();
    await settled();
    expect(await tour().count()).toBe(0);
  });

  test('who asks for it is taken again, and leaves it with Escape', async () => {
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').fill('tour');
    await page.getByRole('option', { name: 'Take the tour' }).click(WAIT);
    await tour().waitFor(WAIT);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Next');
    await page.keyboard.press('Escape');
    await tour().waitFor({ ...WAIT, state: 'detached' });
  });

  test('finds an object of a cluster by some letters of its name', async () => {
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').fill('shop/cart');
    await page.getByRole('option', { name: /Service shop\/cart demo/ }).click(WAIT);
    await page.locator('.object h1', { hasText: 'cart' }).waitFor(WAIT);
  });

  test('sees what an agent thought behind a line of the feed', async () => {
    await go('#/feed?by=time&kind=thoughts');
    const line = page.locator('.entry details', { hasText: /K8sAgent looked at \d+ objects of demo-tempest/ }).first();
    await line.locator('summary').click(WAIT);
    await line.getByText(/^\d+ checks over \d+ objects/).waitFor(WAIT);
    await go('#/feed?by=time&kind=incidents');
    const opened = page.locator('.entry details', { hasText: 'selector matches no pod' }).first();
    await opened.locator('summary').click(WAIT);
    await opened.locator('dt', { hasText: 'rests on' }).waitFor(WAIT);
    expect(await barriers(page)).toEqual([]);
  });

  test('asks why, and begins a rule for plans like one', async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
    await page.locator('.why summary').click(WAIT);
    await page.locator('.why dd', { hasText: 'selector matches no pod' }).first().waitFor(WAIT);
    await page.getByRole('link', { name: 'a rule for plans like this' }).click(WAIT);
    await page.getByRole('button', { name: 'Begin with a rule for plans like this' }).click(WAIT);
    expect(await page.getByLabel('Rules, in YAML').inputValue()).toContain('contexts: ["demo-tempest"]');
    await page.getByRole('button', { name: 'Try them' }).click(WAIT);
    await page.getByText('They are well-formed', { exact: false }).waitFor(WAIT);
  });

  test('nothing looks for newer versions until a feed is named; its signature is what counts', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const feed = JSON.stringify({ version: '9.0.0', notes: 'Steadier.', files: [] });
    let asked = 0;
    const server: Server = createServer((request, response) => {
      asked++;
      response.end(request.url?.endsWith('.sig') === true ? sign(null, Buffer.from(feed), privateKey).toString('base64') : feed);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      await go('#/settings/updates');
      await page.getByText('Nobody is asked for newer versions.', { exact: true }).waitFor(WAIT);
      expect(asked).toBe(0);
      await page.getByText('Have a feed looked at once a day').click();
      await page.getByLabel('Address of the feed').fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`);
      await page
        .getByLabel('The key it is signed with')
        .fill(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64'));
      await page.getByRole('button', { name: 'Look at it' }).click();
      await page.getByText('Version 9.0.0 is there.').waitFor(WAIT);
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Ask nobody any more' }).click();
      await page.getByText('Nobody is asked for newer versions.', { exact: true }).waitFor(WAIT);
      const { events } = await stage.served.running.app.client.events.list({ since: 0, limit: 1_000 });
      expect(events.filter((e) => e.event.type === 'updates.followed').map((e) => e.event)).toMatchObject([
        { feed: expect.stringContaining('feed.json') as unknown },
        { feed: null },
      ]);
    } finally {
      server.close();
    }
  });

  test.each([
    ['a machine without a cluster', 'contexts: []'],
    ['a kubeconfig that cannot be read as one', 'not: [a kubeconfig'],
  ])('on %s it is said what to do next', async (_what, text) => {
    const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-none-'));
    const kubeconfig = join(dir, 'kubeconfig');
    writeFileSync(kubeconfig, `apiVersion: v1\nkind: Config\n${text}\n`);
    const bare = await setStage({ protectedContexts: [], kubeconfig });
    try {
      const first = await bare.open();
      await first.locator('main .empty', { hasText: '--demo' }).waitFor(WAIT);
      for (const place of ['incidents', 'approvals', 'feed', 'agents']) {
        await first.evaluate((p) => void (window.location.hash = `#/${p}`), place);
        await first.locator('#content > :not(.loading)').first().waitFor(WAIT);
      }
      expect(bare.complaints).toEqual([]);
    } finally {
      await bare.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('has the system say that a plan waits while nobody looks at the page, once that was asked for', async () => {
    await page.context().grantPermissions(['notifications', 'clipboard-read', 'clipboard-write']);
    await go('#/settings');
    await page.getByLabel(/Have the system say/).click(WAIT);
    // As the browser takes them: its own list of what is on the screen depends on whether the machine shows any.
    await page.evaluate(() => {
      const worker = ServiceWorkerRegistration.prototype;
      const show = Object.getOwnPropertyDescriptor(worker, 'showNotification')?.value as typeof worker.showNotification;
      worker.showNotification = async function (title, how) {
        await show.call(this, title, how);
        document.documentElement.dataset['shown'] = title;
      };
    });
    const shown = () => page.locator('html').getAttribute('data-shown');
    const { client } = stage.served.running.app;
    const at = { context: 'demo-tempest', kind: 'services', namespace: 'shop', name: 'cart' };
    const { yaml } = await client.explore.object(at);
    const propose = (flag: string) => {
      const after = yaml.replace('metadata:\n', `metadata:\n  annotations:\n    flag: ${flag}\n`);
      return client.edits.propose({ ...at, before: yaml, after, by: 'somebody' });
    };
    const { id } = await propose('red');
    await page.locator('.toast', { hasText: 'metadata.annotations' }).waitFor(WAIT);
    expect(await shown()).toBeNull();
    await client.plans.decide({ id, hash: (await client.plans.get({ id })).hash, decision: 'rejected', reason: 'not so', by: 'somebody' });
    await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden' }));
    const second = await propose('blue');
    await expect.poll(shown, { timeout: 60_000 }).toContain(second.title);
  });

  test('no page broke its policy or a rule of React', () => expect(stage.complaints).toEqual([]));
});
