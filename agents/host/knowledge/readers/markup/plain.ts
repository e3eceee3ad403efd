import { type Writer, heading, indentOf } from './writer.ts';

const UNDERLINE = /^([=\-~#*^+])\1{2,}\s{0,9}$/;

/**
 * Plain text with headings as people set them: underlined, between signs of equality (as DokuWiki has them), with the marks of Markdown,
 * or in capitals over a text that is set in, as manual pages are printed.
 */
export function plain(): Writer {
  const levels: string[] = [];
  let before: string | undefined;
  /** What stands above the line before is empty, or a rule. */
  let afterGap = true;
  let fence: string | undefined;
  const flush = (next: string | undefined): string | undefined => {
    const held = before;
    afterGap = held === undefined || held.trim() === '';
    before = next;
    return held === undefined ? undefined : `${held}\n`;
  };
  return {
    line(line) {
      const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
      if (fence !== undefined || mark?.startsWith('`') === true) {
        const bare = line.trim();
        if (fence === undefined) fence = mark;
        else if (bare.startsWith(fence) && bare === '`'.repeat(bare.length)) fence = undefined;
        return flush(line);
      }
      const title = before?.trim() ?? '';
      const sign = UNDERLINE.exec(line)?.[1];
      if (sign !== undefined) {
        const fits = title !== '' && title.length <= 120 && line.trimEnd().length * 2 >= title.length && !/[.:;,]$/.test(title);
        if (!fits || !afterGap) return flush('');
        if (!levels.includes(sign)) levels.push(sign);
        before = '';
        return heading(levels.indexOf(sign) + 1, title);
      }
      const [, marks, wiki] = /^(={2,6})\s{1,9}(\S.{0,150}?)\s{1,9}={2,6}\s{0,9}$/.exec(line) ?? [];
      if (marks !== undefined && wiki !== undefined) return `${flush('') ?? ''}${heading(7 - marks.length, wiki)}`;
      if (afterGap && isCapitals(title) && indentOf(before ?? '') === 0 && line.trim() !== '' && indentOf(line) >= 2) {
        before = line;
        afterGap = false;
        return heading(2, title);
      }
      return flush(line);
    },
    end: () => flush(undefined) ?? '',
  };
}

const isCapitals = (title: string): boolean => title.length <= 60 && /^\p{Lu}[\p{Lu}\d /&,-]{2,}$/u.test(title);
