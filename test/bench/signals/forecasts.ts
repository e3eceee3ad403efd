import { forecast } from '../../../agents/core/signals/forecast.ts';
import { table } from '../table.ts';
import { type Running, runningSeries } from './exhaustion-series.ts';
import { predictLinear } from './predict-linear.ts';
import { unseenForecasts } from './unseen.ts';

/** Whether, and when, a limit is reached: ours against a straight line through the last hour, and the last six. */

const HOUR = 3_600_000;
const HELD_OUT = 7_001;
const EACH = 40;
const seed = process.argv.includes('--seed') ? Number(process.argv[process.argv.indexOf('--seed') + 1]) : HELD_OUT;

type Foretell = (series: Running) => number | null;

const ours: Foretell = ({ known, limit, horizon }) => forecast(known, limit, horizon).exhaustsAt;

const WAYS: readonly (readonly [name: string, foretell: Foretell])[] = [
  ['ours', ours],
  ['predict_linear(1h)', predictLinear(HOUR)],
  ['predict_linear(6h)', predictLinear(6 * HOUR)],
];

export function benchForecasts(): void {
  const wrong = new Map<string, number>();
  const rows = [30, 120, 1440].flatMap((minutes) => {
    const all = runningSeries(seed, minutes, EACH);
    const flat = runningSeries(seed + 1, minutes, 150).filter((s) => s.kind === 'flat');
    return WAYS.map(([name, foretell]) => {
      const told = all.map((series) => ({ series, at: foretell(series) }));
      const said = told.filter((t) => t.at !== null);
      const right = said.filter((t) => t.series.reachedAt !== undefined);
      const due = all.filter((s) => s.reachedAt !== undefined);
      if (name === 'ours')
        for (const { series, at } of told)
          if ((at === null) !== (series.reachedAt === undefined)) {
            const key = `${series.kind}, ${minutes} min: ${at === null ? 'missed' : 'false'}`;
            wrong.set(key, (wrong.get(key) ?? 0) + 1);
          }
      // The error of all that were due: what was not foretold errs by the whole horizon.
      const errors = told.flatMap((t) =>
        t.series.reachedAt === undefined ? [] : [t.at === null ? t.series.horizon : Math.abs(t.at - t.series.reachedAt)],
      );
      errors.sort((a, b) => a - b);
      const days = flat.reduce((sum, s) => sum + (s.now - (s.known[0]?.at ?? s.now)) / (24 * HOUR), 0);
      return [
        `${minutes} min, ${name}`,
        `${all.length} (${due.length} due)`,
        (right.length / said.length).toFixed(3),
        (right.length / due.length).toFixed(3),
        `${((errors[errors.length >> 1] ?? 0) / 60_000).toFixed(1)} min`,
        `${flat.filter((s) => foretell(s) !== null).length} of ${flat.length} (${days.toFixed(0)} days)`,
      ];
    });
  });
  process.stdout.write(
    `\nforecasts of exhaustion, seed ${seed}\n${table(['horizon, way', 'series', 'precision', 'recall', 'median error', 'false on flat'], rows)}\n`,
  );
  for (const [key, count] of wrong) process.stdout.write(`  ${key} ${count}\n`);
  unseenForecasts();
}
