import { hierarchy, treemap, treemapBinary } from 'd3-hierarchy';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { FleetModel } from '../../renderer/map/fleet-model.ts';
import { groupsOf, plotsOf } from '../../renderer/map/fleet-plots.ts';
import { podRect, rectIn, roomOf, rootRect, walk } from '../../renderer/map/geometry.ts';
import { layOut } from '../../renderer/map/layout.ts';
import { madeFleet, madeRow } from '../../renderer/map/made-fleet.ts';
import { type Stage, noBrowser, setStage } from '../ui/browser.ts';
import { startFleet } from './fleet/fleet.ts';
import { STORM_EVERY_MS, frameDelay, heapOf, watchTasks } from './page-storm.ts';
import { median } from './reading/measure.ts';
import { recordFleet } from './recorded-fleet.ts';
import { table } from './table.ts';

const RUNS = 5;
const ASPECT = 1.6;
const SCREEN = { w: 1600, h: 1000 };
const PAN_SECONDS = 6;
const STORM_SECONDS = 60;
const CHANGES_A_SECOND = 1_000;
interface Sized {
  readonly size: number;
  readonly children: readonly Sized[];
}
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

/** The map: laying out, the first picture, moving about, and a storm of changes; the last three in Chromium. */
export async function benchMap(): Promise<void> {
  const rows: string[][] = [...layouts()];
  if (noBrowser !== undefined) process.stdout.write(`${noBrowser}\n`);
  else rows.push(...(await pictures()), ...(await storms()));
  process.stdout.write(`\nthe fleet map, medians of ${RUNS}\n${table(['measure', 'found', 'at most'], rows)}\n`);
}

function layouts(): string[][] {
  const timed = (run: () => void): number => {
    run();
    return median(
      Array.from({ length: RUNS }, () => {
        const begun = performance.now();
        run();
        return performance.now() - begun;
      }),
    );
  };
  const plots = (clusters: number, namespaces: number, workloads: number, pods: number) => {
    const model = new FleetModel();
    const parts = madeFleet(clusters, namespaces, workloads, pods);
    for (const part of parts) model.take(part);
    const groups = groupsOf(
      parts.map((p) => madeRow(p.context)),
      model,
    );
    return plotsOf(groups);
  };
  const many = plots(20, 100, 50, 1);
  const own = timed(() => void layOut(many, ASPECT));
  const theirs = timed(() => {
    const root = hierarchy<Sized>({ size: 0, children: many }).sum((d) => (d.children.length > 0 ? 0 : Math.max(1, Math.sqrt(d.size))));
    treemap<Sized>().tile(treemapBinary).size([ASPECT, 1])(root);
  });
  const crowded = plots(10, 40, 25, 5);
  let pods = 0;
  const withPods = timed(() => {
    pods = 0;
    walk(layOut(crowded, ASPECT), rootRect({ x: 0, y: 0, zoom: 1 }, SCREEN), (box, rect) => {
      if (box.item.level !== 'workload') return true;
      const room = roomOf('workload', rectIn(rect, { ...box, x: 0, y: 0, w: 1, h: 1 }));
      const count = box.item.podHealth.length;
      for (let n = 0; n < count; n++) podRect(room, box, count, n);
      pods += count;
      return false;
    });
  });
  return [
    ['laying out 100,000 workloads in 20 clusters', ms(own), '50 ms'],
    ['  the same by d3-hierarchy (treemapBinary)', ms(theirs), ''],
    [`laying out 10,000 workloads, with the place of each of ${pods.toLocaleString('en')} pods`, ms(withPods), '50 ms'],
  ];
}

/** What is on the canvas, as its page says. */
interface Seen {
  readonly complete: number;
  readonly first: number;
}

