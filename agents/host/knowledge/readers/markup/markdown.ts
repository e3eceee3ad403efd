import { type Writer, dedented, heading, indentOf, named, outsideCode } from './writer.ts';

/**
 * Markdown as sites and note books write it (MkDocs, Docusaurus, Hugo, Jekyll, Obsidian, Notion, GitHub), as plain Markdown: what their
 * makers add says nothing to a reader. Lines that only they need are left empty, so that a line keeps its number.
 */
export function markdown(isMdx: boolean): Writer {
  let first = true;
  /** Front matter of TOML, which Hugo has between `+++`. */
  let toml = false;
  let yaml = false;
  let fence: string | undefined;
  /** The sign that ends what is hidden from readers. */
  let hiddenTo: string | undefined;
  /** Lines of an `import` or `export` of MDX go on to an empty line. */
  let inModule = false;
  /** Indents of the blocks (`!!! note`, `=== "Tab"`) that are open. */
  let blocks: number[] = [];
  let before: string | undefined;
  const flush = (next?: string): string | undefined => {
    const held = before;
    before = next;
    return held === undefined ? undefined : `${held}\n`;
  };
  /** A line that may turn out to be a heading when the next one is seen. */
  const read = (given: string): string | undefined => {
    let line = given;
    if (line.trim() !== '') {
      const within = indentOf(line);
      blocks = blocks.filter((indent) => within >= indent + 4);
      line = dedented(line, 4 * blocks.length);
    }
    const [, mark] = /^\s{0,12}(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== undefined && !line.slice(line.indexOf(mark) + mark.length).includes('`')) {
      fence = mark;
      return flush(line);
    }
    const [, opened] = /^\s{0,12}(?:!!!|\?\?\?\+?|===)\s+(\S.{0,300})$/.exec(line) ?? [];
    if (opened !== undefined) {
      blocks.push(indentOf(given));
      return flush(`${titleOfBlock(opened)}:`);
    }
    const [, underline] = /^(={2,}|-{2,})\s{0,9}$/.exec(line) ?? [];
    if (underline !== undefined && before !== undefined && /^ {0,3}[^\s>#|+*-]/.test(before) && !before.trim().endsWith(':')) {
      const title = before;
      before = '';
      return heading(underline.startsWith('=') ? 1 : 2, title);
    }
    return flush(plainLine(line, isMdx));
  };
  const shown = (line: string): string | undefined => {
    let rest = line;
    let said = '';
    for (;;) {
      if (hiddenTo !== undefined) {
        const end = rest.indexOf(hiddenTo);
        if (end === -1) break;
        rest = rest.slice(end + hiddenTo.length);
        hiddenTo = undefined;
      }
      const hidden = HIDDEN.filter(([sign, , mdxOnly]) => isMdx || !mdxOnly || sign !== '{/*')
        .map(([sign, to]) => ({ at: rest.indexOf(sign), sign, to }))
        .filter(({ at }) => at !== -1 && !insideSpan(rest, at))
        .sort((a, b) => a.at - b.at)[0];
      if (hidden === undefined) {
        said += rest;
        break;
      }
      said += rest.slice(0, hidden.at);
      rest = rest.slice(hidden.at + hidden.sign.length);
      hiddenTo = hidden.to;
    }
    return said === line || said.trim() !== '' ? said : '';
  };
  return {
    line(line) {
      const isFirst = first;
      first = false;
      if (isFirst && /^(?:\+\+\+|---)\s*$/.test(line)) {
        if (line.startsWith('+')) toml = true;
        else yaml = true;
        return '---\n';
      }
      if (yaml) {
        if (/^---\s*$/.test(line)) yaml = false;
        return `${line}\n`;
      }
      if (toml) {
        if (!/^\+\+\+\s*$/.test(line)) return `${line.replace(/^title\s{0,9}=\s{0,9}/, 'title: ')}\n`;
        toml = false;
        return '---\n';
      }
      if (fence !== undefined) {
        const bare = line.trim();
        const code = dedented(line, 4 * blocks.length);
        if (bare.startsWith(fence) && bare === fence[0]?.repeat(bare.length)) fence = undefined;
        const held = flush();
        return `${held ?? ''}${code}\n`;
      }
      if (isMdx && (inModule || /^(?:import\s|export\s)/.test(line))) {
        inModule = line.trim() !== '';
        return flush('');
      }
      return read(shown(line) ?? '');
    },
    end: () => flush() ?? '',
  };
}

/** What is in a text and not shown: comments of HTML, of Obsidian, of MDX. */
const HIDDEN: readonly (readonly [sign: string, to: string, mdxOnly: boolean])[] = [
  ['<!--', '-->', false],
  ['%%', '%%', false],
  ['{/*', '*/}', true],
];

const insideSpan = (line: string, at: number): boolean => (line.slice(0, at).match(/`/g)?.length ?? 0) % 2 === 1;

/** `warning "Mind it"`, `note inline end`, `"Linux"`. */
function titleOfBlock(opened: string): string {
  const [, quoted] = /"([^"]{1,200})"/.exec(opened) ?? [];
  const [kind = ''] = /^[\w-]+/.exec(opened) ?? [];
  if (kind === '') return quoted ?? opened;
  return quoted === undefined ? named(kind) : `${named(kind)}: ${quoted}`;
}

/** Elements of HTML that stand in Markdown. What else is in angle brackets may be a place to be filled in: `kubectl drain <node>`. */
const ELEMENTS =
  'a|abbr|aside|article|b|big|br|blockquote|center|cite|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|header|h[1-6]|hr|i|iframe|img|ins|kbd|li|main|mark|nav|ol|p|picture|q|s|samp|section|small|source|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video|wbr';
const ELEMENT = new RegExp(`</?(?:${ELEMENTS})(?:\\s[^<>]{0,600})?/?>`, 'gi');
/** Components of MDX begin with a capital letter. */
const COMPONENT = /<\/?[A-Z][\w.]{0,60}(?:\s[^<>]{0,600})?\/?>/g;

const labelOf = (tag: string): string => {
  const [, label] = /\s(?:label|title|summary)=(?:"([^"]{1,200})"|\{'([^']{1,200})'\})/.exec(tag) ?? [];
  return label === undefined ? '' : `${label}: `;
};

function plainLine(line: string, isMdx: boolean): string {
  if (!/[<[{:^=!&-]/.test(line)) return line;
  // Fences of Docusaurus, VuePress and Pandoc.
  const [, fenced] = /^\s{0,12}:{3,}\s{0,3}(.{0,300})$/.exec(line) ?? [];
  if (fenced !== undefined) return titleOfFence(fenced.trim());
  if (/^\s{0,12}(?:--8<--|!INCLUDE\b)/.test(line)) return '';
  // What a reference leads to is no sentence.
  if (/^ {0,3}\[[^\]^]{1,200}\]:\s{1,9}\S/.test(line)) return '';
  const [, level, inTag] = /^\s{0,12}<h([1-6])(?:\s[^<>]{0,300})?>(.{1,400}?)<\/h[1-6]>\s{0,9}$/i.exec(line) ?? [];
  if (level !== undefined && inTag !== undefined) return `${'#'.repeat(Number(level))} ${inline(inTag, isMdx).trim()}`;
  const [, callout, title] = /^\s{0,3}>\s{0,3}\[!([\w-]{1,40})\][+-]?(.{0,200})$/.exec(line) ?? [];
  if (callout !== undefined) return `> ${named(callout)}:${title === undefined || title.trim() === '' ? '' : ` ${title.trim()}`}`;
  return outsideCode(line.replace(/^(\[\^[^\]]{1,60}\]:|:)\s{1,9}(?=\S)/, ''), (text) => inline(text, isMdx)).trimEnd();
}

/** `danger Title`, `tip[Title]`, `{.warning}`, or nothing where it ends one. */
function titleOfFence(said: string): string {
  const [, kind = '', bracketed, behind = ''] = /^\{?\.?([\w-]{1,40})\}?(?:\[([^\]]{1,200})\])?(.{0,200})$/.exec(said) ?? [];
  if (kind === '') return '';
  const title = bracketed ?? behind.replace(/\{[^{}]{0,200}\}/, '').trim();
  return title === '' ? `${named(kind)}:` : `${named(kind)}: ${title}`;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

function inline(text: string, isMdx: boolean): string {
  let said = text;
  if (said.includes('{'))
    said = said
      .replaceAll(/\{\{[<%]-?[^{}]{0,600}-?[>%]\}\}/g, (code) => (/^\{\{[<%]\s*\//.test(code) ? '' : shortcode(code)))
      .replaceAll(/\{%-?[^{}]{0,600}-?%\}/g, '')
      // Attributes, and the name of a heading.
      .replace(/(?:^|\s)\{:?\s{0,3}[#.][^{}]{0,200}\}\s{0,3}$/, '');
  if (said.includes('<')) {
    said = said.replaceAll(/<br\s{0,3}\/?>/gi, ' ').replaceAll(/<\/t[dh]>\s{0,9}(?=<t[dh])/gi, ' | ');
    said = said.replaceAll(ELEMENT, (tag) => (/^<\/?(?:li)\b/i.test(tag) ? (tag.startsWith('</') ? '' : '- ') : ''));
    if (isMdx) said = said.replaceAll(COMPONENT, labelOf);
  }
  if (said.includes('['))
    said = said
      .replaceAll(/!\[\[[^[\]]{1,300}\]\]/g, '')
      .replaceAll(
        /\[\[(?=\S)([^[\]|#]{1,200})(?:#[^[\]|]{0,200})?(?:\|([^[\]]{1,200}))?\]\]/g,
        (_, page: string, words?: string) => words ?? page,
      )
      .replaceAll(/\[\^[^\]\s]{1,60}\]/g, '')
      .replaceAll(/!\[([^[\]]{0,200})\]\([^()\s]{0,600}(?:\s"[^"]{0,200}")?\)/g, '$1')
      .replaceAll(/(?<![\w\]])\[([^[\]]{0,200}\p{L}[^[\]]{0,200})\]\[[^[\]]{0,100}\]/gu, '$1');
  if (said.includes('==')) said = said.replaceAll(/==(?=[^\s=])([^=]{1,400})(?<=\S)==/g, '$1');
  if (said.includes('&')) said = said.replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
  return said.includes('^') ? said.replace(/\s\^[\w-]{1,60}\s{0,3}$/, '') : said;
}

/** What a shortcode says to a reader: its title, if it has one. */
function shortcode(code: string): string {
  const [, said] = /\s(?:title|header|name|summary|text)="([^"]{1,200})"/.exec(code) ?? [];
  return said === undefined ? '' : /\stext="/.test(code) ? said : `${said}:`;
}
