import { once } from 'node:events';
import { redact } from '../../core/redact.ts';
import { AnomalyDetector } from '../../core/signals/anomalies.ts';
import { LONGEST_READ } from '../../core/signals/log-mask.ts';
import { LogEvents } from '../../core/signals/log-events.ts';
import { forecast } from '../../core/signals/forecast.ts';
import { pointInJson, seriesInJson } from '../../core/signals/series-json.ts';
import { type Point, type Row, formOf, rowOf } from '../../core/signals/series-row.ts';
import { isSampleText, sampleOf } from '../../core/signals/series-text.ts';
import { forecastWords, templatesWords, UnusualMoments } from './analyze-words.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { linesOf } from './lines.ts';
import { plain, print } from './print.ts';
import type { Run } from './verb.ts';

/** The detectors over exported files; needs no cluster and no running app. */

const LONGEST_ROW = 4_096;
/** Bad rows that are each said; the others are counted. */
const SAID = 20;

export const run: Run = (args, flags) => {
  const [what, file] = args;
  if (file === undefined)
    throw bad('There is no file to read.', 'Use quarterdeck analyze anomalies|forecast|logs FILE, - for the standard input.');
  switch (what) {
    case 'anomalies':
      return anomalies(file, flags);
    case 'forecast':
      return foretell(file, flags);
    case 'logs':
      return templates(file, flags);
    default:
      throw bad(`There is no analyze ${what ?? '(nothing)'}.`, 'Use anomalies, forecast or logs.');
  }
};

const bad = (message: string, hint?: string) => new Refusal({ code: 'bad-input', message, ...(hint === undefined ? {} : { hint }) });
/** A person at a terminal reads words; a pipe gets lines of JSON, unless it asked for the words. */
const inWords = ({ output }: CommonFlags): boolean => output === 'wide' || (output === 'table' && process.stdout.isTTY);
const iso = (at: number): string => new Date(at).toISOString();
/** As many digits as a reader can use. */
const short = (value: number): number => Number(value.toPrecision(7));

async function anomalies(file: string, flags: CommonFlags): Promise<number> {
  const detector = new AnomalyDetector();
  if (inWords(flags)) {
    const moments = new UnusualMoments();
    for await (const points of pointsOf(file, flags)) for (const point of points) moments.take(point, detector.next(point.at, point.value));
    print(plain(moments.words()));
    return EXIT.ok;
  }
  for await (const points of pointsOf(file, flags)) {
    const answers = points.map(({ at, value }) => {
      const { low, high, score, trait } = detector.next(at, value);
      return JSON.stringify({ at: iso(at), value, low: short(low), high: short(high), score: Number(score.toFixed(4)), trait });
    });
    await write(answers);
  }
  return EXIT.ok;
}

/** The newest points that are kept of a long file: what is kept does not grow with it. */
const KEPT = 50_000;

async function foretell(file: string, flags: Parameters<Run>[1]): Promise<number> {
  const limit = Number(flags['limit'] ?? Number.NaN);
  if (!Number.isFinite(limit)) throw bad('There is no limit to reach.', 'Give one in the unit of the values: --limit 536870912');
  const horizon = lengthOf(String(flags['horizon'] ?? '2h'));
  let points: Point[] = [];
  for await (const more of pointsOf(file, flags)) {
    points.push(...more);
    if (points.length > 2 * KEPT) points = points.slice(-KEPT);
  }
  const told = forecast(points, limit, horizon);
  if (inWords(flags)) {
    print(
      plain(
        forecastWords(
          told,
          limit,
          horizon,
          points.reduce((newest, { at }) => Math.max(newest, at), 0),
        ),
      ),
    );
    return EXIT.ok;
  }
  const { exhaustsAt, earliest, latest, confidence, because } = told;
  const time = (at: number | null) => (at === null ? null : iso(at));
  const answer = { exhaustsAt: time(exhaustsAt), earliest: time(earliest), latest: time(latest), confidence, because };
  await write([JSON.stringify(answer)]);
  return EXIT.ok;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function lengthOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (!(ms > 0)) throw bad(`${text} is no length of time.`, 'Give a number and s, m, h, d or w: --horizon 2h');
  return ms;
}

