import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { WEB_ROOT } from '../../agents/host/serve.ts';

/** What the page had to read before somebody could use it. */
export interface Weight {
  /** Bytes of JavaScript after gzip, of all files the browser asked for until the first view stood. */
  readonly scripts: number;
  readonly files: number;
  /** From the navigation until the frame with its first view stood, milliseconds. */
  readonly usableMs: number;
}

const FIRST_VIEW = '.frame #content > :not(.loading)';

/** Of a page that was opened on the built files of this checkout, at its first view. */
export async function weigh(page: Page): Promise<Weight> {
  await page.locator(FIRST_VIEW).first().waitFor({ timeout: 60_000 });
  const { urls, usableMs } = await page.evaluate(() => ({
    urls: performance.getEntriesByType('resource').map((e) => e.name),
    usableMs: performance.now(),
  }));
  const scripts = [...new Set(urls.map((url) => new URL(url).pathname).filter((path) => path.endsWith('.js')))];
  return {
    scripts: scripts.map((path) => gzipSync(readFileSync(join(WEB_ROOT, path))).length).reduce((a, b) => a + b, 0),
    files: scripts.length,
    usableMs,
  };
}
