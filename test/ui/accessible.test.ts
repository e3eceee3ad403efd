import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

const WAIT = { timeout: 60_000 };
const THEMES = ['dark', 'light', 'contrast'] as const;
const TOOLS = [
  '#/feed/alerts',
  '#/explore/~patterns?in=demo-tempest',
  '#/explore/~load?in=demo-tempest',
  '#/explore/~load?in=demo-tempest&of=workloads&by=pods&as=list',
  '#/explore/~trends?in=demo-tempest',
  '#/explore/~access?in=demo-tempest&verb=get&resource=secrets&namespace=shop',
  '#/explore/~ports',
  '#/explore/deployments.apps/demo-tempest/shop/catalog?tab=metrics',
  '#/knowledge',
  '#/knowledge/~runbooks',
];

describe.skipIf(noBrowser !== undefined)('for everybody', () => {
  let stage: Stage;
  let page: Page;
  const go = async (hash: string) => {
    await page.evaluate((h) => void (window.location.hash = h), hash);
    await page.locator('#content > :not(.loading)').first().waitFor(WAIT);
  };
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  const settings = (set: object) =>
    page.evaluate((kept) => {
      window.localStorage.setItem('quarterdeck-settings', kept);
      window.location.reload();
    }, JSON.stringify(set));

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: ['demo-harbor'] });
    page = await stage.open();
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart' }).waitFor(WAIT);
  }, 240_000);
  afterAll(() => stage?.close());

  test.each(THEMES)('axe finds nothing serious on any screen in the %s theme', async (theme) => {
    await settings({ theme });
    await page.locator(`html[data-theme="${theme}"] .frame`).waitFor(WAIT);
    const found: Record<string, readonly string[]> = {};
    const look = async (name: string) => {
      const some = await barriers(page, theme === 'dark' ? undefined : ['color-contrast']);
      if (some.length > 0) found[name] = some;
    };
    await go('#/incidents');
    await page.locator('.chain').waitFor(WAIT);
    for (const tab of ['Evidence', 'Timeline', 'Ruled out', 'Plans', 'Similar']) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
      await look(`incident, ${tab}`);
    }
    await page.getByRole('button', { name: 'Accept…' }).click();
    await look('accepting');
    await go('#/approvals');
    await page.locator('.diff').first().waitFor(WAIT);
    await look('approval');
    await go('#/feed');
    await page.locator('.entry').first().waitFor(WAIT);
    await look('feed');
    await page.locator('.dock-plan').first().click();
    await page.locator('dialog .diff').waitFor(WAIT);
    await look('a decision over the feed');
    await page.keyboard.press('Escape');
    for (const place of ['agents', 'settings']) {
      await go(`#/${place}`);
      await page.locator('main h2, main h3').first().waitFor(WAIT);
      await look(place);
    }
    for (const hash of TOOLS) {
      await go(hash);
      await page.locator('main :is(h1, h2, h3)').first().waitFor(WAIT);
      await expect.poll(() => page.locator('main .hint', { hasText: /^(Reading|Asking|Looking)/ }).count(), WAIT).toBe(0);
      await look(hash);
    }
    await page.keyboard.press('Control+k');
    await page.locator('.palette').getByRole('option').first().waitFor(WAIT);
    await look('palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).last().waitFor(WAIT);
    await look('keys');
    await page.keyboard.press('Escape');
    expect(found).toEqual({});
  });

  test('everything is reached by keys: a place, an incident by name, its plan, and back without a decision', async () => {
    await settings({});
    await page.locator('.frame').waitFor(WAIT);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator('.entry').first().waitFor(WAIT);
    expect(page.url()).toContain('#/feed');
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').waitFor(WAIT);
    await page.keyboard.type('svc-001 cart');
    await page.getByRole('option', { name: /selector matches no pod/ }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    await page.locator('.detail h2', { hasText: 'app=crat' }).waitFor(WAIT);
    await page.keyboard.press('w');
    await page.locator('dialog .plan[data-state="awaitingApproval"]').waitFor(WAIT);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('changes');
    await page.keyboard.press('Enter');
    await page.keyboard.press('a');
    await page.getByRole('button', { name: /^Yes, carry it out/ }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.locator('dialog').getByRole('button', { name: 'Approve' }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ ...WAIT, state: 'detached' });
    const { plans } = await stage.served.running.app.client.plans.list({});
    expect(plans.filter((p) => p.state !== 'awaitingApproval')).toEqual([]);
  });

  test('tools are reached and their choices made by keys: load as a list, patterns that are errors, who can', async () => {
    const into = async (tool: string, words: string) => {
      await page.keyboard.press('Control+k');
      await page.locator('.palette input').waitFor(WAIT);
      await page.keyboard.type(words);
      await page.locator('.palette [role="option"][aria-selected="true"]', { hasText: words }).waitFor(WAIT);
      await page.keyboard.press('Enter');
      await page.locator('main h1', { hasText: tool }).waitFor(WAIT);
    };
    /** Tab, until what has the focus is called so. */
    const tabTo = async (name: string) => {
      const called = () =>
        page.evaluate(() => {
          const e = document.activeElement;
          return e?.getAttribute('aria-label') ?? (e instanceof HTMLInputElement ? e.labels?.[0]?.textContent : e?.textContent) ?? '';
        });
      for (let i = 0; i < 120 && (await called()).trim() !== name; i++) await page.keyboard.press('Tab');
      expect((await called()).trim()).toBe(name);
    };
    await into('Load', 'Load: how full');
    await tabTo('As a list');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('as=list');
    await into('Log patterns', 'Log patterns: what');
    await tabTo('Level');
    await page.keyboard.type('error');
    await expect.poll(() => page.url()).toContain('level=error');
    await into('Who can', 'Who can: who may');
    await tabTo('Resource');
    await page.keyboard.type('secrets');
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: /^You may/ })
      .waitFor(WAIT);
  });

  test('the second key of a way is no decision, and Enter in the search is no yes behind it', async () => {
    await go('#/approvals');
    await page.locator('.plan[data-state="awaitingApproval"]').waitFor(WAIT);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Yes, carry it out/ }).count()).toBe(0);
    await page.keyboard.press('a');
    await page.getByRole('button', { name: /^Yes, carry it out/ }).waitFor(WAIT);
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').waitFor(WAIT);
    await page.keyboard.type('settings');
    await page.getByRole('option', { name: 'Settings', exact: true }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    await page.locator('main h3', { hasText: 'Keys' }).waitFor(WAIT);
    const { plans } = await stage.served.running.app.client.plans.list({});
    expect(plans.filter((p) => p.state !== 'awaitingApproval')).toEqual([]);
  });

  test('keys are changed in the settings; those of decisions are not to be had', async () => {
    const change = page.getByRole('button', { name: 'Change the keys for: Go to Feed' });
    await change.click();
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'kept for decisions' }).waitFor(WAIT);
    await change.click();
    await page.keyboard.press('f');
    await page.keyboard.press('Enter');
    await page.keyboard.press('f');
    await page.locator('.entry').first().waitFor(WAIT);
    expect(page.url()).toContain('#/feed');
    expect(await focused()).not.toContain('Change');
  });

  test('the skip link leads past the places, and a reader is told where it is', async () => {
    await page.reload();
    await page.locator('.frame').waitFor(WAIT);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(await page.title()).toMatch(/^\(\d+\) Feed · Quarterdeck$/);
  });

  test('nothing moves for people who asked for that', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((e) => {
          const { transitionDuration, transitionProperty, animationName } = getComputedStyle(e);
          return animationName !== 'none' || (transitionProperty !== 'none' && !/^0s(, 0s)*$/.test(transitionDuration));
        })
        .map((e) => e.className),
    );
    expect(moving).toEqual([]);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  test('no page broke its policy or a rule of React', () => expect(stage.complaints).toEqual([]));
});
