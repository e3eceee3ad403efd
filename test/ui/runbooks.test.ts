import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** What an incident taught, from its repair to the runbook a person accepted. */

const WAIT = { timeout: 60_000 };
const POLL = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('runbooks of the team', () => {
  let stage: Stage;
  let page: Page;
  let incident: string;
  let code: string;
  const client = () => stage.served.running.app.client;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const proposed = async () => (await client().runbooks.list({})).runbooks.find((r) => r.proposal !== null);

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: [] });
    page = await stage.open();
  }, 120_000);
  afterAll(() => stage?.close());

  test('an incident is repaired, and an addition is proposed', { timeout: 180_000 }, async () => {
    const waits = async () => (await client().plans.list({ state: 'waiting' })).plans.find((p) => p.title.includes('app=cart'));
    await expect.poll(waits, POLL).toBeDefined();
    const plan = await waits();
    if (plan === undefined) throw new Error('no plan waits');
    incident = plan.incidentId;
    await client().plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'you' });
    await expect.poll(proposed, { timeout: 100_000 }).toBeDefined();
    code = (await proposed())?.code ?? '';
  });

  test('what is proposed is found from the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').fill('runbooks of the team', WAIT);
    await page.getByRole('option', { name: /Runbooks of the team/ }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    const row = page.getByRole('region', { name: 'Proposed: waits for a person' }).getByRole('link', { name: new RegExp(code) });
    await row.click(WAIT);
    await page.getByRole('heading', { name: 'A first version is proposed' }).waitFor(WAIT);
    expect(await page.locator('.prose-diff .new').count()).toBeGreaterThan(5);
    expect(await page.locator('.prose-diff').textContent()).toContain(incident);
    await stage.picture(page, 'runbook-proposal');
    expect(await barriers(page)).toEqual([]);
  });

  test('the incident that taught it leads there', async () => {
    await go(`#/incidents/${incident}`);
    await page.getByText(/What helped is proposed for the runbook|An addition to its runbook waits/).waitFor(WAIT);
    await page.getByRole('link', { name: `${code}, first version` }).click();
    await page.getByRole('button', { name: 'Take it into the runbook' }).waitFor(WAIT);
  });

  test('accepted it is version 1, with its history; in the list nothing waits any more', async () => {
    await page.getByRole('button', { name: 'Take it into the runbook' }).click();
    await page.getByText('Version 1, accepted by').waitFor(WAIT);
    await page.getByRole('region', { name: 'The runbook' }).waitFor(WAIT);
    expect((await client().runbooks.show({ code })).proposal).toBeNull();
    await page.getByText('Version 1, accepted by').click();
    await page.locator('details .prose-diff .new').first().waitFor(WAIT);
    await stage.picture(page, 'runbook-history');
    await page.getByRole('link', { name: 'Runbooks of the team' }).click();
    await page.getByRole('region', { name: 'Accepted' }).getByText('version 1').waitFor(WAIT);
  });

  test('on a phone nothing is wider than the screen, and in the light theme all of it can be read', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'light' });
    await go(`#/knowledge/~runbooks/${code}`);
    await page.getByRole('region', { name: 'The runbook' }).waitFor(WAIT);
    await stage.picture(page, 'runbook-phone');
    const tooWide = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('html, main')].map((e) => e.scrollWidth - e.clientWidth)),
    );
    expect(tooWide).toBe(0);
    expect(await barriers(page)).toEqual([]);
  });

  test('no page broke its policy or a rule of React', () => {
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
