import type { LogLevel, LogNews, LogPattern, LogSample } from '../../contract/index.ts';
import { redact } from '../redact.ts';
import { levelOf } from './log-gravity.ts';
import { type Exposure, type Judged, type OfRevision, judge } from './log-news.ts';
import { LogTemplates, type TemplateBounds, idOf } from './log-templates.ts';
import { MINUTE, Minutes } from './minutes.ts';
import { traceWords } from './stack-trace.ts';

/** The logs of one workload, all replicas together: patterns, how often each comes, in which revision, and what is news about them. */

export interface LogEvent {
  readonly at: number;
  readonly pod: string;
  readonly container: string;
  /** Of the pod; empty where its pods have none. */
  readonly revision: string;
  /** How long its container had run by then. */
  readonly age: number;
  /** Its pod is on its way out: what it says now is of its ending. */
  readonly leaving: boolean;
  readonly line: string;
  readonly trace: readonly string[];
}

/** Of the live log of a workload: errors are mined apart from the rest, so that noise never takes their room. */
const BOUNDS: TemplateBounds = { lines: 1_500, families: 30, beginnings: 300, members: 60, joins: false };
/** After so many forms the miner begins anew with the patterns that are known: numbers and forgotten lines do not pile up. */
const MOST_FORMS = 2_500;
/** Of errors, and of the rest; what is more is counted together. */
const MOST_PATTERNS = 250;
const MOST_REVISIONS = 6;
const MOST_PODS = 50;
/** New forms that wait to be placed; where there are too many patterns already, what is more is one of the rest at once. */
const MOST_FRESH = 400;
const SAMPLE_MS = 60_000;
const MOST_TRACE = 14;
const LONGEST_SAMPLE = 600;
/** What is said in the first moments of a container is of its start. */
export const SETTLE_MS = 30_000;
const REST = '(lines of many other forms)';

export interface Pattern extends Judged {
  readonly id: string;
  text: string;
  readonly level: LogLevel;
  count: number;
  first: number;
  last: number;
  readonly minutes: Minutes;
  readonly revisions: Map<string, OfRevision>;
  readonly pods: Set<string>;
  sample: LogSample;
  news: LogNews | undefined;
}

/** A row as it is stored; `data` is empty where the pattern is gone. */
export interface StoredPattern {
  readonly id: string;
  readonly data: string;
}
const EXPOSURE_ROW = '';

interface Mine {
  readonly isError: boolean;
  templates: LogTemplates;
  /** By the number of a form. */
  of: (Pattern | undefined)[];
  readonly fresh: { readonly form: number; readonly event: LogEvent }[];
  rest: Pattern | undefined;
}

export class WorkloadLogs {
  readonly #patterns = new Map<string, Pattern>();
  readonly #mines: readonly [Mine, Mine] = [mineOf(true), mineOf(false)];
  #exposure: Exposure = { revisions: new Map(), covered: new Minutes() };
  readonly #dirty = new Set<string>();
  /** How far the log of each container was read; kept with the rest for who follows. */
  readonly read = new Map<string, string>();
  #lines = 0;

  /** How many lines were taken since it began, and how many patterns there are. */
  get lines(): number {
    return this.#lines;
  }
  get size(): number {
    return this.#patterns.size;
  }

