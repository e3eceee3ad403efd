import { asMarkdown } from './markup.ts';
import { readXml } from './xml.ts';

export interface WikiPage {
  readonly title: string;
  readonly at: string | null;
  readonly markdown: string;
}

/** Pages of a MediaWiki export (export-0.11): the last revision in it of each, as it flows by; no talk, no templates. @throws BadXml */
export async function* wikiPages(pieces: AsyncIterable<string>): AsyncGenerator<WikiPage> {
  let within = '';
  let page = { title: '', ns: '', timestamp: '', text: '' };
  for await (const event of readXml(pieces)) {
    if (event.type === 'open') {
      within = event.name;
      if (within === 'page') page = { title: '', ns: '', timestamp: '', text: '' };
      else if (within === 'text') page.text = '';
    } else if (event.type === 'text') {
      if (within === 'title' || within === 'ns') page[within] += event.text;
      else if (within === 'timestamp') page.timestamp = event.text;
      else if (within === 'text') page.text += event.text;
    } else {
      within = '';
      if (event.name !== 'page' || !['', '0', '4', '12'].includes(page.ns.trim()) || page.text.trim() === '') continue;
      let markdown = '';
      for await (const piece of asMarkdown(oneOf(page.text), 'mediawiki')) markdown += piece;
      const at = Date.parse(page.timestamp);
      yield {
        title: page.title.trim(),
        at: Number.isNaN(at) ? null : new Date(at).toISOString(),
        markdown: `# ${page.title.trim()}\n\n${markdown}`,
      };
    }
  }
}

async function* oneOf(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}
