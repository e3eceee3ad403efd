import type { LogItem } from '../../agents/contract/index.ts';

/** Lines of logs as they come, the newest of them, and those that a filter lets through. Pure; meant for thousands a second. */

export interface Line {
  /** Counts all lines there ever were. */
  readonly n: number;
  readonly source: Source;
  readonly at: string;
  readonly text: string;
  /** Said about the logs, not in them. */
  readonly note: boolean;
}

export interface Source {
  readonly pod: string;
  readonly container: string;
  /** The order in which sources were first heard of: their colour. */
  readonly order: number;
}

export interface Bounds {
  readonly lines: number;
  /** Of all texts, in UTF-16 units. */
  readonly characters: number;
}

/** Twenty screens a second would not be read; this is some minutes of a busy namespace, and about 30 MB. */
export const BOUNDS: Bounds = { lines: 50_000, characters: 12_000_000 };
/** Old lines go this many at a time, so that each line is moved about once. */
const SLACK = 0.1;

/** Colours and cursor movements of terminals. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

export type Matches = (line: Line) => boolean;

export class LogBook {
  readonly #bounds: Bounds;
  readonly #sources = new Map<string, Source>();
  #lines: Line[] = [];
  #shown: Line[] = [];
  #characters = 0;
  #count = 0;
  #matches: Matches | undefined;
  /** How many of all lines are not kept any more. */
  dropped = 0;

  constructor(bounds: Bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#lines.length;
  }

  /** All there ever were. */
  get count(): number {
    return this.#count;
  }

  get sources(): readonly Source[] {
    return [...this.#sources.values()];
  }

  /** The lines the filter lets through, oldest first. Another array after each change; what was handed out stays as it was. */
  get shown(): readonly Line[] {
    return this.#shown;
  }

  take(items: readonly LogItem[]): void {
    const fresh: Line[] = [];
    for (const item of items)
      if (item.type === 'note') fresh.push(this.#line(item.pod, item.container, '', item.text, true));
      else for (const { pod, container, at, line } of item.lines) fresh.push(this.#line(pod, container, at, line, false));
    if (fresh.length === 0) return;
    for (const line of fresh) {
      this.#characters += line.text.length;
      this.#lines.push(line);
    }
    const passed = this.#matches === undefined ? fresh : fresh.filter(this.#matches);
    this.#shown = this.#shown.concat(passed);
    this.#trim();
  }

  /** Undefined: everything. */
  filter(matches: Matches | undefined): void {
    this.#matches = matches;
    this.#shown = matches === undefined ? [...this.#lines] : this.#lines.filter(matches);
  }

  clear(): void {
    this.#lines = [];
    this.#shown = [];
    this.#characters = 0;
  }

  #line(pod: string, container: string, at: string, text: string, note: boolean): Line {
    const key = `${pod} ${container}`;
    let source = this.#sources.get(key);
    if (source === undefined) this.#sources.set(key, (source = { pod, container, order: this.#sources.size }));
    return { n: this.#count++, source, at, text: text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text, note };
  }

  #trim(): void {
    const { lines, characters } = this.#bounds;
    if (this.#lines.length <= lines * (1 + SLACK) && this.#characters <= characters * (1 + SLACK)) return;
    let go = Math.max(0, this.#lines.length - lines);
    for (let i = 0; i < go; i++) this.#characters -= this.#lines[i]?.text.length ?? 0;
    while (this.#characters > characters && go < this.#lines.length) this.#characters -= this.#lines[go++]?.text.length ?? 0;
    this.#lines = this.#lines.slice(go);
    this.dropped += go;
    const first = this.#lines[0]?.n ?? this.#count;
    const keep = this.#shown.findIndex((l) => l.n >= first);
    this.#shown = keep === -1 ? [] : keep === 0 ? this.#shown : this.#shown.slice(keep);
  }
}

/** What a person types to find lines: words that must all be there, or a regular expression. A string says what is wrong with it. */
export function matcherOf(typed: string, regex: boolean): Matches | undefined | string {
  if (typed.trim() === '') return undefined;
  if (regex)
    try {
      const pattern = new RegExp(typed, 'i');
      return ({ text }) => pattern.test(text);
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    }
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ text, source }) => {
    const low = text.toLowerCase();
    return words.every((w) => low.includes(w) || source.pod.includes(w));
  };
}

/** A line as a file has it. */
export const lineText = ({ source, at, text }: Line, named: boolean): string =>
  `${at === '' ? '' : `${at} `}${named ? `${source.pod} ${source.container} ` : ''}${text}`;
