import { styleText } from 'node:util';
import { stringify } from 'yaml';
import type { CommonFlags } from './flags.ts';

/** Printing for people and for scripts. Results go to stdout; everything else to stderr. */

type Style = Parameters<typeof styleText>[0];

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints a value as it was asked for; `table` says it to people. */
export function show(flags: CommonFlags, value: unknown, table: () => string): void {
  if (flags.output === 'json') print(JSON.stringify(value, null, 2));
  else if (flags.output === 'yaml') print(stringify(value));
  else print(table());
}

export const colours = (flags: CommonFlags): boolean =>
  flags.color !== false && process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

export function paint(flags: CommonFlags, style: Style, text: string): string {
  return colours(flags) ? styleText(style, text, { validateStream: false }) : text;
}

/** Cluster text on a terminal: control characters are shown, not obeyed. */
export function plain(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Columns as kubectl prints them: upper-case heads, three spaces between. */
export function columns(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads.map((h) => h.toUpperCase()), ...rows.map((r) => r.map(plain))];
  const widths = heads.map((_, i) => Math.max(...all.map((r) => (r[i] ?? '').length)));
  return all
    .map((r) =>
      r
        .map((cell, i) => (i === r.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + 3)))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** `3 min`, `2 h`, `5 d`: how long ago, to the unit that matters. */
export function age(at: string | null | undefined, now = Date.now()): string {
  if (at === null || at === undefined) return '-';
  const s = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  return s < 172_800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} d`;
}

/** Says what is going on, on stderr: one line that is replaced, on a terminal only. */
export function progress(flags: CommonFlags): { say(text: string): void; done(): void } {
  const live = process.stderr.isTTY && flags.quiet !== true;
  return {
    say: (text) => void (live && process.stderr.write(`\r\u001b[K${plain(text)}`)),
    done: () => void (live && process.stderr.write('\r\u001b[K')),
  };
}
