import { insideFence } from './markup/writer.ts';
import { textOf } from './text.ts';
import { readXml } from './xml.ts';
import { BadZip, zipIn } from './zip.ts';

/** What is in the file and not shown, and what is about a text rather than of it. */
const UNSAID = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:sequence-decls',
  'text:note-citation',
  'svg:title',
  'svg:desc',
  'text:table-of-content',
]);

/** The text of an OpenDocument file (ODF 1.3, part 3) as Markdown: headings, lists, tables, notes behind what they are on. @throws BadZip, BadXml */
export async function* odtToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  const content = await (await zipIn(bytes)).file('content.xml');
  if (content === undefined) throw new BadZip('there is no content.xml in it');
  const paragraphs: { text: string; level: number; isCode: boolean }[] = [];
  const notes: string[] = [];
  let row: string[] | undefined;
  let unsaid = 0;
  let items = 0;
  let inNote = 0;
  for await (const event of readXml(textOf(content.read()), true)) {
    if (event.type === 'text') {
      const last = paragraphs.at(-1);
      if (last !== undefined && unsaid === 0) last.text += event.text.replaceAll(/\s+/g, ' ');
      continue;
    }
    const { name } = event;
    const opens = event.type === 'open';
    if (UNSAID.has(name)) unsaid += opens ? 1 : -1;
    else if (unsaid > 0) continue;
    else if (name === 'text:list-item') items += opens ? 1 : -1;
    else if (name === 'text:note') inNote += opens ? 1 : -1;
    else if (name === 'table:table-row') {
      if (opens) row = [];
      else {
        if (row !== undefined && row.some((cell) => cell !== '')) yield `${row.join(' | ')}\n\n`;
        row = undefined;
      }
    } else if (name === 'table:table-cell' && opens) row?.push('');
    else if (name === 'text:p' || name === 'text:h') {
      if (opens) {
        const style = event.attributes['text:style-name'] ?? '';
        const level = name === 'text:h' ? Number(event.attributes['text:outline-level'] ?? 1) : 0;
        paragraphs.push({ text: '', level, isCode: /preformatted|code|listing/i.test(style) });
        continue;
      }
      const { text = '', level = 0, isCode = false } = paragraphs.pop() ?? {};
      const said = text.trim();
      if (said === '') continue;
      if (inNote > 0) notes.push(said);
      else if (row !== undefined) row[Math.max(0, row.length - 1)] = `${row.at(-1) ?? ''} ${said}`.trim();
      else if (level > 0) yield `${'#'.repeat(Math.min(6, level))} ${said.replaceAll(/\s+/g, ' ')}\n\n`;
      else if (isCode) yield `\`\`\`\n${said.split('\n').map(insideFence).join('\n')}\n\`\`\`\n\n`;
      else yield `${items > 0 ? '- ' : ''}${said.replaceAll(/^(#{1,6}\s|`{3,}|~{3,})/gm, '\\$1')}\n\n`;
      if (inNote === 0 && row === undefined) for (const note of notes.splice(0)) yield `${note}\n\n`;
    } else if (opens) {
      const last = paragraphs.at(-1);
      if (last === undefined) continue;
      if (name === 'text:s') last.text += ' ';
      else if (name === 'text:tab') last.text += ' ';
      else if (name === 'text:line-break') last.text += '\n';
    }
  }
  for (const note of notes) yield `${note}\n\n`;
}
