/** What a document of XML says, bit by bit. Text and character data are the same here; comments and declarations are passed over. */
export type XmlEvent =
  | { readonly type: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'close'; readonly name: string };

/** What is wrong with it, as a sentence without its end. */
export class BadXml extends Error {}

/** A longer tag or text is no export of anything. */
const LONGEST = 64 * 2 ** 20;

/**
 * Reads XML of any length in the memory of its longest element. Entities that a document declares for itself are not known, so none
 * grows; other files are never read. Text that is nothing but space is said only to whom it says something. @throws BadXml
 */
export async function* readXml(pieces: AsyncIterable<string>, withSpaces = false): AsyncGenerator<XmlEvent> {
  let rest = '';
  let at = 0;
  const source = pieces[Symbol.asyncIterator]();
  /** Reads a share of what is kept already, so that a long element is not put together anew with each of its pieces. */
  const more = async (): Promise<boolean> => {
    const kept = rest.length - at;
    let read = '';
    while (read.length <= kept / 4) {
      const next = await source.next();
      if (next.done === true) break;
      read += next.value;
    }
    if (read === '') return false;
    rest = rest.slice(at) + read;
    at = 0;
    if (rest.length > LONGEST) throw new BadXml('a single element in it is longer than 64 MiB');
    return true;
  };
  /** Where `sign` stands from here on, with as much more read as it takes. */
  const find = async (sign: string, from: number): Promise<number> => {
    for (let searched = from; ;) {
      const found = rest.indexOf(sign, at + searched);
      if (found !== -1) return found - at;
      searched = Math.max(from, rest.length - at - sign.length + 1);
      if (!(await more())) return -1;
    }
  };
  const need = async (sign: string, from: number): Promise<number> => {
    const found = await find(sign, from);
    if (found === -1) throw new BadXml('it ends in the middle of an element');
    return found;
  };
  for (;;) {
    const tag = await find('<', 0);
    if (tag === -1) return;
    if (tag > 0) {
      const text = rest.slice(at, at + tag);
      if (withSpaces || text.trim() !== '') yield { type: 'text', text: unescaped(text) };
      at += tag;
    }
    while (rest.length - at < 9 && (await more()));
    // More may come while an end is sought, and then `at` is another: it is read after that.
    if (rest.startsWith('<!--', at)) {
      const end = await need('-->', 4);
      at += end + 3;
    } else if (rest.startsWith('<![CDATA[', at)) {
      const end = await need(']]>', 9);
      yield { type: 'text', text: rest.slice(at + 9, at + end) };
      at += end + 3;
    } else if (rest.startsWith('<?', at) || rest.startsWith('<!', at)) {
      const end = await need('>', 2);
      at += end + 1;
    } else {
      const end = await tagEnd(need, () => rest.slice(at));
      const body = rest.slice(at + 1, at + end);
      at += end + 1;
      if (body.startsWith('/')) yield { type: 'close', name: body.slice(1).trim() };
      else {
        const [, name = ''] = /^([^\s/>]+)/.exec(body) ?? [];
        yield { type: 'open', name, attributes: attributesOf(body) };
        if (body.endsWith('/')) yield { type: 'close', name };
      }
    }
  }
}

/** A `>` inside of a quoted value does not end the tag. `text`: from the tag on, as far as it is read. */
async function tagEnd(need: (sign: string, from: number) => Promise<number>, text: () => string): Promise<number> {
  for (let from = 1; ;) {
    const end = await need('>', from);
    const open = openQuote(text().slice(from, end));
    if (open === undefined) return end;
    from = (await need(open.quote, from + open.at + 1)) + 1;
  }
}

/** The quote that begins in a part of a tag and does not end there. */
function openQuote(part: string): { readonly quote: string; readonly at: number } | undefined {
  for (const { 0: quoted, index } of part.matchAll(/"[^"]*"|'[^']*'|["']/g)) if (quoted.length === 1) return { quote: quoted, at: index };
  return undefined;
}

function attributesOf(tag: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[name] = unescaped(double ?? single ?? '');
  return attributes;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
