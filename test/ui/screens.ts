import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { noBrowser, setStage } from './browser.ts';
import { smallPng } from './small-png.ts';

/**
 * `node test/ui/screens.ts [FOLDER] [NAME…]`: pictures of the main screens on the demo fleet, for the README and for eyes; into
 * docs/screens/ unless said otherwise.
 */

interface Shot {
  readonly name: string;
  readonly at: string;
  readonly scheme?: 'dark' | 'light';
  readonly size?: readonly [width: number, height: number];
  readonly theme?: 'contrast';
  readonly before?: (page: Page) => Promise<void>;
}

const WAIT = { timeout: 60_000 };
const PHONE = [390, 844] as const;
const missingSettings = async (page: Page) => {
  await page.locator('.list a', { hasText: 'checkout-confg' }).click(WAIT);
  await page.locator('.detail h2', { hasText: 'checkout-confg' }).waitFor(WAIT);
};
/** Nothing on it is yet to come. */
const isRead = (page: Page) =>
  page.waitForFunction(() => !/^(Reading|Asking|Looking)\b/m.test(document.querySelector('main')?.innerText ?? ''), undefined, WAIT);
const wholeMap = (page: Page) => page.locator('.map-legend', { hasText: '5 open incidents' }).waitFor(WAIT);
const waitingPlan = async (page: Page) => {
  await page.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
  await page.locator('.diff').first().waitFor(WAIT);
};
const searched = async (page: Page) => {
  await page.keyboard.press('Control+k');
  await page.locator('.palette input').fill('cart');
  await page.getByRole('option', { name: /Service shop\/cart demo/ }).waitFor(WAIT);
};

const answered = async (page: Page) => {
  await page.getByLabel('Your question').fill('why does checkout crash in demo-tempest?', WAIT);
  await page.keyboard.press('Enter');
  await page.locator('.turn .sources').first().waitFor(WAIT);
};

/** The main screens. */
const SHOTS: readonly Shot[] = [
  { name: 'fleet', at: '#/fleet', before: wholeMap },
  { name: 'fleet-light', at: '#/fleet', scheme: 'light', before: wholeMap },
  { name: 'fleet-list', at: '#/fleet?as=list' },
  {
    name: 'around',
    at: '#/fleet?around=demo-tempest%2Fshop%2FDeployment%2Fcheckout',
    before: (page) => page.locator('.thing').first().waitFor(WAIT),
  },
  { name: 'incident', at: '#/incidents', before: missingSettings },
  { name: 'approval', at: '#/approvals', before: waitingPlan },
  { name: 'approval-contrast', at: '#/approvals', theme: 'contrast', before: waitingPlan },
  { name: 'feed', at: '#/feed?kind=incidents', before: (page) => page.locator('.entry summary').nth(1).click(WAIT) },
  { name: 'explore', at: '#/explore/pods?in=demo-tempest', before: (page) => page.locator('.grid-row').nth(5).waitFor(WAIT) },
  { name: 'object', at: '#/explore/deployments.apps/demo-tempest/shop/catalog', scheme: 'light' },
  { name: 'agents', at: '#/agents' },
  { name: 'settings', at: '#/settings/updates', scheme: 'light' },
  { name: 'ask', at: '#/ask', before: answered },
  { name: 'palette', at: '#/incidents', before: searched },
  { name: 'phone-incidents', at: '#/incidents', size: PHONE },
  { name: 'phone-approval', at: '#/approvals', size: PHONE, before: waitingPlan },
];

if (noBrowser !== undefined) throw new Error(noBrowser);
const [folder = fileURLToPath(new URL('../../docs/screens', import.meta.url)), ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const stage = await setStage({ protectedContexts: ['demo-harbor'] });
const { client } = stage.served.running.app;
// Plans come after the first reading of the clusters.
for (let tries = 0; tries < 120 && (await client.plans.list({ state: 'waiting' })).plans.length < 5; tries++)
  await new Promise((resolve) => setTimeout(resolve, 500));
await client.contexts.mark({ context: 'demo-tempest', color: 'teal', by: 'you' });
await client.contexts.mark({ context: 'demo-harbor', color: 'red', by: 'you' });
for (const { name, at, scheme = 'dark', size = [1280, 800], theme, before } of SHOTS) {
  if (only.length > 0 && !only.some((o) => name.startsWith(o))) continue;
  const page = await stage.open(stage.served.link, scheme);
  await page.setViewportSize({ width: size[0], height: size[1] });
  if (theme !== undefined)
    await page.evaluate((t) => window.localStorage.setItem('quarterdeck-settings', JSON.stringify({ theme: t })), theme);
  await page.goto(`${stage.served.url}/${at}`);
  await page.reload();
  await page.locator('#content > :not(.loading)').first().waitFor(WAIT);
  await before?.(page);
  await isRead(page);
  await page.evaluate(() => document.fonts.ready);
  writeFileSync(join(folder, `${name}.png`), smallPng(await page.screenshot()));
  await page.context().close();
  process.stdout.write(`${name}.png\n`);
}
for (const complaint of stage.complaints) process.stderr.write(`${complaint}\n`);
await stage.close();
