import { FENCE, type Writer, heading, insideFence, named, outsideCode } from './writer.ts';

const ADMONITION = /^\[(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b[^\]]{0,200}\]\s{0,9}$/;

/** https://docs.asciidoctor.org/asciidoc/latest/: blocks without their marks, attributes filled in, cells of tables in rows. */
export function asciidoc(): Writer {
  let fence: string | undefined;
  const attributes = new Map<string, string>();
  /** Author and revision stand right under the title of the document. */
  let inHeader = false;
  let row: string[] | undefined;
  const endRow = (): string => {
    const cells = row ?? [];
    if (row !== undefined) row = [];
    return cells.length === 0 ? '' : `${cells.join(' | ')}\n`;
  };
  const filled = (line: string) =>
    line.replaceAll(/\{([\w-]{1,60})\}/g, (all, name: string) => attributes.get(name.toLowerCase()) ?? (name === 'nbsp' ? ' ' : all));
  return {
    line(line) {
      if (fence !== undefined || /^(?:-{4,}|\.{4,}|\/{4,}|`{3,}.*)\s*$/.test(line)) {
        const isEdge = fence === undefined || line.trimEnd() === fence;
        const isComment = (fence ?? line).startsWith('/');
        // Behind the backticks stands the language.
        if (isEdge) fence = fence === undefined ? (/^`+/.exec(line)?.[0] ?? line.trimEnd()) : undefined;
        return isComment ? undefined : `${isEdge ? FENCE : insideFence(line)}\n`;
      }
      const [, name, value] = /^:(!?[\w-]{1,60}!?):(?:\s{1,9}(.{0,2000}))?$/.exec(line) ?? [];
      if (name !== undefined) {
        attributes.set(name.toLowerCase(), filled(value ?? '').trim());
        return undefined;
      }
      const [, marks, title] = /^(={1,6})\s+(\S.*)$/.exec(line) ?? [];
      if (marks !== undefined && title !== undefined) {
        inHeader = marks.length === 1;
        return heading(marks.length, inline(filled(title)));
      }
      if (inHeader && line.trim() !== '') return undefined;
      inHeader = false;
      // Edges of tables, of examples, side notes, quotes and open blocks, a break of the page.
      if (/^[|,:!]={3,}\s{0,9}$/.test(line)) {
        const last = endRow();
        row = row === undefined ? [] : undefined;
        return `${last}\n`;
      }
      if (/^(?:={4,}|\*{4,}|_{4,}|--|\+|'{3,}|<{3,})\s{0,9}$/.test(line)) return '\n';
      const [, kind] = ADMONITION.exec(line) ?? [];
      if (kind !== undefined) return `${named(kind)}:\n`;
      // Attributes of the document and of blocks, comments, and what is put in from elsewhere say nothing to a reader.
      if (/^(?:\/\/(?!\/)|\[[^\]]{0,600}\]\s*$|(?:include|ifdef|ifndef|ifeval|endif|toc)::)/.test(line)) return undefined;
      const said = outsideCode(filled(line), inline);
      if (row === undefined)
        return `${said
          .replace(/^\.(?=[^\s.])/, '')
          .replace(/^<(\d{1,3}|\.)>\s/, '$1. ')
          .replace(/\s\+$/, '')}\n`;
      if (said.trim() === '') return `${endRow()}\n`;
      const cells = cellsOf(said);
      // Several cells in a line are a row; what stands in lines of their own goes on to the next empty one.
      if (cells === undefined) row[Math.max(0, row.length - 1)] = `${row.at(-1) ?? ''} ${said.trim()}`.trim();
      else if (cells.length > 1) return `${endRow()}${cells.join(' | ')}\n`;
      else row.push(...cells);
      return undefined;
    },
    end: () => (fence === undefined || fence.startsWith('/') ? endRow() : `${FENCE}\n`),
  };
}

/** `|a |b`, `2+|a`, `a|b`: a cell may say how it is set. Undefined for a line that goes on with the cell before. */
const cellsOf = (line: string): string[] | undefined =>
  /^\s{0,9}(?:\d{0,2}(?:\.\d{1,2})?[+*])?[<^>.]{0,4}[adehlmsv]?\|/.test(line)
    ? line
        .replace(/^[^|]{0,12}\|/, '')
        .split(/\s(?:\d{0,2}(?:\.\d{1,2})?[+*])?[<^>.]{0,4}[adehlmsv]?\|/)
        .map((cell) => cell.trim())
    : undefined;

const inline = (text: string): string => {
  let said = text;
  if (said.includes('['))
    said = said
      .replaceAll(/\[\[[^[\]]{1,200}\]\]/g, '')
      .replaceAll(/\b(?:xref|link|mailto|kbd|btn|menu|footnote):[^\s[\]]{0,400}\[([^[\]]{0,400})\]/g, (_, words: string) =>
        words.replace(/\^$/, ''),
      )
      .replaceAll(/(\bhttps?:\/\/[^\s[\]]{1,600})\[([^[\]]{1,400})\]/g, (_, _to: string, words: string) => words.replace(/\^$/, ''))
      .replaceAll(/\b(?:image|icon):{1,2}[^\s[\]]{1,400}\[([^[\]]{0,400})\]/g, '$1')
      .replaceAll(/\[[.#][\w.#-]{1,80}\](?=[#*_`])/g, '');
  return said.includes('<<')
    ? said.replaceAll(/<<([^<>,]{1,200})(?:,([^<>]{1,300}))?>>/g, (_, to: string, words?: string) => words ?? to)
    : said;
};
