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
import { frameDelay, heapOf, rain, seenIn, watchTasks } from './page-storm.ts';
import { type Processor, atRest, watchProcessor } from './processor.ts';
import { median } from './reading/measure.ts';
import { recordFleet } from './recorded-fleet.ts';
import { table } from './table.ts';

const RUNS = 5;
const ASPECT = 1.6;
const SCREEN = { w: 1600, h: 1000 };
const TOURS = 5;
const TOUR_SECONDS = 4;
const STORM_SECONDS = 60;
const CHANGES_A_SECOND = 1_000;
/** One change in ten is seen on the map. */
const SEEN_ONES = 10;
/** The map, as its canvas gives it to who looks. */
interface MapStage {
  pan(x: number, y: number): void;
  zoom(factor: number): void;
  readonly drawn: { readonly boxes: number; readonly pods: number; readonly frames: number };
}
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
  const timed = (run: () => void): string => {
    run();
    const [clock, processor]: [number[], number[]] = [[], []];
    for (let i = 0; i < RUNS; i++) {
      const [begun, spent] = [performance.now(), process.threadCpuUsage()];
      run();
      const { user, system } = process.threadCpuUsage(spent);
      clock.push(performance.now() - begun);
      processor.push((user + system) / 1_000);
    }
    return `${ms(median(clock))}, ${ms(median(processor))}`;
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
    ['laying out 100,000 workloads in 20 clusters: clock, processor', own, '50 ms'],
    ['  the same by d3-hierarchy (treemapBinary)', theirs, ''],
    [`laying out 10,000 workloads, with the place of each of ${pods.toLocaleString('en')} pods`, withPods, '50 ms'],
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
  const seen: (Seen & { readonly processor: Processor })[] = [];
  const again: Seen[] = [];
  const tours: Tour[] = [];
  try {
    for (let i = 0; i < RUNS; i++) {
      const stage = await setStage({ protectedContexts: [], kubeconfig, dataDir });
      const page = await stage.open('about:blank');
      await page.goto(stage.served.link, { waitUntil: 'commit' });
      const spent = await watchProcessor(page);
      seen.push({ ...(await page.evaluate(firstPictures)), processor: await spent() });
      await atRest();
      const second = await stage.open('about:blank');
      await second.goto(stage.served.link, { waitUntil: 'commit' });
      again.push(await second.evaluate(firstPictures));
      await second.close();
      if (i === RUNS - 1) for (let n = 0; n < TOURS; n++) tours.push(await tour(page));
      await stage.close();
      say(`opened ${i + 1} of ${RUNS}`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const of = (pick: (one: Tour) => number) => median(tours.map(pick));
  return [
    [
      'from the link to the first clusters drawn, 15 clusters x 10,000 pods remembered: an app that runs',
      ms(median(again.map((s) => s.first))),
      '1,000 ms',
    ],
    ['  to all 150,000 pods drawn', ms(median(again.map((s) => s.complete))), ''],
    ['the same while the app itself is starting: first clusters', ms(median(seen.map((s) => s.first))), '1,000 ms'],
    ['  to all 150,000 pods drawn', ms(median(seen.map((s) => s.complete))), ''],
    ['  processor time of the page for that', ms(median(seen.map((s) => s.processor.page))), ''],
    [
      `panning and zooming with ${of((t) => t.cells).toLocaleString('en')} visible cells, ${TOURS} times: median`,
      `${Math.round(1_000 / of((t) => t.median))} fps`,
      '(at least) 55 fps',
    ],
    ['  slowest frame: of the middle tour, of all', `${ms(of((t) => t.worst))}, ${ms(Math.max(...tours.map((t) => t.worst)))}`, '50 ms'],
    ['  processor time a frame: the page, the whole browser', `${ms(of((t) => t.frame.page))}, ${ms(of((t) => t.frame.browser))}`, '18 ms'],
  ];
}

/** Where the bench is, for who waits for it. */
const say = (words: string): void => void process.stderr.write(`map: ${words}\n`);

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

interface Tour {
  readonly cells: number;
  readonly median: number;
  readonly worst: number;
  readonly frame: Processor;
}

/** Goes in until there are 5,000 cells in sight, then pans and zooms in every frame, and says how long frames took. */
async function tour(page: Page): Promise<Tour> {
  const cells = await page.evaluate(async () => {
    const { stage } = document.querySelector('.map-canvas') as unknown as { stage: MapStage };
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const seen = () => stage.drawn.boxes + stage.drawn.pods;
    for (let i = 0; i < 40 && seen() < 5_000; i++) {
      stage.zoom(1.15);
      await frame();
      await frame();
    }
    return seen();
  });
  const spent = await watchProcessor(page);
  const took = await page.evaluate(async (seconds) => {
    const { stage } = document.querySelector('.map-canvas') as unknown as { stage: MapStage };
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    let before = await frame();
    const end = before + seconds * 1_000;
    for (let i = 0; before < end; i++) {
      stage.pan(Math.sin(i / 20) * 12, Math.cos(i / 27) * 9);
      stage.zoom(i % 60 < 30 ? 1.006 : 1 / 1.006);
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    return frames;
  }, TOUR_SECONDS);
  const { page: own, browser } = await spent();
  return { cells, median: median(took), worst: Math.max(...took), frame: { page: own / took.length, browser: browser / took.length } };
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
    // The collection that this asks for is no task of the page.
    const before = await heapOf(page);
    await watchTasks(page);
    const frames = () =>
      page.evaluate(
        () => (document.querySelector('.map-canvas') as unknown as { stage: { drawn: { frames: number } } }).stage.drawn.frames,
      );
    const framesBefore = await frames();
    const spent = await watchProcessor(page);
    let over = false;
    const storming = Promise.all([fleet.churn(CHANGES_A_SECOND, STORM_SECONDS, SEEN_ONES), rain(stage, STORM_SECONDS)]).finally(
      () => (over = true),
    );
    const delays: number[] = [];
    while (!over) delays.push(await page.evaluate(frameDelay));
    const [changes, events] = await storming;
    const processor = await spent();
    const { commits, longest } = await seenIn(page);
    const drawn = (await frames()) - framesBefore;
    const grown = (await heapOf(page)) - before;
    delays.sort((a, b) => a - b);
    const each = (count: number) => (count / STORM_SECONDS).toFixed(1);
    return [
      [
        `${changes.toLocaleString('en')} changes of objects and ${events.toLocaleString('en')} events in ${STORM_SECONDS} s: commits a second`,
        each(commits),
        '20',
      ],
      ['  pictures of the map a second', each(drawn), ''],
      ['  longest time without an ear for keys', ms(longest), '100 ms'],
      ['  wait for a frame: median, worst', `${ms(median(delays))}, ${ms(delays.at(-1) ?? NaN)}`, '100 ms'],
      ['  processor time of the page, of one core', `${Math.round(processor.page / STORM_SECONDS / 10)} %`, ''],
      ['  growth of the heap, after collection', `${(grown / 1e6).toFixed(1)} MB`, 'flat'],
    ];
  } finally {
    await stage?.close();
    await fleet.close();
  }
}
