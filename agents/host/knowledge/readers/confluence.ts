import { fragmentToMarkdown } from './html.ts';
import { readXml } from './xml.ts';

export interface ConfluencePage {
  readonly id: string;
  readonly title: string;
  readonly at: string | null;
  readonly markdown: string;
}

interface Described {
  readonly title: string;
  readonly at: string | null;
  readonly current: boolean;
}

/** One object of the export, with its plain properties, and the objects it refers to by property. */
interface ExportedObject {
  readonly kind: string;
  readonly id: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly refers: ReadonlyMap<string, string>;
}

/**
 * The pages of a space's XML export (entities.xml), as they are now: not what they were, not what was deleted. It is read twice, because
 * bodies and titles stand anywhere in it; kept are the titles alone. @throws BadXml
 */
export async function* confluencePages(open: () => AsyncIterable<string>): AsyncGenerator<ConfluencePage> {
  const pages = new Map<string, Described>();
  for await (const { kind, id, properties, refers } of objectsOf(open())) {
    if (kind !== 'Page' && kind !== 'BlogPost') continue;
    const changed = Date.parse((properties.get('lastModificationDate') ?? '').replace(' ', 'T').replace(/(\.\d{3})$/, '$1Z'));
    pages.set(id, {
      title: properties.get('title') ?? '',
      at: Number.isNaN(changed) ? null : new Date(changed).toISOString(),
      // An earlier version refers to the page it was of.
      current: (properties.get('contentStatus') ?? 'current') === 'current' && !refers.has('originalVersion'),
    });
  }
  for await (const { kind, properties, refers } of objectsOf(open())) {
    const id = refers.get('content');
    const page = kind === 'BodyContent' && id !== undefined ? pages.get(id) : undefined;
    if (id === undefined || page?.current !== true) continue;
    yield {
      id,
      title: page.title,
      at: page.at,
      markdown: `# ${page.title}\n\n${fragmentToMarkdown(asHtml(properties.get('body') ?? ''))}`,
    };
  }
}

async function* objectsOf(pieces: AsyncIterable<string>): AsyncGenerator<ExportedObject> {
  let open: { kind: string; id: string; properties: Map<string, string>; refers: Map<string, string> } | undefined;
  let property: { readonly name: string; text: string; refers: boolean } | undefined;
  let inId = false;
  let inCollection = 0;
  for await (const event of readXml(pieces)) {
    if (event.type === 'open') {
      if (event.name === 'object') open = { kind: event.attributes['class'] ?? '', id: '', properties: new Map(), refers: new Map() };
      else if (event.name === 'collection') inCollection += 1;
      else if (event.name === 'property' && inCollection === 0)
        property = { name: event.attributes['name'] ?? '', text: '', refers: event.attributes['class'] !== undefined };
      else if (event.name === 'id') inId = true;
    } else if (event.type === 'text') {
      if (open === undefined || inCollection > 0) continue;
      if (property !== undefined && (property.refers ? inId : true)) property.text += event.text;
      else if (inId && property === undefined) open.id += event.text.trim();
    } else if (event.name === 'id') inId = false;
    else if (event.name === 'collection') inCollection -= 1;
    else if (event.name === 'property' && inCollection === 0) {
      if (property !== undefined)
        (property.refers ? open?.refers : open?.properties)?.set(property.name, property.refers ? property.text.trim() : property.text);
      property = undefined;
    } else if (event.name === 'object') {
      if (open !== undefined) yield open;
      open = undefined;
    }
  }
}

/** The wiki's own elements as those of pages: blocks of code, and links that name what they lead to. */
const asHtml = (storage: string) =>
  storage
    .replaceAll(
      /<ac:plain-text-body>\s*<!\[CDATA\[([\s\S]*?)\]\] ?>\s*<\/ac:plain-text-body>/g,
      (_, code: string) => `<pre>${escaped(code.replaceAll(']] >', ']]'))}</pre>`,
    )
    .replaceAll(/<ac:plain-text-link-body>\s*<!\[CDATA\[([\s\S]*?)\]\] ?>\s*<\/ac:plain-text-link-body>/g, (_, words: string) =>
      escaped(words),
    )
    .replaceAll(/<ri:(?:page|user|attachment)\b[^>]*ri:(?:content-title|filename)="([^"]*)"[^>]*\/>/g, '$1')
    .replaceAll(/<(ri|ac):([\w-]+)([^>]*)\/>/g, '');

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
