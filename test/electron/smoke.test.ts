import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WEB_PREFERENCES } from '../../electron/security.ts';
import { buildDesktop } from './desk.ts';

/** With the real binary, where there is one and a display: what no double can show. */

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'node_modules', 'electron');
const pathFile = join(folder, 'path.txt');
const binary = existsSync(pathFile)
  ? join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'))
  : undefined;
const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const missing = binary === undefined || !existsSync(binary) ? 'no Electron binary' : !display ? 'no display' : undefined;
if (missing !== undefined) process.stdout.write(`SKIPPED electron: the real window, for there is ${missing} on this machine\n`);
const WAIT = { timeout: 60_000 };

describe.skipIf(missing !== undefined)('the real Electron', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-window-'));
  const complaints: string[] = [];
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    buildDesktop();
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [root],
      env: { ...(process.env as Record<string, string>), QUARTERDECK_DEMO: '1', QUARTERDECK_DATA_DIR: join(dataDir, 'data') },
    });
    page = await app.firstWindow();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.locator('.frame').waitFor(WAIT);
    await page.locator('.tour').getByRole('button', { name: 'Skip' }).click(WAIT);
  }, 180_000);
  afterAll(async () => {
    await app?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('shows the demo fleet from our own scheme, live over its port', async () => {
    expect(page.url()).toMatch(/^app:\/\/quarterdeck\//);
    await page.locator('.status', { hasText: 'live' }).waitFor(WAIT);
    await page.locator('.status', { hasText: /[1-9]\d* of \d+ clusters connected/ }).waitFor(WAIT);
  });

  test('took every setting of the window as it was meant, and the page is in the system’s sandbox', async () => {
    const taken = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return (window?.webContents as unknown as { getLastWebPreferences(): object } | undefined)?.getLastWebPreferences();
    });
    const { spellcheck: _spellcheck, navigateOnDragDrop: _drop, ...kept } = WEB_PREFERENCES;
    expect(taken).toMatchObject(kept);
    expect(await page.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in window))).toEqual([]);
  });

  test('starts its threads from the built files, with the native modules of this system', async () => {
    await page.evaluate(() => void (window.location.hash = '#/agents'));
    await page.locator('.card .mark', { hasText: 'running' }).first().waitFor(WAIT);
  });

  test('opens a second window from its menu', async () => {
    const opened = app.waitForEvent('window');
    await app.evaluate(({ Menu }) => {
      const file = Menu.getApplicationMenu()?.items.find((i) => i.label === 'File');
      file?.submenu?.items.find((i) => i.label === 'New window')?.click();
    });
    await (await opened).locator('.frame').waitFor(WAIT);
  });

  test('answers a link of ours in the page', async () => {
    await app.evaluate(({ app: electron }) => void electron.emit('second-instance', {}, ['quarterdeck', 'quarterdeck://feed'], '/'));
    await expect.poll(() => app.windows().map((w) => new URL(w.url()).hash)).toContain('#/feed');
  });

  test('quits in order, and no page said that something is wrong', async () => {
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
    expect(await ended).toBe(0);
    expect(existsSync(join(dataDir, 'data', 'running.json'))).toBe(false);
    expect(complaints).toEqual([]);
  });
});