async function pictures(): Promise<string[][]> {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-map-'));
  const { dataDir, kubeconfig } = await recordFleet(dir, 15, 10_000);
  const seen: Seen[] = [];
  let moved = { median: NaN, worst: NaN, pods: NaN, boxes: NaN };
  try {
    for (let i = 0; i < RUNS; i++) {
      const stage = await setStage({ protectedContexts: [], kubeconfig, dataDir });
      const page = await stage.open('about:blank');
      await page.goto(stage.served.link);
      seen.push(await page.evaluate(firstPictures));
      if (i === RUNS - 1) moved = await moveAbout(page);
      await stage.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return [
    ['from the link to the first clusters drawn, 15 clusters x 10,000 pods remembered', ms(median(seen.map((s) => s.first))), '1,000 ms'],
    ['  to all 150,000 pods drawn', ms(median(seen.map((s) => s.complete))), ''],
    [
      `panning and zooming with ${moved.boxes + moved.pods} visible cells: median`,
      `${Math.round(1_000 / moved.median)} fps`,
      '(at least) 55 fps',
    ],
    ['  slowest frame', ms(moved.worst), '50 ms'],
  ];
}

/** Runs in the page. Milliseconds since the navigation. */
async function firstPictures(): Promise<Seen> {
  type Box = { item: { level: string; sites?: unknown }; children: Box[] };
  const stage = () =>
    (document.querySelector('.map-canvas') as unknown as { stage?: { boxes: Box[]; drawn: { frames: number } } } | null)?.stage;
  let first = NaN;
  for (;;) {
    const now = stage();
    if (now !== undefined && now.drawn.frames > 0) {
      const filled = now.boxes.filter((b) => b.children.length > 0).length;
      if (filled > 0 && Number.isNaN(first)) first = performance.now();
      if (filled === 15) return { first, complete: performance.now() };
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Goes in until there are 5,000 cells in sight, then pans and zooms in every frame, and says how long frames took. */
function moveAbout(page: Page) {
  return page.evaluate(async (seconds) => {
    type MapStage = {
      pan(x: number, y: number): void;
      zoom(f: number): void;
      paintNow(): void;
      drawn: { boxes: number; pods: number };
      size: { w: number; h: number };
    };
    const { stage } = document.querySelector('.map-canvas') as unknown as { stage: MapStage };
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let i = 0; i < 40 && stage.drawn.boxes + stage.drawn.pods < 5_000; i++) {
      stage.zoom(1.15);
      await frame();
      await frame();
    }
    const { boxes, pods } = stage.drawn;
    const took: number[] = [];
    let before = await frame();
    const end = before + seconds * 1_000;
    for (let i = 0; before < end; i++) {
      stage.pan(Math.sin(i / 20) * 12, Math.cos(i / 27) * 9);
      stage.zoom(i % 60 < 30 ? 1.006 : 1 / 1.006);
      const now = await frame();
      took.push(now - before);
      before = now;
    }
    const sorted = [...took].sort((a, b) => a - b);
    return { median: sorted[Math.floor(sorted.length / 2)] ?? NaN, worst: sorted.at(-1) ?? NaN, pods, boxes };
  }, PAN_SECONDS);
}

/** Changes of objects and entries of the log at once, while somebody looks at the map and types. */
async function storms(): Promise<string[][]> {
  const fleet = await startFleet({ clusters: 2, podsEach: 3_000, streams: true });
  let stage: Stage | undefined;
  try {
    stage = await setStage({ protectedContexts: [], kubeconfig: fleet.kubeconfig });
    const { client } = stage.served.running.app;
    await Promise.all(['c0', 'c1'].map((context) => client.cluster.connect({ context })));
    const page = await stage.open();
    await page.locator('.map-legend', { hasText: '6,000 pods' }).waitFor({ timeout: 120_000 });
    await watchTasks(page);
    const before = await heapOf(page);
    const frames = () =>
      page.evaluate(
        () => (document.querySelector('.map-canvas') as unknown as { stage: { drawn: { frames: number } } }).stage.drawn.frames,
      );
    const framesBefore = await frames();
    const end = Date.now() + STORM_SECONDS * 1_000;
    const churned = fleet.churn(CHANGES_A_SECOND, STORM_SECONDS);
    let events = 0;
    const rain = (async () => {
      while (Date.now() < end) {
        await client.agents[events % 2 === 0 ? 'pause' : 'resume']({ id: 'troubleshooting', by: 'storm' });
        events++;
        await new Promise((resolve) => setTimeout(resolve, STORM_EVERY_MS));
      }
    })();
    const delays: number[] = [];
    while (Date.now() < end) delays.push(await page.evaluate(frameDelay));
    const changes = await churned;
    await rain;
    const { commits, longest } = await page.evaluate(() => (window as unknown as { seen: { commits: number; longest: number } }).seen);
    const drawn = (await frames()) - framesBefore;
    const grown = (await heapOf(page)) - before;
    delays.sort((a, b) => a - b);
    return [
      [
        `${changes.toLocaleString('en')} changes of objects and ${events.toLocaleString('en')} events in ${STORM_SECONDS} s: commits a second`,
        (commits / STORM_SECONDS).toFixed(1),
        '20',
      ],
      ['  pictures of the map a second', (drawn / STORM_SECONDS).toFixed(1), ''],
      ['  longest time without an ear for keys', ms(longest), '100 ms'],
      ['  wait for a frame: median, worst', `${ms(median(delays))}, ${ms(delays.at(-1) ?? NaN)}`, '100 ms'],
      ['  growth of the heap, after collection', `${(grown / 1e6).toFixed(1)} MB`, 'flat'],
    ];
  } finally {
    await stage?.close();
    await fleet.close();
  }
}
