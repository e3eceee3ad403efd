import { ANY, maskedLine } from './log-mask.ts';
import { joined } from './template-joins.ts';

/** What a program says again and again: one template for all lines of one statement of its code. */
export interface Template {
  /** Follows from the text alone: the same template has the same id in another file and another run. */
  readonly id: string;
  readonly text: string;
  /** Lines of it, those that continue one not counted. */
  readonly count: number;
}

/** Between a line and what stands below it. */
const UNDER = ' ⏎ ';
/** The share of words that lines of one family have in common. */
const ALIKE = 0.55;
/** So many different words at one place are still words of the program, each its own template; more are data. */
const FEW = 3;

/** What is kept at most, so that it does not grow with the log. */
export interface TemplateBounds {
  /** Different masked lines that are remembered; those that came first are forgotten first. */
  readonly lines: number;
  /** Families of one beginning; a line that is like none of so many joins the nearest. */
  readonly families: number;
  /** Beginnings that are told apart; what begins otherwise after that is told apart by its length alone. */
  readonly beginnings: number;
  /** Different lines of a family that are kept for telling its places apart. */
  readonly members: number;
  /** Whether templates are held against each other at the end; where they are known again later they must stay as they were. */
  readonly joins: boolean;
}
/** Of a whole file. */
const FILE_BOUNDS: TemplateBounds = { lines: 20_000, families: 100, beginnings: 5_000, members: 400, joins: true };

interface Member {
  words: readonly string[];
  readonly number: number;
  count: number;
  /** It is a template of before, not a line: where it has ANY, any word may be. */
  readonly known: boolean;
}

/** Lines of one length that are alike; `words` has ANY where its members differ. */
interface Family {
  readonly words: string[];
  readonly members: Member[];
  /** Lines that are no members of their own, for there are too many: they belong to the widest template. Their words are let go. */
  readonly others: Member[];
}

/**
 * Mines templates in one pass, after the idea of Drain (He et al. 2017): families by number of words and first words, then by likeness. What
 * becomes of a family is decided at the end: a place with few different words tells templates apart, a place with many is a variable.
 */
export class LogTemplates {
  readonly #bounds: TemplateBounds;
  readonly #told: (text: string) => string;
  readonly #known = new Map<string, Member>();
  readonly #families = new Map<string, Family[]>();
  #numbers = 0;

  /** `told`: what may be said of a form; forms that read the same after it are one template. */
  constructor(bounds: TemplateBounds = FILE_BOUNDS, told: (text: string) => string = (text) => text) {
    this.#bounds = bounds;
    this.#told = told;
  }

  /** How many forms there have been. */
  get forms(): number {
    return this.#numbers;
  }

  /**
   * The number of the line's form, for `templates`. Empty lines have a form too. `under`: what stands below the line (which exception, and
   * where it was thrown); lines are only alike where that is the same.
   */
  add(line: string, under = ''): number {
    const text = under === '' ? maskedLine(line) : `${maskedLine(line)}${UNDER}${under}`;
    const known = this.#known.get(text);
    if (known !== undefined) {
      known.count += 1;
      return known.number;
    }
    return this.#take(text, 1, false);
  }

  /** A template found earlier: lines that fit it belong to it. The number of its form. */
  know(template: string): number {
    return this.#known.get(template)?.number ?? this.#take(template, 0, true);
  }