/** Of a log line this much is read; a line of JSON is longer than what it says. */
const LONGEST_LINE = 16 * LONGEST_READ;
const AT_ONCE = 10_000;

/** Which template a line belongs to is known when all were seen: four bytes a line are kept until then. */
async function templates(file: string, flags: CommonFlags): Promise<number> {
  let forms = new Int32Array(AT_ONCE);
  let count = 0;
  const events = new LogEvents((form) => {
    if (count === forms.length) {
      const larger = new Int32Array(2 * count);
      larger.set(forms);
      forms = larger;
    }
    forms[count++] = form;
  });
  for await (const lines of linesOf(file, LONGEST_LINE)) for (const line of lines) events.take(line);
  events.end();
  const { templates: found, of } = events.templates.templates();
  if (inWords(flags)) {
    const seen = found.map(({ id, text, count: lines }) => ({ id, text: redact(text), count: lines, first: 0, last: 0 }));
    for (let line = 1; line <= count; line++) {
      const one = seen[of[forms[line - 1] ?? 0] ?? 0];
      if (one === undefined) continue;
      if (one.first === 0) one.first = line;
      one.last = line;
    }
    print(plain(templatesWords(seen, count)));
    return EXIT.ok;
  }
  const answers = found.map(({ id }) => JSON.stringify({ template: id }));
  for (let from = 0; from < count; from += AT_ONCE)
    await write(Array.from(forms.subarray(from, Math.min(count, from + AT_ONCE)), (form) => answers[of[form] ?? 0] ?? ''));
  for (let from = 0; from < found.length; from += AT_ONCE)
    await write(
      found.slice(from, from + AT_ONCE).map(({ id, text, count: lines }) => JSON.stringify({ id, text: redact(text), count: lines })),
    );
  return EXIT.ok;
}

/** The first rows say what the rows are like. */
const LOOKED_AT = 5;
/** A document that is not read line by line is held whole. */
const LONGEST_DOCUMENT = 256 * 2 ** 20;

