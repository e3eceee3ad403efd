import { type Answer, evaluateAt, evaluateRange } from './evaluate.ts';
import { durationOf } from './lexer.ts';
import { parse } from './parser.ts';
import { type Labels, type Matcher, type Samples, type SeriesReader, matching } from './reader.ts';
import { type Expr, PromqlError } from './syntax.ts';
import { keyOf } from './values.ts';

/**
 * Plays scripts in the language of promqltest: `load` samples, `eval` questions, compare what is expected. What needs more than the subset
 * (docs/promql.md) is told apart by what it asks for or reads, never by its name.
 */

export interface CaseResult {
  readonly line: number;
  readonly query: string;
  readonly verdict: 'passed' | 'failed' | 'outside';
  readonly because: string;
}

/** What the script itself gets wrong is an error of the script, not a failed case. @throws Error */
export function playScript(text: string): readonly CaseResult[] {
  const stage = new Stage();
  const lines = text.split('\n').map((line) => line.trim());
  const results: CaseResult[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!;
    const body: string[] = [];
    const from = i++;
    if (line === '' || line.startsWith('#')) continue;
    while (i < lines.length && lines[i] !== '' && !COMMAND.test(lines[i]!)) {
      if (!lines[i]!.startsWith('#')) body.push(lines[i]!);
      i++;
    }
    if (line === 'clear') stage.clear();
    else if (line.startsWith('load')) stage.load(line, body);
    else if (line.startsWith('eval')) results.push({ line: from + 1, ...stage.play(line, body) });
    else throw new Error(`line ${from + 1}: ${line} is no command`);
  }
  return results;
}

const COMMAND = /^(?:load|load_with_nhcb|clear|eval(?:_\w+)?)(?:\s|$)/;

type Point = number | 'none' | 'end' | 'histogram';

interface Loaded {
  readonly labels: Labels;
  readonly points: Map<number, Point>;
}

class Stage {
  #series = new Map<string, Loaded>();
  /** Label sets of series that hold histograms of the other kind. */
  #histograms: Labels[] = [];

  clear(): void {
    this.#series = new Map();
    this.#histograms = [];
  }

  load(line: string, body: readonly string[]): void {
    const step = timeOf(line.split(/\s+/)[1] ?? '');
    for (const row of body) {
      const { labels, points } = seriesRow(row);
      const key = keyOf(labels);
      const loaded = this.#series.get(key) ?? { labels, points: new Map<number, Point>() };
      this.#series.set(key, loaded);
      points.forEach((point, i) => {
        if (point !== 'none') loaded.points.set(i * step, point);
      });
      if (points.includes('histogram')) this.#histograms.push(labels);
      if (line.startsWith('load_with_nhcb') && (labels['__name__'] ?? '').endsWith('_bucket')) {
        const { le: _le, ...rest } = labels;
        this.#histograms.push({ ...rest, __name__: labels['__name__']!.replace(/_bucket$/, '') });
      }
    }
  }

