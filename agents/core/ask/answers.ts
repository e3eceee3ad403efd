import { type Term, stemsOf, termsOf } from '../knowledge/words.ts';
import { sentencesOf } from '../questions/pieces.ts';
import { asksWhatIsNot, counts, headOf, holds, saysWhatIsNot, wantedBy } from './wanted.ts';

/** What is written somewhere, as far as it is judged here. */
export interface Written {
  readonly source: string;
  readonly path: string;
  readonly heading: string;
  readonly text: string;
  /** The search is sure that it is about what was asked. */
  readonly confident: boolean;
}

/** The part of what a question says that has to stand where its answer does: all but one word of many for a value, less for an account. */
const OF_A_VALUE = 0.8;
const OF_AN_ACCOUNT = 0.5;
/** Of what the team has written: they know what they ask of and may call it otherwise. */
const OF_OUR_ACCOUNT = 0.34;

/** Words of asking, which tell the kind of the answer and not what it is about. */
const ASKING = new Set(
  stemsOf(
    'long often many much soon must may might shall should small big large high low far deep wide old fast quick quickly version release phone number address price cost mean means meaning happen happens kind sort way time times day days hour hours minute minutes second seconds week weeks month months year years name value called exactly usually normally ' +
      'allowed find found give given look need needed there first ever currently please explain difference between recommended make made work works ' +
      'best practice practices step steps what which who answer question do does done come take takes took put go want runbook runbooks page pages ' +
      'documentation written write',
  ),
);

/**
 * Whether what is written can hold the answer to a question: it speaks of what is named there, of this version and no other; one of its
 * sentences, with what it stands under, says most of what the question says and has an answer of the kind that is asked for. It may say it in
 * other words, and then it is not known to; a value of something else is no answer. `isOwn`: of the team.
 */
export function canAnswer(question: string, written: Written, isOwn: boolean): boolean {
  const { text, confident } = written;
  const place = placeOf(written);
  const all = new Set([...wordsIn(place), ...wordsIn(text)]);
  if (!namesAll(question, written)) return false;
  const terms = termsOf(question).filter(({ ways }) => !ways.every((way) => way.every((word) => ASKING.has(word))));
  const wanted = wantedBy(question);
  const isNot = asksWhatIsNot(question);
  if (wanted === 'account' && !isNot) return confident && shareIn(terms, all) >= (isOwn ? OF_OUR_ACCOUNT : OF_AN_ACCOUNT);
  const kind = wanted === 'thing' || wanted === 'number' ? headOf(question) : undefined;
  const asked = kind === undefined || ASKING.has(kind) ? undefined : kind;
  return sectionsOf(text).some((section) => {
    const [title = ''] = section.startsWith('## ') ? section.split('\n', 1) : [];
    const head = wordsIn(`${place} ${title}`);
    if (asked !== undefined && !sameIn(asked, new Set([...head, ...wordsIn(section)]))) return false;
    return sentencesWith(section).some(
      ({ sentence, about }) =>
        shareIn(terms, new Set([...head, ...wordsIn(about)])) >= (isNot ? 1 : OF_A_VALUE) &&
        holds(wanted, sentence) &&
        (!isNot || saysWhatIsNot(sentence)) &&
        (wanted !== 'number' || asked === undefined || counts(sentence, asked)),
    );
  });
}

/**
 * Whether it may be the answer, worded otherwise than the question: how something is done or why it is so, in what speaks of whatever is
 * named. A value is none of it: what stands beside another thing reads the same.
 */
export const mayAnswer = (question: string, written: Omit<Written, 'confident'>): boolean =>
  wantedBy(question) === 'account' && !asksWhatIsNot(question) && namesAll(question, written);

const placeOf = ({ source, path, heading }: Omit<Written, 'confident'>): string =>
  `${source} ${path.replaceAll(/ [0-9a-f]{32}\b|\.\w{1,8}$/g, '')} ${heading}`;

/** Whether it speaks of all that a question calls by a name. */
function namesAll(question: string, written: Omit<Written, 'confident'>): boolean {
  const text = `${placeOf(written)}\n${written.text}`;
  const words = wordsIn(text);
  return namesIn(question).every((name) => isNamed(name, text, words));
}

