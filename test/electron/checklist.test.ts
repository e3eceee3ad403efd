import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { noBrowser } from '../ui/browser.ts';
import { Desk, type Instance } from './desk.ts';

/**
 * The twenty points of Electron's security checklist, each with its test: of the built main and preload where it can be seen there, of
 * the packing where it is decided there.
 */

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('Electron’s security checklist', () => {
  let desk: Desk;
  let app: Instance;
  let page: Page;
  const preferences = async () =>
    (await app.asked('window')).map(([options]) => (options as { webPreferences: Readonly<Record<string, unknown>> }).webPreferences);
  const escaped = async () => (await app.asked('escaped')).map(([url]) => url);
  /** What the policy refused, or the page's own error, when something was tried in it. */
  const tried = (what: string) =>
    page.evaluate(async (code) => {
      const refused = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (e) => resolve(e.violatedDirective), { once: true }),
      );
      const script = document.createElement('script');
      script.textContent = code;
      document.head.append(script);
      return Promise.race([refused, new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 2_000))]);
    }, what);

  beforeAll(async () => {
    desk = await Desk.make();
    app = desk.start();
    page = await desk.window(app);
    // The second kind of window there is: one a page has asked for.
    await app.order({ do: 'press', menu: 'app', words: 'New window' });
    await vi.waitFor(() => expect(desk.pages()).toHaveLength(2), WAIT);
    await page.bringToFront();
  }, 180_000);
  afterAll(() => desk?.close());

  test('1. only secure content is loaded: every request is for our own scheme, and plain http is cancelled', async () => {
    await page.evaluate(() => fetch('http://kubernetes.io/').catch(() => undefined));
    await page.evaluate(() => void (new Image().src = 'http://kubernetes.io/x.png'));
    const requests = (await app.asked('request')) as readonly (readonly [url: string, fate: string])[];
    expect(requests.filter(([, fate]) => fate === 'let through').every(([url]) => url.startsWith('app://quarterdeck/'))).toBe(true);
    expect(await escaped()).toEqual([]);
    expect(await page.evaluate(() => window.isSecureContext)).toBe(true);
  });

  test('2. no Node in the page, its frames or its workers', async () => {
    for (const p of await preferences())
      expect(p).toMatchObject({ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false });
    expect(await page.evaluate(() => ['require', 'process', 'Buffer', 'module', 'global'].filter((name) => name in window))).toEqual([]);
  });

  test('3. the preload script has a world of its own, of which the page sees one frozen word', async () => {
    for (const p of await preferences()) expect(p['contextIsolation']).toBe(true);
    const seen = await page.evaluate(() => {
      const told = Object.getOwnPropertyDescriptor(window, 'quarterdeckShell');
      try {
        Object.assign(window, { quarterdeckShell: 'mine' });
      } catch {
        // Frozen.
      }
      return {
        told,
        now: (window as { quarterdeckShell?: unknown }).quarterdeckShell,
        ours: ['fromMain', 'tellMain', 'closePort'].filter((name) => name in window),
      };
    });
    expect(seen.told).toEqual({ value: 'electron', writable: false, enumerable: true, configurable: false });
    expect(seen.now).toBe('electron');
    expect(seen.ours).toEqual([]);
  });

  test('4. every page is in the system’s sandbox', async () => {
    expect(await app.asked('enableSandbox')).toHaveLength(1);
    for (const p of await preferences()) expect(p['sandbox']).toBe(true);
    // A sandboxed preload is CommonJS and requires nothing but electron.
    expect([...read('out/preload/preload.cjs').matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
  });

  test('5. whatever permission a page asks for, it is denied', async () => {
    const states = await page.evaluate(async () => {
      const asked = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
      return Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name })).state));
    });
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied']);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(
      await page.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ audio: true }).then(
          () => 'given',
          (e: Error) => e.name,
        ),
      ),
    ).toBe('NotAllowedError');
    expect(await app.asked('devicePermission')).toEqual([[false]]);
  });

  test('6. webSecurity stays on: another origin cannot be read', async () => {
    for (const p of await preferences()) expect(p['webSecurity']).toBe(true);
    expect(
      await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'read',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
  });

  test('7. a content security policy that allows our own files and nothing inline, and Chromium holds the page to it', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await tried('window.ran = true')).toBe('script-src-elem');
    expect(await page.evaluate(() => 'ran' in window)).toBe(false);
    const others = await page.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (e) => refused.push(e.effectiveDirective));
      const put = (tag: string, set: object) => document.body.append(Object.assign(document.createElement(tag), set));
      put('style', { textContent: 'body { display: none }' });
      put('iframe', { src: 'https://evil.example/' });
      put('object', { data: 'https://evil.example/' });
      put('img', { src: 'https://evil.example/x.png' });
      await fetch('https://evil.example/').catch(() => undefined);
      for (let i = 0; i < 100 && new Set(refused).size < 5; i++) await new Promise((resolve) => setTimeout(resolve, 20));
      return [...new Set(refused)].sort();
    });
    expect(others).toEqual(['connect-src', 'frame-src', 'img-src', 'object-src', 'style-src-elem']);
    await page.reload();
    await page.locator('.frame').waitFor(WAIT);
  });

  test('8. insecure content is not allowed in secure pages', async () => {
    for (const p of await preferences()) expect(p['allowRunningInsecureContent']).toBe(false);
  });

  test('9. no experimental features of Chromium', async () => {
    for (const p of await preferences()) expect(p['experimentalFeatures']).toBe(false);
  });

  test('10. no Blink features are turned on', async () => {
    for (const p of await preferences()) expect(Object.keys(p).filter((key) => /blink/i.test(key))).toEqual([]);
    expect(read('out/main/main.js')).not.toMatch(/enableBlinkFeatures|appendSwitch/);
  });

  test('11. no webview may open windows, for there is none', async () => {
    for (const p of await preferences()) expect(p['webviewTag']).toBe(false);
    expect(read('out/main/main.js')).not.toContain('allowpopups');
  });

  test('12. a webview that is to be attached all the same is prevented', async () => {
    expect(await app.order({ do: 'attachWebview' })).toBe('prevented');
  });

  test('13. no way leads out of our page: by a link, by a script, by an address that looks like ours', async () => {
    const before = page.url();
    for (const address of ['https://evil.example/', 'https://quarterdeck.app.test.evil.example/', 'https://user@quarterdeck.app.test/'])
      await page.evaluate((url) => void (window.location.href = url), address);
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { href: 'https://evil.example/link', textContent: 'x' });
      document.body.append(link);
      link.click();
    });
    await expect
      .poll(async () => (await app.asked('navigate')).filter(([, fate]) => fate === 'prevented').length)
      .toBeGreaterThanOrEqual(2);
    expect(
      (await app.asked('navigate')).filter(([url, fate]) => fate !== 'prevented' && !String(url).startsWith('app://quarterdeck/')),
    ).toEqual([]);
    expect(page.url()).toBe(before);
    expect(await escaped()).toEqual([]);
  });

  test('14. no window is opened by a page: each wish is denied, and what is ours is opened by us', async () => {
    await page.evaluate(() => void window.open('https://evil.example/popup'));
    await page.evaluate(() => void window.open('about:blank'));
    await expect.poll(async () => (await app.asked('windowOpen')).length).toBeGreaterThanOrEqual(2);
    expect((await app.asked('windowOpen')).every(([, action]) => action === 'deny')).toBe(true);
    await expect.poll(() => desk.pages().length).toBe(2);
  });

  test('15. only https pages of a list are handed to the system’s browser', async () => {
    for (const url of [
      'https://kubernetes.io/docs/',
      'http://kubernetes.io/',
      'https://kubernetes.io.evil.example/',
      'https://user@kubernetes.io/',
      'file:///usr/bin/xterm',
      'ms-settings:',
      'javascript:alert(1)',
    ])
      await page.evaluate((address) => void window.open(address), url);
    await expect.poll(async () => (await app.asked('openExternal')).map(([url]) => url)).toContain('https://kubernetes.io/docs/');
    expect(await app.asked('openExternal')).toEqual([['https://kubernetes.io/docs/']]);
  });

  test('16. the Electron that is packed is a current one, named exactly', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(packages['node_modules/electron']?.version).toBe(devDependencies['electron']);
    expect(Number(devDependencies['electron']?.split('.')[0])).toBeGreaterThanOrEqual(45);
  });

  test('17. a message from anything but the top page of a window of ours is not answered', async () => {
    const answers = await app.order<Readonly<Record<string, string>>>({ do: 'foreignPorts' });
    expect(answers).toEqual({
      'another page': 'closed',
      'a frame inside ours': 'closed',
      'no frame any more': 'closed',
      'a page that looks like ours': 'closed',
      'a file': 'closed',
    });
  });

  test('18. no file: a scheme of our own, which reaches nothing beside the page’s files', async () => {
    expect((await app.asked('load')).every(([url]) => String(url).startsWith('app://quarterdeck/'))).toBe(true);
    expect(read('out/main/main.js')).not.toMatch(/loadFile\(|file:\/\/\/?\$\{/);
    const beside = await page.evaluate(() =>
      Promise.all(
        ['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/..%5c..%5cpackage.json', '/main/main.js', '/index.html%00.png'].map(
          async (path) => (await fetch(path)).status,
        ),
      ),
    );
    expect(beside).toEqual([404, 404, 404, 404, 404]);
    expect(
      await page.evaluate(() =>
        fetch('file:///etc/passwd').then(
          () => 'read',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
  });

  test('19. the fuses: not run as Node, not debugged from outside, nothing loaded from beside the archive', () => {
    const { electronFuses } = parse(read('electron-builder.yml')) as { electronFuses: object };
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('20. nothing of Electron is exposed: the preload hands on one port for one message of the page itself', async () => {
    expect(read('out/preload/preload.cjs').match(/exposeInMainWorld\([^)]*\)/g)).toEqual([
      'exposeInMainWorld("quarterdeckShell", "electron")',
    ]);
    const said = async () => (await app.asked('ipc')).length;
    const before = await said();
    await page.evaluate(() => {
      const { port1, port2 } = new MessageChannel();
      window.postMessage('another channel', '*', [port1]);
      window.postMessage({ channel: 'quarterdeck:port' }, '*', [port2]);
      window.postMessage('quarterdeck:port', '*');
      const frame = document.body.appendChild(document.createElement('iframe'));
      // From a frame: its own window is the source, not the page's.
      const script = frame.contentWindow as Window & typeof globalThis;
      window.dispatchEvent(new MessageEvent('message', { data: 'quarterdeck:port', source: script, ports: [new MessageChannel().port1] }));
    });
    await page.evaluate(() => {
      const { port1 } = new MessageChannel();
      window.postMessage('quarterdeck:port', '*', [port1]);
    });
    // The last one is as it should be, and comes after all the others.
    await expect.poll(said).toBe(before + 1);
  });
});
