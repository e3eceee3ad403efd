import { FENCE, type Writer, heading, insideFence, outsideCode } from './writer.ts';

const OPENS = /<(syntaxhighlight|source|pre)(?:\s[^<>]{0,200})?>/i;

/** https://www.mediawiki.org/wiki/Help:Formatting: headings, lists, code and tables; no templates, files, categories and references. */
export function mediawiki(): Writer {
  /** The element whose text is code. */
  let code: string | undefined;
  let templates = 0;
  let hiddenTo: string | undefined;
  let row: string[] | undefined;
  const endRow = (): string => {
    const cells = row ?? [];
    if (row !== undefined) row = [];
    return cells.length === 0 ? '' : `${cells.join(' | ')}\n`;
  };
  const visible = (line: string): string => {
    let rest = line;
    let said = '';
    while (rest !== '') {
      if (hiddenTo !== undefined) {
        const end = rest.indexOf(hiddenTo);
        if (end === -1) return said;
        rest = rest.slice(end + hiddenTo.length);
        hiddenTo = undefined;
        continue;
      }
      const at = rest.indexOf('<!--');
      if (at === -1) return said + rest;
      said += rest.slice(0, at);
      rest = rest.slice(at + 4);
      hiddenTo = '-->';
    }
    return said;
  };
  return {
    line(given) {
      if (code !== undefined) {
        const end = given.toLowerCase().indexOf(`</${code}`);
        if (end === -1) return `${insideFence(given)}\n`;
        code = undefined;
        const last = given.slice(0, end);
        return `${last.trim() === '' ? '' : `${insideFence(last)}\n`}${FENCE}\n`;
      }
      const line = visible(given);
      if (line.trim() === '' && given.trim() !== '') return undefined;
      const opens = line.split('{{').length - line.split('}}').length;
      if (templates > 0 || (line.trimStart().startsWith('{{') && opens > 0)) {
        templates = Math.max(0, templates + opens);
        return undefined;
      }
      const open = OPENS.exec(line);
      if (open !== null) {
        const name = (open[1] ?? '').toLowerCase();
        const inner = line.slice(open.index + open[0].length);
        const end = inner.toLowerCase().indexOf(`</${name}`);
        const above = inline(line.slice(0, open.index).replace(/^[#*:;]{1,6}\s{0,9}/, ''));
        const lead = above.trim() === '' ? '' : `${above.trim()}\n`;
        if (end === -1) code = name;
        const first = end === -1 ? inner : inner.slice(0, end);
        return `${lead}${FENCE}\n${first.trim() === '' ? '' : `${insideFence(first)}\n`}${end === -1 ? '' : `${FENCE}\n`}`;
      }
      const [, marks, title] = /^(={1,6})\s{0,9}([^=].{0,300}?)\s{0,9}={1,6}\s{0,9}$/.exec(line) ?? [];
      if (marks !== undefined && title !== undefined) return `\n${heading(marks.length, inline(title))}\n`;
      if (/^\s{0,9}\{\|/.test(line)) {
        row = [];
        return '\n';
      }
      if (row !== undefined) {
        if (/^\s{0,9}\|[-}]/.test(line)) {
          const said = endRow();
          if (/^\s{0,9}\|\}/.test(line)) row = undefined;
          return said === '' ? undefined : said;
        }
        const [, sign, cells] = /^\s{0,9}([|!])(.{0,4000})$/.exec(line) ?? [];
        if (sign !== undefined) {
          row.push(
            ...(cells ?? '')
              .split(sign === '!' ? /!!|\|\|/ : '||')
              .map((cell) => inline(cell.replace(/^[^|[\]]{0,200}=[^|[\]]{0,200}\|/, '')).trim()),
          );
          return undefined;
        }
        if (line.trim() !== '') row[Math.max(0, row.length - 1)] = `${row.at(-1) ?? ''} ${inline(line).trim()}`.trim();
        return undefined;
      }
      if (/^(?:__[A-Z]+__|\[\[(?:Category|File|Image):[^[\]]{0,400}\]\]|#REDIRECT\b.{0,400}|----+)\s{0,9}$/i.test(line)) return undefined;
      const [, list = '', rest = ''] = /^([#*:;]{0,8})(.*)$/.exec(line) ?? [];
      const indent = '  '.repeat(Math.max(0, list.length - 1));
      const mark = list.endsWith('#') ? `${indent}1. ` : list.endsWith('*') ? `${indent}- ` : list === '' ? '' : indent;
      return `${mark}${outsideCode(inline(list === '' ? rest : rest.trimStart()), (text) => text)}\n`;
    },
    end: () => (code === undefined ? endRow() : `${FENCE}\n`),
  };
}

function inline(text: string): string {
  let said = text.replaceAll(/'{2,5}/g, '');
  if (said.includes('<'))
    said = said
      .replaceAll(/<ref(?:\s[^<>]{0,200})?\/>|<ref(?:\s[^<>/]{0,200})?>[^<]{0,600}<\/ref>/gi, '')
      .replaceAll(/<\/?(?:code|tt|kbd|samp)(?:\s[^<>]{0,200})?>/gi, '`')
      .replaceAll(/<br\s{0,3}\/?>/gi, ' ')
      .replaceAll(
        /<\/?(?:nowiki|b|i|u|s|small|big|sup|sub|span|div|blockquote|center|del|ins|includeonly|noinclude|onlyinclude|poem)(?:\s[^<>]{0,300})?\/?>/gi,
        '',
      );
  if (said.includes('[['))
    said = said
      .replaceAll(/\[\[(?:Category|File|Image):[^[\]]{0,400}\]\]/gi, '')
      .replaceAll(/\[\[:?([^[\]|]{1,200})(?:\|([^[\]]{1,200}))?\]\]/g, (_, page: string, words?: string) => words ?? page);
  if (said.includes('://')) said = said.replaceAll(/\[(?:https?|ftp|mailto):[^\s[\]]{1,600}\s{1,9}([^[\]]{1,300})\]/g, '$1');
  return said.includes('{{') ? said.replaceAll(/\{\{[^{}]{0,400}\}\}/g, '') : said;
}
