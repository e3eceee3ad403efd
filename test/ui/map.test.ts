import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { recordFleet } from '../bench/recorded-fleet.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { ROUGH_NAMES, crowdedKubeconfig, roughCluster } from './rough-cluster.ts';

const WAIT = { timeout: 60_000 };
const go = (page: Page, hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
const canvas = (page: Page) => page.locator('.map-canvas');
const way = (page: Page) => page.locator('.map-way').innerText();
/** Where a place is on the page, by its key; what a hand would be led by. */
const at = (page: Page, ...names: readonly string[]) =>
  page.evaluate((key) => {
    const surface = document.querySelector('.map-canvas') as HTMLCanvasElement & {
      stage: { rectOf: (spot: object) => { x: number; y: number; w: number; h: number } | undefined };
    };
    const rect = surface.stage.rectOf({ key, pod: undefined });
    const { left, top } = surface.getBoundingClientRect();
    return rect && { x: left + rect.x + rect.w / 2, y: top + rect.y + rect.h - 12 };
  }, names.map(encodeURIComponent).join('/'));
async function pointOf(page: Page, ...names: readonly string[]) {
  await expect.poll(() => at(page, ...names)).toBeDefined();
  const point = await at(page, ...names);
  if (point === undefined) throw new Error(`there is no ${names.join('/')} on the map`);
  return point;
}

describe.skipIf(noBrowser !== undefined)('the fleet map', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await setStage({ protectedContexts: ['demo-harbor'] });
    const { client } = stage.served.running.app;
    // Plans come after the first reading of the clusters.
    for (let tries = 0; tries < 120 && (await client.plans.list({ state: 'waiting' })).plans.length < 5; tries++)
      await new Promise((resolve) => setTimeout(resolve, 500));
    page = await stage.open();
    await canvas(page).waitFor(WAIT);
    await page.locator('.map-legend', { hasText: '3 clusters, 26 pods, 5 open incidents' }).waitFor(WAIT);
  }, 240_000);
  afterAll(() => stage?.close());

  test('a card says within 80 ms what is under the pointer, and in the end what changed there', async () => {
    const { x, y } = await pointOf(page, 'demo-tempest', 'office', 'Deployment', 'labels');
    const took = await page.evaluate(
      ([px, py]) =>
        new Promise<number>((resolve) => {
          const surface = document.querySelector('.map-canvas') as HTMLElement;
          const begun = performance.now();
          new MutationObserver((_records, watch) => {
            if (document.querySelector('.map-card') === null) return;
            watch.disconnect();
            resolve(performance.now() - begun);
          }).observe(document.body, { subtree: true, childList: true });
          surface.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: px, clientY: py, pointerId: 1 }));
        }),
      [x, y] as const,
    );
    process.stdout.write(`hover card after ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(80);
    const card = page.locator('.map-card');
    expect(await card.innerText()).toContain('memory');
    await page.mouse.move(x, y);
    await stage.picture(page, 'map-card');
    await page.mouse.move(x, 10);
    await card.waitFor({ state: 'detached', ...WAIT });
  });

  test('a click makes the cluster the one a click lands in, a double click goes in, Escape comes out', async () => {
    const { x, y } = await pointOf(page, 'demo-harbor', 'berths', 'Deployment', 'berth-planner');
    await page.mouse.click(x, y);
    await page.locator('.chip', { hasText: 'demo-harbor' }).waitFor(WAIT);
    expect(await page.locator('.frame[data-guarded]').count()).toBe(1);
    await canvas(page).press('Home');
    const name = await pointOf(page, 'demo-tempest', 'shop');
    await page.mouse.dblclick(name.x, name.y);
    await expect.poll(() => way(page)).toContain('shop');
    await page.locator('.chip', { hasText: 'demo-tempest' }).waitFor(WAIT);
    await canvas(page).press('Home');
    await expect.poll(() => way(page)).toBe('Fleet');
  });

  test('all of it by keys: neighbours, in, out, typing a name, the page of the object', async () => {
    const said = () => page.locator('.map-room [role=status]').innerText();
    await canvas(page).press('Home');
    await canvas(page).focus();
    await page.locator('.map-typed').waitFor({ state: 'detached', ...WAIT });
    await page.keyboard.type('demo-f', { delay: 20 });
    await expect.poll(said).toContain('demo-foghorn, Cluster');
    await page.keyboard.press('ArrowRight');
    await expect.poll(said).toContain('demo-harbor, Cluster, protected');
    await page.keyboard.press('Enter');
    await expect.poll(said).toContain('In demo-harbor: berths, Namespace');
    await page.keyboard.press('Enter');
    await expect.poll(said).toContain('berth-planner, Deployment');
    await page.keyboard.press('Escape');
    await expect.poll(said).toContain('berths, Namespace');
    await page.locator('.map-typed').waitFor({ state: 'detached', ...WAIT });
    await page.keyboard.type('tide', { delay: 20 });
    await expect.poll(said).toContain('tide-table, Deployment');
    await page.keyboard.press('.');
    await expect.poll(() => page.url()).toContain('#/explore/deployments.apps/demo-harbor/berths/tide-table');
    await go(page, '#/fleet');
    await canvas(page).waitFor(WAIT);
  });

  test('L turns to the list and back, also from the map', async () => {
    await canvas(page).focus();
    await page.keyboard.press('Shift+L');
    await page.getByRole('treegrid').waitFor(WAIT);
    await page.keyboard.press('Shift+L');
    await canvas(page).waitFor(WAIT);
  });

  test('it is followed once, from before it is drawn, by the map and the list alike, and no longer than it is shown', async () => {
    let [begun, over] = [0, 0];
    const isFollow = (request: { url: () => string }) => request.url().endsWith('/rpc/map/follow');
    page.on('request', (request) => void (isFollow(request) && begun++));
    page.on('requestfailed', (request) => void (isFollow(request) && over++));
    await page.reload();
    await canvas(page).waitFor(WAIT);
    await page.locator('.map-legend', { hasText: '3 clusters, 26 pods' }).waitFor(WAIT);
    // That of the page before is over with it.
    over = 0;
    await page.keyboard.press('Shift+L');
    await page.getByRole('treegrid').waitFor(WAIT);
    await page.keyboard.press('Shift+L');
    await canvas(page).waitFor(WAIT);
    expect([begun, over]).toEqual([1, 0]);
    await go(page, '#/feed');
    await expect.poll(() => over).toBe(1);
    await page.reload();
    await page.locator('.entry').first().waitFor(WAIT);
    expect(begun).toBe(1);
    await go(page, '#/fleet');
    await canvas(page).waitFor(WAIT);
    await expect.poll(() => begun).toBe(2);
    page.removeAllListeners('request');
    page.removeAllListeners('requestfailed');
  });

  test('the search finds a workload by its name and goes there', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('crane-control');
    await page.getByRole('option', { name: /^Deployment crane-control/ }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    await expect.poll(() => way(page)).toContain('crane-control');
    await canvas(page).press('Home');
  });

  test('a status that changes moves nothing, and is on the map within two seconds', async () => {
    const { client } = stage.served.running.app;
    const places = () =>
      page.evaluate(() => {
        const { stage: s } = document.querySelector('.map-canvas') as unknown as { stage: { boxes: readonly object[] } };
        const flat = (boxes: readonly object[]): string[] =>
          boxes.flatMap((b) => {
            const { item, x, y, w, h, children } = b as {
              item: { key: string };
              x: number;
              y: number;
              w: number;
              h: number;
              children: object[];
            };
            return [`${item.key} ${x} ${y} ${w} ${h}`, ...flat(children)];
          });
        return flat(s.boxes).sort();
      });
    const before = await places();
    const { plans } = await client.plans.list({ state: 'waiting' });
    const plan = plans.find((p) => p.title.includes('disk=ssd'));
    if (plan === undefined) throw new Error('the plan about disk=ssd is not there');
    await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'you' });
    await page.locator('.map-legend', { hasNotText: 'degraded 1' }).waitFor(WAIT);
    expect(await places()).toEqual(before);
  });

  test('a plan paints its reach, from the card where it is decided', async () => {
    await go(page, '#/approvals');
    await page.locator('.list a', { hasText: 'Put revision 1 of Deployment catalog back' }).click(WAIT);
    await page.getByRole('link', { name: 'Show its reach on the map' }).click(WAIT);
    const bar = page.locator('.map-reach', { hasText: '1 target outlined' });
    await bar.waitFor(WAIT);
    expect(await bar.innerText()).toContain('pods restart');
    await stage.picture(page, 'map-reach');
    await bar.getByRole('button', { name: 'Decide' }).click();
    await page.locator('dialog .plan').waitFor(WAIT);
    await page.keyboard.press('Escape');
    await go(page, '#/fleet');
  });

  test('the list is the same in words: unfolds, sifts, leads to objects, and axe has nothing against it', async () => {
    await go(page, '#/fleet?as=list');
    const grid = page.getByRole('treegrid');
    await grid.focus();
    const row = (name: string) => grid.getByRole('row', { name });
    await row('demo-tempest').waitFor(WAIT);
    expect(await row('demo-tempest').getAttribute('aria-expanded')).toBe('false');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await row('shop').waitFor(WAIT);
    expect(await row('demo-tempest').getAttribute('aria-expanded')).toBe('true');
    expect(await row('shop').getAttribute('aria-level')).toBe('2');
    expect(await row('shop').innerText()).toMatch(/7 pods: \d broken/);
    expect(await barriers(page, undefined)).toEqual([]);
    await page.locator('.map-search input').fill('catalog-6');
    await row('catalog-6').first().waitFor(WAIT);
    expect(await grid.getByRole('row').count()).toBeLessThan(8);
    await page.locator('.map-search input').fill('');
    await go(page, '#/fleet');
    await canvas(page).waitFor(WAIT);
    expect(await barriers(page, undefined)).toEqual([]);
  });

  test('what a workload depends on is drawn beside the page, and does not move because a state changed', async () => {
    await go(page, `#/fleet?${new URLSearchParams({ around: 'demo-tempest/shop/Deployment/checkout' }).toString()}`);
    const thing = (name: string) => page.locator('.thing', { hasText: name });
    await thing('checkout-confg').waitFor(WAIT);
    expect(await thing('checkout-confg').innerText()).toContain('not there');
    await thing('ClusterIP').waitFor(WAIT);
    const left = (await thing('ClusterIP').boundingBox())?.x ?? 0;
    const right = (await thing('checkout-confg').boundingBox())?.x ?? 0;
    expect(left).toBeLessThan(right);
    await page.locator('.around-graph').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.thing.chosen', { hasText: 'Service' }).waitFor(WAIT);
    expect(await barriers(page, undefined)).toEqual([]);
    await stage.picture(page, 'map-around');
    await page.keyboard.press('Escape');
    await canvas(page).waitFor(WAIT);
  });

  test('on a phone the fleet is a list', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('treegrid').waitFor(WAIT);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 860 });
    await canvas(page).waitFor(WAIT);
  });

  test('no rule of the page was broken', () => {
    expect(stage.complaints).toEqual([]);
  });
});

