import { shielded } from './html.ts';

/** Why a file in Rich Text Format cannot be read, as a sentence. */
export class BadRtf extends Error {}

/** Destinations whose text is none of the document's: tables of fonts and styles, pictures, what only an editor knows. */
const UNSAID = new Set(
  'fonttbl colortbl stylesheet info pict object themedata datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl header headerl headerr headerf footer footerl footerr footerf pntext listtext fldinst bkmkstart bkmkend filetbl revtbl'.split(
    ' ',
  ),
);
const SIGNS: Readonly<Record<string, string>> = {
  tab: ' ',
  line: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '-',
  '~': ' ',
  _: '-',
};
const CODE_PAGES: Readonly<Record<string, string>> = {
  '1250': 'windows-1250',
  '1251': 'windows-1251',
  '1252': 'windows-1252',
  '932': 'shift_jis',
  '936': 'gbk',
  '65001': 'utf-8',
};

interface Group {
  unsaid: boolean;
  /** Letters that stand in for one of `\u`, in programs that do not know it. */
  skips: number;
}

/** Rich Text Format (1.9) as Markdown: paragraphs, headings by the level of outline, rows of tables. @throws BadRtf */
export function rtfToMarkdown(bytes: Buffer): string {
  const source = bytes.toString('latin1');
  if (!source.startsWith('{\\rtf')) throw new BadRtf('It is not Rich Text Format, whatever its name says.');
  const page = /\\ansicpg(\d{1,5})/.exec(source.slice(0, 2_000))?.[1] ?? '1252';
  const decoder = new TextDecoder(CODE_PAGES[page] ?? 'windows-1252');
  const out: string[] = [];
  const groups: Group[] = [{ unsaid: false, skips: 1 }];
  let paragraph = '';
  let level: number | undefined;
  let skip = 0;
  const group = () => groups.at(-1) ?? { unsaid: false, skips: 1 };
  const say = (text: string) => {
    if (!group().unsaid) paragraph += text;
  };
  const end = () => {
    const said = paragraph.replaceAll(/[^\S\n]+/g, ' ').trim();
    if (said !== '') out.push(level === undefined ? shielded(said) : `${'#'.repeat(Math.min(6, level + 1))} ${said}`);
    paragraph = '';
  };
  for (const [all, word, given, hex, symbol] of source.matchAll(
    /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|[{}]|[^\\{}]{1,4096}/gi,
  )) {
    if (all === '{') groups.push({ ...group() });
    else if (all === '}') {
      if (groups.length > 1) groups.pop();
    } else if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else say(decoder.decode(Buffer.from(hex, 'hex')));
    } else if (symbol !== undefined) {
      if (symbol === '*') group().unsaid = true;
      else if (symbol === '\n' || symbol === '\r') end();
      else say(SIGNS[symbol] ?? (/[\\{}]/.test(symbol) ? symbol : ''));
    } else if (word !== undefined) {
      const number = Number(given ?? 0);
      if (UNSAID.has(word)) group().unsaid = true;
      else if (word === 'u') {
        say(String.fromCharCode(number < 0 ? number + 65_536 : number));
        skip = group().skips;
      } else if (word === 'uc') group().skips = number;
      else if (word === 'par' || word === 'sect' || word === 'page') {
        if (!group().unsaid) end();
      } else if (word === 'pard') level = undefined;
      else if (word === 'outlinelevel' && !group().unsaid) level = number;
      else if (word === 'cell') say(' | ');
      else if (word === 'row') {
        paragraph = paragraph.replace(/\s\|\s$/, '');
        end();
      } else if (SIGNS[word] !== undefined) say(SIGNS[word]);
    } else {
      // Ends of lines are none of the text's.
      let text = all.replaceAll(/[\r\n]/g, '');
      const skipped = Math.min(skip, text.length);
      text = text.slice(skipped);
      skip -= skipped;
      say(text);
    }
  }
  end();
  return `${out.join('\n\n')}\n`;
}
