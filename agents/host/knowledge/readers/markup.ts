/** Headings and code of texts that are not Markdown, written as Markdown has them; the rest of a line stays as it is. */

export type Markup = 'asciidoc' | 'rst' | 'org';

const ENDINGS: readonly (readonly [RegExp, Markup])[] = [
  [/\.(?:adoc|asciidoc)$/i, 'asciidoc'],
  [/\.rst$/i, 'rst'],
  [/\.org$/i, 'org'],
];

export const markupOf = (path: string): Markup | undefined => ENDINGS.find(([ending]) => ending.test(path))?.[1];

const FENCE = '```';
/** A line longer than this is no heading: it is handed on in pieces. */
const LONGEST = 64 * 1024;

export async function* asMarkdown(text: AsyncIterable<string>, markup: Markup): AsyncGenerator<string> {
  const writer = { asciidoc, rst, org }[markup]();
  for await (const line of linesOf(text)) {
    const said = writer.line(line);
    if (said !== undefined) yield said;
  }
  const last = writer.end();
  if (last !== '') yield last;
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
    while (rest.length > LONGEST) {
      yield rest.slice(0, LONGEST);
      rest = rest.slice(LONGEST);
    }
  }
  if (rest !== '') yield rest;
}

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
      if (fence !== undefined || /^(?:-{4,}|\.{4,})\s*$/.test(line)) {
        const isEdge = fence === undefined || line.trimEnd() === fence;
        if (isEdge) fence = fence === undefined ? line.trimEnd() : undefined;
        return `${isEdge ? FENCE : line}\n`;
      }
      const [, marks, title] = /^(={1,6})\s+(\S.*)$/.exec(line) ?? [];
      if (marks !== undefined && title !== undefined) return heading(marks.length, title);
      // Attributes of the document and of blocks, and comments, say nothing to a reader.
      return /^(?::[\w-]+:|\/\/(?!\/)|\[[^\]]*\]\s*$)/.test(line) ? undefined : `${line}\n`;
    },
    end: () => (fence === undefined ? '' : `${FENCE}\n`),
  };
}

/** A line of one sign under a line that is no longer is its heading; which sign means which level is as they come. */
function rst(): Writer {
  const RULE = /^([=\-~^"'`#*+.:_])\1{2,}\s*$/;
  const levels: string[] = [];
  let before: string | undefined;
  let code: 'begins' | 'in' | undefined;
  const held = (): string => (before === undefined ? '' : `${before}\n`);
  return {
    line(line) {
      if (code !== undefined) {
        if (line.trim() === '' || /^\s/.test(line)) {
          // Options of the directive stand before the code.
          if (code === 'begins' && (line.trim() === '' || /^\s+:[\w-]+:/.test(line))) return undefined;
          const opened = code === 'begins' ? `${FENCE}\n` : '';
          code = 'in';
          return `${opened}${line}\n`;
        }
        const closed = code === 'in' ? `${FENCE}\n\n` : '';
        code = undefined;
        before = line;
        return closed;
      }
      if (/^\.\. (?:code-block|code|sourcecode|parsed-literal|prompt)::/.test(line)) {
        const said = held();
        before = undefined;
        code = 'begins';
        return said;
      }
      const sign = RULE.exec(line)?.[1];
      if (sign !== undefined) {
        const title = before;
        if (title !== undefined && title.trim() !== '' && !RULE.test(title) && line.trimEnd().length >= title.trim().length) {
          before = undefined;
          if (!levels.includes(sign)) levels.push(sign);
          return heading(levels.indexOf(sign) + 1, title);
        }
        // Over a heading, or between two paragraphs.
        before = '';
        return title === undefined ? undefined : `${title}\n`;
      }
      const said = before === undefined ? undefined : held();
      before = line;
      return said;
    },
    end: () => (code === 'in' ? `${FENCE}\n` : held()),
  };
}

function org(): Writer {
  let inCode = false;
  return {
    line(line) {
      if (/^\s*#\+(?:begin|end)_(?:src|example)\b/i.test(line)) {
        inCode = /begin_/i.test(line);
        return `${FENCE}\n`;
      }
      if (inCode) return `${line}\n`;
      const [, stars, title] = /^(\*+)\s+(\S.*)$/.exec(line) ?? [];
      if (stars !== undefined && title !== undefined) return heading(stars.length, title.replace(/^(?:TODO|DONE)\s+/, ''));
      const [, named] = /^#\+title:\s*(\S.*)$/i.exec(line) ?? [];
      if (named !== undefined) return heading(1, named);
      return /^\s*(?:#\+|:[\w-]+:\s*\S*\s*$|# )/.test(line) ? undefined : `${line}\n`;
    },
    end: () => (inCode ? `${FENCE}\n` : ''),
  };
}
