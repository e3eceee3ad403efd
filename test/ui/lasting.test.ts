import { type Server, type Socket, connect, createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** What may happen to a page that stays open for days: another tab, a token that ends, a host that dies, a sleep, no host at all. */

const WAIT = { timeout: 60_000 };

describe.skipIf(noBrowser !== undefined)('a page that stays open', () => {
  let stage: Stage;
  let page: Page;
  const client = () => stage.served.running.app.client;
  const go = (of: Page, hash: string) => of.evaluate((h) => void (window.location.hash = h), hash);
  const mark = async (...colors: readonly ('red' | 'green' | 'blue')[]) => {
    for (const color of colors) await client().contexts.mark({ context: 'demo-tempest', color, by: 'somebody' });
  };
  /** All entries of the feed, newest first, read by scrolling through it: only what is in view is drawn. */
  const entries = async (of: Page) =>
    of.locator('ol.feed').evaluate(async (list) => {
      const seen = new Map<number, string>();
      const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      for (let top = 0; ; top += list.clientHeight / 2) {
        list.scrollTop = top;
        await drawn();
        const shown = [...list.querySelectorAll('.entry')].map((e) => Number(e.querySelector('.seq')?.textContent));
        if (new Set(shown).size !== shown.length) throw new Error(`twice in view: ${shown.join(' ')}`);
        for (const e of list.querySelectorAll('.entry')) seen.set(Number(e.querySelector('.seq')?.textContent), e.textContent);
        if (top + list.clientHeight >= list.scrollHeight) break;
      }
      list.scrollTop = 0;
      return [...seen].sort(([a], [b]) => b - a).map(([seq, text]) => ({ seq, text }));
    });
  /** Waits until an entry of the feed says that. */
  const told = (of: Page, words: string) =>
    expect.poll(async () => (await entries(of)).some((e) => e.text.includes(words)), { timeout: 60_000, message: words }).toBe(true);
  /** One after another, none left out; none twice is seen while they are read. */
  const unbroken = async (of: Page) => {
    const seqs = (await entries(of)).map((e) => e.seq);
    expect(seqs.length).toBeGreaterThan(3);
    expect(seqs).toEqual(seqs.map((_, n) => (seqs[0] ?? 0) - n));
  };
  const tokenFor = async (name: string, lastsMs?: number) => {
    const expires = lastsMs === undefined ? {} : { expires: new Date(Date.now() + lastsMs).toISOString() };
    return (await client().tokens.create({ name, scope: 'admin', by: 'somebody', ...expires })).value;
  };

  beforeAll(async () => {
    stage = await setStage({ protectedContexts: [] });
    page = await stage.open();
    await page.locator('.frame').waitFor(WAIT);
  }, 240_000);
  afterAll(() => stage?.close());

  test('a second tab of it needs no link, and hears of what is decided in the first', async () => {
    await go(page, '#/approvals');
    await page.locator('.list a', { hasText: 'Select app=cart' }).waitFor(WAIT);
    await page.keyboard.press('Control+k');
    await page.locator('.palette input').fill('another window');
    const opened = page.context().waitForEvent('page');
    await page.getByRole('option', { name: 'Open another window' }).click(WAIT);
    const second = await opened;
    await second.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
    await second.getByRole('button', { name: 'Approve' }).waitFor(WAIT);
    await page.locator('.list a', { hasText: 'Select app=cart' }).click(WAIT);
    await page.getByRole('button', { name: 'Reject…' }).click(WAIT);
    await page.getByLabel('Why not?').fill('from the first tab');
    await page.getByRole('button', { name: 'Reject', exact: true }).click(WAIT);
    await second.locator('.road .end', { hasText: 'from the first tab' }).waitFor(WAIT);
    expect(await second.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await second.close();
  });

  test('a token that ends while the page is open: it says so, keeps what was known, and goes on with another one', async () => {
    const short = await stage.open(`${stage.served.url}/#token=${await tokenFor('short', 15_000)}`);
    await go(short, '#/feed?by=time');
    await short.locator('.entry').first().waitFor(WAIT);
    await short.locator('.banner.lost', { hasText: 'token is over' }).waitFor(WAIT);
    expect(await short.locator('.entry').count()).toBeGreaterThan(3);
    await short.getByLabel('Or a link, or a token').fill(`${stage.served.url}/#token=${await tokenFor('long')}`);
    await short.getByRole('button', { name: 'Open', exact: true }).click();
    await short.locator('.status', { hasText: 'live' }).waitFor(WAIT);
    await told(short, 'somebody made the token long');
    await short.context().close();
  });

  test('a host that dies and is started again: it says so, reconnects by itself, and the feed has no gap and no double', async () => {
    const lasting = await stage.open(`${stage.served.url}/#token=${await tokenFor('lasting')}`);
    await go(lasting, '#/feed?by=time');
    await told(lasting, 'the token lasting');
    await mark('red');
    // Other screens are on the device by then.
    await lasting.evaluate(async () => void (await navigator.serviceWorker.ready));
    await stage.end(async () => {
      await lasting.locator('.banner.lost', { hasText: 'Connection lost' }).waitFor(WAIT);
      await go(lasting, '#/approvals');
      await lasting.locator('.plan[data-state="awaitingApproval"]').waitFor(WAIT);
      expect(await lasting.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
      await go(lasting, '#/feed?by=time');
    });
    await mark('green', 'blue');
    await lasting.locator('.banner.lost').waitFor({ ...WAIT, state: 'detached' });
    await told(lasting, 'somebody marked demo-tempest: blue');
    await told(lasting, 'Quarterdeck stopped');
    await unbroken(lasting);
    expect((await entries(lasting)).filter((e) => e.text.includes('somebody marked demo-tempest'))).toHaveLength(3);
    await lasting.context().close();
  }, 180_000);

  test('a laptop that slept: the line is silent and nobody says that it is over; it is given up, and what was missed is there', async () => {
    const sleeper = new SleepyLine(stage.served.url);
    const awake = await stage.open(`${await sleeper.open()}/#token=${await tokenFor('sleeper')}`);
    await go(awake, '#/feed?by=time');
    await told(awake, 'the token sleeper');
    sleeper.sleep();
    await mark('green', 'red');
    await awake.locator('.banner.lost', { hasText: 'has not answered for a while' }).waitFor(WAIT);
    sleeper.wake();
    await awake.locator('.banner.lost').waitFor({ ...WAIT, state: 'detached' });
    await told(awake, 'somebody marked demo-tempest: red');
    await unbroken(awake);
    await awake.context().close();
    await sleeper.close();
  }, 180_000);

  test('a phone keeps the page itself: without its host it opens and says so; no answer and no token is kept', async () => {
    const phone = await stage.open(stage.served.link);
    await phone.setViewportSize({ width: 390, height: 844 });
    await phone.locator('.frame').waitFor(WAIT);
    await go(phone, '#/settings/device');
    await phone.getByLabel('Stay signed in on this device').check();
    const manifest = await phone.evaluate(async () => {
      const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]');
      return (await (await fetch(link?.href ?? '')).json()) as { display: string; icons: { src: string }[] };
    });
    expect(manifest).toMatchObject({
      display: 'standalone',
      icons: [{ src: '/icon-192.png' }, { src: '/icon-512.png' }, { src: '/icon-512.png' }],
    });
    await phone.evaluate(async () => void (await navigator.serviceWorker.ready));
    const kept = () =>
      phone.evaluate(async () => {
        const names = await caches.keys();
        const urls = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((r) => r.url)));
        return { names, urls: urls.flat() };
      });
    await expect.poll(async () => (await kept()).urls.length).toBeGreaterThan(5);
    // Everything a phone is for has been looked at before the host goes.
    for (const place of ['incidents', 'approvals', 'feed']) {
      await go(phone, `#/${place}`);
      await phone.locator('#content > :not(.loading)').first().waitFor(WAIT);
    }
    const { names, urls } = await kept();
    expect(names).toHaveLength(1);
    expect(urls.filter((url) => !/^\/(assets\/[^/?]+|icon-\d+\.png|manifest\.json)?$/.test(url.replace(stage.served.url, '')))).toEqual([]);
    expect(urls.join(' ')).not.toContain('token');

    await stage.end();
    const again = await phone.context().newPage();
    await again.goto(`${stage.served.url}/#/approvals`);
    await again.getByRole('heading', { name: 'Quarterdeck does not answer' }).waitFor(WAIT);
    expect(await again.locator('.whole').textContent()).toContain('This page itself is kept on the device');
    expect(await again.evaluate(() => document.fonts.check('16px "Inter Variable"'))).toBe(true);
  });

  test('no page broke its policy or a rule of React', () => {
    // What the browser says of hosts that are away and tokens that are over.
    expect(stage.complaints.filter((c) => !/Failed to load resource|net::ERR/.test(c))).toEqual([]);
  });
});

/** Stands between a page and the host, at the other loopback address and the same port, and can fall silent without closing anything. */
class SleepyLine {
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #asleep = false;

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
    this.#server = createServer((socket) => {
      const host = connect(this.#port, '127.0.0.1');
      for (const [from, to] of [
        [socket, host],
        [host, socket],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk) => this.#asleep || to.write(chunk));
        from.on('close', () => (this.#sockets.delete(from), this.#asleep || to.destroy()));
        from.on('error', () => undefined);
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(this.#port, '::1', done);
    });
    return `http://[::1]:${this.#port}`;
  }

  sleep(): void {
    this.#asleep = true;
  }

  /** What was open is as it was: silent for ever. Only what begins now is carried. */
  wake(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data');
    this.#asleep = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
