import { insideFence } from './markup/writer.ts';
import { textOf } from './text.ts';
import type { Tree } from './tree.ts';
import { readXml } from './xml.ts';
import { zipIn } from './zip.ts';

/** Why a document of a word processor cannot be read, as a sentence. */
export class BadDocx extends Error {}

const MOST_HEADINGS = 6;
/** A paragraph, or a row of a table, that is longer is none that anybody wrote. */
const LONGEST = 2 ** 20;
/** What was taken out or moved away and is still in the file, and a second form of what was said already. */
const NOT_SAID: ReadonlySet<string> = new Set(['del', 'moveFrom', 'Fallback']);
/** Which of its parts say something, the body first. */
const PARTS = ['document', 'footnotes', 'endnotes'] as const;

interface Paragraph {
  style: string;
  text: string;
  isItem: boolean;
}

/** A row of a table while it is read. */
interface Row {
  readonly cells: string[];
  cell: string;
}

/** The text of a Word document (Office Open XML) as Markdown: headings, lists, tables, code, notes. @throws BadDocx, BadZip, BadXml */
export async function* docxToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  // What is locked with a password, and what is of before 2007, is in another container.
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0')
    throw new BadDocx('It is encrypted with a password, or of an old Word. Save a copy as .docx without one to have it read.');
  const tree = await zipIn(bytes);
  const styles = await stylesIn(tree);
  let isCode = false;
  for (const part of PARTS) {
    const file = await tree.file(`word/${part}.xml`);
    if (file === undefined && part === 'document') throw new BadDocx('It is not a Word document, whatever its name says.');
    if (file === undefined) continue;
    for await (const said of saidIn(textOf(file.read()), styles)) {
      if (isCode !== said.isCode) yield isCode ? '```\n\n' : '```\n';
      isCode = said.isCode;
      yield said.text;
    }
  }
  if (isCode) yield '```\n';
}

interface Said {
  readonly text: string;
  readonly isCode: boolean;
}

/** Paragraphs and rows in the order in which they end: a box of text stands in a paragraph, and a table in a cell of another one. */
async function* saidIn(text: AsyncIterable<string>, styles: ReadonlyMap<string, string>): AsyncGenerator<Said> {
  const paragraphs: Paragraph[] = [];
  const rows: Row[] = [];
  let unsaid = 0;
  let isHidden = false;
  let inText = false;
  const add = (more: string) => {
    const paragraph = paragraphs.at(-1);
    if (paragraph === undefined || unsaid > 0 || isHidden) return;
    paragraph.text += more;
    if (paragraph.text.length > LONGEST) throw tooLong();
  };
  for await (const event of readXml(text, true)) {
    if (event.type === 'text') {
      if (inText) add(event.text);
      continue;
    }
    const name = event.name.replace(/^\w+:/, '');
    const opens = event.type === 'open';
    if (NOT_SAID.has(name)) unsaid += opens ? 1 : -1;
    else if (name === 't') inText = opens;
    else if (opens) {
      const paragraph = paragraphs.at(-1);
      const value = event.attributes['w:val'] ?? '';
      if (name === 'p') paragraphs.push({ style: '', text: '', isItem: false });
      else if (name === 'r') isHidden = false;
      else if (name === 'vanish') isHidden = !/^(?:0|false|off)$/.test(value);
      else if (name === 'pStyle' && paragraph !== undefined) paragraph.style = styles.get(value) ?? value;
      else if (name === 'numPr' && paragraph !== undefined) paragraph.isItem = true;
      else if (name === 'tab') add(' ');
      else if (name === 'br' || name === 'cr') add('\n');
      else if (name === 'noBreakHyphen') add('-');
      else if (name === 'tr') rows.push({ cells: [], cell: '' });
    } else if (name === 'p') {
      const paragraph = paragraphs.pop();
      const row = rows.at(-1);
      if (paragraph === undefined || unsaid > 0) continue;
      if (row === undefined) yield written(paragraph);
      else put(row, paragraph.text);
    } else if (name === 'tc') {
      const row = rows.at(-1);
      row?.cells.push(row.cell.replaceAll(/\s+/g, ' ').trim());
      if (row !== undefined) row.cell = '';
    } else if (name === 'tr') {
      const cells = rows.pop()?.cells ?? [];
      const outer = rows.at(-1);
      if (outer !== undefined) put(outer, cells.join(', '));
      else if (cells.some((cell) => cell !== '')) yield { text: `${cells.join(' | ')}\n\n`, isCode: false };
    }
  }
}

const tooLong = () => new BadDocx('A paragraph in it is longer than a million characters, which no document has.');

function put(row: Row, text: string): void {
  row.cell += `${text} `;
  if (row.cell.length > LONGEST) throw tooLong();
}

function written({ style, text, isItem }: Paragraph): Said {
  if (/code|preformatted|listing|console|terminal/i.test(style))
    return { text: `${text.split('\n').map(insideFence).join('\n')}\n`, isCode: true };
  const plain = text.trim();
  if (plain === '') return { text: '', isCode: false };
  const level = /^title$/i.test(style) ? 1 : Number(/^heading ?(\d)/i.exec(style)?.[1] ?? 0);
  if (level > 0) return { text: `${'#'.repeat(Math.min(level, MOST_HEADINGS))} ${plain.replaceAll(/\s+/g, ' ')}\n\n`, isCode: false };
  // A line that looks like a heading or a fence is none.
  return { text: `${isItem ? '- ' : ''}${plain.replaceAll(/^(#{1,6}\s|`{3,}|~{3,})/gm, '\\$1')}\n\n`, isCode: false };
}

/** What styles are called in English, by the id that paragraphs name, which is of the language of whoever wrote it. */
async function stylesIn(tree: Pick<Tree, 'file'>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const file = await tree.file('word/styles.xml');
  if (file === undefined) return names;
  let id: string | undefined;
  for await (const event of readXml(textOf(file.read()))) {
    if (event.type !== 'open') continue;
    if (event.name === 'w:style') id = event.attributes['w:styleId'];
    else if (event.name === 'w:name' && id !== undefined && !names.has(id)) names.set(id, event.attributes['w:val'] ?? '');
  }
  return names;
}
