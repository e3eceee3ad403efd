/** A part of a document that is found and quoted as a whole. */
export interface Passage {
  /** Headings above it, outermost first, joined by ` > `; empty where there is none. */
  readonly heading: string;
  /** Of its first line in the document, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Long enough to hold a thought, short enough for models that read 512 tokens. */
const MAX_CHARACTERS = 900;
const MAX_TOKENS = 400;

/** Never fewer tokens than a word-piece model makes of ordinary text: four letters of a word a token, any other sign one. */
export function tokenEstimate(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(/[A-Za-z]+|[^\sA-Za-z]/gu)) tokens += /^[A-Za-z]/.test(part) ? Math.ceil(part.length / 4) : 1;
  return tokens;
}

const fits = (text: string) => text.length <= MAX_CHARACTERS && tokenEstimate(text) <= MAX_TOKENS;

interface Block {
  readonly line: number;
  readonly text: string;
}

/**
 * Cuts Markdown, or plain text, at its headings, then at empty lines. A block of code stays whole where it fits, and is cut between its
 * lines where it does not; what looks like a heading inside of one is none. What stands between `---` at the very beginning is left out.
 */
export function chunkMarkdown(document: string): Passage[] {
  const lines = document.split(/\r\n|\r|\n/);
  const passages: Passage[] = [];
  const path: string[] = [];
  let blocks: Block[] = [];
  let open: { line: number; lines: string[] } | undefined;
  let fence: string | undefined;
  const endBlock = () => {
    if (open !== undefined) blocks.push({ line: open.line, text: open.lines.join('\n') });
    open = undefined;
  };
  const endSection = () => {
    endBlock();
    const heading = path.filter((title) => title !== undefined).join(' > ');
    for (const { line, text } of packed(blocks.flatMap(cut))) passages.push({ heading, line, text });
    blocks = [];
  };
  for (let index = afterFrontMatter(lines); index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== undefined) {
      open?.lines.push(line);
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) {
        fence = undefined;
        endBlock();
      }
      continue;
    }
    const [, level, title] = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? [];
    if (mark !== undefined) {
      endBlock();
      fence = mark;
      open = { line: index + 1, lines: [line] };
    } else if (level !== undefined && title !== undefined) {
      endSection();
      // A level that is left out leaves a hole, which `filter` passes over.
      path.length = Math.min(path.length, level.length - 1);
      path[level.length - 1] = title;
    } else if (line.trim() === '') endBlock();
    else {
      open ??= { line: index + 1, lines: [] };
      open.lines.push(line);
    }
  }
  endSection();
  return passages;
}

function afterFrontMatter(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return 0;
  return lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') + 1;
}

/** A block that fits as it is; otherwise pieces that do, cut between lines, in a line between words, in a word anywhere. */
function cut(block: Block): Block[] {
  if (fits(block.text)) return [block];
  const lines = block.text.split('\n').map((text, index) => ({ line: block.line + index, text }));
  return packed(
    lines.flatMap((line) => pieces(line.text).map((text) => ({ line: line.line, text }))),
    '\n',
  );
}

function pieces(text: string): string[] {
  if (fits(text)) return [text];
  const signs = [...text];
  const middle = signs.length >> 1;
  const left = signs.slice(0, middle).join('');
  const space = left.lastIndexOf(' ');
  const at = space > left.length / 2 ? space + 1 : left.length;
  return [...pieces(text.slice(0, at).trimEnd()), ...pieces(text.slice(at))].filter((piece) => piece.trim() !== '');
}

/** Neighbours put together as long as the whole fits. */
function packed(blocks: readonly Block[], between = '\n\n'): Block[] {
  const out: Block[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    const joined = last === undefined ? undefined : `${last.text}${between}${block.text}`;
    if (last !== undefined && joined !== undefined && fits(joined)) out[out.length - 1] = { line: last.line, text: joined };
    else out.push(block);
  }
  return out.filter(({ text }) => text.trim() !== '');
}
