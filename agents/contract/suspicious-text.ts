/**
 * Text in a cluster is data, whatever it says. This finds text that is written to be obeyed: that speaks to whoever (or whatever) reads it
 * and wants a thing done, or hides characters from human eyes. Nothing follows from it but a remark; so it may be wrong in both directions,
 * and is tuned to be silent about what people write for each other. Pure, linear in the text.
 */
export interface Suspicion {
  /** `hidden`: characters that are there and not seen. `orders`: words that want to be obeyed. */
  readonly kind: 'hidden' | 'orders';
  /** The part that gives it away, hidden characters written out. */
  readonly excerpt: string;
}

const MOST_READ = 65_536;
const EXCERPT = 120;
const SHORTEST = 12;

/** Never seen and never needed in what clusters hold: tags, overrides of direction, invisible operators, fillers. */
const HIDDEN = /[\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}\u202A-\u202E\u2060-\u2064\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFB]/u;
/** Needed between the letters of some scripts, and in emoji; between Latin letters they only break a word for those who search it. */
const JOINING = /[A-Za-z0-9][\u200B-\u200F\u00AD\uFEFF\u2066-\u2069]+[A-Za-z0-9]/u;
const ANY_HIDDEN =
  /[\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}\u200B-\u200F\u202A-\u202E\u2060-\u2069\u00AD\uFEFF\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFB]/gu;
/** A flag made of a region's letters: the one honest use of tags. */
const FLAG = /\u{1F3F4}[\u{E0061}-\u{E007A}\u{E0030}-\u{E0039}]{2,8}\u{E007F}/gu;

/** Letters of other scripts that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  п: 'n',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ı: 'i',
  ɡ: 'g',
  ո: 'n',
  օ: 'o',
};

const NEAR = String.raw`(?:[^.!?;\n]{0,60}?)`;
/** What binds a reader: rules it was given, or the checks before something is done. */
const BOUNDS = String.raw`(?:instructions?|rules?|prompts?|guidelines?|guardrails?|polic(?:y|ies)|restrictions?|constraints?|directives?|safety|safeguards?|system messages?|what you were told|training)`;
const SETS_ASIDE = String.raw`(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|bypass(?:ing)?|do not (?:follow|obey)|stop (?:following|obeying)|pay no attention to)`;

interface Trait {
  readonly weight: number;
  readonly pattern: RegExp;
}
const trait = (weight: number, source: string): Trait => ({ weight, pattern: new RegExp(source, 'iu') });

/** A text is suspicious from this weight on. */
const ENOUGH = 3;
const TRAITS: readonly Trait[] = [
  // The reader's own bounds are to be set aside.
  trait(
    3,
    String.raw`\b${SETS_ASIDE}\b${NEAR}\b(?:your|previous|prior|above|earlier|preceding|all|any|these|those|system|other|safety)\b${NEAR}\b${BOUNDS}\b`,
  ),
  trait(2, String.raw`\b${SETS_ASIDE}\b${NEAR}\b${BOUNDS}\b`),
  trait(3, String.raw`\b(?:ignorier\w*|missacht\w*|vergiss)\b${NEAR}\b(?:anweisung|regel|vorgabe)\w*`),
  trait(3, String.raw`\b(?:ignora|olvida|omite)\w*\b${NEAR}\b(?:instrucci|reglas)\w*`),
  trait(3, String.raw`\b(?:ignore[zr]?|oublie[zr]?)\b${NEAR}\b(?:consignes?|instructions? (?:précédentes|antérieures)|règles)`),
  trait(3, String.raw`(?:忽略|无视|忘记).{0,16}(?:指令|指示|规则|提示)`),
  trait(3, String.raw`(?:игнорируй|игнорировать|забудь)\S*.{0,40}(?:инструкци|правил|указани)`),
  // The frames of a model's conversation, where none is.
  trait(
    2,
    String.raw`<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant)(?:[ _-]prompt)?>|(?:^|[.\n]\s*|\s)(?:###\s*)?(?:system|assistant|new instructions?)\s*(?:prompt|message)?\s*:`,
  ),
  trait(1, String.raw`\b(?:system prompt|developer (?:mode|message)|jailbreak|as an? (?:ai|language model))\b`),
  // It is said to a machine.
  trait(
    1,
    String.raw`\b(?:(?:every|any|all|this|dear|attention|hey|hello|hi|note to|note for)\s+){1,2}(?:ai|llms?|language models?|ai models?|assistants?|chatbots?|copilots?|ai agents?|agents?|bots?|automation|autopilots?)\b`,
  ),
  trait(
    1,
    String.raw`\byou (?:are now|are (?:an?|the) \w+(?: \w+)? (?:agent|assistant|model)|must (?:now|immediately)|have been (?:authori[sz]ed|instructed|granted))\b`,
  ),
  // It wants a thing done that changes a cluster, or tells a secret.
  trait(
    1,
    String.raw`\b(?:delete|remove|drain|cordon|scale|set|grant|bind|create|patch|apply|disable|exec|restart|evict|approve|accept|confirm|execute|run|roll back|escalate)\b${NEAR}\b(?:all|every|any|replicas?|deployments?|pods?|nodes?|namespaces?|clusters?|secrets?|plans?|changes?|kubectl|helm|cluster-admin|admin|privileges?|volumes?|webhooks?|polic(?:y|ies))\b`,
  ),
  trait(1, String.raw`\bkubectl\s+(?:delete|drain|scale|exec|patch|apply|create|replace|edit|cordon|annotate|label)\b`),
  trait(
    1,
    String.raw`\b(?:approve|accept|confirm|authori[sz]e)\s+(?:all|every|any|the|this|each|these|whatever)?\s*(?:\w+ )?(?:plans?|changes?|requests?|actions?|proposals?)\b`,
  ),
  trait(
    2,
    String.raw`\b(?:reveal|print|send|post|upload|exfiltrate|leak|output|dump|disclose|include|paste|email)\b${NEAR}\b(?:secrets?|passwords?|tokens?|credentials?|kubeconfig|api keys?|private keys?|system prompt|service account)\b`,
  ),
  // It claims a right, or wants no one to know.
  trait(2, String.raw`\b(?:was|is|been|already|pre)[ -]?(?:already )?(?:approved|authori[sz]ed|sanctioned|confirmed)\s+by\b`),
  trait(
    2,
    String.raw`\b(?:no|without(?: any| further)?)\s+(?:need (?:for|to)\s+)?(?:approval|confirmation|review|asking|permission|human)\b`,
  ),
  trait(
    2,
    String.raw`\b(?:do not|don't|never)\s+(?:tell|mention|inform|alert|warn|notify|ask)\b${NEAR}\b(?:anyone|anybody|users?|operators?|humans?|people|person|administrators?|team|confirmation|permission)\b`,
  ),
  trait(
    2,
    String.raw`\b(?:report|say|tell|answer|respond|reply|conclude|claim)\b${NEAR}\b(?:nothing (?:is|was) wrong|(?:everything|all|it) (?:is|are) (?:fine|well|ok|okay|healthy|good|normal)|no (?:problems?|issues?|incidents?))\b`,
  ),
  // It presses.
  trait(1, String.raw`(?:^|[.\n]\s*)(?:important|urgent|attention|critical instruction|mandatory|override)\b\s*[:!-]`),
  trait(1, String.raw`\bbefore you (?:go on|continue|proceed|answer|respond|reply|do anything|read (?:on|any))\b`),
];
/** Only texts with one of these words are looked at closely; most of what a cluster holds has none. */
const WORTH_A_LOOK =
  /ignor|disregard|follow|forget|overrid|bypass|obey|attention|missacht|vergiss|olvida|omite|oublie|忽略|无视|忘记|забудь|игнорир|im_start|inst\]|sys>|system|assistant|instruct|approv|authori|confirm|permission|kubectl|secret|password|token|credential|prompt|language.model|report|respond|answer|do[\W_]+not|don't|never|(?<![a-z])(?:ais?|llms?|agents?|bots?|you)(?![a-z])/i;

