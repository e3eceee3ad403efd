import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { buildPage } from '../../agents/host/page-build.ts';
import { type ServedApp, serve } from '../../agents/host/serve.ts';

/** A real browser before the real host, which plays the demo fleet or reads the clusters of a test. */

const BROWSERS = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const browserPath = BROWSERS.find((path) => path !== undefined && existsSync(path));
/** Why there is no browser test on this machine, or undefined. */
export const noBrowser: string | undefined =
  browserPath === undefined ? 'SKIPPED ui: no Chromium is installed (apt-get install chromium, or set CHROMIUM)' : undefined;

export interface Stage {
  readonly served: ServedApp;
  /** Everything the pages said on their consoles that is not for people: errors, refused by policy. */
  readonly complaints: string[];
  /** A new tab of its own session on the printed link. */
  open(link?: string, scheme?: 'dark' | 'light'): Promise<Page>;
  /** A picture for people to look at; in the folder UI_PICTURES names, else nowhere. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export interface StageSet {
  readonly protectedContexts: readonly string[];
  /** In place of the demo fleet. */
  readonly kubeconfig?: string;
  /** One that is there already, with what it remembers. */
  readonly dataDir?: string;
}

export async function setStage({ protectedContexts, kubeconfig, dataDir: given }: StageSet): Promise<Stage> {
  await buildPage(true);
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'quarterdeck-ui-'));
  writeFileSync(join(dataDir, 'contexts.yaml'), JSON.stringify({ protected: protectedContexts }));
  const started = await serve({
    dataDir,
    demo: kubeconfig === undefined,
    kubeconfigPaths: kubeconfig === undefined ? undefined : [kubeconfig],
    env: {},
    home: dataDir,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  const served = started.value;
  const browser: Browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
  const complaints: string[] = [];
  return {
    served,
    complaints,
    open: async (link = served.link, scheme = 'dark') => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        colorScheme: scheme,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(link);
      return page;
    },
    picture: async (page, name) => {
      const folder = process.env['UI_PICTURES'];
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
    },
    close: async () => {
      await browser.close();
      await served.close();
      if (given === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
