import { stemsOf } from '../knowledge/words.ts';

/** What kind of answer a question asks for, as far as its words say so. */
export type Wanted =
  /** How long, how often, how soon. */
  | 'duration'
  /** At what time, on which day; of what is done again and again also under which condition. */
  | 'time'
  /** When it was, or will be. */
  | 'date'
  | 'number'
  | 'version'
  | 'money'
  | 'contact'
  /** Somebody by name. */
  | 'name'
  | 'person'
  /** A thing of a kind, or a value of a thing. */
  | 'thing'
  /** Somebody's judgement. */
  | 'judgement'
  /** What is to come. */
  | 'toCome'
  /** How it is done, why it is so, what it means. */
  | 'account';

const KINDS: readonly (readonly [Wanted, RegExp])[] = [
  [
    'money',
    /\b(?:how much (?:does|do|did|is|are|was|were|will) .{0,80}\b(?:cost|charged?|paid)|(?:what|which) (?:is|are|was|were) the (?:price|cost|fee)|what (?:does|do|did) .{1,80}\bcost)\b/,
  ],
  ['contact', /\b(?:phone|telephone|mobile|extension|e-?mail|mail) (?:number|address)\b|\bphone\b/],
  ['version', /\b(?:in|from|since|with|by|of|at) (?:which|what) (?:version|release)\b|^(?:which|what) (?:version|release)\b/],
  ['date', /^(?:and |so )?(?:since )?when (?:was|were|did|had|has|have)\b|\b(?:in|on) (?:which|what) (?:year|month|date)\b/],
  [
    'toCome',
    /^(?:and |so )?(?:when |where |how |what |who |which \w+ )?(?:will|shall)\b|\b(?:plans? for|planned|planning|roadmap|next (?:year|month|quarter|week|version|release))\b/,
  ],
  [
    'duration',
    /\bhow (?:long|often|soon|quickly|fast|frequently|old)\b|\bhow much (?:time|longer)\b|\bhow many (?:seconds|minutes|hours|days|weeks|months|years|times)\b/,
  ],
  ['number', /\bhow (?:many|much|large|big|high|small|wide|far|deep)\b/],
  ['time', /^(?:and |so )?when\b|\b(?:at|on|in|between|during|from) (?:which|what) (?:times?|days?|weekdays?|hours?)\b|\bwhat time\b/],
  ['name', /^(?:and |so )?who(?:se)? (?:is|are|was|were) (?:the|our|its|this)\b/],
  ['person', /^(?:and |so )?who(?:m|se)?\b|\b(?:to|by|from|with) whom\b/],
  [
    'thing',
    /^(?:(?:to|at|in|on|from|for|by|of|with|under|through|between) )?which\b|^(?:to|at|in|on|from|for|by|of|with|under|through) what\b|^what (?:is|are|was|were) (?:the|its|our|their)\b|^what (?!(?:can|could|do|may|must|shall|should) (?:i|we|you|one|people)\b)(?:\p{L}+ ){1,2}(?:is|are|was|were|do|does|did|has|have|can|must|may|should)\b/u,
  ],
];

/** Judgements that a page may give, beside those that no page does. */
const JUDGED =
  /\b(?:better|best|worse|worst|nicer?|favou?rite|should (?:we|i|you|one) (?:leave|drop|replace|migrat\w+|change|stay|move|switch|use|adopt|buy|keep using|get rid)|worth|good idea|opinion|do you (?:think|like)|recommend)\b/;

export function wantedBy(question: string): Wanted {
  const text = question.toLowerCase().trim();
  if (JUDGED.test(text)) return 'judgement';
  return KINDS.find(([, words]) => words.test(text))?.[0] ?? 'account';
}

/** Whether it asks for something that stands in one sentence, and not for how it is done or why it is so. */
export const asksValue = (question: string): boolean => wantedBy(question) !== 'account';

/** Whether somebody asks what they themselves are to do: that stands in no cluster. */
export const asksWhatToDo = (question: string): boolean =>
  /^(?:(?:with|in|on|at|from|to) )?(?:what|which|when|where|can|could|may|shall|should|must)\b.{0,80}\b(?:i|we|one)\b/i.test(
    question.trim(),
  );

/** Which or what is not so: a passage that says what is so answers the opposite. */
export const asksWhatIsNot = (question: string): boolean =>
  /^(?:which|what|who)\b.{0,60}\b(?:not|never|cannot)\b|^(?:which|what|who)\b.{0,40}n['’]t\b/i.test(
    question.trim().replace(/\b(?:so that|if|when|whenever|because|unless|until|after|before|while)\b.*$/i, ''),
  );

