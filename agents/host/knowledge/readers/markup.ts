import { LONGEST_LINE, cutOf } from '../../../core/knowledge/long-lines.ts';

/** Headings and code of texts that are not Markdown, written as Markdown has them; the rest of a line stays as it is. */

export type Markup = 'asciidoc' | 'rst' | 'org';

const ENDINGS: readonly (readonly [RegExp, Markup])[] = [
  [/\.(?:adoc|asciidoc)$/i, 'asciidoc'],
  [/\.rst$/i, 'rst'],
  [/\.org$/i, 'org'],
];

export const markupOf = (path: string): Markup | undefined => ENDINGS.find(([ending]) => ending.test(path))?.[1];

const FENCE = '```';

export async function* asMarkdown(text: AsyncIterable<string>, markup: Markup): AsyncGenerator<string> {
  const writer = { asciidoc, rst, org }[markup]();
  for await (const line of linesOf(text)) {
    const said = writer.line(line);
    if (said !== undefined) yield said;
  }
  const last = writer.end();
  if (last !== '') yield last;
}

/** Lines, the same wherever the text is cut into pieces. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (let line of lines) {
      for (line = line.replace(/\r$/, ''); line.length > LONGEST_LINE; line = line.slice(cutOf(line))) yield line.slice(0, cutOf(line));
      yield line;
    }
    // What comes next may be the half of an end of line.
    for (; rest.length > LONGEST_LINE + 1; rest = rest.slice(cutOf(rest))) yield rest.slice(0, cutOf(rest));
  }
  if (rest.length > LONGEST_LINE) {
    yield rest.slice(0, cutOf(rest));
    rest = rest.slice(cutOf(rest));
  }
  if (rest !== '') yield rest;
}

/** A line of code as it stands inside of a fence, which it must not end. */
export const insideFence = (line: string): string => (/^ {0,3}`{3,}\s*$/.test(line) ? `    ${line}` : line);

interface Writer {
  /** What can be written by now; undefined for nothing. */
  line(line: string): string | undefined;
  end(): string;
}

const heading = (level: number, title: string): string => `${'#'.repeat(Math.min(6, level))} ${title.trim()}\n`;

function asciidoc(): Writer {
  let fence: string | undefined;
  return {
    line(line) {
      if (fence !== undefined || /^(?:-{4,}|\.{4,}|\/{4,}|`{3,}.*)\s*$/.test(line)) {
        const isEdge = fence === undefined || line.trimEnd() === fence;
        const isComment = (fence ?? line).startsWith('/');
        // Behind the backticks stands the language.
        if (isEdge) fence = fence === undefined ? (/^`+/.exec(line)?.[0] ?? line.trimEnd()) : undefined;
        return isComment ? undefined : `${isEdge ? FENCE : insideFence(line)}\n`;
      }
      const [, marks, title] = /^(={1,6})\s+(\S.*)$/.exec(line) ?? [];
      if (marks !== undefined && title !== undefined) return heading(marks.length, title);
      // Attributes of the document and of blocks, and comments, say nothing to a reader.
      return /^(?::[\w-]+:|\/\/(?!\/)|\[[^\]]*\]\s*$)/.test(line) ? undefined : `${line}\n`;
    },
    end: () => (fence === undefined || fence.startsWith('/') ? '' : `${FENCE}\n`),
  };
}

/** A line of one sign under a line that is no longer is its heading; which signs, under it or over it too, mean which level is as they come. */
function rst(): Writer {
  const RULE = /^([=\-~^"'`#*+.:_])\1{2,}\s*$/;
  const DIRECTIVE = /^\.\. (?:code-block|code|sourcecode|parsed-literal|prompt)::/;
  const levels: string[] = [];
  let before: string | undefined;
  /** The sign of the line before, where it is one of a single sign, and of the line above `before`. */
  let rule: string | undefined;
  let over: string | undefined;
  /** After a directive, or after a paragraph that ends in `::`, and then inside of the code. */
  let code: 'directive' | 'paragraph' | 'in' | undefined;
  const held = (): string => (before === undefined ? '' : `${before}\n`);
  const read = (line: string): string | undefined => {
    const sign = RULE.exec(line)?.[1];
    if (sign !== undefined) {
      const title = before;
      if (title !== undefined && title.trim() !== '' && !RULE.test(title) && line.trimEnd().length >= title.trim().length) {
        before = undefined;
        const mark = over === sign ? `${sign}${sign}` : sign;
        if (!levels.includes(mark)) levels.push(mark);
        return heading(levels.indexOf(mark) + 1, title);
      }
      // Over a heading, or between two paragraphs.
      before = '';
      rule = sign;
      return title === undefined ? undefined : `${title}\n`;
    }
    [over, rule] = [rule, undefined];
    const said = before === undefined ? undefined : held();
    if (DIRECTIVE.test(line)) {
      before = undefined;
      code = 'directive';
      return said;
    }
    before = line;
    if (!/::\s*$/.test(line) || line.startsWith('..')) return said;
    before = undefined;
    code = 'paragraph';
    return `${said ?? ''}${line}\n`;
  };
  return {
    line(line) {
      if (code === undefined) return read(line);
      if (line.trim() === '' && code !== 'in') return code === 'directive' ? undefined : '\n';
      if (line.trim() === '' || /^\s/.test(line)) {
        // Options of the directive stand before the code.
        if (code === 'directive' && /^\s+:[\w-]+:/.test(line)) return undefined;
        const opened = code === 'in' ? '' : `${FENCE}\n`;
        code = 'in';
        return `${opened}${insideFence(line)}\n`;
      }
      const closed = code === 'in' ? `${FENCE}\n\n` : '';
      code = undefined;
      return `${closed}${read(line) ?? ''}`;
    },
    end: () => (code === 'in' ? `${FENCE}\n` : held()),
  };
}

/** What Org mode itself writes before a heading to say its state; no part of what the heading says, and no note of ours. */
const ORG_STATE = /^(?:TODO|DONE)\s+/;

function org(): Writer {
  /** What the block is called that is open: another one inside of it is its text. */
  let block: string | undefined;
  return {
    line(line) {
      const [, edge, name] = /^\s*#\+(begin|end)_(src|example)\b/i.exec(line.toLowerCase()) ?? [];
      if (name !== undefined && (edge === 'begin' ? block === undefined : block === name)) {
        block = edge === 'begin' ? name : undefined;
        return `${FENCE}\n`;
      }
      if (block !== undefined) return `${insideFence(line)}\n`;
      const [, stars, title] = /^(\*+)\s+(\S.*)$/.exec(line) ?? [];
      if (stars !== undefined && title !== undefined) return heading(stars.length, title.replace(ORG_STATE, ''));
      const [, named] = /^#\+title:\s*(\S.*)$/i.exec(line) ?? [];
      if (named !== undefined) return heading(1, named);
      return /^\s*(?:#\+|:[\w-]+:\s*(?:\S+\s*)?$|# )/.test(line) ? undefined : `${line}\n`;
    },
    end: () => (block === undefined ? '' : `${FENCE}\n`),
  };
}
