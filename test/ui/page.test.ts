import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { serve } from '../../agents/host/serve.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { weigh } from './weight.ts';

if (noBrowser !== undefined) process.stdout.write(`${noBrowser}\n`);

/** Long enough for the host to read, rehearse, act and verify for ten seconds on a busy machine. */
const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('the page', () => {
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const plan = (state: string, title: string) => page.locator(`.detail .plan[data-state="${state}"]`, { hasText: title });

  /** As somebody with kubectl would. */
  const patchInDemo = async (path: string, body: object) => {
    const { dataDir } = await stage.served.running.app.client.app.info({});
    const { clusters, users } = parse(readFileSync(join(dataDir, 'demo', 'kubeconfig'), 'utf8')) as {
      clusters: { cluster: { server: string } }[];
      users: { user: { token: string } }[];
    };
    const answer = await fetch(`${clusters[0]?.cluster.server ?? ''}${path}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${users[0]?.user.token ?? ''}`, 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: ['demo-harbor'] });
    page = await stage.open();
  }, 240_000);
  afterAll(() => stage?.close());

  test('the first view needs at most 350 KB of JavaScript', async () => {
    const fresh = await stage.open();
    const { scripts, usableMs } = await weigh(fresh);
    process.stdout.write(`first view: ${scripts} bytes of JavaScript after gzip, stood after ${Math.round(usableMs)} ms\n`);
    expect(scripts).toBeLessThan(350_000);
    await fresh.context().close();
  });

  test('lists the clusters with their state, and says that they are the demo', async () => {
    await go('#/fleet?as=list');
    await page.locator('[data-context="demo-tempest"]', { hasText: 'connected' }).waitFor(WAIT);
    await page.locator('[data-context="demo-harbor"]', { hasText: 'protected' }).waitFor(WAIT);
    await page.locator('[data-context="demo-foghorn"]', { hasText: 'offline: cannot be reached' }).waitFor(WAIT);
    expect(await page.locator('.banner.demo').textContent()).toContain('Nothing here touches a cluster of yours');
    await page.locator('[data-context="demo-tempest"] a', { hasText: 'incidents' }).waitFor(WAIT);
    await stage.picture(page, '1-fleet');
  });

  test('takes the token out of the address', async () => {
    expect(page.url()).not.toContain(stage.served.token);
    await page.reload();
    await page.locator('[data-context="demo-tempest"]').waitFor(WAIT);
  });

  test('shows an incident with its cause, evidence and plan', async () => {
    await go('#/incidents');
    const row = page.locator('.list a', { hasText: 'selector matches no pod' });
    await row.waitFor(WAIT);
    await row.click();
    const detail = page.locator('.detail');
    await detail.locator('h2', { hasText: 'app=crat' }).waitFor(WAIT);
    expect(await detail.locator('.chain .cause').textContent()).toContain('shop/cart');
    expect(await detail.locator('.evidence li').count()).toBeGreaterThan(0);
    await stage.picture(page, '2-incident');
    await detail.getByRole('tab', { name: /^Plans/ }).click();
    await detail.locator('.diff .plus', { hasText: 'app: cart' }).waitFor(WAIT);
    expect(await detail.locator('.diff .minus', { hasText: 'app: crat' }).count()).toBe(1);
    await stage.picture(page, '2-incident-plans');
    await page.emulateMedia({ colorScheme: 'light' });
    await stage.picture(page, '2-incident-light');
    await page.emulateMedia({ colorScheme: 'dark' });
  });

  test('an incident is put into words on wish, as it is or as it went, and leads to what to read about it', async () => {
    const words = page.getByRole('region', { name: 'In words' });
    await words.getByRole('button', { name: 'Explain' }).click(WAIT);
    await words.getByText('Worded by template.').waitFor(WAIT);
    const cause = await words.locator('blockquote p').first().textContent();
    expect(cause).toContain('app=crat');
    await words.locator('select').nth(0).selectOption('timeline');
    await words.locator('select').nth(1).selectOption('manager');
    await words.getByRole('button', { name: 'Explain' }).click();
    await words.getByText(/^It tells (entry \d+|\d+ entries, \d+ to \d+,) of the log\.$/).waitFor(WAIT);
    expect(await words.locator('blockquote p').first().textContent()).not.toBe(cause);
    await page.getByText('What to read about it').click();
    await page.locator('.pages-to-read li', { hasText: 'about this very code' }).first().getByRole('link').waitFor(WAIT);
    await stage.picture(page, '2-incident-words');
    expect(await barriers(page)).toEqual([]);
    await page.locator('.pages-to-read li').first().getByRole('link').click();
    await page.locator('.knowledge h1, .knowledge h2').first().waitFor(WAIT);
    await page.goBack();
  });

  test('an incident is copied as Markdown, accepted with a reason and an end, listed apart, and heard of again', async () => {
    const detail = page.locator('.detail');
    await detail.getByRole('button', { name: 'Copy as Markdown' }).click();
    await detail.getByText('Copied', { exact: true }).first().waitFor(WAIT);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('# Service shop/cart: the selector matches no pod');
    expect(copied).toContain('## Evidence');
    // The desktop window gives no page the right to the clipboard; copying works there all the same.
    await page.context().clearPermissions();
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('denied')) } }),
    );
    await detail.locator('.chain .cause').hover();
    await detail.getByRole('button', { name: 'Copy shop/cart' }).first().click();
    await detail.getByRole('button', { name: 'Accept…' }).click();
    await page.keyboard.press('Control+v');
    expect(await page.getByLabel('Why is it known').inputValue()).toBe('shop/cart');
    await page.getByLabel('Why is it known').fill('');
    expect(await page.getByRole('button', { name: 'Accept it' }).isDisabled()).toBe(true);
    await page.getByLabel('Why is it known').fill('the cart moves tomorrow');
    await page.getByLabel('How much').selectOption('object');
    await page.getByLabel('How long').selectOption('week');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Accept it' }).click();
    await detail.locator('.accepted', { hasText: 'the cart moves tomorrow' }).waitFor(WAIT);
    await page.locator('.list h3', { hasText: 'Known and accepted' }).waitFor(WAIT);
    await stage.picture(page, '2-incident-accepted');
    const { client } = stage.served.running.app;
    const [said] = (await client.dismissals.list({})).dismissals;
    expect(said).toMatchObject({ scope: 'object', reason: 'the cart moves tomorrow', by: (await client.app.info({})).user });
    expect(Math.round((Date.parse(said?.until ?? '') - Date.now()) / 86_400_000)).toBe(7);
    await detail.getByRole('button', { name: 'Hear of it again' }).click();
    await page.locator('.list h3', { hasText: 'Known and accepted' }).waitFor({ ...WAIT, state: 'detached' });
    await detail.locator('.doing', { hasText: 'Select app=cart' }).waitFor(WAIT);
  });

  test('Enter alone approves nothing; A then Enter does, and the plan is carried out and verified', async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart instead of app=crat' }).click(WAIT);
    await plan('awaitingApproval', 'Select app=cart').waitFor(WAIT);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('changes');
    const facts = page.locator('.plan .facts > div');
    expect(await facts.filter({ hasText: 'Rehearsed' }).textContent()).toContain('The cluster accepted it in a dry run');
    expect(await facts.filter({ hasText: 'Allowed' }).textContent()).toContain('yes: patch services in shop');
    expect(await facts.filter({ hasText: 'Touches' }).textContent()).toContain('no pod restarts');
    await stage.picture(page, '3-approval');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const { client } = stage.served.running.app;
    const waits = async () =>
      (await client.plans.list({ state: 'waiting' })).plans.some((p) => p.title.startsWith('Select app=cart')) ? 'waits' : 'gone';
    expect(await waits()).toBe('waits');
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Yes, carry it out in demo-tempest' }).waitFor(WAIT);
    await stage.picture(page, '4-armed');
    await page.keyboard.press('Enter');
    await page.locator('.step.now').first().waitFor(WAIT);
    await stage.picture(page, '5-on-the-road');
    await plan('done', 'Select app=cart').waitFor(WAIT);
    expect(await page.locator('.road .end').textContent()).toContain('Verified: SVC-001 gone');
    await stage.picture(page, '6-verified');
    const done = (await client.plans.list({})).plans.find((p) => p.title.startsWith('Select app=cart'));
    expect(done).toMatchObject({ state: 'done', decision: 'approved', decidedBy: (await client.app.info({})).user });
  });

  test('the page of its incident tells the road it went and how it ended, and offers to take it back', async () => {
    const { plans } = await stage.served.running.app.client.plans.list({});
    const done = plans.find((p) => p.state === 'done');
    await go(`#/incidents/${done?.incidentId ?? ''}`);
    const what = page.getByRole('region', { name: 'What was done' });
    await what.locator('.step.past').nth(4).waitFor(WAIT);
    expect(await what.locator('.end').textContent()).toContain('Verified: SVC-001 gone');
    expect(await what.getByRole('button', { name: 'Propose to take it back' }).isEnabled()).toBe(true);
    await stage.picture(page, '6-incident-done');
    await go(`#/approvals/${done?.id ?? ''}`);
  });

  test('what was done can be proposed to be taken back, as a plan that waits like any other', async () => {
    await plan('done', 'Select app=cart').getByRole('button', { name: 'Propose to take it back' }).click(WAIT);
    const undo = page.locator('.detail .plan[data-state="awaitingApproval"]');
    await undo.locator('.diff .plus', { hasText: 'app: crat' }).waitFor(WAIT);
    const { plans } = await stage.served.running.app.client.plans.list({ state: 'waiting' });
    const id = await undo.getAttribute('data-plan');
    const done = await stage.served.running.app.client.plans.list({});
    expect(plans.find((p) => p.id === id)?.undoes).toBe(done.plans.find((p) => p.state === 'done')?.id);
    await page.keyboard.press('r');
    await page.getByLabel('Why not?').fill('it was right');
    await page.keyboard.press('Enter');
    await page.locator('.road .end', { hasText: 'it was right' }).waitFor(WAIT);
  });

  test('where somebody has changed it since, the page shows before, as it was left, and now', async () => {
    const { plans } = await stage.served.running.app.client.plans.list({});
    const done = plans.find((p) => p.state === 'done');
    await patchInDemo('/api/v1/namespaces/shop/services/cart', { spec: { selector: { app: 'carts' } } });
    await go(`#/approvals/${done?.id ?? ''}`);
    await plan('done', 'Select app=cart').getByRole('button', { name: 'Propose to take it back' }).click(WAIT);
    const field = page.locator('.left-behind [data-state="changed"]');
    await field.waitFor(WAIT);
    expect(await field.locator('dd').allTextContents()).toEqual(['crat', 'cart', 'carts']);
    await page.getByText('Nothing of it is as the plan left it').waitFor(WAIT);
    expect(await page.locator('.left-behind button').allTextContents()).toEqual(['Look again']);
    await field.scrollIntoViewIfNeeded();
    await stage.picture(page, '7-left-behind');
    await page.setViewportSize({ width: 390, height: 844 });
    await stage.picture(page, '7-left-behind-phone');
    await page.setViewportSize({ width: 1280, height: 860 });
    // Once it is as the plan left it again, it can be taken back as a whole.
    await patchInDemo('/api/v1/namespaces/shop/services/cart', { spec: { selector: { app: 'cart' } } });
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.locator('.plan[data-state="awaitingApproval"] h3', { hasText: 'Take back' }).waitFor(WAIT);
  });

  test('a plan is rejected with a reason, and not without', async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Put revision 1 of Deployment catalog back' }).click(WAIT);
    await page.getByRole('button', { name: 'Reject…' }).click(WAIT);
    const reject = page.getByRole('button', { name: 'Reject', exact: true });
    expect(await reject.isDisabled()).toBe(true);
    await page.getByLabel('Why not?').fill('wait for release a');
    await reject.click();
    await plan('rejected', 'catalog').waitFor(WAIT);
    expect(await page.locator('.road .end').textContent()).toContain('wait for release a');
  });

  test('the feed tells what happened', async () => {
    await go('#/feed');
    await page.locator('.feed .entry', { hasText: 'approved' }).first().waitFor(WAIT);
    await stage.picture(page, '8-feed');
    // By incident, newest first, it stands below whatever happened since, which may be more than is drawn.
    await go('#/feed?kind=plans&by=time');
    await page.locator('.feed .entry', { hasText: 'wait for release a' }).first().waitFor(WAIT);
    await go('#/agents');
    await page.locator('.card', { hasText: 'remedies' }).first().waitFor(WAIT);
    await stage.picture(page, '9-agents');
  });

  test('all agents are held with one press and one confirm, and let go on', async () => {
    await page.getByRole('button', { name: 'Hold all agents' }).click();
    await page.getByRole('button', { name: /^Yes, hold/ }).click();
    await page.locator('.banner', { hasText: 'All agents are held' }).waitFor(WAIT);
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Name checkout-config' }).click(WAIT);
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.waitFor(WAIT);
    expect(await approve.isDisabled()).toBe(true);
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Yes, carry it out/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Let the agents go on' }).click(WAIT);
    await page.getByRole('button', { name: 'Yes, let them go on' }).click(WAIT);
    await page.locator('.banner', { hasText: 'All agents are held' }).waitFor({ ...WAIT, state: 'detached' });
    expect(await approve.isEnabled()).toBe(true);
  });

  test('without the token of the link nothing is shown', async () => {
    const bare = await stage.open(stage.served.url);
    await bare.getByRole('heading', { name: 'This page needs the link' }).waitFor(WAIT);
    const wrong = await stage.open(`${stage.served.url}/#token=wrong`);
    await wrong.getByRole('heading', { name: 'This page needs the link' }).waitFor(WAIT);
    expect(await wrong.content()).not.toContain('demo-tempest');
  });

  test('no page broke its policy or a rule of React', () => {
    // The wrong token above is answered with 401, and the undo of what was changed since with 422; a browser notes both by itself.
    expect(stage.complaints.filter((c) => !/401|422/.test(c))).toEqual([]);
  });

  test('when the host goes, the page says so and keeps what was known', async () => {
    await go('#/fleet?as=list');
    await page.locator('[data-context="demo-tempest"]').waitFor(WAIT);
    await stage.served.close();
    await page.locator('.banner.lost', { hasText: 'Connection lost' }).waitFor(WAIT);
    expect(await page.locator('[data-context="demo-tempest"]').count()).toBe(1);
    await stage.picture(page, '10-lost');
  });

  test('when another one is started in its place, the page says that its link is over', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-anew-'));
    const port = Number(new URL(stage.served.url).port);
    const anew = await serve({ dataDir, port, demo: true, env: {}, home: dataDir, log: () => undefined });
    try {
      expect(anew.ok).toBe(true);
      await page.locator('.banner.lost', { hasText: 'Quarterdeck was started anew' }).waitFor(WAIT);
      expect(await page.locator('[data-context="demo-tempest"]').count()).toBe(1);
    } finally {
      if (anew.ok) await anew.value.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