const NUMBER_WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|seventeen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half|once|twice|dozen';
const NUMBER = new RegExp(`\\d|\\b(?:${NUMBER_WORDS}|none|no limit|unlimited|any|all|both|single)\\b`, 'i');
const SPAN = new RegExp(
  `(?:\\d|\\b(?:${NUMBER_WORDS}|an?|few|some|each|every|per|next))\\s{0,2}(?:\\w+ ){0,2}(?:ns|ms|s|sec(?:ond)?s?|milliseconds?|min(?:ute)?s?|hours?|h|d|days?|nights?|weeks?|months?|quarters?|years?)\\b|\\b(?:hourly|daily|nightly|weekly|monthly|yearly|always|never|permanently|forever|immediately|at once|until|as long as|(?:${NUMBER_WORDS}|\\d+) times|at most \\w+ times|once|twice|each|every)\\b`,
  'i',
);
const MOMENT =
  /\b\d{1,2}[:.]\d{2}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|august|sept(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?) ?\d|\d(?:st|nd|rd|th)?\.? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:19|20)\d\d\b|\b(?:midnight|noon|morning|evening|night|nightly|daily|weekly|weekend|hourly|every|each|five o.clock|january|february|march|april|june|july|august|september|october|november|december)\b/i;
const CONDITION =
  /\b(?:when|whenever|if|after|before|once|until|unless|as soon as|while|during|since|because|only|more than|less than|below|above|under|over)\b/i;
const DATE =
  /\b(?:19|20)\d\d\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|\b\d{1,2}\.\d{1,2}\.(?:\d{2,4})?/i;
const VERSION = /\bv?\d+(?:\.\d+)+\b|\b(?:version|release|since|firmware) v?\d/i;
const MONEY = /[€$£¥]|\b(?:euros?|dollars?|pounds?|eur|usd|chf|gbp|cents?|costs?|free of charge)\b/i;
const CONTACT = /\+?\d[\d /()-]{5,}\d|[\w.+-]+@[\w-]+\.\w|\b(?:extension|ext\.?|desk) \d/i;
const NAME = /\b\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+\b|@\w/u;
const PERSON =
  /\b\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+\b|@\w|\b(?:team|engineer|manager|officer|owner|on-?call|duty|administrators?|operators?|desk|office|head of|authority|people|anybody|everybody|members?|users?|groups?|(?:service )?account\w*|role|pager|driver)\b/u;
const TO_COME =
  /\b(?:will|shall|planned|plans? to|going to|scheduled for|from the \d|next (?:year|month|quarter|week|version|release)|is due|upcoming)\b/i;
const JUDGEMENT = /\b(?:recommend\w*|prefer\w*|should|better|best|avoid|advis\w+|do not use|worth)\b/i;
const NEGATED = /\b(?:not|never|no|none|nobody|nothing|neither|nor|except|cannot|excluded?|exempt)\b|n['’]t\b/i;

/** Whether a sentence can hold an answer of the kind. */
export function holds(wanted: Wanted, sentence: string): boolean {
  switch (wanted) {
    case 'duration':
      return SPAN.test(sentence);
    case 'time':
      return MOMENT.test(sentence) || CONDITION.test(sentence);
    case 'date':
      return DATE.test(sentence);
    case 'number':
      return NUMBER.test(sentence);
    case 'version':
      return VERSION.test(sentence);
    case 'money':
      return MONEY.test(sentence);
    case 'contact':
      return CONTACT.test(sentence);
    case 'name':
      return NAME.test(sentence);
    case 'person':
      return PERSON.test(sentence);
    case 'toCome':
      return TO_COME.test(sentence);
    case 'judgement':
      return JUDGEMENT.test(sentence);
    default:
      return true;
  }
}

export const saysWhatIsNot = (sentence: string): boolean => NEGATED.test(sentence);

/** What is counted, and what is asked for by its kind: `how many PULLS`, `which courier COMPANY`. Its stem; undefined where it is not said. */
export function headOf(question: string): string | undefined {
  const [, counted, kind = ''] =
    /\bhow (?:many|much) ((?:\p{L}[\p{L}-]*\s?){1,3})|^(?:\p{L}+ )?(?:which|what) ((?:\p{L}[\p{L}-]*\s?){1,3})/iu.exec(question.trim()) ??
    [];
  const words = (counted ?? kind).trim().split(/\s+/);
  const until = words.findIndex((word) => ENDS.has(word.toLowerCase()));
  const named = words.slice(0, until === -1 ? words.length : until);
  // Behind what is asked for by its kind stands a verb: which company BRINGS it.
  const [before = '', last = ''] = named.slice(-2);
  const isVerb = counted === undefined && until === -1 && named.length > 1 && last.endsWith('s') && !before.endsWith('s');
  return stemsOf((isVerb ? before : named.at(-1)) ?? '')[0];
}

/** So many words may lie between a number and what it counts. */
const NEAR = 3;

/** Whether a number stands beside what is counted. */
export function counts(sentence: string, counted: string): boolean {
  const words = sentence.split(/\s+/);
  return words.some(
    (word, i) => stemsOf(word).includes(counted) && words.slice(Math.max(0, i - NEAR), i + NEAR + 1).some((near) => NUMBER.test(near)),
  );
}

const ENDS = new Set(
  'is are was were does do did happens happen has will would can could may must should has have had of in on at to for from by with per a an the this that these those i we you they it he she use used uses make makes made need needs get gets wake carry carries hold holds serve serves there'.split(
    ' ',
  ),
);
