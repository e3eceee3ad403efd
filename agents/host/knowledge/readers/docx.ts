import { textOf } from './text.ts';
import { readXml } from './xml.ts';
import { zipIn } from './zip.ts';

/** Why a document of a word processor cannot be read, as a sentence. */
export class BadDocx extends Error {}

const MOST_HEADINGS = 6;

/** The text of a Word document (Office Open XML) as Markdown: headings, lists, tables, code. @throws BadDocx, BadZip, BadXml */
export async function* docxToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  // What is locked with a password, and what is of before 2007, is in another container.
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0')
    throw new BadDocx('It is encrypted with a password, or of an old Word. Save a copy as .docx without one to have it read.');
  const tree = await zipIn(bytes);
  const body = await tree.file('word/document.xml');
  if (body === undefined) throw new BadDocx('It is not a Word document, whatever its name says.');
  const styles = await tree.file('word/styles.xml');
  const styleOf = styles === undefined ? new Map<string, string>() : await stylesIn(textOf(styles.read()));
  let style = '';
  let text = '';
  let isItem = false;
  let inText = false;
  let before = 0;
  let cells: string[] | undefined;
  let isCode = false;
  for await (const event of readXml(textOf(body.read()))) {
    if (event.type === 'text') {
      if (inText) text += event.text;
      continue;
    }
    const name = event.name.replace(/^\w+:/, '');
    const opens = event.type === 'open';
    if (name === 't') {
      // A run that is nothing but a space parts two words.
      if (!opens && text.length === before) text += ' ';
      before = text.length;
      inText = opens;
    } else if (opens) {
      const value = event.attributes['w:val'] ?? '';
      if (name === 'p') [style, text, isItem] = ['', cells === undefined ? '' : text, false];
      else if (name === 'pStyle') style = styleOf.get(value) ?? value;
      else if (name === 'numPr') isItem = true;
      else if (name === 'tab') text += ' ';
      else if (name === 'br' || name === 'cr') text += '\n';
      else if (name === 'tr') cells = [];
      else if (name === 'tc') text = '';
    } else if (name === 'tc') cells?.push(text.replaceAll(/\s+/g, ' ').trim());
    else if (name === 'tr' && cells !== undefined) {
      yield `${cells.join(' | ')}\n\n`;
      cells = undefined;
      text = '';
    } else if (name === 'p') {
      if (cells !== undefined) {
        text += ' ';
        continue;
      }
      const paragraph = written(style, text, isItem);
      if (isCode !== paragraph.isCode) yield isCode ? '```\n\n' : '```\n';
      isCode = paragraph.isCode;
      yield paragraph.text;
    }
  }
  if (isCode) yield '```\n';
}

function written(style: string, text: string, isItem: boolean): { readonly text: string; readonly isCode: boolean } {
  if (/code|preformatted|listing|console|terminal/i.test(style)) return { text: `${text}\n`, isCode: true };
  const plain = text.trim();
  if (plain === '') return { text: '', isCode: false };
  const level = /^title$/i.test(style) ? 1 : Number(/^heading ?(\d)/i.exec(style)?.[1] ?? 0);
  if (level > 0) return { text: `${'#'.repeat(Math.min(level, MOST_HEADINGS))} ${plain.replaceAll(/\s+/g, ' ')}\n\n`, isCode: false };
  // A line that looks like a heading or a fence is none.
  return { text: `${isItem ? '- ' : ''}${plain.replaceAll(/^(#{1,6}\s|`{3,}|~{3,})/gm, '\\$1')}\n\n`, isCode: false };
}

/** What styles are called in English, by the id that paragraphs name, which is of the language of whoever wrote it. */
async function stylesIn(text: AsyncIterable<string>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let id: string | undefined;
  for await (const event of readXml(text)) {
    if (event.type !== 'open') continue;
    if (event.name === 'w:style') id = event.attributes['w:styleId'];
    else if (event.name === 'w:name' && id !== undefined && !names.has(id)) names.set(id, event.attributes['w:val'] ?? '');
  }
  return names;
}
