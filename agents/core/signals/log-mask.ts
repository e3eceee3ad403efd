/** A log line as words, what surely varies replaced: numbers, addresses, identifiers, paths, times, values of keys, quoted text. */

export const ANY = '<*>';
/** Of a line longer than this the beginning is read. */
export const LONGEST_READ = 4_096;
const MOST_WORDS = 120;

const SPACE = 0;
const LETTER = 1;
const DIGIT = 2;
const MARK = 3;
const CLASSES = new Uint8Array(128).fill(MARK);
for (let code = 0; code <= 32; code++) CLASSES[code] = SPACE;
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.@/%+#$*\\:~&?!') CLASSES[c.charCodeAt(0)] = LETTER;
for (const c of '0123456789') CLASSES[c.charCodeAt(0)] = DIGIT;
const [SLASH, COLON, EQUALS, QUOTE, TICK, MINUS, DOT, BACKSLASH] = [47, 58, 61, 34, 39, 45, 46, 92];
const classOf = (code: number): number => (code < 128 ? CLASSES[code]! : LETTER);

/** Keys whose values are words of the program, not data. */
const SPOKEN = /(?:^|[^\w])(?:msg|message|event|level|lvl|severity|log|text|err|error)=$/i;
const TOLD = ['@mt', 'msg', 'message', '@m', '@message', 'short_message', 'MESSAGE', 'log', 'event', 'text', 'error', 'err'] as const;
const LEVELS = ['level', 'severity', 'lvl', 'levelname', 'log.level', '@l'] as const;
const LONGEST_JSON = 65_536;
/** The head of a line of klog: the quoted text after it is what the program says, and the pairs after that are data. */
const KLOG = /^[IWEF]\d{4} [\d:.]+\s+\d+ [^\]]+\] "/;
/** Names of days and months, and what stands for a value although it is a word. */
const CALENDAR = new Set('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun AM PM UTC GMT'.split(' '));
/** After a number these say how much it is; the same statement writes several of them. */
const UNITS = new Set('B kB KB MB GB TB KiB MiB GiB TiB ns us µs ms s sec secs second seconds min mins minutes hours'.split(' '));

/** The words of a line, joined by single spaces; runs of what varies are one. */
export function maskedLine(line: string): string {
  const told = line.charCodeAt(0) === 123 && line.length <= LONGEST_JSON ? toldBy(line) : undefined;
  return masked(told ?? plainly(line.length > LONGEST_READ ? line.slice(0, LONGEST_READ) : line));
}

/** Time and host of RFC 3164, before the tag of who says it. */
const HOST = /^((?:<\d+>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) [\w.-]+ (?=[\w./-]+(?:\[\d+\])?: )/;
/** Pairs with " ; " between them, whose values may have spaces; only where one such pair follows another. */
const SPACED_PAIRS = /\w+=[^;]* ; \w+=/;
const SPACED_PAIR = /(\w+)=[^;]+?(?= ; |$)/g;

/** A line without the name of the host in a head of syslog, and with the values of spaced pairs replaced. */
function plainly(line: string): string {
  const code = line.charCodeAt(0);
  const told = (code > 64 && code < 91) || code === 60 ? line.replace(HOST, '$1 ') : line;
  return told.includes(' ; ') && SPACED_PAIRS.test(told) ? told.replace(SPACED_PAIR, `$1=${ANY}`) : told;
}

/** What a line of JSON says: its level and its message; without one the names of its fields. */
function toldBy(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const level = LEVELS.map((key) => fields[key]).find((v) => typeof v === 'string');
  const text = TOLD.map((key) => fields[key]).find((v) => typeof v === 'string' && v !== '');
  if (typeof text !== 'string') return `{${Object.keys(fields).join(' ')}}`;
  const inner = text.trimEnd();
  return typeof level === 'string' ? `${level} ${inner}` : inner;
}

function masked(line: string): string {
  const words: string[] = [];
  let word = '';
  let i = 0;
  const end = line.length;
  const spokenAt = KLOG.test(line) ? line.indexOf('] "') + 2 : -1;
  /** Where what is spoken ends: that quote opens nothing. */
  let spokenTo = -1;
  const close = () => {
    if (word === '') return;
    const before = words.at(-1);
    // A list of values is one value, however long.
    const same = before !== undefined && isValue(before) && (isValue(word) || UNITS.has(bare(word)));
    if (same) words[words.length - 1] = ANY;
    else words.push(word);
    word = '';
  };
  while (i < end && words.length < MOST_WORDS) {
    const code = line.charCodeAt(i);
    const kind = classOf(code);
    if (kind === SPACE) {
      close();
      i++;
    } else if (i === spokenTo) {
      i++;
    } else if (code === QUOTE || (code === TICK && (word === '' || word.endsWith('=') || word.endsWith('(')))) {
      const until = closing(line, i);
      if (until < 0) i++;
      else if (SPOKEN.test(word) || i === spokenAt) {
        spokenTo = until;
        i++;
      } else {
        word += `"${ANY}"`;
        i = until + 1;
      }
    } else if (kind === MARK) {
      word += line[i];
      i++;
    } else {
      const run = runOf(line, i);
      const value = word.endsWith('=') && !SPOKEN.test(word) && word.length > 1;
      const text = line.slice(i, run.end);
      word += run.varies || value || (text.length <= 3 && CALENDAR.has(text)) ? ANY : text;
      i = run.end;
      if (run.varies) while (i < end && line.charCodeAt(i) === COLON && classOf(line.charCodeAt(i + 1)) === DIGIT) i = runOf(line, i).end;
    }
  }
  close();
  return words.join(' ');
}

/** The quote that ends what begins with one; one behind a backslash is text. */
function closing(line: string, start: number): number {
  const quote = line.charCodeAt(start) === QUOTE ? '"' : "'";
  let end = line.indexOf(quote, start + 1);
  while (end > 0 && line.charCodeAt(end - 1) === BACKSLASH && line.charCodeAt(end - 2) !== BACKSLASH) end = line.indexOf(quote, end + 1);
  return end;
}

/** From `start` to where letters, digits and what joins them end; trailing dots and colons are not part of it. */
function runOf(line: string, start: number): { readonly end: number; readonly varies: boolean } {
  let end = start;
  let digits = false;
  let slash = false;
  let hex = true;
  for (; end < line.length; end++) {
    const code = line.charCodeAt(end);
    const kind = classOf(code);
    if (kind === SPACE || kind === MARK) break;
    if (kind === DIGIT) digits = true;
    else if (code === SLASH) slash = true;
    else if (hex && !((code >= 97 && code <= 102) || (code >= 65 && code <= 70) || code === MINUS)) hex = false;
  }
  const length = end - start;
  while (end - start > 1 && isTail(line.charCodeAt(end - 1))) end--;
  return { end, varies: digits || (slash && length > 2) || (hex && length >= 8) };
}

const isTail = (code: number): boolean => code === COLON || code === DOT;
const isOuter = (code: number): boolean => classOf(code) === MARK && code !== EQUALS && code !== 60 && code !== 62;

/** Nothing but what varies, and marks. */
const isValue = (word: string): boolean => word.includes(ANY) && !/[a-z]/i.test(word);

/** A word without the marks around it. */
function bare(word: string): string {
  let [start, end] = [0, word.length];
  while (start < end && (isOuter(word.charCodeAt(start)) || isTail(word.charCodeAt(start)))) start++;
  while (end > start && (isOuter(word.charCodeAt(end - 1)) || isTail(word.charCodeAt(end - 1)))) end--;
  return word.slice(start, end);
}
