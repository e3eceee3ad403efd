import { AnomalyDetector } from '../../../agents/core/signals/anomalies.ts';
import { table } from '../table.ts';
import { spacedSeries, WRONGS } from './spaced-series.ts';

/** One configuration over spacings, lengths and kinds: what is said from 0.5 on, of what is wrong and of what is well. */

/** Series of this seed were never looked at while the detector was tuned; `--seed N` takes others. */
const HELD_OUT = 9_001;
const ALERT = 0.5;
/** What is said so shortly after what was wrong still speaks of it: the way back. */
const AFTERWARDS = 3;

interface Tally {
  readonly found: Map<string, [found: number, of: number]>;
  healthy: number;
  loud: number;
  alerts: number;
  points: number;
}

const fresh = (): Tally => ({ found: new Map(), healthy: 0, loud: 0, alerts: 0, points: 0 });

export function benchSpacings(): void {
  const seed = process.argv.includes('--seed') ? Number(process.argv[process.argv.indexOf('--seed') + 1]) : HELD_OUT;
  const groups: Readonly<Record<'spacing' | 'length' | 'maker', Map<string, Tally>>> = {
    spacing: new Map(),
    length: new Map(),
    maker: new Map(),
  };
  const all = fresh();
  for (const series of spacedSeries(seed)) {
    const detector = new AnomalyDetector();
    const scores = series.points.map(({ at, value }) => detector.next(at, value).score);
    const tallies = [all];
    for (const by of ['spacing', 'length', 'maker'] as const) {
      const name = String(series[by]);
      const tally = groups[by].get(name) ?? fresh();
      groups[by].set(name, tally);
      tallies.push(tally);
    }
    for (const tally of tallies) {
      if (series.window === undefined || series.wrong === undefined) {
        const alerts = scores.filter((s) => s >= ALERT).length;
        tally.healthy++;
        tally.loud += alerts > 0 ? 1 : 0;
        tally.alerts += alerts;
        tally.points += scores.length;
        continue;
      }
      const [first, last] = series.window;
      const hit = scores.slice(first, last + 1 + (last > first ? AFTERWARDS : 0)).some((s) => s >= ALERT);
      const had = tally.found.get(series.wrong) ?? [0, 0];
      tally.found.set(series.wrong, [had[0] + (hit ? 1 : 0), had[1] + 1]);
    }
  }
  const kinds = Object.keys(WRONGS);
  const rowOf = (name: string, t: Tally): string[] => [
    name,
    ...kinds.map((kind) => {
      const [found, of] = t.found.get(kind) ?? [0, 0];
      return of === 0 ? '-' : `${Math.round((100 * found) / of)} %`;
    }),
    `${t.loud} of ${t.healthy}`,
    ((1000 * t.alerts) / Math.max(1, t.points)).toFixed(2),
  ];
  const head = [...kinds, 'loud healthy', 'alerts of 1000 points'];
  process.stdout.write(`\nanomalies over spacings and lengths, seed ${seed}: found from ${ALERT} on\n`);
  for (const [by, tallies] of Object.entries(groups))
    process.stdout.write(
      `${table(
        [by, ...head],
        [...tallies].map(([name, tally]) => rowOf(name, tally)),
      )}\n`,
    );
  process.stdout.write(`${table(['all', ...head], [rowOf('', all)])}\n`);
}
