import { FENCE, type Writer, heading, insideFence } from './writer.ts';

/** How a block says what it is: its name, and in brackets its class, style and language. */
const BLOCK =
  /^(h[1-6]|p|bq|bc|pre|notextile|fn\d{1,3})(?:[<>=]{1,3}|\([^()]{0,100}\)|\{[^{}]{0,200}\}|\[[\w-]{0,20}\]){0,4}(\.{1,2})\s(.*)$/;

/** https://textile-lang.com: headings, lists, code and tables. */
export function textile(): Writer {
  /** Code goes on to an empty line, or with two dots to the next block. */
  let code: 'one' | 'all' | undefined;
  return {
    line(line) {
      const [, name, dots, rest = ''] = BLOCK.exec(line) ?? [];
      const closed = code !== undefined && (name !== undefined || (code === 'one' && line.trim() === '')) ? `${FENCE}\n` : '';
      if (closed !== '') code = undefined;
      if (code !== undefined) return `${insideFence(line)}\n`;
      if (name === undefined) return `${closed}${inline(row(line))}\n`;
      if (name.startsWith('h')) return `${closed}${heading(Number(name[1]), inline(rest))}`;
      if (name !== 'bc' && name !== 'pre') return `${closed}${inline(rest)}\n`;
      code = dots === '..' ? 'all' : 'one';
      return `${closed}${FENCE}\n${insideFence(rest)}\n`;
    },
    end: () => (code === undefined ? '' : `${FENCE}\n`),
  };
}

/** `|_. Drive |_. Serial |`: the marks of a cell go. */
const row = (line: string): string => {
  if (!line.startsWith('|'))
    return line.replace(/^(#|\*){1,6}\s/, (marks) => `${'  '.repeat(marks.length - 2)}${marks.startsWith('#') ? '1.' : '-'} `);
  return line
    .replace(/\|\s{0,9}$/, '')
    .slice(1)
    .split('|')
    .map((cell) => cell.replace(/^(?:[_<>=~^\\/\d]|\{[^{}]{0,100}\}|\([^()]{0,100}\)){1,8}\.\s/, '').trim())
    .join(' | ');
};

const inline = (text: string): string =>
  text
    .replaceAll(/"([^"]{1,300}?)(?:\([^()"]{0,100}\))?":(?:https?:\/\/|\/|#|mailto:)[^\s]{1,600}?(?=[.,;:!?)]?(?:\s|$))/g, '$1')
    .replaceAll(/(^|[\s(])@([^@]{1,300})@/g, '$1`$2`')
    .replaceAll(/(^|[\s(])_([^_\s][^_]{0,300})_(?=$|[\s).,;:!?])/g, '$1$2')
    .replaceAll(/![^\s!]{1,300}!/g, '')
    .replaceAll(/\[\d{1,3}\]/g, '');