  /** The revision that was rolled out last, and when. */
  get current(): { readonly revision: string; readonly at: number } | undefined {
    let newest: { revision: string; at: number } | undefined;
    for (const [revision, { at }] of this.#exposure.revisions) if (newest === undefined || at > newest.at) newest = { revision, at };
    return newest;
  }

  /** A revision has pods since `at`. */
  rolledOut(revision: string, at: number): void {
    const known = this.#exposure.revisions.get(revision);
    if (known?.at === at) return;
    this.#exposure.revisions.set(revision, { podMinutes: known?.podMinutes ?? 0, at });
    if (this.#exposure.revisions.size > MOST_REVISIONS) {
      const [oldest] = [...this.#exposure.revisions].sort(([, a], [, b]) => a.at - b.at);
      if (oldest !== undefined) this.#exposure.revisions.delete(oldest[0]);
    }
    this.#dirty.add(EXPOSURE_ROW);
  }

  /** The log of a container of this revision is known from `from` to `to`. */
  covered(revision: string, from: number, to: number): void {
    if (!(to > from)) return;
    const of = this.#exposure.revisions.get(revision);
    if (of !== undefined) of.podMinutes += (to - from) / MINUTE;
    for (let at = Math.max(from, to - 2 * 60 * MINUTE); at < to; at += MINUTE) this.#exposure.covered.add(at, 1);
    this.#dirty.add(EXPOSURE_ROW);
  }

  take(event: LogEvent): void {
    this.#lines += 1;
    const { line, trace } = event;
    const level = levelOf(line, trace.length > 0);
    const mine = this.#mines[level === 'error' ? 0 : 1];
    const words = trace.length === 0 ? undefined : traceWords(line, trace);
    const form = mine.templates.add(line, words);
    const pattern = mine.of[form];
    if (pattern !== undefined) this.#count(pattern, event);
    else if (mine.fresh.length < MOST_FRESH) mine.fresh.push({ form, event });
    else if (mine.rest !== undefined) this.#count(mine.rest, event);
    else {
      mine.fresh.push({ form, event });
      this.#settle(mine);
    }
  }

  /** Places what is new, and says what has become news. */
  judge(now: number): readonly LogPattern[] {
    for (const mine of this.#mines) this.#settle(mine);
    const { current } = this;
    const news = judge(
      [...this.#patterns.values()].filter((p) => p.level === 'error'),
      this.#exposure,
      current,
      now,
    );
    for (const id of news.touched) this.#dirty.add(id);
    return news.told.flatMap((id) => {
      const pattern = this.#patterns.get(id);
      return pattern === undefined ? [] : [this.#shown(pattern, now, 60)];
    });
  }

  patterns(now: number, minutes: number, news = false): LogPattern[] {
    for (const mine of this.#mines) this.#settle(mine);
    return [...this.#patterns.values()].filter((p) => !news || p.news !== undefined).map((pattern) => this.#shown(pattern, now, minutes));
  }

  /** What changed since it was asked last, to be stored. */
  changed(): StoredPattern[] {
    const rows = [...this.#dirty].map((id): StoredPattern => {
      if (id === EXPOSURE_ROW)
        return {
          id,
          data: JSON.stringify({ revisions: [...this.#exposure.revisions], covered: this.#exposure.covered, read: [...this.read] }),
        };
      const pattern = this.#patterns.get(id);
      if (pattern === undefined) return { id, data: '' };
      const { revisions, pods, ...rest } = pattern;
      return { id, data: JSON.stringify({ ...rest, revisions: [...revisions], pods: [...pods] }) };
    });
    this.#dirty.clear();
    return rows;
  }

  /** What was stored: those patterns are known, and are no news. Before anything is taken. */
  restore(rows: readonly StoredPattern[]): void {
    for (const { id, data } of rows) {
      if (data === '') continue;
      const value = JSON.parse(data) as StoredExposure & StoredData;
      if (id === EXPOSURE_ROW) {
        this.#exposure = { revisions: new Map(value.revisions as StoredExposure['revisions']), covered: Minutes.from(value.covered) };
        for (const [container, newest] of value.read) this.read.set(container, newest);
        continue;
      }
      this.#patterns.set(id, {
        ...value,
        minutes: Minutes.from(value.minutes),
        revisions: new Map(value.revisions),
        pods: new Set(value.pods),
        news: value.news ?? undefined,
      });
    }
    for (const mine of this.#mines) this.#begin(mine);
  }

  /** The lines that were not placed yet get their pattern; patterns that have become one are joined. */
  #settle(mine: Mine): void {
    if (mine.fresh.length === 0) return;
    const fresh = mine.fresh.splice(0);
    const { templates, of } = mine.templates.templates();
    const formsOf = templates.map((): number[] => []);
    of.forEach((template, form) => formsOf[template]?.push(form));
    const taken = new Set<Pattern>();
    templates.forEach(({ text }, i) => {
      const forms = formsOf[i] ?? [];
      const known = [...new Set(forms.flatMap((form) => mine.of[form] ?? []))].filter((p) => p !== mine.rest && this.#patterns.has(p.id));
      const [oldest, ...others] = known.filter((p) => !taken.has(p)).sort((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1));
      const pattern = oldest ?? this.#new(mine, text, known[0], fresh.find(({ form }) => of[form] === i)?.event);
      if (pattern === undefined) return;
      taken.add(pattern);
      if (pattern !== mine.rest && pattern.text !== text) {
        pattern.text = text;
        this.#dirty.add(pattern.id);
      }
      for (const other of others) this.#join(pattern, other);
      for (const form of forms) mine.of[form] = pattern;
    });
    for (const { form, event } of fresh) {
      const pattern = mine.of[form];
      if (pattern !== undefined) this.#count(pattern, event);
    }
    if (mine.templates.forms > MOST_FORMS) this.#begin(mine);
  }

  /** `parent`: the one it was a part of until now, so that it is as old. */
  #new(mine: Mine, text: string, parent: Pattern | undefined, event: LogEvent | undefined): Pattern | undefined {
    if (event === undefined && parent === undefined) return undefined;
    const isFull = this.#room(mine) <= 0;
    if (isFull && mine.rest !== undefined) return mine.rest;
    const said = isFull ? REST : text;
    let id = idOf(`${mine.isError ? 'error ' : ''}${said}`);
    while (this.#patterns.has(id)) id = idOf(id);
    const pattern: Pattern = {
      id,
      text: said,
      level: event === undefined ? (parent?.level ?? 'other') : levelOf(event.line, event.trace.length > 0),
      count: 0,
      first: parent?.first ?? event?.at ?? 0,
      last: event?.at ?? parent?.last ?? 0,
      minutes: new Minutes(),
      revisions: new Map([...(parent?.revisions ?? [])].map(([revision, of]) => [revision, { ...of, lines: 0, settled: 0 }])),
      pods: new Set(),
      sample: event === undefined ? parent!.sample : sampleOf(event),
      news: undefined,
      isOld: parent !== undefined || isFull,
    };
    this.#patterns.set(id, pattern);
    if (isFull) mine.rest = pattern;
    return pattern;
  }

  /** The oldest that say nothing any more make room. */
  #room(mine: Mine): number {
    const own = [...this.#patterns.values()].filter((p) => (p.level === 'error') === mine.isError);
    if (own.length >= MOST_PATTERNS) {
      const [stale] = own.filter((p) => p !== mine.rest && p.count < 3).sort((a, b) => a.last - b.last);
      if (stale !== undefined && own.some((p) => p.last > stale.last + 60 * MINUTE)) {
        this.#patterns.delete(stale.id);
        this.#dirty.add(stale.id);
        return MOST_PATTERNS - own.length + 1;
      }
    }
    return MOST_PATTERNS - own.length;
  }

  #join(into: Pattern, from: Pattern): void {
    into.count += from.count;
    into.first = Math.min(into.first, from.first);
    if (from.last > into.last) [into.last, into.sample] = [from.last, from.sample];
    into.minutes.join(from.minutes);
    for (const [revision, of] of from.revisions) {
      const own = into.revisions.get(revision);
      if (own === undefined) into.revisions.set(revision, of);
      else {
        own.lines += of.lines;
        own.settled += of.settled;
        own.first = Math.min(own.first, of.first);
        own.lastSettled = Math.max(own.lastSettled, of.lastSettled);
      }
    }
    for (const pod of from.pods) if (into.pods.size < MOST_PODS) into.pods.add(pod);
    into.isOld ||= from.isOld;
    into.news ??= from.news;
    this.#patterns.delete(from.id);
    this.#dirty.add(from.id).add(into.id);
    for (const mine of this.#mines) mine.of.forEach((p, form) => p === from && (mine.of[form] = into));
  }

  #count(pattern: Pattern, event: LogEvent): void {
    const { at, pod, revision, age, leaving } = event;
    pattern.count += 1;
    pattern.first = Math.min(pattern.first, at);
    pattern.minutes.add(at, 1);
    let of = pattern.revisions.get(revision);
    if (of === undefined) {
      if (pattern.revisions.size >= MOST_REVISIONS) pattern.revisions.delete(pattern.revisions.keys().next().value ?? '');
      pattern.revisions.set(revision, (of = { lines: 0, settled: 0, first: at, lastSettled: 0 }));
    }
    of.lines += 1;
    of.first = Math.min(of.first, at);
    if (age >= SETTLE_MS && !leaving) {
      of.settled += 1;
      of.lastSettled = Math.max(of.lastSettled, at);
    }
    if (pattern.pods.size < MOST_PODS) pattern.pods.add(pod);
    if (at >= Date.parse(pattern.sample.at) + SAMPLE_MS) pattern.sample = sampleOf(event);
    pattern.last = Math.max(pattern.last, at);
    this.#dirty.add(pattern.id);
  }

  /** A miner that knows the patterns there are, and nothing else. */
  #begin(mine: Mine): void {
    const own = [...this.#patterns.values()].filter((p) => (p.level === 'error') === mine.isError);
    mine.templates = new LogTemplates(BOUNDS, redact);
    mine.of = [];
    for (const pattern of own.sort((a, b) => b.count - a.count)) {
      if (pattern.text === REST) mine.rest = pattern;
      else mine.of[mine.templates.know(pattern.text)] = pattern;
    }
  }

  #shown(p: Pattern, now: number, minutes: number): Omit<LogPattern, 'namespace' | 'workload'> & { namespace: string; workload: string } {
    const revisions = [...p.revisions].sort(([, a], [, b]) => a.first - b.first);
    const recent = p.minutes.last(now, 6);
    return {
      id: p.id,
      namespace: '',
      workload: '',
      text: p.text,
      level: p.level,
      count: p.count,
      // Five whole minutes and the part of the one that is going on.
      perMinute: round(recent.reduce((sum, n) => sum + n, 0) / (5 + (now % MINUTE) / MINUTE)),
      firstSeen: iso(p.first),
      lastSeen: iso(p.last),
      sinceRevision: revisions.find(([revision, of]) => revision !== '' && of.lines > 0)?.[0] ?? null,
      revisions: revisions
        .filter(([revision]) => revision !== '')
        .map(([revision, { lines }]) => {
          const podMinutes = this.#exposure.revisions.get(revision)?.podMinutes ?? 0;
          return { revision, lines, perPodMinute: podMinutes < 1 ? null : round(lines / podMinutes) };
        }),
      pods: p.pods.size,
      sample: p.sample,
      news: p.news ?? null,
      minutes: { start: iso((Math.floor(now / MINUTE) - minutes + 1) * MINUTE), counts: p.minutes.last(now, minutes) },
    };
  }
}

interface StoredExposure {
  readonly revisions: readonly (readonly [string, { podMinutes: number; at: number }])[];
  readonly covered: readonly (readonly [number, number])[];
  readonly read: readonly (readonly [string, string])[];
}
type StoredData = Omit<Pattern, 'minutes' | 'revisions' | 'pods' | 'news'> & {
  readonly minutes: readonly (readonly [number, number])[];
  readonly revisions: readonly (readonly [string, OfRevision])[];
  readonly pods: readonly string[];
  readonly news?: LogNews;
};

const mineOf = (isError: boolean): Mine => ({ isError, templates: new LogTemplates(BOUNDS, redact), of: [], fresh: [], rest: undefined });
const iso = (at: number): string => new Date(at).toISOString();
const round = (value: number): number => Number(value.toPrecision(3));
const short = (line: string): string => (line.length > LONGEST_SAMPLE ? `${line.slice(0, LONGEST_SAMPLE)}…` : line);

function sampleOf({ at, pod, container, line, trace }: LogEvent): LogSample {
  // Cut before it is masked, so that a long line costs no more than a short one; with room, so that a credential is not cut into a name.
  const masked = (text: string) => short(redact(text.slice(0, 2 * LONGEST_SAMPLE)));
  return { pod, container, at: iso(at), line: masked(line), trace: trace.slice(0, MOST_TRACE).map(masked) };
}
