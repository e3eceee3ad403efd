/** How well what is typed fits a name: a beginning, a part, or its letters in their order with others between them. Pure. */

export const wordsOf = (typed: string): readonly string[] =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');

const STARTS = 0;
const STARTS_A_PART = 1;
const INSIDE = 2;
const BESIDE = 3;
const LETTERS = 4;

/** The sum over all typed words, less is better; undefined when one fits nowhere. `beside` is looked through for whole parts alone. */
export function fitOf(typed: readonly string[], name: string, beside: string): number | undefined {
  const [lowName, lowBeside] = [name.toLowerCase(), beside.toLowerCase()];
  let sum = 0;
  for (const word of typed) {
    const at = lowName.indexOf(word);
    if (at === 0) sum += STARTS;
    else if (at > 0) sum += /[a-z0-9]/.test(lowName[at - 1] ?? '') ? INSIDE : STARTS_A_PART;
    else if (lowBeside.includes(word)) sum += BESIDE;
    else {
      const gaps = gapsOf(word, lowName);
      if (gaps === undefined) return undefined;
      sum += LETTERS + gaps;
    }
  }
  return sum;
}

/** How many letters stand between those of `word`, from 0 to 1; undefined when they are not there in this order, or too far apart. */
function gapsOf(word: string, text: string): number | undefined {
  if (word.length < 2) return undefined;
  let at = text.indexOf(word[0] ?? '');
  const begun = at;
  for (let i = 1; i < word.length && at >= 0; i++) at = text.indexOf(word[i] ?? '', at + 1);
  if (at < 0) return undefined;
  const between = at - begun + 1 - word.length;
  return between > word.length * 4 ? undefined : between / (word.length * 4);
}
