import { noBrowser, setStage } from '../ui/browser.ts';
import { type Weight, weigh } from '../ui/weight.ts';
import { median } from './reading/measure.ts';
import { storm } from './page-storm.ts';
import { atRest } from './processor.ts';
import { table } from './table.ts';

const RUNS = 5;
const STORM_SECONDS = 20;
const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} KB`;

/** What the page weighs and how soon it can be used, in Chromium on loopback with the demo fleet. */
export async function benchPage(): Promise<void> {
  if (noBrowser !== undefined) {
    process.stdout.write(`${noBrowser}\n`);
    return;
  }
  const stage = await setStage({ protectedContexts: [] });
  const opened = async (): Promise<Weight[]> => {
    const weights: Weight[] = [];
    for (let i = 0; i <= RUNS; i++) {
      const page = await stage.open();
      weights.push(await weigh(page));
      await page.context().close();
    }
    // The first one starts a process of the browser.
    return weights.slice(1);
  };
  const starting = await opened();
  await atRest();
  const running = await opened();
  const open = await stage.open();
  await weigh(open);
  const { events, commitsPerSecond, longestTask, worstFrame, share, heapGrowth } = await storm(stage, open, STORM_SECONDS);
  await stage.close();
  process.stdout.write(
    `\nthe page, ${RUNS} openings without a cache\n${table(
      ['measure', 'found', 'at most'],
      [
        ['JavaScript of the first view, gzip', kilobytes(median(running.map((w) => w.scripts))), '350 KB'],
        ['files of it', String(median(running.map((w) => w.files))), ''],
        ['from the link to the first view, of an app that runs', ms(running), '1,000 ms'],
        ['  while it starts', ms(starting), ''],
        [`events into an open feed in ${STORM_SECONDS} s`, String(events), ''],
        ['drawings a second meanwhile', commitsPerSecond.toFixed(1), '20'],
        ['longest time without an ear for keys', `${Math.round(longestTask)} ms`, '100 ms'],
        ['worst wait for a frame', `${Math.round(worstFrame)} ms`, '100 ms'],
        ['processor time of the page meanwhile, of one core', `${Math.round(share * 100)} %`, ''],
        ['growth of the heap', `${(heapGrowth / 1e6).toFixed(1)} MB`, ''],
      ],
    )}\n`,
  );
}

const ms = (weights: readonly Weight[]): string => `${Math.round(median(weights.map((w) => w.usableMs)))} ms`;
