import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What is wrong with a page, as a sentence. */
export class BadPage extends Error {}

/** Deeper than any page is made by people, and shallow enough for whoever walks it. */
const DEEPEST = 500;

/** Around what a page says, not part of it. */
const AROUND = new Set(
  'script style noscript template nav header footer aside form button select textarea svg canvas iframe object video audio math head dialog ac:parameter'.split(
    ' ',
  ),
);
/** The same, by the words people give to such parts. */
const AROUND_WORDS =
  /(?:^|[\s_-])(?:nav|navbar|navigation|sidebar|breadcrumbs?|footer|cookie|banner|menu|toc|page-metadata|pagetree|feedback|skip-link)(?:$|[\s_-])/i;
const MAIN = [
  (e: Element) => e.tagName === 'main' || attribute(e, 'role') === 'main',
  (e: Element) =>
    ['main-content', 'content-body'].includes(attribute(e, 'id') ?? '') ||
    /(?:^|\s)(?:wiki-content|markdown-body|post-body|td-content)(?:\s|$)/.test(attribute(e, 'class') ?? ''),
  (e: Element) => e.tagName === 'article',
  (e: Element) => e.tagName === 'body',
] as const;
const BLOCKS = new Set(
  'p div section article main ul ol dl dt dd table tbody thead tr blockquote figure figcaption details summary hr address fieldset'.split(
    ' ',
  ),
);

/** A page as Markdown: what it says, its headings, code and tables, without what stands around them. @throws BadPage */
export function pageToMarkdown(html: string): string {
  const document = parse(html, { treeAdapter: shallow() });
  const elements = [...elementsOf(document)];
  const title = elements.find((e) => e.tagName === 'title');
  let main: Node = document;
  for (const is of MAIN) {
    const found = elements.filter((e) => is(e) && plainText(e).trim() !== '');
    const [first] = found;
    // Several side by side are a list of pages: what holds them all is meant.
    if (first === undefined || found.some((e) => e !== first && !within(e, first))) continue;
    main = first;
    break;
  }
  const text = written(main);
  const name = title === undefined ? '' : oneLine(plainText(title));
  return name === '' || /^# /m.test(text) ? text : `# ${name}\n\n${text}`;
}

/** A part of a page, such as the body of a post. @throws BadPage */
export const fragmentToMarkdown = (html: string): string => written(parseFragment(html, { treeAdapter: shallow() }));

/** The usual tree, with an end to its depth: what is nested deeper takes a time that grows with its square. */
function shallow() {
  let depth = 0;
  return {
    ...defaultTreeAdapter,
    onItemPush: () => {
      depth += 1;
      if (depth > DEEPEST) throw new BadPage(`Its elements are nested more than ${DEEPEST} deep, which no page of text is.`);
    },
    onItemPop: () => {
      depth -= 1;
    },
  };
}

const isElement = (node: Node): node is Element => 'tagName' in node;
const childrenOf = (node: Node): readonly Node[] => ('childNodes' in node ? node.childNodes : []);
const attribute = (element: Element, name: string) => element.attrs.find((a) => a.name === name)?.value;

function* elementsOf(node: Node): Generator<Element> {
  for (const child of childrenOf(node)) {
    if (isElement(child)) yield child;
    yield* elementsOf(child);
  }
}

function plainText(node: Node): string {
  if ('value' in node && node.nodeName === '#text') return node.value;
  return childrenOf(node).map(plainText).join('');
}

function within(node: Element, outer: Element): boolean {
  for (let at: Node | null = node; at !== null; at = 'parentNode' in at ? at.parentNode : null) if (at === outer) return true;
  return false;
}

/** A number, or a letter, that leads to a note on the same page. */
const isReference = (node: Element): boolean =>
  /^\s*\[?[\w*†‡]{1,4}\]?\s*$/.test(plainText(node)) &&
  [...elementsOf(node)].some((e) => e.tagName === 'a' && attribute(e, 'href')?.startsWith('#') === true);

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

function written(root: Node): string {
  const out: string[] = [];
  let line = '';
  const end = () => {
    if (line.trim() !== '') out.push(shielded(line.trim()), '');
    line = '';
  };
  const walk = (node: Node, depth: number): void => {
    if (node.nodeName === '#text' && 'value' in node) {
      line += node.value.replaceAll(/\s+/g, ' ');
      return;
    }
    if (!isElement(node)) {
      for (const child of childrenOf(node)) walk(child, depth);
      return;
    }
    const { tagName: tag } = node;
    if (AROUND.has(tag) && node !== root) return;
    if (
      node !== root &&
      AROUND_WORDS.test(`${attribute(node, 'class') ?? ''} ${attribute(node, 'id') ?? ''}`) &&
      !/^h[1-6]$|^code$|^pre$/.test(tag)
    )
      return;
    if (attribute(node, 'hidden') !== undefined || attribute(node, 'aria-hidden') === 'true') return;
    // The number of a note, or of a remark, is no part of the sentence it stands in.
    if (tag === 'sup' && isReference(node)) return;
    const heading = /^h([1-6])$/.exec(tag);
    if (heading !== null) {
      end();
      const text = oneLine(plainText(node))
        .replace(/(?<![¶#])[¶#]+$/, '')
        .trim();
      if (text !== '') out.push(`${'#'.repeat(Number(heading[1]))} ${text}`, '');
      return;
    }
    if (tag === 'pre') {
      end();
      const code = plainText(node).replace(/^\n/, '').trimEnd();
      const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
      if (code.trim() !== '') out.push(fence, code, fence, '');
      return;
    }
    if (tag === 'code' || tag === 'kbd' || tag === 'samp') {
      line += `\`${oneLine(plainText(node))}\``;
      return;
    }
    if (tag === 'br') {
      line += '\n';
      return;
    }
    if (tag === 'li') {
      end();
      line = '- ';
      for (const child of childrenOf(node)) walk(child, depth + 1);
      if (line.trim() === '-') line = '';
      end();
      return;
    }
    if (tag === 'td' || tag === 'th') {
      line += line.trim() === '' ? '' : ' | ';
      for (const child of childrenOf(node)) line += oneLine(plainText(child));
      return;
    }
    const block = BLOCKS.has(tag);
    // What an item of a list begins with stays beside its mark.
    if (block && line.trim() !== '-') end();
    for (const child of childrenOf(node)) walk(child, depth + 1);
    if (block) end();
  };
  walk(root, 0);
  end();
  return `${out.join('\n').trim()}\n`;
}

/** A line that only looks like a heading or a fence is neither. */
export const shielded = (text: string) => text.replaceAll(/^([^\S\n]*)(#{1,6}\s|`{3,}|~{3,}|---\s*$)/gm, '$1\\$2');
