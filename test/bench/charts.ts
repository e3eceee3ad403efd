import type { Page } from 'playwright-core';
import type { SeriesDatabase } from '../../agents/host/series/series-database.ts';
import { noBrowser, setStage } from '../ui/browser.ts';
import { POD, metricsCluster } from '../ui/metrics-cluster.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

const LINES = 10;
const DAYS = 7;
const EVERY_MS = 15_000;
const OPENINGS = 5;
const PANS = 240;
const HOUR = 3_600_000;
const CHART = '.chart[aria-label="Memory"]';
const WAIT = { timeout: 120_000 };

function fill(db: SeriesDatabase, now: number): void {
  for (let line = 0; line < LINES; line++) {
    const id = db.id('one', {
      __name__: 'container_memory_bytes',
      namespace: 'shop',
      workload: 'Deployment/web',
      pod: POD,
      container: `container-${line}`,
    });
    const at = Float64Array.from({ length: (DAYS * 24 * HOUR) / EVERY_MS }, (_, i) => now - DAYS * 24 * HOUR + i * EVERY_MS);
    db.append(
      new Float64Array(at.length).fill(id),
      at,
      at.map((t) => (100 + 20 * line) * 2 ** 20 + 2 ** 23 * Math.sin(t / 1e7 + line) + 2 ** 21 * Math.sin(t / 3e4)),
    );
  }
}

interface Panned {
  readonly worst: number;
  readonly middle: number;
  readonly longest: number;
  readonly busy: number;
}

/** A chart of a week of ten series, one value each 15 seconds, in Chromium through the real host: how soon it is there, and whether it can be moved. */
export async function benchCharts(): Promise<void> {
  if (noBrowser !== undefined) return void process.stdout.write(`${noBrowser}\n`);
  const cluster = await metricsCluster(fill);
  const stage = await setStage({ protectedContexts: [], kubeconfig: cluster.kubeconfig, dataDir: cluster.dataDir });
  const { client } = stage.served.running.app;
  await client.cluster.connect({ context: 'one' });
  const page = await stage.open();
  await page.locator('.frame').waitFor(WAIT);
  const opened: number[] = [];
  // The first brings the code of charts, which the others have.
  for (let i = 0; i <= OPENINGS; i++) opened.push(await open(page));
  const [first = 0, ...warm] = opened;
  const answered: number[] = [];
  for (let i = 0; i < OPENINGS; i++) answered.push(await answer(client));
  const { points, wide } = await page.locator(`${CHART} .chart-surface`).evaluate((surface) => {
    return (surface as unknown as { plot: { drawn: () => { points: number; wide: number } } }).plot.drawn();
  });
  const panned = await pan(page);
  await stage.close();
  await cluster.close();
  const samples = (LINES * DAYS * 24 * HOUR) / EVERY_MS;
  process.stdout.write(
    `\na chart of ${DAYS} days, ${LINES} series of a value each ${EVERY_MS / 1_000} s: ${samples.toLocaleString('en')} samples\n${table(
      ['measure', 'found', 'at most'],
      [
        ['from the address to the drawn chart, first time', `${Math.round(first)} ms`, ''],
        [`from the address to the drawn chart, median of ${OPENINGS}`, `${Math.round(median(warm))} ms`, ''],
        [`  of it the host’s answer, median of ${OPENINGS}`, `${Math.round(median(answered))} ms`, ''],
        ['points a pixel of a line', (points / Math.max(1, wide)).toFixed(2), '2'],
        [`worst frame while it is moved ${PANS} times`, `${Math.round(panned.worst)} ms`, '50 ms'],
        ['median frame', `${panned.middle.toFixed(1)} ms`, '18 ms'],
        ['longest time without an ear for keys', `${Math.round(panned.longest)} ms`, '50 ms'],
        ['processor time of a drawing, all charts of the page', `${panned.busy.toFixed(1)} ms`, ''],
      ],
    )}\n`,
  );
}

async function open(page: Page): Promise<number> {
  await page.evaluate(() => void (window.location.hash = '#/feed'));
  await page.locator('.feed').waitFor(WAIT);
  return await page.evaluate(
    async ([hash, chart]) => {
      const begun = performance.now();
      window.location.hash = hash ?? '';
      const drawn = () => (document.querySelector(`${chart ?? ''} .chart-surface`) as { plot?: unknown } | null)?.plot !== undefined;
      while (!drawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - begun;
    },
    [`#/explore/pods/one/shop/${POD}?tab=metrics&range=7d`, CHART],
  );
}

type Client = Awaited<ReturnType<typeof setStage>>['served']['running']['app']['client'];
async function answer(client: Client): Promise<number> {
  const now = Date.now();
  const begun = performance.now();
  await client.metrics.chart({
    context: 'one',
    start: new Date(now - DAYS * 24 * HOUR).toISOString(),
    end: new Date(now).toISOString(),
    step: 1_200,
    of: [`container_memory_bytes{pod="${POD}"}`],
  });
  return performance.now() - begun;
}

/** By hand, back and forth, a step a frame. */
async function pan(page: Page): Promise<Panned> {
  const surface = page.locator(`${CHART} .chart-surface`);
  await surface.scrollIntoViewIfNeeded();
  const box = await surface.boundingBox();
  if (box === null) throw new Error('the chart is not on the page');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busySeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0;
  };
  const before = await busySeconds();
  const seen = await page.evaluate(
    async ([moves, x, y, wide]) => {
      const target = document.elementFromPoint(x!, y!) ?? document.body;
      const say = (type: string, at: number) =>
        target.dispatchEvent(
          new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0, buttons: 1, clientX: at, clientY: y!, isPrimary: true }),
        );
      let longest = 0;
      const tasks = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
      });
      tasks.observe({ type: 'longtask' });
      // No pointer of a machine is behind it, so it cannot be captured; all events go to the chart by themselves.
      Element.prototype.setPointerCapture = () => undefined;
      say('pointerdown', x!);
      const frames: number[] = [];
      let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      for (let i = 1; i <= moves!; i++) {
        say('pointermove', x! + (wide! / 3) * Math.sin(i / 20));
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        frames.push(now - last);
        last = now;
      }
      say('pointerup', x!);
      tasks.disconnect();
      frames.sort((a, b) => a - b);
      return { worst: frames.at(-1) ?? 0, middle: frames[Math.floor(frames.length / 2)] ?? 0, longest };
    },
    [PANS, box.x + box.width / 2, box.y + box.height / 2, box.width],
  );
  const busy = ((await busySeconds()) - before) * 1_000;
  await session.detach();
  return { ...seen, busy: busy / PANS };
}
