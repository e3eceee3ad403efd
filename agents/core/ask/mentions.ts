import { distance, nearest } from '../nearest.ts';

/** An object of a cluster by name, as far as a question can mean it. */
export interface NamedObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

export interface Mentions {
  /** KIND/NAME, or a kind beside a name: these exactly are meant. */
  readonly exact: readonly { readonly kind: string; readonly name: string }[];
  /** Objects whose name stands in the question by itself. */
  readonly objects: readonly NamedObject[];
  /** Namespaces that are named as such, whether they are there or not. */
  readonly namespaces: readonly string[];
  /** What nothing is called, and what was probably meant. */
  readonly taken: readonly { readonly said: string; readonly meant: string }[];
  /** What was said as a name, and nothing is called so or nearly so. */
  readonly unknown: readonly string[];
}

/** Words that stand beside names in questions and are never meant as one, though some object may be called so. */
const PLAIN = new Set(
  (
    'a an the my our your this that these those it its is are was were be been do does did has have had can could will would should may might ' +
    'what which who whom whose why how when where and or not no any all some every each both other more most on in at of to from for with ' +
    'without by into over under since until after before again still just only now today yesterday tonight morning night week month there here ' +
    'me us we you i they them he she please tell show give find explain check diagnose look see say get go goes come comes keep keeps kept make ' +
    'makes made work works working running run runs start starts started stop stops stopped restart restarts restarting restarted crash crashes ' +
    'crashing crashed fail fails failing failed pending stuck broken wrong down up slow error errors problem problems issue issues incident ' +
    'incidents cause causes reason happen happens happened reach reached reachable answer answers respond fix repair cluster clusters context ' +
    'contexts kubernetes application app apps program thing things something anything nothing everything nobody time times one ones two three ' +
    'new old last next first second ready healthy unhealthy well bad good much many long else wrong with about between and out off so then than ' +
    'production staging users user requests request traffic memory cpu disk image images container containers name names namespace namespaces ' +
    'cannot ever never always nothing wants need needs want get able because become becomes hang hangs die dies died dead exit code log logs'
  ).split(/\s+/),
);
const NAME = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';
/** Prepositions behind which a namespace may stand. */
const PLACED = new RegExp(
  `\\b(?:in|within|from) (?:the )?(?:namespace )?(${NAME})\\b|\\bnamespace (${NAME})\\b|(?:^|\\s)-n (${NAME})\\b|\\b(${NAME}) namespace\\b`,
  'g',
);

/**
 * What a question names. `kindOf` knows the words for kinds; `objects` are those there are. A name nobody has is taken for the one that is
 * nearly so, and said; a plain word never is.
 */
export function mentionsIn(question: string, objects: readonly NamedObject[], kindOf: (word: string) => string | undefined): Mentions {
  const text = question.toLowerCase();
  const namespaceNames = new Set(objects.flatMap((o) => (o.kind === 'Namespace' ? [o.name] : [])));
  const byName = new Map<string, NamedObject[]>();
  for (const object of objects) byName.set(object.name, [...(byName.get(object.name) ?? []), object]);
  const exact: { kind: string; name: string }[] = [];
  const used = new Set<string>();
  const use = (kind: string, name: string) => {
    used.add(name);
    if (kind !== 'Namespace') exact.push({ kind, name });
  };
  for (const [, word = '', name = ''] of text.matchAll(new RegExp(`\\b([a-z.]+)/(${NAME})`, 'g'))) {
    const kind = kindOf(word);
    if (kind !== undefined) use(kind, name);
  }
  const namespaces: string[] = [];
  for (const [whole, placed, after, flag, before] of text.matchAll(PLACED)) {
    const name = placed ?? after ?? flag ?? before ?? '';
    const said = whole.includes('namespace') || flag !== undefined;
    if (PLAIN.has(name) || kindOf(name) !== undefined) continue;
    // "in shop" may be a namespace; "in checkout" is where the fault is.
    if (said || namespaceNames.has(name)) namespaces.push(name);
  }
  const words = [...text.matchAll(new RegExp(NAME, 'g'))].map(([w]) => w);
  const isName = (w: string | undefined): w is string =>
    w !== undefined && !PLAIN.has(w) && kindOf(w) === undefined && !namespaces.includes(w);
  words.forEach((word, i) => {
    const kind = kindOf(word);
    if (kind === undefined || kind === 'Namespace') return;
    const [before, after] = [words[i - 1], words[i + 1]];
    const near = [after, before].find((w) => isName(w) && !used.has(w) && (byName.has(w) || looksLikeName(w)));
    // "the checkout pods" are those of whatever is called checkout.
    if (near !== undefined && !(kind === 'Pod' && byName.get(near)?.some((o) => o.kind !== 'Pod'))) use(kind, near);
  });
  const found: NamedObject[] = [];
  const taken: { said: string; meant: string }[] = [];
  const unknown: string[] = [];
  for (const word of words) {
    if (!isName(word) || used.has(word)) continue;
    used.add(word);
    const there = byName.get(word)?.filter((o) => o.kind !== 'Namespace');
    if (there !== undefined && there.length > 0) found.push(...there);
    else if (namespaceNames.has(word)) namespaces.push(word);
    else if (word.length >= 5 && !/^(?:plan|inc)-|^[a-z]{2,4}-\d{3}$|^\d/.test(word)) {
      const meant = nearest(
        word,
        [...byName.keys()].filter((n) => Math.abs(n.length - word.length) <= 2),
      );
      if (meant !== undefined && slips(word, meant)) {
        taken.push({ said: word, meant });
        found.push(...(byName.get(meant) ?? []));
      } else if (looksLikeName(word)) unknown.push(word);
    }
  }
  return { exact, objects: found, namespaces: [...new Set(namespaces)], taken, unknown };
}

/** A word of a language rarely has a hyphen and a digit, or several hyphens. */
const looksLikeName = (word: string) => /-/.test(word) && (/\d/.test(word) || word.length > 5);

/** One letter in a word is a slip, two in a long one; short words are near to too many others. */
function slips(said: string, meant: string): boolean {
  if (Math.min(said.length, meant.length) < 5 || said[0] !== meant[0]) return false;
  return distance(said, meant) <= (meant.length >= 8 ? 2 : 1);
}
