import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../ui/browser.ts';
import { Desk, type Instance } from './desk.ts';

/** The built desktop app before a double of Electron, its windows real pages of Chromium: what a person does with it, and what befalls it. */

if (noBrowser !== undefined) process.stdout.write(`${noBrowser.replace('SKIPPED ui', 'SKIPPED electron')}\n`);
const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('the desktop app', () => {
  let desk: Desk;
  let app: Instance;
  let page: Page;
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const place = () => page.evaluate(() => window.location.hash);

  beforeAll(async () => {
    desk = await Desk.make();
    app = desk.start();
    page = await desk.window(app);
    // Who is here for the first time is taken on a tour.
    await page.locator('.tour').getByRole('button', { name: 'Skip' }).click(WAIT);
  }, 180_000);
  afterAll(() => desk?.close());

  test('a click goes to the main process and its answer comes back: a plan is rejected in the window', async () => {
    await go('#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
    await page.getByRole('button', { name: 'Reject…' }).click(WAIT);
    await page.getByLabel('Why not?').fill('from the desktop');
    await page.getByRole('button', { name: 'Reject', exact: true }).click(WAIT);
    await page.locator('.road .end', { hasText: 'from the desktop' }).waitFor(WAIT);
  });

  test('the log streams over the window’s own port, and no request leaves the page for it', async () => {
    await go('#/feed?by=time');
    await page.locator('.entry', { hasText: 'from the desktop' }).first().waitFor(WAIT);
    const requests = (await app.asked('request')).map(([url]) => String(url));
    expect(requests.length).toBeGreaterThan(3);
    expect(requests.filter((url) => !url.startsWith('app://quarterdeck/'))).toEqual([]);
  });

  test('the menu leads to places of the page', async () => {
    await app.order({ do: 'press', menu: 'app', words: 'Agents' });
    await page.locator('.card', { hasText: 'remedies' }).first().waitFor(WAIT);
    expect(await place()).toBe('#/agents');
    expect(await app.order({ do: 'words', menu: 'app' })).toEqual(expect.arrayContaining(['New window', 'editMenu', 'Incidents']));
  });

  test('the tray says how many decisions wait, leads to them, and holds all agents', async () => {
    await expect.poll(async () => Number((await app.asked('badge')).at(-1)?.[0])).toBeGreaterThan(0);
    const waits = (await app.order<string[]>({ do: 'words', menu: 'tray' })).find((w) => /^\d+ decisions? waits?$/.test(w)) ?? '';
    await app.order({ do: 'press', menu: 'tray', words: waits });
    await expect.poll(place).toBe('#/approvals');
    await app.order({ do: 'press', menu: 'tray', words: 'Hold all agents' });
    await page.locator('.banner', { hasText: 'All agents are held' }).waitFor(WAIT);
    await expect.poll(() => app.order({ do: 'words', menu: 'tray' })).toContain('All agents are held');
    await page.getByRole('button', { name: 'Let the agents go on' }).click(WAIT);
    await page.getByRole('button', { name: 'Yes, let them go on' }).click(WAIT);
    await page.locator('.banner', { hasText: 'All agents are held' }).waitFor({ ...WAIT, state: 'detached' });
  });

  test('a decision that waits is told by the system while nobody looks, and a click on it leads there', async () => {
    await go('#/feed');
    const before = (await app.asked('notification')).length;
    await app.order({ do: 'blur' });
    await go('#/approvals');
    // Taking back what was done is a plan that waits: do one, then ask for its way back.
    await page.locator('.list a', { hasText: 'Name checkout-config' }).click(WAIT);
    await page.getByRole('button', { name: 'Approve' }).click(WAIT);
    await page.getByRole('button', { name: /^Yes, carry it out/ }).click(WAIT);
    await page.getByRole('button', { name: 'Propose to take it back' }).click(WAIT);
    await expect.poll(async () => (await app.asked('notification')).length).toBeGreaterThan(before);
    const [note] = (await app.asked('notification')).at(-1) as [{ title: string; body: string }];
    expect(note.title).toContain('demo-tempest: a decision is asked');
    await go('#/fleet');
    await app.order({ do: 'clickNote' });
    await expect.poll(place).toMatch(/^#\/approvals/);
  });

  test('a link from a chat shows its place, one of somebody else’s only the window', async () => {
    await app.order({ do: 'openUrl', url: 'quarterdeck://incidents' });
    await expect.poll(place).toBe('#/incidents');
    await app.order({ do: 'openUrl', url: 'quarterdeck://evil/x' });
    expect(await place()).toBe('#/incidents');
    expect(await app.asked('linkPrevented')).toHaveLength(2);
    expect(await app.asked('protocolClient')).toEqual([['quarterdeck']]);
  });

  test('a second start ends at once, and the first one shows what it was asked for', async () => {
    const second = desk.start('quarterdeck://agents');
    expect(await second.ended).toBe(0);
    await expect.poll(place).toBe('#/agents');
  });

  test('another window opens at its own place and shares the host; the first stays where it is', async () => {
    const known = new Set(desk.pages());
    await page.evaluate(() => void window.open('/#/settings', '_blank'));
    await expect.poll(() => desk.pages().filter((p) => !known.has(p)).length).toBe(1);
    const other = desk.pages().find((p) => !known.has(p)) as Page;
    await other.locator('main h3', { hasText: 'Keys' }).waitFor(WAIT);
    expect(await place()).toBe('#/agents');
    await other.getByRole('button', { name: 'Hold all agents' }).click(WAIT);
    await other.getByRole('button', { name: /^Yes, hold/ }).click(WAIT);
    await page.locator('.banner', { hasText: 'All agents are held' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Let the agents go on' }).click(WAIT);
    await page.getByRole('button', { name: 'Yes, let them go on' }).click(WAIT);
    await app.order({ do: 'closeWindow' });
    await expect.poll(() => desk.pages().length).toBe(1);
  });

  test('a reload brings the page back on a port of its own', async () => {
    await page.reload();
    await page.locator('.card', { hasText: 'remedies' }).first().waitFor(WAIT);
    await page.locator('.status', { hasText: 'live' }).waitFor(WAIT);
  });

  test('an agent whose thread dies is started again, and the window says so', async () => {
    const thread = (await app.order<string[]>({ do: 'threads' })).find((name) => name.startsWith('agent-')) ?? '';
    await app.order({ do: 'endThread', name: thread });
    await go('#/feed?by=time');
    await page.locator('.entry.loud', { hasText: 'fell' }).first().waitFor(WAIT);
    await go('#/agents');
    await page.locator('.card .mark', { hasText: 'running' }).first().waitFor(WAIT);
    await expect.poll(() => app.order<string[]>({ do: 'threads' })).toContain(thread);
  });

  test('the thread that reads the clusters dies, and they are connected again', async () => {
    const reader = (await app.order<string[]>({ do: 'threads' })).find((name) => name.includes('kube')) ?? '';
    await app.order({ do: 'endThread', name: reader });
    await expect.poll(() => app.order<string[]>({ do: 'threads' })).toContain(reader);
    await go('#/fleet');
    await page.locator('.status', { hasText: /[1-9]\d* of \d+ clusters connected/ }).waitFor(WAIT);
  });

  test('a page that crashes is loaded again where it was, and what was going on goes on', async () => {
    await go('#/incidents');
    await desk.crash(page);
    page = await desk.window(app);
    await page.locator('.list a').first().waitFor(WAIT);
    expect(await place()).toBe('#/incidents');
    expect(await app.asked('reload')).toHaveLength(1);
  });

  test('one that crashes four times in a minute is left alone, and a box says that the agents go on', async () => {
    for (let crashes = 2; crashes <= 4; crashes++) {
      await desk.crash(page);
      if (crashes < 4) page = await desk.window(app);
    }
    await expect.poll(() => app.asked('errorBox')).toHaveLength(1);
    expect(String((await app.asked('errorBox'))[0]?.[1])).toContain('go on without it');
    expect(await app.asked('reload')).toHaveLength(3);
  });

  test('where the window was is kept, and quitting by closing it is clean: no lock, no process, the end in the log', async () => {
    const bounds = { x: 220, y: 130, width: 1000, height: 700 };
    await app.order({ do: 'place', bounds, maximized: true });
    expect(existsSync(join(desk.dir, 'data', 'running.json'))).toBe(true);
    app.order({ do: 'closeWindow' }).catch(() => undefined);
    expect(await app.ended).toBe(0);
    expect(existsSync(join(desk.dir, 'data', 'running.json'))).toBe(false);
    expect(app.said.replaceAll(/^error: the kube worker ended.*$/gm, '').trim()).toBe('');

    const again = desk.start('quarterdeck://feed');
    page = await desk.window(again);
    expect((await again.asked('window'))[0]?.[0]).toMatchObject(bounds);
    expect(await place()).toBe('#/feed');
    const { url, tokenFile } = JSON.parse(readFileSync(join(desk.dir, 'data', 'running.json'), 'utf8')) as {
      url: string;
      tokenFile: string;
    };
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    const answer = await fetch(`${url}/api/v1/app`, { headers });
    expect(answer.status, 'the command line finds the running app').toBe(200);
    // Asked of the log, for in the feed it may already be below what is drawn.
    const log = await (await fetch(`${url}/api/v1/events/list?limit=10000`, { headers })).text();
    expect(log, 'the end of the run before').toContain('app.stopped');
    expect(await again.quit()).toBe(0);
    // Where the log ended was sealed by the desktop in the first run, and opened by it in the second.
    const secrets = readdirSync(join(desk.dir, 'data', 'secrets'));
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter((name) => !name.endsWith('.sealed'))).toEqual([]);
    expect(again.said).toBe('');
  });

  test('no page said that something is wrong', () => expect(desk.complaints).toEqual([]));
});
