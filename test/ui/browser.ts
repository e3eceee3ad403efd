import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import type { CatalogueEntry } from '../../agents/contract/index.ts';
import { buildPage } from '../../agents/host/page-build.ts';
import { type ServedApp, serve } from '../../agents/host/serve.ts';

/** A real browser before the real host, which plays the demo fleet or reads the clusters of a test. */

const BROWSERS = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const browserPath = BROWSERS.find((path) => path !== undefined && existsSync(path));
/** Why there is no browser test on this machine, or undefined. */
export const noBrowser: string | undefined =
  browserPath === undefined ? 'SKIPPED ui: no Chromium is installed (apt-get install chromium, or set CHROMIUM)' : undefined;

export interface Stage {
  /** The host as it runs now. */
  readonly served: ServedApp;
  /** Ends the host, and starts it again on what it left, at the same address; its link is another one then. Without `anew` it stays away. */
  end(anew?: () => Promise<void>): Promise<void>;
  /** Everything the pages said on their consoles that is not for people: errors, refused by policy. */
  readonly complaints: string[];
  /** A new tab of its own session on the printed link, of somebody who knows the page; a newcomer is taken on the tour. */
  open(link?: string, scheme?: 'dark' | 'light', newcomer?: boolean): Promise<Page>;
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
  /** In place of the models that people are offered. */
  readonly catalogue?: readonly CatalogueEntry[];
}

export async function setStage({ protectedContexts, kubeconfig, dataDir: given, catalogue }: StageSet): Promise<Stage> {
  await buildPage(true);
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'quarterdeck-ui-'));
  writeFileSync(join(dataDir, 'contexts.yaml'), JSON.stringify({ protected: protectedContexts }));
  const start = async (port: number) => {
    const started = await serve({
      dataDir,
      port,
      demo: kubeconfig === undefined,
      kubeconfigPaths: kubeconfig === undefined ? undefined : [kubeconfig],
      env: {},
      home: dataDir,
      log: () => undefined,
      ...(catalogue === undefined ? {} : { catalogue }),
    });
    if (!started.ok) throw new Error(started.failure.message);
    return started.value;
  };
  let served = await start(0);
  const browser: Browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
  const complaints: string[] = [];
  return {
    get served() {
      return served;
    },
    complaints,
    end: async (anew) => {
      const port = Number(new URL(served.url).port);
      await served.close();
      if (anew === undefined) return;
      await anew();
      served = await start(port);
    },
    open: async (link = served.link, scheme = 'dark', newcomer = false) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        colorScheme: scheme,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      if (!newcomer)
        await context.addInitScript(() => {
          const kept = window.localStorage.getItem('quarterdeck-settings') ?? '{}';
          window.localStorage.setItem('quarterdeck-settings', JSON.stringify({ ...(JSON.parse(kept) as object), toured: true }));
        });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complaints.push(`${message.text()} ${message.location().url}`.trim());
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
