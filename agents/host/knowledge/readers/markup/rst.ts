import { FENCE, type Writer, dedented, heading, indentOf, insideFence, named, outsideCode } from './writer.ts';

const RULE = /^([=\-~^"'`#*+.:_])\1{2,}\s*$/;
const CODE = /^\.\. (?:code-block|code|sourcecode|parsed-literal|prompt|literalinclude|highlight)::/;
/** Directives of docutils and Sphinx that say something themselves; their text is set in under them. */
const SAYING =
  /^\.\. (note|warning|danger|error|hint|tip|important|caution|attention|admonition|seealso|deprecated|versionadded|versionchanged|topic|sidebar|rubric|epigraph|glossary|list-table|csv-table|table|only|container|tab-item|dropdown|tab)::\s{0,9}(.{0,300})$/;
const SINCE: Readonly<Record<string, string>> = {
  deprecated: 'Deprecated since',
  versionadded: 'New in',
  versionchanged: 'Changed in',
  seealso: 'See also',
};

/**
 * https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html: a line of one sign under a line that is no longer is its heading;
 * which signs, under it or over it too, mean which level is as they come.
 */
export function rst(): Writer {
  const levels: string[] = [];
  const replaced = new Map<string, string>();
  let before: string | undefined;
  /** The sign of the line before, where it is one of a single sign, and of the line above `before`. */
  let rule: string | undefined;
  let over: string | undefined;
  /** After a directive, or after a paragraph that ends in `::`, and then inside of the code. */
  let code: 'directive' | 'paragraph' | 'in' | undefined;
  /** What is set in under a directive: left out, or read without its indent once it is known; a table of lists is put in rows. */
  let under: { readonly skip: boolean; readonly table: boolean; options: boolean; indent: number | undefined; row: string } | undefined;
  const held = (): string => (before === undefined ? '' : `${before}\n`);
  const inline = (line: string) => outsideCode(withoutRoles(line), (text) => plainText(text, replaced));
  const take = (): string => {
    const said = held();
    before = undefined;
    return said;
  };
  const directive = (line: string): string | undefined => {
    const [, name, given = ''] = SAYING.exec(line) ?? [];
    if (name !== undefined) {
      under = { skip: false, table: name === 'list-table', options: true, indent: undefined, row: '' };
      const said = given.trim();
      const title = [
        'topic',
        'sidebar',
        'rubric',
        'list-table',
        'csv-table',
        'table',
        'admonition',
        'tab-item',
        'dropdown',
        'tab',
      ].includes(name);
      if (title || name === 'glossary' || name === 'only' || name === 'container' || name === 'epigraph')
        return title && said !== '' ? `${inline(said)}:\n` : undefined;
      const since = SINCE[name];
      return since === undefined
        ? `${named(name)}: ${inline(said)}`.trimEnd().concat('\n')
        : `${since} ${inline(said)}`.trimEnd().concat(':\n');
    }
    const [, what, words] = /^\.\. \|([^|]{1,80})\| replace::\s{1,9}(.{1,400})$/.exec(line) ?? [];
    if (what !== undefined && words !== undefined) replaced.set(what, words);
    const [, note] = /^\.\. \[[#\w*-]{1,60}\]\s{1,9}(.{1,2000})$/.exec(line) ?? [];
    if (note !== undefined) return `${inline(note)}\n`;
    // Labels, pictures, lists of pages, comments.
    under = { skip: true, table: false, options: false, indent: undefined, row: '' };
    return undefined;
  };
  const read = (line: string): string | undefined => {
    const sign = RULE.exec(line)?.[1];
    if (sign !== undefined) {
      const title = before;
      if (title !== undefined && title.trim() !== '' && !RULE.test(title) && line.trimEnd().length >= title.trim().length) {
        before = undefined;
        const mark = over === sign ? `${sign}${sign}` : sign;
        if (!levels.includes(mark)) levels.push(mark);
        return heading(levels.indexOf(mark) + 1, title);
      }
      // Over a heading, or between two paragraphs.
      before = '';
      rule = sign;
      return title === undefined ? undefined : `${title}\n`;
    }
    [over, rule] = [rule, undefined];
    if (CODE.test(line)) {
      const said = take();
      code = 'directive';
      return said;
    }
    if (/^\.\.(?:\s|$)/.test(line)) return `${take()}${directive(line) ?? ''}`;
    const said = before === undefined ? undefined : held();
    // A field about the document.
    before = /^:[\w -]{1,40}:\s{1,9}\S/.test(line) && !line.includes('`') ? '' : inline(line.replace(/^(\s{0,12})#\.\s/, '$11. '));
    if (!/::\s*$/.test(line) || line.startsWith('..')) return said;
    before = undefined;
    code = 'paragraph';
    return `${said ?? ''}${line.replace(/\s*::\s*$/, (end) => (end.startsWith(':') ? ':' : ''))}\n`;
  };
  /** A line set in under a directive. */
  const readUnder = (line: string, at: NonNullable<typeof under>): string | undefined => {
    if (at.options && /^\s+:[\w-]{1,40}:/.test(line)) return undefined;
    if (line.trim() === '') {
      at.options = false;
      return at.skip ? undefined : read('');
    }
    at.options = false;
    if (at.skip) return undefined;
    at.indent ??= indentOf(line);
    const inner = dedented(line, at.indent);
    if (!at.table) return read(inner);
    const [, first] = /^\* - ?(.{0,2000})$/.exec(inner) ?? [];
    const [, next] = /^\s{1,6}- ?(.{0,2000})$/.exec(inner) ?? [];
    if (first !== undefined) {
      const row = rowOf(at);
      at.row = inline(first.trim());
      return row;
    }
    at.row += next === undefined ? ` ${inline(inner.trim())}` : ` | ${inline(next.trim())}`;
    return undefined;
  };
  return {
    line(line) {
      if (code !== undefined) {
        if (line.trim() === '' && code !== 'in') return code === 'directive' ? undefined : '\n';
        if (line.trim() === '' || /^\s/.test(line)) {
          // Options of the directive stand before the code.
          if (code === 'directive' && /^\s+:[\w-]+:/.test(line)) return undefined;
          const opened = code === 'in' ? '' : `${FENCE}\n`;
          code = 'in';
          return `${opened}${insideFence(line)}\n`;
        }
        const closed = code === 'in' ? `${FENCE}\n\n` : '';
        code = undefined;
        under = undefined;
        return `${closed}${read(line) ?? ''}`;
      }
      if (under !== undefined && (line.trim() === '' || /^\s/.test(line))) return readUnder(line, under);
      const row = under === undefined ? '' : rowOf(under);
      under = undefined;
      return `${row}${read(line) ?? ''}` || undefined;
    },
    end: () => (code === 'in' ? `${FENCE}\n` : `${held()}${under === undefined ? '' : rowOf(under)}`),
  };
}

function rowOf(at: { row: string }): string {
  const said = at.row;
  at.row = '';
  return said === '' ? '' : `${said}\n`;
}

function plainText(text: string, replaced: ReadonlyMap<string, string>): string {
  let said = text;
  if (said.includes('|'))
    said = said.replaceAll(/\|([\w][^|]{0,60})\|_?/g, (all, name: string) => replaced.get(name) ?? (/\s\|/.test(all) ? all : name));
  return said.includes(']_') ? said.replaceAll(/\s?\[[#\w*-]{1,60}\]_/g, '') : said;
}

/** Roles and links of a whole line, before its spans of code are told apart: `:ref:`text <to>``, ``code``, `` `text <url>`_ ``. */
const withoutRoles = (line: string): string =>
  line.includes('`')
    ? line
        .replaceAll(
          /:(?:doc|ref|term|any|guilabel|numref|abbr|pep|rfc|sup|sub|emphasis|strong):`([^`<]{1,200}?)\s{0,3}(?:<[^`<>]{1,300}>)?`/g,
          '$1',
        )
        .replaceAll(/:[\w:+-]{1,60}:`~?([^`<]{1,200}?)\s{0,3}(?:<[^`<>]{1,300}>)?`/g, '`$1`')
        .replaceAll(/(?<!`)`([^`<]{1,300}?)\s{0,3}<[^`<>]{1,600}>`__?/g, '$1')
        .replaceAll(/(?<!`)`([^`]{1,300})`_(?!\w)/g, '$1')
        .replaceAll(/``([^`]{1,600})``/g, '`$1`')
    : line;
