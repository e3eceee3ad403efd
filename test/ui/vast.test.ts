import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { type ApiServer, startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** A cluster of ten thousand namespaces, and clusters that answer nonsense. */

const WAIT = { timeout: 60_000 };
const NAMESPACES = 10_000;
const HOSTILE = '<script>window.hacked=true</script><img src=x onerror="window.hacked=true">';

const namespaces: RawObject[] = ['kube-system', 'default', ...Array.from({ length: NAMESPACES }, (_, i) => `team-${i}`)].map((name, i) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(i === 42 ? { annotations: { note: HOSTILE, 'kubectl.kubernetes.io/last-applied-configuration': HOSTILE } } : {}),
  },
  status: { phase: 'Active' },
}));

/** What each of them answers to everything, with status 200. */
const NONSENSE = {
  html: ['text/html', `<html><body>${HOSTILE} Sign in to continue</body></html>`],
  halves: ['application/json', '{"kind":"List","items":[{"metadata":'],
  numbers: ['application/json', '[1,2,3]'],
  strange: ['application/json', JSON.stringify({ kind: 'PodList', major: 7, gitVersion: HOSTILE, items: [null, 5, { metadata: 'none' }] })],
} as const;

describe.skipIf(noBrowser !== undefined)('a vast world, and a nonsensical one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-vast-'));
  const servers: Server[] = [];
  let vast: ApiServer;
  let stage: Stage;
  let page: Page;
  const go = async (hash: string) => {
    await page.evaluate((h) => void (window.location.hash = h), hash);
    await page.locator('#content > :not(.loading)').first().waitFor(WAIT);
  };
  /** The longest time the page's own thread was busy while something was done, milliseconds. */
  const busiest = async (work: () => Promise<void>) => {
    await page.evaluate(() => {
      const seen = { longest: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: 'longtask' });
    });
    await work();
    return page.evaluate(() => (window as unknown as { seen: { longest: number } }).seen.longest);
  };

  beforeAll(async () => {
    vast = await startApiServer({ objects: namespaces, name: 'vast' });
    const urls: Record<string, string> = { vast: vast.url };
    for (const [name, [type, body]] of Object.entries(NONSENSE)) {
      const server = createServer((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      servers.push(server);
      urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
    const kubeconfig = join(dir, 'kubeconfig');
    const names = Object.keys(urls);
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: names.map((name) => ({ name, cluster: { server: urls[name] } })),
        users: [{ name: 'me', user: { token: 'none' } }],
        contexts: names.map((name) => ({ name, context: { cluster: name, user: 'me' } })),
      }),
      { mode: 0o600 },
    );
    stage = await setStage({ protectedContexts: [], kubeconfig });
    page = await stage.open();
    await page.locator('.frame').waitFor(WAIT);
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await vast?.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(dir, { recursive: true, force: true });
  });

  test('ten thousand namespaces: watched, on the map, in words, in a table and found by name, and the page stays quick', async () => {
    await go('#/fleet?as=list');
    await page.locator('[data-context="vast"]').getByRole('button').last().click(WAIT);
    await page.locator('[data-context="vast"][data-state="connected"]').waitFor(WAIT);
    const longest = await busiest(async () => {
      await go('#/fleet?as=map');
      await page.locator('canvas').first().waitFor(WAIT);
      await go('#/explore/namespaces?in=vast');
      await page.locator('.grid-row').first().waitFor(WAIT);
      await page.getByLabel('Filter').fill('team-1000');
      await page.locator('.grid-row', { hasText: 'team-1000' }).waitFor(WAIT);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.locator('.palette input').fill('team-7777');
      await page.getByRole('option', { name: /^Namespace team-7777/ }).waitFor(WAIT);
      // What was found is what Enter goes to, though asking was there before it.
      await page.keyboard.press('Enter');
      await page.locator('.object h1', { hasText: 'team-7777' }).waitFor(WAIT);
      await go('#/feed');
    });
    process.stdout.write(`${NAMESPACES} namespaces: the page was busy for at most ${Math.round(longest)} ms\n`);
    expect(longest).toBeLessThan(2_000);
  }, 180_000);

  test('HTML in annotations is text', async () => {
    await go('#/explore/namespaces/vast/-/team-40');
    await page.locator('.object h1', { hasText: 'team-40' }).waitFor(WAIT);
    await page.getByRole('tab', { name: 'YAML' }).click(WAIT);
    await page.getByText('onerror', { exact: false }).first().waitFor(WAIT);
    expect(await page.locator('#content img:not(.cm-widgetBuffer), #content script').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  test.each(Object.keys(NONSENSE))('a cluster that answers %s says so in words, and nothing else is disturbed', async (name) => {
    await go('#/fleet?as=list');
    const row = page.locator(`[data-context="${name}"]`);
    await row.getByRole('button').last().click(WAIT);
    await expect.poll(() => row.getAttribute('data-state')).toMatch(/^(offline|unauthorised|stale|connected)$/);
    const { client } = stage.served.running.app;
    const { contexts } = await client.contexts.list({});
    const said = contexts.find((c) => c.name === name);
    expect(said?.state).not.toBe('connected');
    expect(said?.failure?.message.length).toBeGreaterThan(10);
    expect(said?.failure?.message).not.toMatch(/undefined|\[object|at .*\.ts:/);
    await page.locator('[data-context="vast"][data-state="connected"]').waitFor(WAIT);
    expect(await page.locator('#content img:not(.cm-widgetBuffer), #content script').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  test('what is said of them is for everybody', async () => {
    await go('#/feed');
    await page.locator('.entry').first().waitFor(WAIT);
    expect(await barriers(page)).toEqual([]);
    expect(stage.complaints.filter((c) => !/Failed to load resource/.test(c))).toEqual([]);
  });
});
