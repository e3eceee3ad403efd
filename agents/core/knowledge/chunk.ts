import { LONGEST_LINE, cutOf } from './long-lines.ts';

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

/** Cuts a document that is in memory. */
export function chunkMarkdown(document: string): Passage[] {
  const chunker = new Chunker();
  return [...chunker.add(document), ...chunker.end()];
}

/** Between `---` at the very beginning there are at most so many lines about the document; more is the document itself. */
const MOST_FRONT_LINES = 200;
/** So many blocks are kept waiting for the end of their section; a longer one is cut before. */
const MOST_BLOCKS = 500;

/**
 * Cuts Markdown, or plain text, at its headings, then at empty lines, while it flows by: a document may be longer than memory. A block of
 * code stays whole where it fits, and is cut between its lines where it does not; what looks like a heading inside of one is none. What
 * stands between `---` at the very beginning is left out, but for its title, which is the outermost heading.
 */
export class Chunker {
  #rest = '';
  #line = 0;
  /** The rest goes on in the line whose beginning was taken already: it is longer than a line may be. */
  #goesOn = false;
  #front: string[] | undefined;
  #title: string | undefined;
  readonly #path: string[] = [];
  #blocks: Block[] = [];
  #open: { line: number; lines: string[]; size: number } | undefined;
  #fence: string | undefined;
  #done: Passage[] = [];

  /** What is finished with this piece of the text. */
  add(piece: string): Passage[] {
    const lines = (this.#rest + piece).replaceAll(/\r\n|\r(?!$)/g, '\n').split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#take(this.#endOf(line, LONGEST_LINE));
      this.#goesOn = false;
    }
    // What comes next may be the half of an end of line.
    this.#rest = this.#endOf(this.#rest, LONGEST_LINE + 1);
    return this.#taken();
  }

  end(): Passage[] {
    const rest = this.#endOf(this.#rest.replace(/\r$/, ''), LONGEST_LINE);
    if (rest !== '') this.#take(rest);
    this.#rest = '';
    if (this.#front !== undefined) this.#noFront(this.#front);
    this.#endSection();
    return this.#taken();
  }

  /** Takes a line that is longer than `most` in pieces, the same wherever the text is cut. @returns what is left of it */
  #endOf(line: string, most: number): string {
    let left = line;
    for (; left.length > most; left = left.slice(cutOf(left))) {
      this.#take(left.slice(0, cutOf(left)));
      this.#goesOn = true;
    }
    return left;
  }

  #taken(): Passage[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #take(line: string): void {
    // What a line goes on with is neither a heading nor an end, and no line about a document is that long.
    if (this.#goesOn) {
      if (this.#front !== undefined) this.#noFront(this.#front);
      this.#endBlock();
      this.#put(line, this.#line);
      return;
    }
    this.#line += 1;
    if (this.#line === 1 && line.trimEnd() === '---') this.#front = [line];
    else if (this.#front === undefined) this.#read(line, this.#line);
    else if (line.trimEnd() === '---') {
      this.#title = titleIn(this.#front);
      this.#front = undefined;
    } else {
      this.#front.push(line);
      if (this.#front.length > MOST_FRONT_LINES) this.#noFront(this.#front);
    }
  }

  #noFront(lines: readonly string[]): void {
    this.#front = undefined;
    for (const [index, line] of lines.entries()) this.#read(line, index + 1);
  }

  #read(line: string, at: number): void {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (this.#fence !== undefined) {
      this.#put(line, at);
      if (mark?.startsWith(this.#fence) === true && line.trim() === mark) {
        this.#fence = undefined;
        this.#endBlock();
      }
      return;
    }
    const [marks, level] = /^ {0,3}(#{1,6})[ \t]+/.exec(line) ?? [];
    if (mark !== undefined) {
      this.#endBlock();
      this.#fence = mark;
      this.#put(line, at);
    } else if (level !== undefined) {
      this.#endSection();
      // A level that is left out leaves a hole, which is passed over.
      this.#path.length = Math.min(this.#path.length, level.length - 1);
      this.#path[level.length - 1] = titleOf(line.slice(marks?.length)).slice(0, LONGEST_HEADING);
    } else if (line.trim() === '') this.#endBlock();
    else this.#put(line, at);
  }

  #put(line: string, at: number): void {
    this.#open ??= { line: at, lines: [], size: 0 };
    this.#open.lines.push(line);
    this.#open.size += line.length;
    if (this.#open.size > LONGEST_LINE) this.#endBlock();
  }

  #endBlock(): void {
    if (this.#open !== undefined) this.#blocks.push({ line: this.#open.line, text: this.#open.lines.join('\n') });
    this.#open = undefined;
    if (this.#blocks.length >= MOST_BLOCKS) this.#flush();
  }

  #endSection(): void {
    this.#endBlock();
    this.#flush();
  }

  #flush(): void {
    const [first] = this.#path;
    const all = this.#title === undefined || this.#title === first ? this.#path : [this.#title, ...this.#path];
    const heading = all.filter((title) => title !== undefined && title !== '').join(' > ');
    for (const { line, text } of packed(this.#blocks.flatMap(cut))) this.#done.push({ heading, line, text });
    this.#blocks = [];
  }
}

const LONGEST_HEADING = 200;

/** A heading without the signs it may end with. By hand: an expression for it would look at each blank as often as there are blanks. */
function titleOf(heading: string): string {
  const upTo = (end: number, signs: string) => {
    let at = end;
    while (at > 0 && signs.includes(heading[at - 1] ?? '')) at -= 1;
    return at;
  };
  const end = upTo(heading.length, ' \t');
  const closing = upTo(end, '#');
  const before = upTo(closing, ' \t');
  return heading.slice(0, before < closing ? before : end);
}

function titleIn(front: readonly string[]): string | undefined {
  for (const line of front) {
    if (!line.startsWith('title:')) continue;
    const said = line.slice('title:'.length).trim();
    const title = /^(["'])((?:(?!\1).)*)\1$/.exec(said)?.[2] ?? said;
    if (title !== '') return title.slice(0, LONGEST_HEADING);
  }
  return undefined;
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