describe.skipIf(noBrowser !== undefined)('the fleet map of a rough world', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-map-'));
  const closing: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(dir, { recursive: true, force: true }))];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  test('a cluster nobody has watched yet is watched from the map, and one that is gone says why it cannot be', async () => {
    const server: ApiServer = await startApiServer({ objects: roughCluster() });
    closing.push(() => server.close());
    const stage = await setStage({ protectedContexts: [], kubeconfig: crowdedKubeconfig(dir, server.url, 1) });
    closing.push(() => stage.close());
    const page = await stage.open();
    await page.getByText('Choose a cluster to watch it.').waitFor(WAIT);
    await canvas(page).focus();
    await page.keyboard.type('rough');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Watch rough' }).click(WAIT);
    await page.locator('.map-legend', { hasText: '4 pods' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Watch rough' }).waitFor({ ...WAIT, state: 'detached' });
    await stage.picture(page, 'map-watched');
    await canvas(page).focus();
    await page.keyboard.type('crowd-0');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Watch crowd-0' }).click(WAIT);
    await page.getByRole('button', { name: 'Try crowd-0 again' }).waitFor(WAIT);
    await page.getByRole('alert').filter({ hasText: 'nothing listens there' }).waitFor(WAIT);
    await stage.picture(page, 'map-not-watched');
    // What was said of one is not said of another.
    await stage.served.running.app.client.cluster.disconnect({ context: 'rough' });
    await canvas(page).focus();
    await page.keyboard.type('rough');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Watch rough' }).waitFor(WAIT);
    expect(await page.getByRole('alert').filter({ hasText: 'nothing listens there' }).count()).toBe(0);
  });

  test('2,000 contexts, and names nobody would give: all have a place, all are in the list, nothing of them is markup', async () => {
    const server: ApiServer = await startApiServer({ objects: roughCluster() });
    closing.push(() => server.close());
    const stage = await setStage({ protectedContexts: [], kubeconfig: crowdedKubeconfig(dir, server.url, 2_000) });
    closing.push(() => stage.close());
    await stage.served.running.app.client.cluster.connect({ context: 'rough' });
    const page = await stage.open();
    await page.locator('.map-legend', { hasText: '2001 clusters, 4 pods' }).waitFor(WAIT);
    for (const name of Object.values(ROUGH_NAMES)) expect(await at(page, 'rough', 'shop', 'Deployment', name)).toBeDefined();
    await stage.picture(page, 'map-crowd');
    await page.keyboard.press('/');
    await page.keyboard.type('🚢');
    await page
      .getByRole('option', { name: /^Deployment/ })
      .first()
      .waitFor(WAIT);
    await page.keyboard.press('Enter');
    await expect.poll(() => way(page)).toContain('🚢');
    await stage.picture(page, 'map-emoji');
    await go(page, '#/fleet?as=list');
    await page.locator('.map-search input').fill('x=x onerror');
    await page.locator('.map-search input').fill('onerror');
    await page.getByRole('row', { name: ROUGH_NAMES.html }).first().waitFor(WAIT);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    expect(stage.complaints).toEqual([]);
  });

  test('clusters that are gone are shown as they were, grey, with their age, and their pods are found', async () => {
    const { kubeconfig, dataDir } = await recordFleet(join(dir, 'gone'), 3, 2_000);
    const stage = await setStage({ protectedContexts: [], kubeconfig, dataDir });
    closing.push(() => stage.close());
    const page = await stage.open();
    await page.locator('.map-legend', { hasText: '3 clusters, 6,000 pods' }).waitFor(WAIT);
    const { x, y } = await pointOf(page, 'recorded-01');
    await page.mouse.move(x, y - 30);
    await page.locator('.map-card').waitFor(WAIT);
    await go(page, '#/fleet?as=list');
    await page.getByRole('row', { name: 'recorded-01' }).waitFor(WAIT);
    expect(await page.getByRole('row', { name: 'recorded-01' }).innerText()).toMatch(/as of .*3 h ago/);
  });
});
