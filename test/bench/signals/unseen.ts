import { AnomalyDetector } from '../../../agents/core/signals/anomalies.ts';
import { SeriesAlarm } from '../../../agents/core/signals/alarm.ts';
import { forecast } from '../../../agents/core/signals/forecast.ts';
import type { Point } from '../../../agents/core/signals/series-row.ts';
import type { Watched } from '../../../agents/core/signals/watched.ts';
import { table } from '../table.ts';
import { JUDGES } from './baselines.ts';
import { predictLinear } from './predict-linear.ts';
import { fillings, type Filling, flatFillings, LATE_KINDS } from './unseen/fillings.ts';
import { type LabelledSeries, labelled, LATE_SPECS } from './unseen/labelled.ts';
import { PROFILES, scoreOf } from './window-scores.ts';

/**
 * Series, fillings and formats by another hand, written before any of the code they try was read; `late` ones were first run when all that the
 * others had shown was mended.
 */

const ALERT = 0.5;
const AFTERWARDS = 3;
const HOUR = 3_600_000;
const share = (part: number, of: number): string => (of === 0 ? '-' : (part / of).toFixed(3));

interface Judged {
  readonly name: string;
  readonly points: readonly Point[];
  readonly scores: readonly number[];
  readonly windows: readonly (readonly [first: number, last: number])[];
  /** Where an alarm that a person is woken for begins. */
  readonly announced: readonly number[];
  readonly risen: readonly number[];
}

/** What is told of a series of which any change matters, and of one of which, as of most, rises do. */
const ANY_CHANGE: Watched = { ways: ['up', 'down'], times: 1, least: 0, rank: 0 };
const RISE: Watched = { ways: ['up'], times: 1.5, least: 0, rank: 0 };

function announcedOf(points: readonly Point[], watched: Watched): readonly number[] {
  const alarm = new SeriesAlarm(watched);
  let open = false;
  return points.flatMap(({ at, value }, i) => {
    alarm.take(at, value);
    const begins = alarm.open !== undefined && !open;
    open = alarm.open !== undefined;
    return begins ? [i] : [];
  });
}

function judged(series: LabelledSeries): Judged {
  const points = series.points.filter(([, value]) => Number.isFinite(value)).map(([t, value]) => ({ at: t * 1000, value }));
  const detector = new AnomalyDetector();
  const windows = series.windows.map(({ from, to }) => {
    const first = points.findIndex(({ at }) => at >= from * 1000);
    const after = points.findIndex(({ at }) => at >= to * 1000);
    return [first, (after < 0 ? points.length : after) - 1] as const;
  });
  return {
    name: series.name,
    points,
    scores: points.map(({ at, value }) => detector.next(at, value).score),
    windows: windows.sort((a, b) => a[0] - b[0]),
    announced: announcedOf(points, ANY_CHANGE),
    risen: announcedOf(points, RISE),
  };
}

/** Alerts (indices) against windows: found in its first half, found late, missed; and those that belong to no window. */
function counted(all: readonly Judged[], alertsOf: (j: Judged) => readonly number[]) {
  let [early, late, missed, stray, points, loud, healthy, healthyAlerts, healthyPoints] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const verdicts: string[] = [];
  for (const one of all) {
    const alerts = alertsOf(one);
    const verdict: string[] = [];
    for (const [first, last] of one.windows) {
      const hit = alerts.find((i) => i >= first && i <= last + AFTERWARDS);
      const word = hit === undefined ? 'missed' : hit > (first + last) / 2 ? 'late' : 'found';
      if (word === 'missed') missed++;
      else if (word === 'late') late++;
      else early++;
      verdict.push(word);
    }
    const outside = alerts.filter(
      (i) => !one.windows.some(([first, last]) => i >= first && i <= last + Math.max(AFTERWARDS, (last - first) / 4)),
    );
    stray += outside.length;
    points += one.points.length;
    if (one.windows.length === 0) {
      healthy++;
      healthyAlerts += alerts.length;
      healthyPoints += one.points.length;
      if (alerts.length > 0) loud++;
    }
    verdicts.push(`${one.name} ${[...verdict, `${outside.length} stray`].join(', ')}`);
  }
  const row = [
    String(early),
    String(late),
    String(missed),
    `${loud} of ${healthy}`,
    ((1000 * healthyAlerts) / healthyPoints).toFixed(2),
    ((1000 * stray) / points).toFixed(2),
  ];
  return { row, verdicts };
}

const SETS = [
  ['unseen', undefined],
  ['unseen, late', 'late'],
] as const;
/** The late ones are printed where they are asked for, lest they be looked at while something is mended. */
const asked = process.argv.includes('--late') ? SETS : SETS.slice(0, 1);

