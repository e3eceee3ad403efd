import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { builtBefore, newest } from '../../agents/host/page-build.ts';
import { browserPath } from '../ui/browser.ts';
import type { Order } from './double/control.ts';

/**
 * The built desktop app as it will run, but for Electron itself: `out/main/main.js` and `out/preload/preload.cjs`, unmodified, in Node
 * with the double of the `electron` module, whose windows are pages of a real Chromium.
 */

const root = join(import.meta.dirname, '..', '..');
const ORIGIN = 'https://quarterdeck.app.test';
const WAIT = { timeout: 60_000 };

/** `npm run build`, unless what is there is newer than every source. */
export function buildDesktop(): void {
  const sources = ['agents', 'electron', 'models', 'renderer'].map((folder) => newest(join(root, folder)));
  if (builtBefore(join(root, 'out', 'main', 'main.js'), Math.max(...sources))) return;
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--config', join(root, 'electron', 'vite.config.ts'), '--logLevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stderr}${built.stdout}`);
}

interface Asked {
  readonly what: string;
  readonly with: readonly unknown[];
}

/** One run of the app. */
export class Instance {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  #last = 0;
  said = '';
  /** The exit status, once it has ended. */
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (chunk) => (this.said += String(chunk)));
    child.on('message', (answer: { id: number; value?: unknown; error?: string }) => this.#answers.get(answer.id)?.(answer));
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  /** Has a person or the system do something, or tells what the app has asked of Electron. */
  order<T = unknown>(order: Order): Promise<T> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ value, error }) => (error === undefined ? resolve(value as T) : reject(new Error(error))));
      this.#child.send({ id, order });
      void this.ended.then((code) => reject(new Error(`the app ended with ${code}: ${this.said}`)));
    });
  }

  /** What the app asked of Electron under this name, in order. */
  async asked(what: string): Promise<readonly (readonly unknown[])[]> {
    const all = await this.order<readonly Asked[]>({ do: 'asked' });
    return all.filter((a) => a.what === what).map((a) => a.with);
  }

  async quit(): Promise<number | null> {
    if (this.#child.exitCode === null) this.order({ do: 'quit' }).catch(() => undefined);
    return this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** A machine with one Chromium, on which the app is started, once or again. */
export class Desk {
  readonly dir: string;
  readonly #chromium: ChildProcess;
  readonly #endpoint: string;
  #browser: Browser;
  readonly #instances: Instance[] = [];
  /** Errors on the consoles of the pages. */
  readonly complaints: string[] = [];

  private constructor(dir: string, started: ChildProcess, endpoint: string, browser: Browser) {
    this.dir = dir;
    this.#chromium = started;
    this.#endpoint = endpoint;
    this.#browser = browser;
    this.#listen();
  }

  static async make(): Promise<Desk> {
    buildDesktop();
    const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-desk-'));
    const profile = join(dir, 'chromium');
    // No name is found anywhere: whatever a page asks for must be answered by the app.
    const args = [
      '--headless=new',
      '--no-sandbox',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--use-fake-device-for-media-stream',
    ];
    const started = spawn(browserPath ?? '', [...args, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', 'about:blank'], {
      stdio: 'ignore',
    });
    const port = join(profile, 'DevToolsActivePort');
    while (!existsSync(port) || readFileSync(port, 'utf8').split('\n').length < 2) {
      if (started.exitCode !== null) throw new Error(`Chromium ended with ${started.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const [number = '', path = ''] = readFileSync(port, 'utf8').split('\n');
    const endpoint = `ws://127.0.0.1:${number}${path}`;
    return new Desk(dir, started, endpoint, await chromium.connectOverCDP(endpoint));
  }

  /** Starts the app on this desk's data directory. */
  start(...args: readonly string[]): Instance {
    const child = spawn(
      process.execPath,
      ['--import', join(import.meta.dirname, 'double', 'register.ts'), join(root, 'out', 'main', 'main.js'), ...args],
      {
        env: {
          PATH: process.env['PATH'],
          HOME: this.dir,
          QUARTERDECK_DATA_DIR: join(this.dir, 'data'),
          QUARTERDECK_DEMO: '1',
          ELECTRON_DOUBLE_CHROMIUM: this.#endpoint,
          ELECTRON_DOUBLE_DIR: this.dir,
        },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    const instance = new Instance(child);
    this.#instances.push(instance);
    return instance;
  }

  pages(): readonly Page[] {
    return this.#browser.contexts().flatMap((context) => context.pages().filter((page) => page.url().startsWith(ORIGIN)));
  }

  /** The newest window, once its frame stands. */
  async window(instance: Instance): Promise<Page> {
    const begun = Date.now();
    for (;;) {
      const page = this.pages().at(-1);
      if (page !== undefined) {
        await page.locator('.frame').waitFor(WAIT);
        return page;
      }
      if (Date.now() - begun > WAIT.timeout) throw new Error(`no window came: ${instance.said}`);
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, 25)),
        instance.ended.then((code) => Promise.reject(new Error(`it ended with ${code}: ${instance.said}`))),
      ]);
    }
  }

  #listen(): void {
    const listen = (page: Page) =>
      page.on('console', (message) => {
        if (message.type() === 'error') this.complaints.push(message.text());
      });
    for (const context of this.#browser.contexts()) {
      context.pages().forEach(listen);
      context.on('page', listen);
    }
  }

  /** Ends the process of a page, as a fault in it would. What looks at pages from outside never looks at that one again: it begins anew. */
  async crash(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    this.#browser = await chromium.connectOverCDP(this.#endpoint);
    this.#listen();
  }

  async close(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance.quit()));
    await this.#browser.close();
    const gone = new Promise((resolve) => this.#chromium.once('exit', resolve));
    this.#chromium.kill();
    if (this.#chromium.exitCode === null && this.#chromium.signalCode === null) await gone;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
