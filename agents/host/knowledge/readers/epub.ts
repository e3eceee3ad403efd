import { posix } from 'node:path';
import { pageToMarkdown } from './html.ts';
import { pageText, textOf, whole } from './text.ts';
import { readXml } from './xml.ts';
import { BadZip, zipIn } from './zip.ts';

/** The chapters of a book (EPUB 3.3) in the order in which they are read. @throws BadZip, BadXml, BadPage */
export async function* epubToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  const book = await zipIn(bytes);
  const opened = async (path: string) => {
    const file = await book.file(path);
    if (file === undefined) throw new BadZip(`there is no ${path} in it`);
    return file;
  };
  let root = '';
  for await (const event of readXml(textOf((await opened('META-INF/container.xml')).read())))
    if (event.type === 'open' && event.name === 'rootfile') root ||= event.attributes['full-path'] ?? '';
  const chapters = new Map<string, string>();
  const order: string[] = [];
  for await (const event of readXml(textOf((await opened(root)).read()))) {
    if (event.type !== 'open') continue;
    const name = event.name.replace(/^\w+:/, '');
    if (name === 'item' && /x?html/.test(event.attributes['media-type'] ?? '') && !/\bnav\b/.test(event.attributes['properties'] ?? ''))
      chapters.set(event.attributes['id'] ?? '', posix.join(posix.dirname(root), decodeURI(event.attributes['href'] ?? '')));
    else if (name === 'itemref') order.push(event.attributes['idref'] ?? '');
  }
  for (const id of order) {
    const path = chapters.get(id);
    if (path !== undefined) yield `${pageToMarkdown(pageText(await whole((await opened(path)).read())))}\n`;
  }
}
