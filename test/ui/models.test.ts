import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../agents/contract/index.ts';
import { tinyModel } from '../../models/testing/gguf-bytes.ts';
import { startHub } from '../../models/testing/hub.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** Models in the settings: fetched from a server of this machine, seen coming, stopped, gone on with, used, taken in and deleted. */

const WAIT = { timeout: 60_000 };
const FILE = tinyModel('llama', 400_000);
const sum = (file: Buffer) => createHash('sha256').update(file).digest('hex');
const entry = (name: string, title: string, sha256: string): CatalogueEntry => ({
  name,
  title,
  purpose: 'instruct',
  size: 'small',
  file: `${name}.gguf`,
  path: `some/${name}.gguf`,
  bytes: FILE.length,
  sha256,
  licence: 'Apache-2.0',
  goodFor: 'Trying out.',
  promptFormat: 'none',
  memoryBytes: 10_000_000,
});
const CATALOGUE = [entry('good', 'A good one', sum(FILE)), entry('swapped', 'A swapped one', '0'.repeat(64))];

describe.skipIf(noBrowser !== undefined)('models', () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-models-ui-'));
  let stage: Stage;
  let page: Page;
  let hub: Awaited<ReturnType<typeof startHub>>;
  /** Half of the file comes, and then nothing more. */
  let slow = true;
  const row = (title: string) => page.getByRole('list', { name: 'For words' }).locator('li', { hasText: title });

  beforeAll(async () => {
    hub = await startHub({
      file: FILE,
      states: null,
      answer: (request, response) => {
        if (!slow || !(request.url ?? '').startsWith('/store/')) return false;
        response.writeHead(200, { 'content-length': String(FILE.length), etag: `"${sum(FILE)}"` });
        const half = Math.floor(FILE.length / 2);
        const piece = half / 100;
        let at = 0;
        // In pieces, as a network brings it; the second half never comes.
        const timer = setInterval(() => {
          if (at + piece > half || response.destroyed) clearInterval(timer);
          else response.write(FILE.subarray(Math.floor(at), Math.floor((at += piece))));
        }, 10);
        return true;
      },
    });
    stage = await setStage({ protectedContexts: [], catalogue: CATALOGUE });
    await stage.served.running.app.client.models.set({ mirror: hub.url });
    page = await stage.open();
    await page.evaluate(() => void (window.location.hash = '#/settings/models-place'));
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await hub?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('one is fetched: how far it is can be seen, it is stopped, and goes on where it was', async () => {
    await page.getByRole('button', { name: 'Fetch A good one' }).click(WAIT);
    const bar = row('A good one').getByRole('progressbar');
    await bar.waitFor(WAIT);
    await expect.poll(() => bar.evaluate((e: HTMLProgressElement) => e.value / e.max), WAIT).toBeGreaterThan(0.3);
    expect(await barriers(page)).toEqual([]);
    await stage.picture(page, 'models-coming');
    await page.getByRole('button', { name: 'Stop fetching A good one' }).click();
    const goOn = page.getByRole('button', { name: /^Go on, .* are here: A good one$/ });
    await goOn.waitFor(WAIT);
    slow = false;
    await goOn.click();
    await page.getByRole('button', { name: 'Use A good one' }).waitFor(WAIT);
    expect(hub.asked.some((a) => /bytes=[1-9]/.test(a.range ?? ''))).toBe(true);
  });

  test('a file with another sum than the one that is known is not kept, and why is said', async () => {
    await page.getByRole('button', { name: 'Fetch A swapped one' }).click(WAIT);
    await row('A swapped one').locator('.problem', { hasText: 'sha256' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Fetch A swapped one' }).waitFor(WAIT);
    await stage.picture(page, 'models-refused');
  });

  test('it is used, and used no more', async () => {
    const { client } = stage.served.running.app;
    const used = async () => (await client.models.list({})).models.filter((m) => m.inUse && m.purpose === 'instruct').map((m) => m.name);
    await page.getByRole('button', { name: 'Use A good one' }).click(WAIT);
    await row('A good one').getByText('in use').waitFor(WAIT);
    expect(await used()).toEqual(['good']);
    await page.getByRole('button', { name: 'Use none' }).click();
    await page.getByRole('button', { name: 'Use A good one' }).waitFor(WAIT);
    expect(await used()).toEqual([]);
  });

  test('a file of one’s own is taken in; what is no model is refused in words', async () => {
    const [own, other] = [join(dir, 'own-words.gguf'), join(dir, 'letter.gguf')];
    writeFileSync(own, tinyModel('llama', 8_192));
    writeFileSync(other, 'Dear harbour master');
    const form = page.getByRole('form', { name: 'Take in a model file' });
    await form.getByRole('textbox').fill(other);
    await form.getByRole('button', { name: 'Take it in' }).click();
    await form.locator('.problem').waitFor(WAIT);
    await form.getByRole('textbox').fill(own);
    await form.getByRole('button', { name: 'Take it in' }).click();
    await row('tiny llama').waitFor(WAIT);
  });

  test('one is deleted, and can be fetched again', async () => {
    await page.getByRole('button', { name: 'Delete A good one' }).click(WAIT);
    await page.getByRole('button', { name: 'Fetch A good one' }).waitFor(WAIT);
    const { models } = await stage.served.running.app.client.models.list({});
    expect(models.find((m) => m.name === 'good')?.state).toBe('absent');
  });

  test('no page broke its policy or a rule of React', () => expect(stage.complaints.filter((c) => !/status of 4/.test(c))).toEqual([]));
});
