import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Labels, SeriesDatabase } from '../../../agents/host/series/series-database.ts';
import { median } from '../reading/measure.ts';
import { table } from '../table.ts';
import { Dice } from './dice.ts';

/** A week of metrics as a cluster of some hundred pods has them; `--series N` for fewer. */

const asked = process.argv.includes('--series') ? Number(process.argv[process.argv.indexOf('--series') + 1]) : 2_000;
const EVERY = 15_000;
const DAY = 86_400_000;
const DAYS = 7;
const CHUNK = 480;
const QUERIED = 100;
const RUNS = 7;
const START = Date.UTC(2025, 5, 2);

const labelsOf = (n: number): Labels => ({ __name__: `m${n % 4}`, namespace: 'shop', pod: `web-${n}` });

/** Processor time in ten-thousandths of a core, memory in pages, a counter of bytes, a gauge that hardly moves. */
function valuesOf(n: number): (i: number) => number {
  const dice = new Dice(n);
  let level = dice.between(10_000, 200_000);
  let total = 0;
  const pods = dice.whole(1, 20);
  switch (n % 4) {
    case 0:
      return (i) => Math.round(Math.max(0, 2_000 + 800 * Math.sin(i / 900) + 60 * dice.bell())) / 10_000;
    case 1:
      return () => 4096 * Math.round((level = Math.max(1_000, level + 12 * dice.bell())));
    case 2:
      return () => (total += Math.round(Math.max(0, 1_500 + 90 * dice.bell())));
    default:
      return () => pods + (dice.chance(0.001) ? 1 : 0);
  }
}

export function benchSeries(): void {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-series-'));
  try {
    const db = new SeriesDatabase(join(dir, 'series.db'));
    const points = (DAYS * DAY) / EVERY;
    const begun = performance.now();
    for (let n = 0; n < asked; n++) {
      const value = valuesOf(n);
      const labels = labelsOf(n);
      for (let from = 0; from < points; from += CHUNK)
        db.write(
          'bench',
          Array.from({ length: Math.min(CHUNK, points - from) }, (_, i) => ({
            labels,
            at: START + (from + i) * EVERY,
            value: value(from + i),
          })),
        );
    }
    db.flush();
    const seconds = (performance.now() - begun) / 1000;
    const to = START + DAYS * DAY;
    const query = () => {
      const [at, used] = [performance.now(), process.cpuUsage()];
      let spans = 0;
      for (let n = 0; n < QUERIED; n++) spans += db.range('bench', labelsOf(n), to - DAY, to, 60_000).length;
      if (spans !== Math.min(QUERIED, asked) * 1440) throw new Error(`${spans} spans`);
      const { user, system } = process.cpuUsage(used);
      return { wall: performance.now() - at, own: (user + system) / 1000 };
    };
    query();
    const answers = Array.from({ length: RUNS }, query);
    const samples = asked * points;
    process.stdout.write(
      `\nseries, ${asked} each 15 s for ${DAYS} days\n${table(
        ['measure', 'is', 'at most'],
        [
          ['bytes a sample', (db.bytes() / samples).toFixed(2), '2'],
          [`24 h of ${QUERIED} series by the minute, median of ${RUNS}`, `${median(answers.map((a) => a.wall)).toFixed(0)} ms`, '50 ms'],
          ['  of that processor time of ours', `${median(answers.map((a) => a.own)).toFixed(0)} ms`, ''],
          ['samples written a second', Math.round(samples / seconds).toLocaleString('en'), ''],
        ],
      )}\n`,
    );
    db.close();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