/** What is suspicious in a text; undefined where nothing is. */
export function suspiciousText(given: string): Suspicion | undefined {
  if (given.length < SHORTEST) return undefined;
  const text = given.slice(0, MOST_READ);
  const bare = isAscii(text) ? text : text.replace(FLAG, '');
  const seen = isAscii(bare) ? bare : readable(bare);
  const orders = ordersIn(seen);
  if (orders !== undefined) return { kind: 'orders', excerpt: excerptAt(written(seen), orders) };
  if (isAscii(bare)) return undefined;
  const hidden = HIDDEN.exec(bare) ?? JOINING.exec(bare);
  if (hidden === null) return undefined;
  const begin = Math.max(0, hidden.index - EXCERPT / 3);
  return { kind: 'hidden', excerpt: excerptAt(written(bare.slice(begin, begin + EXCERPT)), 0) };
}

function ordersIn(text: string): number | undefined {
  if (!WORTH_A_LOOK.test(text)) return undefined;
  // Names and labels have no spaces, and a sentence may go over lines: a copy reads all of it as words.
  const spaced = text.replace(/[_+]|(?<=\w)[-.](?=\w)/g, ' ').replace(/\s+/g, ' ');
  let [weight, at] = [0, text.length];
  const seen = new Set<number>();
  TRAITS.forEach(({ weight: w, pattern }, i) => {
    const found = pattern.exec(spaced) ?? pattern.exec(text);
    // The weaker form of what was found already says nothing more.
    if (found === null || (i === 1 && seen.has(0))) return;
    seen.add(i);
    weight += w;
    at = Math.min(at, found.index);
  });
  return weight >= ENOUGH ? at : undefined;
}

/** As it is read by whoever does not see the difference: compatibility forms, lookalikes and tags as letters, what is hidden gone. */
function readable(text: string): string {
  const tags = text.replace(/[\u{E0020}-\u{E007E}]/gu, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) - 0xe0000));
  const plain = tags.replace(ANY_HIDDEN, '').normalize('NFKC');
  // Only words that mix scripts are meant to deceive; a Russian word is a Russian word.
  return plain.replace(/[\p{L}\p{M}]+/gu, (word) =>
    /[a-z]/i.test(word) ? [...word].map((c) => LOOKALIKES[c.toLowerCase()] ?? c).join('') : word,
  );
}

const isAscii = (text: string): boolean => !/[^\u0000-\u007f]/.test(text);
/** Hidden characters and line ends written out, so that a quote of it hides nothing. */
const written = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(ANY_HIDDEN, (c) => `<U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`);
function excerptAt(text: string, at: number): string {
  const begin = at > EXCERPT ? at - 20 : 0;
  const part = text.slice(begin, begin + EXCERPT).trim();
  return `${begin > 0 ? '…' : ''}${part}${begin + EXCERPT < text.length ? '…' : ''}`;
}
