import { FENCE, type Writer, heading, insideFence } from './writer.ts';

/** Whether a text is the source of a manual page: it begins with a comment or a request of roff. */
export const isManual = (begin: string): boolean => /^(?:['.]\\"|\.(?:TH|Dd|Dt|SH|de|ie|if|nr|so)\b)/.test(begin);

/** Manual pages in roff with the macros of man(7), and the headings and names of mdoc(7). */
export function man(): Writer {
  let isCode = false;
  /** The next line is the name of what is told of under it. */
  let tagged = false;
  let inMacro = false;
  return {
    line(line) {
      if (inMacro) {
        inMacro = !/^\.\./.test(line);
        return undefined;
      }
      const [, request = '', rest = ''] = /^[.']\s{0,9}(\w{1,4}|\\")(?:\s{1,9}(.*))?$/.exec(line) ?? [];
      if (request === '') {
        if (isCode) return `${insideFence(text(line))}\n`;
        const said = text(line);
        if (!tagged) return `${said}\n`;
        tagged = false;
        return `\n${said}\n`;
      }
      switch (request) {
        case 'TH':
        case 'Dt': {
          const [name = '', section = ''] = words(rest);
          return heading(1, section === '' ? name.toLowerCase() : `${name.toLowerCase()}(${section})`);
        }
        case 'SH':
        case 'Sh':
          return `\n${heading(2, words(rest).join(' '))}`;
        case 'SS':
        case 'Ss':
          return `\n${heading(3, words(rest).join(' '))}`;
        case 'nf':
        case 'EX':
        case 'Bd':
        case 'fi':
        case 'EE':
        case 'Ed': {
          const opens = ['nf', 'EX', 'Bd'].includes(request);
          if (opens === isCode) return undefined;
          isCode = opens;
          return `${FENCE}\n`;
        }
        case 'de':
          inMacro = true;
          return undefined;
        case 'TP':
        case 'TQ':
          tagged = true;
          return '\n';
        case 'IP':
        case 'It':
          return `\n${words(rest)[0] ?? ''}\n`;
        case 'PP':
        case 'P':
        case 'LP':
        case 'Pp':
        case 'sp':
        case 'HP':
          return '\n';
        case 'B':
        case 'I':
        case 'SM':
        case 'SB':
        case 'Nm':
        case 'Nd':
        case 'Fl':
        case 'Ar':
        case 'Pa':
        case 'Op':
        case 'Ic':
        case 'Cm':
        case 'Li':
        case 'Ql':
        case 'Xr': {
          const isTag = tagged;
          tagged = false;
          return `${isTag ? '\n' : ''}${words(rest).join(' ')}\n`;
        }
        case 'BR':
        case 'RB':
        case 'BI':
        case 'IB':
        case 'IR':
        case 'RI': {
          // Words in two faces by turns, with nothing between them.
          const isTag = tagged;
          tagged = false;
          return `${isTag ? '\n' : ''}${words(rest).join('')}\n`;
        }
        default:
          return undefined;
      }
    },
    end: () => (isCode ? `${FENCE}\n` : ''),
  };
}

/** Arguments of a request, each in quotes or without blanks. */
const words = (rest: string): string[] =>
  [...rest.matchAll(/"([^"]{0,600})"|(?:\\.|[^\s"\\]){1,600}/g)].map(([all, quoted]) => text(quoted ?? all));

const SIGNS: Readonly<Record<string, string>> = {
  em: '—',
  en: '–',
  aq: "'",
  dq: '"',
  lq: '“',
  rq: '”',
  oq: '‘',
  cq: '’',
  bu: '-',
  co: '©',
  hy: '-',
};

/** A text without changes of the face, and its signs as they are printed. */
const text = (line: string): string =>
  line.includes('\\')
    ? line
        .replaceAll(/\\".*$/g, '')
        .replaceAll(/\\f(?:\([A-Z]{2}|\[[A-Z]{0,4}\]|[A-Z0-9])/g, '')
        .replaceAll(/\\s[+-]?\d/g, '')
        .replaceAll(/\\(?:\(([a-z]{2})|\[([a-z]{2})\])/g, (_, two?: string, three?: string) => SIGNS[two ?? three ?? ''] ?? '')
        .replaceAll(/\\[&|^/,%:]/g, '')
        .replaceAll(/\\[ ~0]/g, ' ')
        .replaceAll(/\\e/g, '\\')
        .replaceAll(/\\(?=[-.'`])/g, '')
    : line;
