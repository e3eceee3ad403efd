import { levelOf } from '../../core/signals/log-gravity.ts';
import type { Judgement, Trait } from '../../core/signals/anomalies.ts';
import type { Forecast } from '../../core/signals/forecast.ts';
import type { Template } from '../../core/signals/log-templates.ts';
import type { Point } from '../../core/signals/series-row.ts';
import { columns } from './print.ts';

/** What `analyze` found, said to a person: the answer first, then what it stands on. Scripts get lines of JSON. */

const MINUTE = 60_000;
const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const shown = (value: number): string => String(Number(value.toPrecision(4)));
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function length(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 120) return many(minutes, 'minute');
  return minutes < 2 * 24 * 60 ? many(Math.round(minutes / 60), 'hour') : many(Math.round(minutes / 1440), 'day');
}

/** `now`: the time of the newest point. */
export function forecastWords(told: Forecast, limit: number, horizon: number, now: number): string {
  const { exhaustsAt, earliest, latest, confidence, because } = told;
  const sure = `${Math.round(100 * confidence)} % sure`;
  const goal = String(limit);
  if (exhaustsAt === null)
    return confidence === 0
      ? `It cannot be said whether ${goal} is reached within ${length(horizon)}.\n${sentence(because)}`
      : `${goal} is not expected to be reached within ${length(horizon)} (${sure}).\n${sentence(because)}`;
  if (exhaustsAt <= now) return `${goal} is reached already.\n${sentence(because)}`;
  const between = earliest === null || latest === null ? '' : `between ${time(earliest)} and ${time(latest)}, `;
  return `${goal} is reached in about ${length(exhaustsAt - now)}, at ${time(exhaustsAt)} (${between}${sure}).\n${sentence(because)}`;
}

const WHAT: Readonly<Record<Trait, string>> = {
  point: 'stands out',
  level: 'another level',
  wild: 'wilder than usual',
  calm: 'calmer than usual',
  flat: 'stopped moving',
  gap: 'points are missing',
};
const UNUSUAL = 0.5;

/** The unusual moments of a series, gathered while it is judged: what is kept does not grow with what is usual. */
export class UnusualMoments {
  readonly #rows: string[][] = [];
  #points = 0;
  #first = Number.NaN;
  #last = Number.NaN;

  take({ at, value }: Point, { low, high, score, trait }: Judgement): void {
    if (this.#points++ === 0) this.#first = at;
    this.#last = at;
    if (score >= UNUSUAL) this.#rows.push([time(at), shown(value), `${shown(low)} to ${shown(high)}`, score.toFixed(2), WHAT[trait]]);
  }

  words(): string {
    const of = `${many(this.#points, 'point')} from ${time(this.#first)} to ${time(this.#last)}`;
    if (this.#rows.length === 0) return `Nothing unusual in ${of}.`;
    const table = columns(['at', 'value', 'expected', 'score', 'what'], this.#rows);
    return `${many(this.#rows.length, 'unusual moment')} in ${of}; what lasts is said when it begins.\n\n${table}`;
  }
}

export interface SeenTemplate extends Template {
  /** Numbers of the first and the last line of it, from 1. */
  readonly first: number;
  readonly last: number;
}

/** Fewer lines than this are no news. */
const FEWEST = 3;

/** Errors that began in the second half of the file come first; then all templates. */
export function templatesWords(templates: readonly SeenTemplate[], lines: number): string {
  const news = templates.filter(({ text, count, first }) => count >= FEWEST && first > lines / 2 && levelOf(text, false) === 'error');
  const told = news
    .sort((a, b) => b.count - a.count)
    .map(
      ({ text, count, first, last }) => `New in this file: ${many(count, 'error')} from line ${first} to ${last}, none before.\n  ${text}`,
    );
  const head = `${many(templates.length, 'template')} in ${many(lines, 'line')}.`;
  const rows = templates.map(({ text, count, first, last }) => [String(count), String(first), String(last), text]);
  return [...told, head, columns(['lines', 'first', 'last', 'template'], rows)].join('\n\n');
}
