/** Writes the lines of a text in another form as Markdown, one after the other: a text may be longer than memory. */
export interface Writer {
  /** What can be written by now; undefined for nothing. */
  line(line: string): string | undefined;
  end(): string;
}

export const FENCE = '```';

/** A line of code as it stands inside of a fence, which it must not end. */
export const insideFence = (line: string): string => (/^ {0,3}`{3,}\s*$/.test(line) ? `    ${line}` : line);

export const heading = (level: number, title: string): string => `${'#'.repeat(Math.min(6, level))} ${title.trim()}\n`;

/** `warning` as a reader sees it above what it warns of. */
export const named = (kind: string): string => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1).toLowerCase()}`;

/** Signs of a text, none of those in a span of code. Spans are short: what is longer is none. */
export const outsideCode = (line: string, change: (text: string) => string): string =>
  line.includes('`')
    ? line
        .split(/(`{1,3}[^`]{1,400}`{1,3})/)
        .map((part, i) => (i % 2 === 0 ? change(part) : part))
        .join('')
    : change(line);

/** Of a line with blanks in front, how many; a tab reaches to the next multiple of four. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const sign of line) {
    if (sign === ' ') columns += 1;
    else if (sign === '\t') columns += 4 - (columns % 4);
    else return columns;
  }
  return columns;
}

/** A line without so many columns of blanks in front. */
export function dedented(line: string, columns: number): string {
  let at = 0;
  let gone = 0;
  for (; gone < columns && at < line.length; at += 1) {
    if (line[at] === ' ') gone += 1;
    else if (line[at] === '\t') gone += 4 - (gone % 4);
    else break;
  }
  return `${' '.repeat(Math.max(0, gone - columns))}${line.slice(at)}`;
}