  play(line: string, body: readonly string[]): Omit<CaseResult, 'line'> {
    const { query, start, end, step } = evalLine(line);
    const { expectations, rows } = split(line, body);
    const outside = (because: string) => ({ query, verdict: 'outside' as const, because });
    let expr: Expr;
    try {
      expr = parse(query);
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      if (error.outside) return outside(error.message);
      return { query, ...verdict(expectations.fail ? undefined : `it is refused: ${error.message}`) };
    }
    if (rows.some((row) => row.includes('{{'))) return outside('expects a native histogram');
    if (selectorsOf(expr).some((matchers) => this.#histograms.some(matching(matchers)))) return outside('reads native histograms');
    return { query, ...verdict(this.#judge(expr, { start, end, step }, expectations, rows)) };
  }

  #judge(
    expr: Expr,
    { start, end, step }: { start: number; end: number; step: number | undefined },
    expectations: Expectations,
    rows: readonly string[],
  ): string | undefined {
    let answer: Answer;
    try {
      answer =
        step === undefined ? evaluateAt(this.#reader(), { expr, at: start }) : evaluateRange(this.#reader(), { expr, start, end, step });
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      return expectations.fail ? undefined : `it fails: ${error.message}`;
    }
    if (expectations.fail) return 'it should fail';
    if (expectations.notes === 'some' && answer.warnings.length === 0) return 'it should warn';
    if (expectations.notes === 'none' && answer.warnings.length > 0) return `it warns: ${answer.warnings.join('; ')}`;
    if (answer.type === 'string')
      return rows[0] === undefined || stringOf(rows[0]) === answer.text ? undefined : `the text is ${JSON.stringify(answer.text)}`;
    if (answer.type === 'scalar') {
      const wanted = numberOf(rows[0] ?? '');
      return same(answer.series[0].values[0]!, wanted) ? undefined : `it is ${answer.series[0].values[0]}, not ${wanted}`;
    }
    return differing(answer, rows, { start, step }, expectations.ordered);
  }

  #reader(): SeriesReader {
    const all = [...this.#series.values()].map(({ labels, points }): Samples => {
      const sorted = [...points].filter(([, p]) => p !== 'histogram').sort(([a], [b]) => a - b);
      return {
        labels,
        at: Float64Array.from(sorted, ([at]) => at),
        values: Float64Array.from(sorted, ([, p]) => (typeof p === 'number' ? p : NaN)),
        ended: new Set(sorted.flatMap(([, p], i) => (p === 'end' ? [i] : []))),
      };
    });
    return {
      select: (matchers, from, to) => {
        const test = matching(matchers);
        return all.filter((s) => test(s.labels) && s.at.some((t) => t > from && t <= to));
      },
    };
  }
}

const verdict = (because: string | undefined) =>
  because === undefined ? ({ verdict: 'passed', because: '' } as const) : ({ verdict: 'failed', because } as const);

interface Expectations {
  readonly fail: boolean;
  readonly ordered: boolean;
  /** What is expected of warnings and remarks together; `any`: nothing. */
  readonly notes: 'any' | 'some' | 'none';
}

function split(line: string, body: readonly string[]): { expectations: Expectations; rows: readonly string[] } {
  const words = body.filter((row) => /^expect(?:ed_fail_\w+)?\s/.test(row)).map((row) => row.split(/\s+/)[1] ?? '');
  const has = (...wanted: readonly string[]) =>
    wanted.some((word) => words.includes(word)) || wanted.some((w) => line.startsWith(`eval_${w} `));
  return {
    expectations: {
      fail: has('fail') || body.some((row) => row.startsWith('expected_fail_')),
      ordered: has('ordered'),
      notes: has('warn', 'info') ? 'some' : has('no_info') && has('no_warn') ? 'none' : 'any',
    },
    rows: body.filter((row) => !/^expect(?:ed_fail_\w+)?\s/.test(row)),
  };
}

function evalLine(line: string): { query: string; start: number; end: number; step: number | undefined } {
  const instant = /^eval(?:_\w+)?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/.exec(line);
  if (instant !== null) {
    const at = timeOf(instant[1] ?? '0');
    return { query: instant[2]!, start: at, end: at, step: undefined };
  }
  const range = /^eval(?:_\w+)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/.exec(line);
  if (range === null) throw new Error(`${line} cannot be read`);
  return { query: range[4]!, start: timeOf(range[1]!), end: timeOf(range[2]!), step: timeOf(range[3]!) };
}

function timeOf(text: string): number {
  const negative = text.startsWith('-');
  const bare = negative ? text.slice(1) : text;
  const ms = durationOf(bare) ?? Number(bare) * 1000;
  if (Number.isNaN(ms)) throw new Error(`${text} is no time`);
  return negative ? -ms : ms;
}

function differing(
  answer: Extract<Answer, { type: 'vector' | 'matrix' }>,
  rows: readonly string[],
  { start, step }: { start: number; step: number | undefined },
  ordered: boolean,
): string | undefined {
  // Of a number over a range only values may be given.
  const wanted = rows.map((row) =>
    /^[{a-zA-Z_:]/.test(row) && !/^(?:nan|[+-]?inf)\b/i.test(row) ? seriesRow(row) : { labels: {}, points: pointsOf(row) },
  );
  if (wanted.length !== answer.series.length)
    return `${answer.series.length} series instead of ${wanted.length}: ${answer.series.map((s) => keyOf(s.labels)).join(' ')}`;
  for (const [place, { labels, points }] of wanted.entries()) {
    const at = answer.series.findIndex((s) => keyOf(s.labels) === keyOf(labels));
    const series = answer.series[at];
    if (series === undefined) return `there is no ${keyOf(labels)}; there are ${answer.series.map((s) => keyOf(s.labels)).join(' ')}`;
    if (ordered && at !== place) return `${keyOf(labels)} is number ${at + 1}, not ${place + 1}`;
    const got = new Map(series.at.map((t, i) => [t, series.values[i]!]));
    if (step === undefined) {
      const [point] = points;
      if (typeof point !== 'number' || !same(series.values[0]!, point))
        return `${keyOf(labels)} is ${series.values[0]}, not ${String(point)}`;
      continue;
    }
    const expected = points.map((point, i): [number, Point] => [start + i * step, point]).filter(([, point]) => point !== 'none');
    if (expected.length !== got.size) return `${keyOf(labels)} has ${got.size} points, not ${expected.length}: ${series.values.join(' ')}`;
    for (const [t, point] of expected)
      if (typeof point !== 'number' || !got.has(t) || !same(got.get(t)!, point))
        return `${keyOf(labels)} at ${t / 1000} s is ${got.get(t)}, not ${String(point)}`;
  }
  return undefined;
}

/** As far apart as computing in another order puts them. */
function same(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const distance = Math.abs(a - b);
  const size = Math.abs(a) + Math.abs(b);
  return a === 0 || b === 0 || size < Number.MIN_VALUE
    ? distance < 1e-6 * Number.MIN_VALUE || distance < 1e-300
    : distance / Math.min(size, Number.MAX_VALUE) < 1e-6;
}

function selectorsOf(expr: Expr): readonly (readonly Matcher[])[] {
  switch (expr.type) {
    case 'selector':
      return [expr.matchers];
    case 'range':
      return [expr.selector.matchers];
    case 'subquery':
    case 'unary':
      return selectorsOf(expr.expr);
    case 'call':
      return expr.args.flatMap(selectorsOf);
    case 'aggregate':
      return [...selectorsOf(expr.expr), ...(expr.param === undefined ? [] : selectorsOf(expr.param))];
    case 'binary':
      return [...selectorsOf(expr.left), ...selectorsOf(expr.right)];
    default:
      return [];
  }
}

/** `metric{label="value"} 1 2+3x4 _ stale`. */
function seriesRow(row: string): { labels: Labels; points: readonly Point[] } {
  const end = endOfMetric(row);
  const metric = row.slice(0, end);
  const labels: Record<string, string> = {};
  const open = metric.indexOf('{');
  const inside =
    open < 0
      ? ''
      : metric
          .slice(open + 1, -1)
          .trim()
          .replace(/,$/, '');
  // Read as a selector; what is added refuses the empty value, for a label set may be empty and a selector may not.
  const expr = parse(`${open < 0 ? metric : metric.slice(0, open)}{${inside}${inside === '' ? '' : ','}__any__=~".+"}`);
  if (expr.type !== 'selector') throw new Error(`${row} names no series`);
  for (const { name, op, value } of expr.matchers) if (op === '=') labels[name] = value;
  return { labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')), points: pointsOf(row.slice(end)) };
}

function endOfMetric(row: string): number {
  const open = row.indexOf('{');
  const space = row.search(/\s/);
  if (open < 0 || (space >= 0 && space < open)) return space < 0 ? row.length : space;
  let quote = '';
  for (let i = open; i < row.length; i++) {
    const char = row[i]!;
    if (quote !== '') {
      if (char === '\\' && quote !== '`') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '}') return i + 1;
  }
  return row.length;
}

const NUMBER = String.raw`[-+]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)`;
const POINT = new RegExp(`^(?:(_)(?:x(\\d+))?|(stale)(?:x(\\d+))?|(${NUMBER})(?:([-+])(${NUMBER}))?(?:x(\\d+))?)$`, 'i');

function pointsOf(text: string): readonly Point[] {
  const bare = text.replace(/#.*$/, '').replace(/\{\{.*?\}\}(?:[-+]\{\{.*?\}\})?(?:x\d+)?/g, ' histogram ');
  const points: Point[] = [];
  for (const word of bare.split(/\s+/).filter((w) => w !== '')) {
    if (word === 'histogram') {
      points.push('histogram');
      continue;
    }
    const [, none, noneTimes, stale, staleTimes, number, sign, by, times] = POINT.exec(word) ?? [];
    if (none !== undefined) for (let i = 0; i < Number(noneTimes ?? 1); i++) points.push('none');
    else if (stale !== undefined) for (let i = 0; i <= Number(staleTimes ?? 0); i++) points.push('end');
    else if (number !== undefined) {
      const step = by === undefined ? 0 : numberOf(by) * (sign === '-' ? -1 : 1);
      let value = numberOf(number);
      for (let i = 0; i <= Number(times ?? 0); i++, value += step) points.push(value);
    } else throw new Error(`${word} is no point`);
  }
  return points;
}

function numberOf(text: string): number {
  const bare = text.trim().toLowerCase();
  if (/^\+?inf$/.test(bare)) return Infinity;
  if (bare === '-inf') return -Infinity;
  return bare === '' ? NaN : Number(bare);
}

function stringOf(text: string): string {
  const expr = parse(text);
  return expr.type === 'string' ? expr.value : text;
}
