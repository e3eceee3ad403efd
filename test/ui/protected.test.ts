import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, noBrowser, setStage } from './browser.ts';

const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('a protected context', () => {
  let stage: Stage;
  let page: Page;
  beforeAll(async () => {
    stage = await setStage({ protectedContexts: ['demo-tempest'] });
    page = await stage.open();
  }, 240_000);
  afterAll(() => stage?.close());

  test('wants its name typed before a plan is approved, by keys too', async () => {
    await page.evaluate(() => void (window.location.hash = '#/fleet?as=list'));
    await page.locator('[data-context="demo-tempest"]', { hasText: 'protected' }).waitFor(WAIT);
    await page.evaluate(() => void (window.location.hash = '#/approvals'));
    await page.locator('.list a', { hasText: 'Select app=cart instead of app=crat' }).click(WAIT);
    await page.locator('.detail h3', { hasText: 'Select app=cart' }).waitFor(WAIT);
    await page.keyboard.press('a');
    const sure = page.getByRole('button', { name: 'Yes, carry it out in demo-tempest' });
    const field = page.getByLabel('demo-tempest is protected');
    await field.fill('demo-tempes');
    expect(await sure.isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('demo-tempes');
    await page.keyboard.type('t');
    expect(await sure.isEnabled()).toBe(true);
    await stage.picture(page, '7-protected');
    await page.keyboard.press('Enter');
    await page.locator('.detail .plan[data-state="done"]', { hasText: 'Select app=cart' }).waitFor(WAIT);
  });

  test('is refused by the host too when the name was not typed', async () => {
    const { client } = stage.served.running.app;
    const { plans } = await client.plans.list({ state: 'waiting' });
    const [plan] = plans;
    if (plan === undefined) throw new Error('the demo fleet has no waiting plan');
    await expect(client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'a script' })).rejects.toMatchObject({
      data: { code: 'confirmation-needed' },
    });
  });
});
