import { ANY } from './log-mask.ts';

/** What was mined apart although one statement wrote it: templates are held against each other once all lines of a file are known. */

interface Mined {
  readonly text: string;
  readonly count: number;
  readonly numbers: readonly number[];
}

/** Templates of a file beyond so many are left as they are. */
const MOST = 1_000;
/** Longer lines differ in more than one word. */
const MOST_WORDS = 60;
/** More different words at one place than this are data, as in a family. */
const FEW = 3;
/** So many words must be the same, that one statement is surer than two that say nearly the same. */
const SAME_OF_MANY = 2;
const SAME_OF_VALUE = 3;
const SAME_OF_FEW = 6;
const SAME_OF_PAIRS = 3;

const saysSomething = (word: string): boolean => !word.includes(ANY) && /[a-z]{2}/i.test(word);
const isValue = (word: string): boolean => word.includes(ANY) && !/[a-z]/i.test(word);
/** `host:` and `size=`, whose value may be left out with them. */
const LABEL = /^[("']?[a-z][\w.-]*[:=]$/i;
const PAIR = /^[("']?[a-z][\w.-]*=\W*<\*>\W*$/i;

/** Values in a row are one, marks between them or not; a dash after a value stands for one that was missing. */
function collapsed(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (const word of words) {
    const last = kept.at(-1);
    if (last !== undefined && isValue(last) && (isValue(word) || word === '-')) kept[kept.length - 1] = ANY;
    else kept.push(word);
  }
  return kept;
}

/** What is left of a line without the pairs of a label and its value; undefined where that says too little. */
function withoutPairs(words: readonly string[]): string | undefined {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [word = '', next = ''] = [words[i], words[i + 1]];
    if (PAIR.test(word)) continue;
    if (LABEL.test(word) && isValue(next)) i++;
    // A mark that stands alone parts pairs, and goes with them.
    else if (!/^[,;|]$/.test(word)) kept.push(word.replace(/[,;|]$/, ''));
  }
  if (kept.length === words.length || kept.filter(saysSomething).length < SAME_OF_PAIRS) return undefined;
  return collapsed(kept).join(' ');
}

/** Templates that differ in one place only, or in values that are left out, are one where that is surer than not. */
export function joined<T extends Mined>(mined: readonly T[], join: (text: string, of: readonly T[]) => T): readonly T[] {
  if (mined.length > MOST) return mined;
  let all = mined;
  for (let round = 0; round < 3; round++) {
    const before = all.length;
    all = byPlace(all, join);
    all = byMeaning(all, join);
    all = byPairs(all, join);
    if (all.length === before) break;
  }
  return all;
}

interface Alike<T> {
  readonly text: string;
  readonly same: number;
  readonly words: Set<string>;
  readonly of: T[];
}

function byPlace<T extends Mined>(mined: readonly T[], join: (text: string, of: readonly T[]) => T): readonly T[] {
  const alike = new Map<string, Alike<T>>();
  const whole = new Map<string, T[]>();
  for (const one of mined) {
    const words = one.text.split(' ');
    const short = collapsed(words).join(' ');
    whole.set(short, [...(whole.get(short) ?? []), one]);
    if (words.length > MOST_WORDS) continue;
    const says = words.filter(saysSomething).length;
    words.forEach((word, i) => {
      if (isValue(word)) return;
      const text = collapsed(words.with(i, ANY)).join(' ');
      const entry = alike.get(text) ?? { text, same: says - (saysSomething(word) ? 1 : 0), words: new Set(), of: [] };
      alike.set(text, entry);
      entry.words.add(word);
      entry.of.push(one);
    });
  }
  const groups = [...alike.values()].flatMap((entry): Alike<T>[] => {
    const { text, same, words } = entry;
    const values = whole.get(text) ?? [];
    const isOne =
      (words.size > FEW && same >= SAME_OF_MANY) || (values.length > 0 && same >= SAME_OF_VALUE) || (words.size > 1 && same >= SAME_OF_FEW);
    return isOne ? [{ ...entry, of: [...entry.of, ...values] }] : [];
  });
  for (const [text, of] of whole) if (of.length > 1) groups.push({ text, same: 0, words: new Set(), of });
  return joinedIn(mined, groups, join);
}

function byPairs<T extends Mined>(mined: readonly T[], join: (text: string, of: readonly T[]) => T): readonly T[] {
  const alike = new Map<string, T[]>();
  for (const one of mined) {
    const words = one.text.split(' ');
    const rest = withoutPairs(words) ?? collapsed(words.map((w) => w.replace(/[,;|]$/, ''))).join(' ');
    alike.set(rest, [...(alike.get(rest) ?? []), one]);
  }
  const groups = [...alike.entries()].filter(([, of]) => of.length > 1 && of.some((o) => withoutPairs(o.text.split(' ')) !== undefined));
  // The one with the fewest values is what the others say as well.
  const shortest = (of: readonly T[]) => of.reduce((a, b) => (b.text.length < a.text.length ? b : a)).text;
  return joinedIn(
    mined,
    groups.map(([, of]) => ({ text: shortest(of), of })),
    join,
  );
}

/** Reason phrases of HTTP as they are registered: beside the number they say it again. */
const REASON =
  /(?<=\d\d|<\*>) (?:OK|Created|Accepted|No Content|Partial Content|Moved Permanently|Found|See Other|Not Modified|Temporary Redirect|Permanent Redirect|Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Request Timeout|Conflict|Gone|Payload Too Large|Content Too Large|Unprocessable (?:Entity|Content)|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout)(?= |$)/g;
/** A list of values, however long, of which the end was taken for a value too. */
const LIST = /\[(?:\]|<\*>(?:, ?<\*>)*\]?)/g;
/** A colon within a sentence, and no more than some words after it: what they are was filled in. */
const FILLED_IN = /^(.*\b[a-z][a-z-]* [a-z]+:) ((?:<\*>,? )?(?:[a-z]+ ?){1,3})$/;
/** So many endings of one sentence are surely filled in. */
const ENDINGS = 3;

/** Templates that say the same but for the words of a status, the length of a list, or but for a few words that end a sentence after its colon. */
function byMeaning<T extends Mined>(mined: readonly T[], join: (text: string, of: readonly T[]) => T): readonly T[] {
  const alike = new Map<string, T[]>();
  const put = (text: string, one: T) => alike.set(text, [...(alike.get(text) ?? []), one]);
  const ended = new Set<string>();
  for (const one of mined) {
    put(collapsed(one.text.replace(REASON, '').replace(LIST, `[${ANY}]`).split(' ')).join(' '), one);
    const [, sentence] = FILLED_IN.exec(one.text) ?? [];
    if (sentence === undefined || sentence.split(' ').filter(saysSomething).length < SAME_OF_VALUE) continue;
    ended.add(`${sentence} ${ANY}`);
    put(`${sentence} ${ANY}`, one);
  }
  const groups = [...alike].flatMap(([text, of]) => (of.length >= (ended.has(text) ? ENDINGS : 2) ? [{ text, of }] : []));
  return joinedIn(mined, groups, join);
}

/** The largest groups first; each template goes into one. */
function joinedIn<T extends Mined>(
  mined: readonly T[],
  groups: readonly { readonly text: string; readonly of: readonly T[] }[],
  join: (text: string, of: readonly T[]) => T,
): readonly T[] {
  const gone = new Set<T>();
  const made: T[] = [];
  for (const { text, of } of [...groups].sort((a, b) => b.of.length - a.of.length || (a.text < b.text ? -1 : 1))) {
    const left = [...new Set(of)].filter((one) => !gone.has(one));
    if (left.length < 2) continue;
    for (const one of left) gone.add(one);
    made.push(join(text, left));
  }
  return gone.size === 0 ? mined : [...mined.filter((one) => !gone.has(one)), ...made];
}
