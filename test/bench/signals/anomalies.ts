import { table } from '../table.ts';
import { JUDGES } from './baselines.ts';
import { type Labelled, labelledSeries } from './labelled-series.ts';
import { unseenAnomalies } from './unseen.ts';
import { PROFILES, scoreOf } from './window-scores.ts';

/** Series of this seed were never looked at while the detector was tuned; `--seed N` takes others. */
const HELD_OUT = 9_001;
const ROUNDS = 6;

const seedAsked = process.argv.includes('--seed') ? Number(process.argv[process.argv.indexOf('--seed') + 1]) : HELD_OUT;

export function benchAnomalies(): void {
  const series = labelledSeries(seedAsked, ROUNDS);
  const rows = JUDGES.flatMap(([name, judge]) => {
    const begun = performance.now();
    const judged = series.map((s) => ({ ...s, scores: judge(s.points) }));
    const points = series.reduce((sum, s) => sum + s.points.length, 0);
    const micros = ((performance.now() - begun) * 1000) / points;
    return PROFILES.map((profile) => {
      const r = scoreOf(judged, profile);
      return [
        `${name}, ${profile.name}`,
        r.score.toFixed(1),
        `${r.found} of ${r.windows}`,
        String(r.falseAlarms),
        r.threshold.toFixed(3),
        micros.toFixed(2),
      ];
    });
  });
  const points = series.reduce((sum, s) => sum + s.points.length, 0);
  process.stdout.write(
    `\nanomalies, ${series.length} series, ${points} points, seed ${seedAsked}: score of 100\n${table(
      ['detector, profile', 'score', 'found', 'false', 'threshold', 'µs a point'],
      rows,
    )}\n${byKind(series)}\n`,
  );
  unseenAnomalies();
}

/** Where we win and lose: each kind with its own threshold. */
function byKind(series: readonly Labelled[]): string {
  const kinds = [...new Set(series.map((s) => s.kind))];
  const [standard] = PROFILES;
  if (standard === undefined) return '';
  return table(
    ['standard, each kind by itself', ...JUDGES.map(([name]) => name)],
    kinds.map((kind) => {
      const own = series.filter((s) => s.kind === kind);
      return [
        kind,
        ...JUDGES.map(([, judge]) =>
          scoreOf(
            own.map((s) => ({ ...s, scores: judge(s.points) })),
            standard,
          ).score.toFixed(1),
        ),
      ];
    }),
  );
}
