import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterClient } from '../cases/cluster-client.ts';
import { clusterStatus } from '../cluster/cluster.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/**
 * The whole way on a real Kubernetes, by hand: connect, an incident, its plan approved by keys, verified, and taken back. The cluster is
 * the test cluster where it runs already; `npm run cluster -- up` starts it.
 */

const WAIT = { timeout: 90_000 };
const cluster = await clusterStatus();
const missing = noBrowser ?? (cluster.ready ? undefined : 'SKIPPED ui: the test cluster does not run (npm run cluster -- up)');
if (missing !== undefined && noBrowser === undefined) process.stdout.write(`${missing}\n`);
const NAMESPACE = `page-${Date.now().toString(36)}`;

describe.skipIf(missing !== undefined)('on a real cluster', () => {
  let client: ClusterClient;
  let stage: Stage;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const selector = async () => {
    const found = (await client.list('Service')).find((s) => s.metadata.namespace === NAMESPACE);
    return (found as { spec?: { selector?: { app?: string } } } | undefined)?.spec?.selector?.app;
  };

  beforeAll(async () => {
    client = new ClusterClient(cluster.kubeconfig, cluster.contexts[0]);
    const labels = { app: 'cart' };
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cart' },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                { name: 'cart', image: 'quarterdeck/workload:1', imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 8080 }] },
              ],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'cart' },
        spec: { selector: { app: 'crat' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ];
    for (const object of objects) await client.apply(object, NAMESPACE);
    stage = await setStage({ protectedContexts: [client.context], kubeconfig: cluster.kubeconfig });
    page = await stage.open();
    await page.locator('.frame').waitFor(WAIT);
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await client?.delete('Namespace', NAMESPACE);
    client?.close();
  });

  test('is connected by hand, its incident found by its name, its plan approved by keys with the name typed, and verified', async () => {
    await go('#/fleet?as=list');
    await page.locator(`[data-context="${client.context}"]`).getByRole('button').last().click(WAIT);
    await page.locator(`[data-context="${client.context}"][data-state="connected"]`).waitFor(WAIT);
    await go('#/incidents');
    await page.locator('.list a', { hasText: `${NAMESPACE}/cart` }).click(WAIT);
    await page.locator('.chain .cause', { hasText: `${NAMESPACE}/cart` }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Look at the plan' }).click(WAIT);
    await page.locator('dialog .diff .plus', { hasText: 'cart' }).waitFor(WAIT);
    await page.keyboard.press('a');
    await page.keyboard.type(client.context);
    await page.keyboard.press('Enter');
    await page.locator('dialog .plan[data-state="done"]').waitFor(WAIT);
    expect(await selector()).toBe('cart');
    await page.keyboard.press('Escape');
    await go('#/feed?by=time');
    await page
      .locator('.entry', { hasText: /is verified/ })
      .first()
      .waitFor(WAIT);
  }, 300_000);

  test('what was done is taken back the same way', async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'app=cart instead of app=crat' }).first().click(WAIT);
    await page.getByRole('button', { name: 'Propose to take it back' }).click(WAIT);
    const undo = page.locator('.detail .plan[data-state="awaitingApproval"]');
    await undo.locator('.diff .plus', { hasText: 'crat' }).waitFor(WAIT);
    await page.keyboard.press('a');
    await page.getByLabel(`${client.context} is protected`).fill(client.context);
    await page.keyboard.press('Enter');
    await expect.poll(selector, { timeout: 60_000 }).toBe('crat');
  }, 300_000);

  test('no page broke its policy or a rule of React', () => {
    expect(stage.complaints.filter((c) => !/Failed to load resource/.test(c))).toEqual([]);
  });
});