  #take(text: string, count: number, known: boolean): number {
    const [line = '', under] = this.#told(text).split(UNDER, 2);
    const words = line.split(' ');
    if (under !== undefined) words.push(`${UNDER.trimStart()}${under}`);
    const member: Member = { words, number: this.#numbers++, count, known };
    this.#join(member, under ?? '');
    this.#known.set(text, member);
    if (this.#known.size > this.#bounds.lines) this.#forget();
    return member.number;
  }

  /** The templates, most frequent first, and which template each form belongs to. */
  templates(): { readonly templates: readonly Template[]; readonly of: readonly number[] } {
    const of: number[] = [];
    const byText = new Map<string, { text: string; count: number; numbers: number[] }>();
    for (const families of this.#families.values())
      for (const family of families) {
        const parts = partsOf(family.members);
        const others = { words: family.words, members: [] as Member[] };
        if (family.others.length > 0) parts.push(others);
        for (const part of parts) {
          const text = part.words.join(' ');
          const entry = byText.get(text) ?? { text, count: 0, numbers: [] };
          byText.set(text, entry);
          for (const { number, count } of part === others ? family.others : part.members) {
            entry.numbers.push(number);
            entry.count += count;
          }
        }
      }
    const apart = [...byText.values()];
    const one = (text: string, of: readonly (typeof apart)[number][]) => ({
      text,
      count: of.reduce((sum, { count }) => sum + count, 0),
      numbers: of.flatMap(({ numbers }) => numbers),
    });
    const sorted = [...(this.#bounds.joins ? joined(apart, one) : apart)].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
    sorted.forEach(({ numbers }, i) => {
      for (const number of numbers) of[number] = i;
    });
    return { templates: sorted.map(({ text, count }) => ({ id: idOf(text), text, count })), of };
  }

  #join(member: Member, under: string): void {
    const { words } = member;
    // A name may be a variable: lines that differ in it alone begin the same.
    const first = words.find((word) => !word.includes(ANY) && !NAME.test(word)) ?? words.find((word) => !word.includes(ANY)) ?? '';
    const families = this.#familiesAt(words.length, first, under);
    let best: Family | undefined;
    let most = families.length < this.#bounds.families ? ALIKE : -1;
    for (const family of families) {
      const share = likeness(family.words, words);
      // Of families equally alike the first one stays: more lines are known of it.
      if (share >= most && (best === undefined || share > most)) [best, most] = [family, share];
    }
    if (best === undefined) {
      families.push({ words: [...words], members: [member], others: [] });
      return;
    }
    for (let i = 0; i < words.length; i++) if (best.words[i] !== words[i]) best.words[i] = ANY;
    if (best.members.length < this.#bounds.members) best.members.push(member);
    else {
      member.words = [];
      best.others.push(member);
    }
  }

  #familiesAt(length: number, first: string, under: string): Family[] {
    const own = `${length} ${first}${UNDER}${under}`;
    const key = this.#families.has(own) || this.#families.size < this.#bounds.beginnings ? own : `${length}`;
    const there = this.#families.get(key) ?? [];
    this.#families.set(key, there);
    return there;
  }

  #forget(): void {
    const oldest = this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The share of the words that say something which are the same; words of data on both sides say nothing. */
function likeness(a: readonly string[], b: readonly string[]): number {
  let said = 0;
  let same = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === ANY && b[i] === ANY) continue;
    said += 1;
    if (a[i] === b[i]) same += 1;
  }
  return said === 0 ? 1 : same / said;
}

/** Splits a family at the places where few words take turns; the other places where its members differ are variables. */
function partsOf(members: readonly Member[]): { words: readonly string[]; members: readonly Member[] }[] {
  const [one] = members;
  if (one === undefined) return [];
  if (members.length === 1) return [{ words: one.words, members }];
  let place = -1;
  let fewest = FEW + 1;
  const variable: boolean[] = [];
  for (let i = 0; i < one.words.length; i++) {
    const different = new Set(members.map((m) => m.words[i] ?? ''));
    variable[i] = different.size > 1;
    const isOpen = () => members.some((m) => m.known && m.words[i] === ANY);
    if (different.size > 1 && different.size < fewest && !isOpen() && !isData(one.words[i - 1] ?? '', different, one.words.length))
      [place, fewest] = [i, different.size];
  }
  if (place < 0) return [{ words: one.words.map((word, i) => (variable[i] === true ? ANY : word)), members }];
  const byWord = new Map<string, Member[]>();
  for (const member of members) {
    const word = member.words[place] ?? '';
    byWord.set(word, [...(byWord.get(word) ?? []), member]);
  }
  return [...byWord.values()].flatMap(partsOf);
}

/** Names rather than words: what follows a word for a person or a thing, or is written as no word of a sentence is. */
const BEFORE_NAME =
  /^(?:users?|username|hosts?|hostname|nodes?|pods?|namespace|service|name|named|client|peer|topic|queue|table|account|clusters?|database|bucket|tenant|vhost)[:=]?$/i;
/** What happened to it rather than its name. */
const HAPPENED = /^\W*[a-z]+(?:ed|ing)\W*$/;
const NAME = /[a-z][-_.@$][a-z]/i;

const CONSTANT = /^\W*(?:true|false|yes|no|null|none|nil|on|off|undefined)\W*$/i;
/** In lines of fewer words one word that is a value in another line may be all that tells statements apart. */
const LONG = 5;

const isData = (before: string, words: ReadonlySet<string>, length: number): boolean =>
  (BEFORE_NAME.test(before) && ![...words].some((word) => HAPPENED.test(word))) ||
  areKinds(words) ||
  [...words].every((word) => word.includes(ANY) || NAME.test(word) || CONSTANT.test(word)) ||
  (length >= LONG && [...words].some((word) => /^\W*<\*>\W*$/.test(word)));

const LAST_PART = /^\W*[A-Z][A-Za-z]*[a-z]([A-Z][a-z]+)\W*$/;

/** Names of types that end alike, as MailJob and ReportJob do: what they are is the same, which one is a value. */
function areKinds(words: ReadonlySet<string>): boolean {
  const ends = new Set([...words].map((word) => LAST_PART.exec(word)?.[1]));
  return ends.size === 1 && !ends.has(undefined);
}

/** 64 bits of FNV-1a in two halves. */
export function idOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0xcbf29ce4];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + i), 0x01000193);
  }
  return `t-${(a >>> 0).toString(16).padStart(8, '0')}${(b >>> 0).toString(16).padStart(8, '0')}`;
}