/** A page that is quoted as a whole has its headings in it. */
const sectionsOf = (text: string): string[] => text.split(/\n\n(?=## )/);

const wordsIn = (text: string): Set<string> => new Set(stemsOf(text));

const isIn = ({ ways }: Term, words: ReadonlySet<string>): boolean => ways.some((way) => way.every((word) => words.has(word)));

function shareIn(terms: readonly Term[], words: ReadonlySet<string>): number {
  const whole = terms.reduce((sum, { weight }) => sum + weight, 0);
  return whole === 0 ? 1 : terms.reduce((sum, term) => sum + (isIn(term, words) ? term.weight : 0), 0) / whole;
}

/** A word, or another that people use for the same. */
const sameIn = (word: string, words: ReadonlySet<string>): boolean => words.has(word) || termsOf(word).every((term) => isIn(term, words));

/** The sentences of a section, each with what tells what it is about: what stands before it in its paragraph, leads to it with a colon, or heads its table. */
function sentencesWith(section: string): { readonly sentence: string; readonly about: string }[] {
  let lead = '';
  let head: string[] = [];
  return section.split(/\n{2,}/).flatMap((paragraph) => {
    const isRow = paragraph.includes(' | ');
    const above = isRow ? head.join(' ') : lead;
    if (!isRow) head = [];
    else if (head.length < MOST_HEAD_ROWS) head = [...head, paragraph];
    const isItem = /^\s*(?:[-*+]|\d+[.)])\s/.test(paragraph);
    if (!isItem) lead = paragraph.trimEnd().endsWith(':') ? paragraph : '';
    const own = sentencesOf(paragraph);
    return own.map((sentence, i) => ({ sentence, about: `${above} ${own[i - 1] ?? ''} ${sentence}` }));
  });
}

/** The names of the columns of a table, which may be in groups. */
const MOST_HEAD_ROWS = 2;

const UNIT =
  /^(?:%|°|[kmgtp]i?b?|[munµ]?s|ms|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?|months?|years?|times?|percent|degrees?|bytes?|pods?|nodes?|replicas?|cores?|cpus?|people|o['’]clock|am|pm)$/i;
/** Behind these stands an amount, not the number of a thing. */
const BEFORE_AMOUNT = new Set(
  'a an the after in for of with than by at to from until within over under about around every each is are was were be only just and or between least most exactly uses takes has have need needs last past first next gives returns says shows'.split(
    ' ',
  ),
);
/** Of what is called by a number alone. */
const OF_A_NUMBER = /^(?:codes?|status|errors?|numbers?|ports?|exit|http|signal)$/;
/** Abbreviations of the trade that a page may write out. */
const COMMON_SHORT =
  /^(?:I|A|DB|SQL|GC|DNS|TLS|SSL|VM|CPU|GPU|API|IP|URL|HTTP|HTTPS|UI|CI|CD|OS|ID|OK|SSH|ACME|CA|PVC|PV|HPA|OOM|RBAC|YAML|JSON|SLA|SLO|UTC|RAM|SSD|HDD|NTP|CLI|TCP|UDP|QA|MB|GB|KB|TB)s?$/;
/** Capital letters that are no name of a thing of ours. */
const CALENDAR =
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day|^(?:january|february|march|april|may|june|july|august|september|october|november|december|christmas|easter)$/i;

/** What a question calls by its name: what has signs or digits in it, a capital letter that no sentence asks for, a number behind a name. */
export function namesIn(question: string): string[] {
  const written = question.replaceAll(/["“”«»()[\]]/g, ' ').split(/\s+/);
  const begins = new Set(written.flatMap((word, i) => (/[.!?:]$/.test(word) ? [i + 1] : [])).concat(0));
  const words = written.map((word) => word.replace(/^[^\p{L}\p{N}/$-]+|[^\p{L}\p{N}]+$/gu, '').replace(/['’]s$/, ''));
  return words.flatMap((word, i) => {
    const before = words[i - 1]?.toLowerCase();
    if (/^\d+$/.test(word))
      return before !== undefined && OF_A_NUMBER.test(before)
        ? [word]
        : before === undefined || before === '' || BEFORE_AMOUNT.has(before) || /\d/.test(before) || UNIT.test(words[i + 1] ?? '')
          ? []
          : [`${before} ${word}`];
    return isName(word, !begins.has(i)) ? [word] : [];
  });
}

function isName(word: string, isInside: boolean): boolean {
  if (/\d/.test(word)) return /\p{L}/u.test(word) ? !UNIT.test(word.replace(/^\d+/, '')) : /^\d+(?:\.\d+)+$/.test(word);
  if (/[\p{L}][._/-][\p{L}]/u.test(word)) return /[._/]/.test(word) || !ORDINARY_PAIR.test(word);
  if (COMMON_SHORT.test(word) || CALENDAR.test(word)) return false;
  return /\p{Ll}\p{Lu}|^\p{Lu}{2,}/u.test(word) || (isInside && /^\p{Lu}/u.test(word));
}

/** Words that people join by a hyphen in any text: `on-call`, `third-party`, `re-run`. */
const ORDINARY_PAIR =
  /^(?:re|pre|non|self|auto|multi|sub|co|on|off|read|long|short|third|well|in|out|up|by|so|up-to|follow|open|cross|back|first|last|high|low)-|-(?:in|up|out|off|on|by|line|time|side|wide|level|ready|only|based|to-date|free|term|end)$/i;

/** Whether a text calls it so, be it in other letters, in parts, or by what the trade calls it too. */
function isNamed(name: string, text: string, words: ReadonlySet<string>): boolean {
  const [thing = '', number] = name.split(' ');
  if (number !== undefined) return standsBeside(thing, number, text);
  if (/^\d/.test(name)) return new RegExp(`(?<![\\w.])v?${name.replaceAll('.', '\\.')}(?!\\w|\\.\\d)`).test(text);
  if (text.toLowerCase().includes(name.toLowerCase())) return true;
  const terms = termsOf(name);
  return terms.length > 0 && terms.every((term) => isIn(term, words));
}

/** Words between a thing and its number: `exit status of 42`, `release **7**`. */
const BESIDE = 3;

function standsBeside(thing: string, number: string, text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+(?:\.\d+)*/gu) ?? [];
  const stem = stemsOf(thing)[0] ?? '';
  return words.some(
    (word, i) => word === number && words.slice(Math.max(0, i - BESIDE), i + BESIDE).some((near) => stemsOf(near).includes(stem)),
  );
}