/** The good rows, in batches; each bad one is said on stderr with its line. */
async function* pointsOf(file: string, flags: CommonFlags): AsyncGenerator<readonly Point[]> {
  const tell = new RowNews(file, flags);
  let read: ((line: string) => Row | undefined) | undefined;
  const waiting: string[] = [];
  const document: string[] = [];
  let size = 0;
  const take = (lines: readonly string[]): readonly Point[] => lines.flatMap((line) => tell.of(read?.(line)) ?? []);
  for await (const lines of linesOf(file, LONGEST_LINE_OF_DOCUMENT)) {
    const fresh =
      waiting.length === 0 && read === undefined && document.length === 0
        ? [(lines[0] ?? '').replace(/^\ufeff/, ''), ...lines.slice(1)]
        : lines;
    if (document.length > 0) {
      document.push(...fresh);
      size += fresh.reduce((sum, line) => sum + line.length, 0);
      if (size > LONGEST_DOCUMENT)
        throw bad(`${file} is a document of more than ${LONGEST_DOCUMENT / 2 ** 20} MiB.`, 'Write it as lines, a point each.');
      continue;
    }
    let rest = fresh;
    if (read === undefined) {
      waiting.push(...fresh);
      const told = waiting.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
      if (told[0] === undefined) continue;
      if (/^\s*[[{]/.test(told[0]) && !isJsonLine(told[0])) {
        document.push(...waiting.splice(0));
        size = document.reduce((sum, line) => sum + line.length, 0);
        continue;
      }
      read = isJsonLine(told[0]) ? jsonRow : isSampleText(told) ? samples(file, tell) : plainRows(told, tell);
      rest = waiting.splice(0);
    }
    const points = take(rest);
    if (points.length > 0) yield points;
  }
  if (document.length > 0) {
    const found = seriesOfDocument(document.join('\n'));
    if (found !== undefined && found.others > 0) tell.say(`${file} holds ${found.others + 1} series; the first is read.`);
    const points = (found?.points ?? []).flatMap((point) => tell.of({ ok: true, point }) ?? []);
    if (points.length > 0) yield points;
  }
  tell.end();
}

/** A document may be one line. */
const LONGEST_LINE_OF_DOCUMENT = 64 * 2 ** 20;

function seriesOfDocument(text: string): ReturnType<typeof seriesInJson> {
  try {
    return seriesInJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isJsonLine(line: string): boolean {
  try {
    return pointInJson(JSON.parse(line)) !== undefined;
  } catch {
    return false;
  }
}

function jsonRow(line: string): Row | undefined {
  if (line.trim() === '') return undefined;
  try {
    const point = pointInJson(JSON.parse(line));
    return point === undefined ? { ok: false, problem: 'has no time, or no number' } : { ok: true, point };
  } catch {
    return { ok: false, problem: 'is no JSON' };
  }
}

/** Of the series of a text the first one is read, and it is said that there are others. */
function samples(file: string, tell: RowNews): (line: string) => Row | undefined {
  let first: string | undefined;
  let others = false;
  return (line) => {
    const sample = sampleOf(line);
    if (sample?.series === undefined) return sample?.row;
    first ??= sample.series;
    if (sample.series === first) return sample.row;
    if (!others) tell.say(`${file} holds several series; ${first} is read.`);
    others = true;
    return undefined;
  };
}

function plainRows(first: readonly string[], tell: RowNews): (line: string) => Row | undefined {
  const { form, heading } = formOf(first.map((line) => line.slice(0, LONGEST_ROW)));
  let rows = 0;
  let head = heading;
  if (form.time === undefined) tell.say('The rows have no time: they are taken as a minute apart.');
  return (line) => {
    if (line.trim() === '') return undefined;
    if (head) {
      head = false;
      return undefined;
    }
    return rowOf(line.slice(0, LONGEST_ROW), form, rows++);
  };
}

/** What is said about rows while they are read. */
class RowNews {
  readonly #file: string;
  readonly #quiet: boolean;
  #number = 0;
  #skipped = 0;
  #good = 0;
  #late = 0;
  #newest = Number.NEGATIVE_INFINITY;

  constructor(file: string, { quiet }: CommonFlags) {
    this.#file = file;
    this.#quiet = quiet === true;
  }

  /** The point of the next row; a row that is none (empty, a heading) is undefined. */
  of(row: Row | undefined): [Point] | undefined {
    this.#number++;
    if (row === undefined) return undefined;
    if (!row.ok) {
      if (++this.#skipped <= SAID) this.say(`${this.#file}, line ${this.#number}: ${row.problem}; the row is left out.`);
      return undefined;
    }
    if (row.point.at <= this.#newest && ++this.#late === 1)
      this.say(`${this.#file}, line ${this.#number}: not later than the row before it; it is judged where it stands.`);
    this.#newest = Math.max(this.#newest, row.point.at);
    this.#good++;
    return [row.point];
  }

  say(text: string): void {
    if (!this.#quiet) process.stderr.write(`${plain(text)}\n`);
  }

  end(): void {
    if (this.#skipped > SAID) this.say(`${this.#file}: ${this.#skipped} rows were left out, of which the first ${SAID} are named above.`);
    if (this.#late > 1) this.say(`${this.#file}: ${this.#late} rows were not later than the row before them.`);
    if (this.#good === 0)
      throw bad(`${this.#file} holds no row that could be read.`, 'A row is a timestamp (ISO 8601 or epoch), a comma and a number.');
  }
}

async function write(lines: readonly string[]): Promise<void> {
  if (lines.length > 0 && !process.stdout.write(`${lines.join('\n')}\n`)) await once(process.stdout, 'drain');
}
