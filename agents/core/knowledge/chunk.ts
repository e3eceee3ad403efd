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
  return [...chunker.add(`${document}\n`), ...chunker.end()];
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
    for (const line of lines) this.#take(line);
    // A file without line ends would wait for ever for the first.
    if (this.#rest.length > LONGEST_LINE) {
      this.#take(this.#rest);
      this.#rest = '';
    }
    return this.#taken();
  }

  end(): Passage[] {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
    if (this.#front !== undefined) this.#noFront(this.#front);
    this.#endSection();
    return this.#taken();
  }

  #taken(): Passage[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #take(line: string): void {
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
    const [, level, title] = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? [];
    if (mark !== undefined) {
      this.#endBlock();
      this.#fence = mark;
      this.#put(line, at);
    } else if (level !== undefined && title !== undefined) {
      this.#endSection();
      // A level that is left out leaves a hole, which is passed over.
      this.#path.length = Math.min(this.#path.length, level.length - 1);
      this.#path[level.length - 1] = title.slice(0, LONGEST_HEADING);
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

/** A longer block is cut before its end; nobody writes such, programs do. */
const LONGEST_LINE = 64 * 1024;
const LONGEST_HEADING = 200;

function titleIn(front: readonly string[]): string | undefined {
  for (const line of front) {
    const [, title] = /^title:\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$/.exec(line)?.filter((part) => part !== undefined) ?? [];
    if (title !== undefined && title !== '') return title.slice(0, LONGEST_HEADING);
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
