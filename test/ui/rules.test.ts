import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

const WAIT = { timeout: 60_000 };
const rules = (give: string, more = '') =>
  `version: 1\nrules:\n  - id: the-shop\n    match: { namespaces: [shop] }\n    give: ${give}\n${more}`;

describe.skipIf(noBrowser !== undefined)('the rules of what may be done without asking, and known maintenance', () => {
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const put = async (text: string) => {
    await go('#/settings/rules');
    await page.getByLabel('Rules, in YAML').fill(text);
    await page.getByRole('button', { name: 'Try them' }).click(WAIT);
  };
  const inForce = () => page.getByRole('button', { name: 'Put in force' });
  const cart = async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
    await page.locator('.plan h3', { hasText: 'Select app=cart' }).waitFor(WAIT);
  };

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: [] });
    page = await stage.open();
    await cart();
  }, 240_000);
  afterAll(() => stage?.close());

  test('without any, agents ask for everything, and each plan says so', async () => {
    await page.locator('.autonomy', { hasText: 'Agents ask for everything' }).waitFor(WAIT);
    await page.locator('.plan .facts', { hasText: 'no rule speaks of it' }).waitFor(WAIT);
  });

  test('rules that cannot be understood are refused in words, and nothing is put in force', async () => {
    await put('version: 1\nrules:\n  - give: sometimes\n');
    await page.locator('main [role="alert"]').waitFor(WAIT);
    expect(await inForce().isDisabled()).toBe(true);
    expect((await stage.served.running.app.client.autonomy.get({})).text).toBe('');
  });

  test('rules are tried on the plans that wait, then put in force under the name of the person', async () => {
    await put(rules('observe'));
    await page.locator('main li', { hasText: 'ask becomes observe' }).first().waitFor(WAIT);
    await stage.picture(page, 'rules-tried');
    expect(await barriers(page)).toEqual([]);
    await inForce().click();
    await page.locator('.autonomy', { hasText: 'Agents ask, or only show' }).waitFor(WAIT);
    const { client } = stage.served.running.app;
    const [version] = (await client.autonomy.history({})).versions;
    expect(version?.by).toBe((await client.app.info({})).user);
  });

  test('what the rules only let be shown cannot be approved', async () => {
    await cart();
    await page.locator('.plan .hint', { hasText: 'The rules only let this be shown' }).waitFor(WAIT);
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  });

  test('where two people must approve, the first is named and the plan goes on waiting', async () => {
    await put(rules('ask', '    people: 2\n'));
    await inForce().click(WAIT);
    await cart();
    await page.locator('.plan .facts', { hasText: 'asks, 2 different people' }).waitFor(WAIT);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    const { user } = await stage.served.running.app.client.app.info({});
    await page.locator('.plan[data-state="awaitingApproval"] .facts', { hasText: `${user} approved` }).waitFor(WAIT);
    await stage.picture(page, 'rules-two-people');
  });

  test('maintenance is announced with a reason, stands on the incidents in it, and is ended', async () => {
    await go('#/settings/maintenance');
    const form = page.getByRole('form', { name: 'Announce maintenance' });
    await form.getByLabel('Cluster').selectOption('demo-tempest');
    await form.getByLabel('Namespace').fill('shop');
    const announce = form.getByRole('button', { name: 'Announce it' });
    expect(await announce.isDisabled()).toBe(true);
    await form.getByLabel('Why').fill('nodes are replaced');
    await announce.click(WAIT);
    const one = page.getByRole('list', { name: 'Known maintenance' }).locator('li', { hasText: 'namespace shop: nodes are replaced' });
    await one.getByText(/holds now, until/).waitFor(WAIT);
    await stage.picture(page, 'maintenance');
    expect(await barriers(page)).toEqual([]);
    await go('#/incidents');
    await page.locator('.list a', { hasText: 'in maintenance' }).first().click(WAIT);
    await page.locator('.accepted', { hasText: 'nodes are replaced' }).waitFor(WAIT);
    await stage.picture(page, 'incident-in-maintenance');
    await page.getByRole('link', { name: 'Known maintenance' }).click(WAIT);
    await one.getByRole('button', { name: 'End it: maintenance of namespace shop in demo-tempest' }).click(WAIT);
    await page.getByText('None is known.').waitFor(WAIT);
    await go('#/incidents');
    await page.locator('.list a').first().waitFor(WAIT);
    await expect.poll(() => page.locator('.list a', { hasText: 'in maintenance' }).count(), { timeout: 60_000 }).toBe(0);
  });

  test('no page broke its policy or a rule of React', () => expect(stage.complaints.filter((c) => !c.includes('status of 4'))).toEqual([]));
});
