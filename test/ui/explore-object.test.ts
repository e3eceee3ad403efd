import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { type ApiServer, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';
import { ROUGH_NAMES, crowdedKubeconfig, roughCluster } from './rough-cluster.ts';

const WAIT = { timeout: 30_000 };
const SERVICE = `#/explore/services/rough/shop/${ROUGH_NAMES.long}`;
const CART = `#/explore/deployments.apps/rough/shop/${ROUGH_NAMES.long}`;

describe.skipIf(noBrowser !== undefined)('one object: its tabs, and a change of it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-object-'));
  let server: ApiServer;
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const editor = () => page.locator('.yaml-editor .cm-content');
  /** Types over the first text of the editor that is this. */
  const overwrite = async (text: string, by: string) => {
    await page.locator('.yaml-editor .cm-line', { hasText: text }).first().click(WAIT);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type(by);
  };

  beforeAll(async () => {
    server = await startApiServer({ objects: roughCluster() });
    stage = await setStage({ protectedContexts: [], kubeconfig: crowdedKubeconfig(dir, server.url, 0) });
    await stage.served.running.app.client.cluster.connect({ context: 'rough' });
    page = await stage.open();
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('its tabs are walked with the arrows, and stand in the address', async () => {
    await go(CART);
    await page.getByRole('tab', { name: 'Overview' }).click(WAIT);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Metrics', selected: true }).waitFor(WAIT);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'YAML', selected: true }).waitFor(WAIT);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('tab=events');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel').locator('h2', { hasText: 'Has made' }).waitFor(WAIT);
    await stage.picture(page, 'object-related');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tabpanel').locator('li', { hasText: 'ReplicaSet' }).locator('a.name').click(WAIT);
    await page.locator('.object h1', { hasText: 'ReplicaSet' }).waitFor(WAIT);
  });

  test('YAML that cannot be read says where, in words, and nothing is sent', async () => {
    await go(`${CART}?tab=yaml`);
    await editor().filter({ hasText: 'kind: Deployment' }).waitFor(WAIT);
    await stage.picture(page, 'object-yaml');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit', exact: true }).click(WAIT);
    await overwrite('replicas: 1', 'replicas: 1: 2');
    await page.getByRole('button', { name: 'Review the change' }).click(WAIT);
    await page.locator('.problem', { hasText: /^Line \d+, column \d+: / }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Discard' }).click(WAIT);
  });

  test('a change is reviewed as the cluster rehearsed it, becomes a plan, is approved by a person, and is there', async () => {
    await go(`${SERVICE}?tab=yaml`);
    await page.reload();
    await editor().filter({ hasText: 'kind: Service' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Edit', exact: true }).click(WAIT);
    await overwrite('targetPort: 8080', 'targetPort: 8081');
    await stage.picture(page, 'object-editing');
    await page.getByRole('button', { name: 'Review the change' }).click(WAIT);
    await page.locator('.rehearsed .diff', { hasText: 'targetPort' }).waitFor(WAIT);
    await stage.picture(page, 'object-rehearsed');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make it a plan' }).click(WAIT);
    await page.locator('.sheet .plan').waitFor(WAIT);
    await stage.picture(page, 'object-plan');
    const read = async () =>
      (
        (await stage.served.running.app.client.explore.object({
          context: 'rough',
          kind: 'services',
          namespace: 'shop',
          name: ROUGH_NAMES.long,
        })) as unknown as { object: { spec: { ports: { targetPort: number }[] } } }
      ).object.spec.ports[0]?.targetPort;
    expect(await read()).toBe(8080);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.locator('.sheet .plan[data-state="done"]').waitFor(WAIT);
    expect(await read()).toBe(8081);
    const { plans } = await stage.served.running.app.client.plans.list({});
    expect(plans.find((p) => p.remedy === 'edit')).toMatchObject({
      agent: 'person',
      proposedBy: expect.any(String) as string,
      state: 'done',
    });
    await page.keyboard.press('Escape');
  });

  test('what a plan set and somebody else changed since is held against both; what nobody touched goes back alone', async () => {
    const { client } = stage.served.running.app;
    const at = { context: 'rough', kind: 'services', namespace: 'shop', name: ROUGH_NAMES.long };
    const read = async () => (await client.explore.object(at)).object as unknown as RawObject & { spec: { ports: object[] } };
    const shown = await read();
    const proposed = await client.edits.propose({
      ...{ ...at, by: 'kim' },
      before: stringify(shown),
      after: stringify({
        ...shown,
        spec: { ...shown.spec, sessionAffinity: 'ClientIP', ports: [{ ...shown.spec.ports[0], targetPort: 8082 }] },
      }),
    });
    const { id } = await client.plans.decide({ id: proposed.id, hash: proposed.hash, decision: 'approved', by: 'kim' });
    await expect.poll(async () => (await client.plans.list({})).plans.find((p) => p.id === id)?.state, WAIT).toBe('done');
    const left = await read();
    server.table.put({ ...left, spec: { ...left.spec, sessionAffinity: 'None' } });

    await go(`#/approvals/${id}`);
    await page.getByRole('button', { name: 'Propose to take it back' }).click(WAIT);
    const compared = page.getByRole('region', { name: 'What the plan changed, and what it is now' });
    await compared.getByRole('heading', { name: 'Somebody has changed it since' }).waitFor(WAIT);
    const values = (state: string) => compared.locator(`[data-state="${state}"] dd`).allTextContents();
    expect(await values('changed')).toEqual(['absent', 'ClientIP', 'None']);
    expect(await values('asLeft')).toEqual(['8081', '8082', '8082']);
    await stage.picture(page, 'object-left-behind');
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'light' });
    await compared.getByRole('button', { name: 'Look again' }).scrollIntoViewIfNeeded();
    await stage.picture(page, 'object-left-behind-phone');
    expect(await compared.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 1280, height: 860 });

    await compared.getByRole('button', { name: 'Propose to take back the one nobody has touched' }).click(WAIT);
    await page.locator('.plan[data-state="awaitingApproval"] h3', { hasText: 'Take back' }).waitFor(WAIT);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.locator('.plan[data-state="done"] h3', { hasText: 'Take back' }).waitFor(WAIT);
    expect((await read()).spec).toMatchObject({ sessionAffinity: 'None', ports: [{ targetPort: 8081 }] });
  });

  test('a draft stays while another tab is looked at', async () => {
    await go(`${CART}?tab=yaml`);
    await page.reload();
    await editor().filter({ hasText: 'kind: Deployment' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Edit', exact: true }).click(WAIT);
    await overwrite('replicas: 1', 'replicas: 3');
    await page.getByRole('tab', { name: 'Overview' }).click(WAIT);
    await page.getByRole('tab', { name: 'YAML' }).click(WAIT);
    await page.locator('.yaml-editor .cm-line', { hasText: 'replicas: 3' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Discard' }).click(WAIT);
  });

  test('the fields of the cluster are not for editing', async () => {
    await editor().filter({ hasText: 'kind: Deployment' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Edit', exact: true }).click(WAIT);
    await overwrite('kind: Deployment', 'kind: Job');
    await page.getByRole('button', { name: 'Review the change' }).click(WAIT);
    await page.locator('.problem', { hasText: 'put kind back as it was' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Discard' }).click(WAIT);
  });

  test.each(['yaml', 'related', 'logs', 'terminal', 'ports'])('%s fits a phone, and has nothing in anybody’s way', async (tab) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await go(`${CART}?tab=${tab}`);
    await page.getByRole('tabpanel').locator('button, h2, .hint').first().waitFor(WAIT);
    await stage.picture(page, `object-phone-${tab}`);
    const tooWide = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('html, main, .explored')].map((e) => e.scrollWidth - e.clientWidth)),
    );
    expect(tooWide).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test('a shell that cannot be opened says why, and the terminal keeps to the policy of the page', async () => {
    await go(`${CART}?tab=terminal`);
    await page.getByRole('button', { name: 'Open a shell' }).click(WAIT);
    await page.locator('.terminal-box .xterm').waitFor(WAIT);
    await page.getByRole('button', { name: 'Open again' }).waitFor(WAIT);
    await stage.picture(page, 'object-terminal-refused');
  });

  test('no page broke its policy or a rule of React', () => {
    // A refused question is the browser's to mention.
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