export function unseenAnomalies(): void {
  for (const [name, late] of asked) {
    const all = (late === undefined ? labelled() : labelled(LATE_SPECS, 'late')).map(judged);
    const marked = counted(all, ({ scores }) => scores.flatMap((s, i) => (s >= ALERT ? [i] : [])));
    const announced = counted(all, (j) => j.announced);
    process.stdout.write(
      `\nanomalies by another hand, ${name}, ${all.length} series\n${table(
        ['', 'found', 'late', 'missed', 'loud healthy', 'alerts of 1000 healthy points', 'strays of 1000'],
        [
          ['marked', ...marked.row],
          ['announced, any change', ...announced.row],
          ['announced, rises by half', ...counted(all, (j) => j.risen).row],
        ],
      )}\n${table(
        ['detector, profile', 'score', 'found', 'false'],
        JUDGES.flatMap(([detector, judge]) => {
          const scored = all.map((j) => ({ ...j, scores: judge(j.points) }));
          return PROFILES.map((profile) => {
            const r = scoreOf(scored, profile);
            return [`${detector}, ${profile.name}`, r.score.toFixed(1), `${r.found} of ${r.windows}`, String(r.falseAlarms)];
          });
        }),
      )}\n`,
    );
    if (process.argv.includes('--each'))
      for (const [i, verdict] of marked.verdicts.entries())
        process.stdout.write(`  ${verdict} | announced ${announced.verdicts[i] ?? ''}\n`);
  }
}

interface Known extends Filling {
  readonly known: readonly Point[];
  readonly now: number;
}

const known = (filling: Filling): Known => {
  const points = filling.points.map(([t, value]) => ({ at: t * 1000, value }));
  return { ...filling, known: points, now: points.at(-1)?.at ?? 0 };
};

const WAYS = [
  ['ours', ({ known: points, limit }: Known, horizon: number) => forecast(points, limit, horizon).exhaustsAt],
  [
    'predict_linear(1h)',
    ({ known: points, now, limit }: Known, horizon: number) => predictLinear(HOUR)({ known: points, now, limit, horizon }),
  ],
  [
    'predict_linear(6h)',
    ({ known: points, now, limit }: Known, horizon: number) => predictLinear(6 * HOUR)({ known: points, now, limit, horizon }),
  ],
] as const;

/** What is reached about when the horizon ends is neither right nor wrong. */
const isDue = (left: number | undefined, horizon: number): boolean | undefined => {
  const ahead = (left ?? Number.POSITIVE_INFINITY) * 1000;
  return ahead <= 0.9 * horizon ? true : ahead >= 1.2 * horizon ? false : undefined;
};

const FLAT_DAYS = 7;
const LOOKED_EVERY = 3 * HOUR;

export function unseenForecasts(): void {
  for (const [name, late] of asked) {
    const all = (late === undefined ? fillings() : fillings(LATE_KINDS, 4, 'late')).map(known);
    const flat = late === undefined ? flatFillings(FLAT_DAYS).map(known) : [];
    const wrong = new Map<string, number>();
    const rows = [30, 120, 1440].flatMap((minutes) => {
      const horizon = minutes * 60_000;
      const asked = all.flatMap((f) => {
        const due = isDue(f.left, horizon);
        return due === undefined ? [] : [{ f, due }];
      });
      return WAYS.map(([way, foretell]) => {
        const told = asked.map(({ f, due }) => ({ f, due, at: foretell(f, horizon) }));
        const said = told.filter((t) => t.at !== null);
        const due = told.filter((t) => t.due);
        const right = said.filter((t) => t.due);
        if (way === 'ours')
          for (const { f, due: isSo, at } of told)
            if ((at !== null) !== isSo) {
              const key = `${f.name.replace(/-\d+$/, '')}, ${minutes} min: ${isSo ? 'missed' : 'false'}`;
              wrong.set(key, (wrong.get(key) ?? 0) + 1);
            }
        const errors = due.map(({ f, at }) => (at === null ? horizon : Math.abs(at - f.now - (f.left ?? 0) * 1000))).sort((a, b) => a - b);
        return [
          `${minutes} min, ${way}`,
          `${asked.length} (${due.length} due)`,
          share(right.length, said.length),
          share(right.length, due.length),
          `${((errors[errors.length >> 1] ?? 0) / 60_000).toFixed(1)} min`,
          ...(flat.length === 0 ? ['-'] : [(falseAlarms(flat, foretell, horizon) * (100 / (flat.length * (FLAT_DAYS - 1)))).toFixed(1)]),
        ];
      });
    });
    process.stdout.write(
      `\nforecasts by another hand, ${name}\n${table(['horizon, way', 'series', 'precision', 'recall', 'median error', 'false in 100 flat days'], rows)}\n`,
    );
    if (process.argv.includes('--each')) for (const [key, count] of wrong) process.stdout.write(`  ${key} ${count}\n`);
  }
}

/** Times that something is said of series that reach nothing, looked at again and again from their second day on. */
function falseAlarms(flat: readonly Known[], foretell: (typeof WAYS)[number][1], horizon: number): number {
  let alarms = 0;
  for (const series of flat) {
    let saying = false;
    for (let now = (series.known[0]?.at ?? 0) + 24 * HOUR; now <= series.now; now += LOOKED_EVERY) {
      const says = foretell({ ...series, known: series.known.filter((p) => p.at <= now), now }, horizon) !== null;
      if (says && !saying) alarms++;
      saying = says;
    }
  }
  return alarms;
}
