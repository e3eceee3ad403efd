import { isOrdinary } from './ordinary-words.ts';

/** Something that is given to a model and may only be said as it stands. */
export interface Fact {
  readonly text: string;
  /** Leaving it out would leave out what matters. */
  readonly required: boolean;
}

/** A name goes on here: `cart` is not said by `cart-2`. */
const NAME_CHARACTER = /[\p{L}\p{N}_/@:.-]/u;
/** What may follow a name without being of it: the end of a sentence, a colon before a space. */
const ENDS = /^[.:]*(?:\s|$|[,;)!?"'\]])/u;
const AROUND = /^[\s"'“”‘’(\[]+|[\s"'“”‘’).,;:!?\]]+$/gu;

/**
 * Why a text does not hold to its facts; null where it does. Each required fact is in it, letter by letter, none twice, in the order
 * given, so that none can change places with another. What is left are ordinary words: no name, no number, no command, no word that
 * turns a sentence into its opposite.
 */
export function strays(text: string, facts: readonly Fact[]): string | null {
  const found = new Map<Fact, number>();
  let rest = text;
  // A long fact may hold a short one; that is then part of it.
  for (const fact of [...facts].sort((a, b) => b.text.length - a.text.length)) {
    const at = placeOf(fact.text, rest, 0);
    if (at < 0) {
      if (fact.required) return `it drops or alters "${short(fact.text)}"`;
      continue;
    }
    if (placeOf(fact.text, rest, at + 1) >= 0) return `it says "${short(fact.text)}" twice`;
    found.set(fact, at);
    rest = rest.slice(0, at) + '\u0000'.repeat(fact.text.length) + rest.slice(at + fact.text.length);
  }
  const places = facts.flatMap((fact) => found.get(fact) ?? []);
  if (places.some((at, i) => at < (places[i - 1] ?? 0))) return 'it says things in another order than they were given';
  const [word] = inventedIn(rest);
  return word === undefined ? null : `it says "${short(word)}", which was not given`;
}

/** Words of a text that are not ordinary ones; facts in it have been taken out. */
export function inventedIn(rest: string): string[] {
  return rest.split(/[\s\u0000]+/u).flatMap((part) => {
    const word = part.replaceAll(AROUND, '');
    return word === '' || isOrdinary(word) ? [] : [word];
  });
}

/** Where a fact stands by itself, not as part of a longer name; negative: nowhere. */
function placeOf(fact: string, text: string, from: number): number {
  for (let at = text.indexOf(fact, from); at >= 0; at = text.indexOf(fact, at + 1)) {
    const after = text.slice(at + fact.length);
    const before = at === 0 ? '' : (text[at - 1] ?? '');
    if (!NAME_CHARACTER.test(before) && (after === '' || !NAME_CHARACTER.test(after[0] ?? '') || ENDS.test(after))) return at;
  }
  return -1;
}

/** Facts without what another of them says as well, and without the point at their end. */
export function factsOf<F extends { readonly text: string | null | undefined; readonly required: boolean }>(
  given: readonly F[],
): (F & Fact)[] {
  const facts = given.flatMap((one) => {
    const text = (one.text ?? '')
      .replaceAll(/\s+/gu, ' ')
      .trim()
      .replace(/[.:;,]+$/u, '');
    return text === '' ? [] : [{ ...one, text }];
  });
  return facts.filter(
    (fact, i) => !facts.some((other, j) => j !== i && other.text.includes(fact.text) && (other.text !== fact.text || j < i)),
  );
}

const short = (text: string) => cutTo(80, text);

/** Not longer than so many characters, cut between two words where there are any. */
export function cutTo(length: number, text: string): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\s.:;,]+$/u, '')}…`;
}

/** A fact as a sentence of a template: the point is set where it has no sign at its end. */
export const sentence = (text: string): string => (/[?!…]$/u.test(text) ? text : `${text}.`);
