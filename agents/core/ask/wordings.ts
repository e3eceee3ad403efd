import type { Features } from './softmax.ts';

/** Words that say nothing of what a question is about, and yet stand in many. */
const EMPTY = new Set(
  'the a an of in on to is are was were it its this that my our we i you me be do does did for and or at by with from'.split(' '),
);

/** Endings that do not change what a word is about. Cut only where enough is left. */
const ENDINGS = /(?:ingly|edly|ings?|ation|ies|ied|ers?|ed|es|ly|s)$/;

const stem = (word: string) => (word.length > 4 ? word.replace(ENDINGS, (end, at: number) => (at >= 3 ? '' : end)) : word);

/** What a sentence says as names of features: stems, pairs of neighbours, how it begins, and what kinds of names are in it. */
export function wordings(sentence: string): string[] {
  const words = sentence
    .toLowerCase()
    .replaceAll(/[’']s\b/g, '')
    .replaceAll(/\bn[’']t\b/g, ' not')
    .match(/sha256:[0-9a-f]+|\b(?:plan|inc)-[a-z0-9]+|[\p{L}\p{N}]+(?:[-./:][\p{L}\p{N}]+)*/gu);
  if (words === null) return [];
  const named = words.map((word) => nameOf(word) ?? stem(word));
  const telling = named.filter((w) => !EMPTY.has(w));
  const parts = words.flatMap((word) =>
    /[-./:]/.test(word)
      ? word
          .split(/[-./:]/)
          .filter((p) => p.length > 2)
          .map(stem)
      : [],
  );
  const pairs = named.slice(1).map((w, i) => `${named[i] ?? ''} ${w}`);
  return [...telling, ...parts, ...pairs, `^${named[0] ?? ''}`, `^${named[0] ?? ''} ${named[1] ?? ''}`];
}

/** Names that people choose say nothing by their letters, only by their form. */
function nameOf(word: string): string | undefined {
  if (/^plan-[a-z0-9]+$/.test(word)) return '<plan>';
  if (/^inc-[a-z0-9]+$/.test(word)) return '<incident>';
  if (/^sha256:/.test(word)) return '<digest>';
  if (/^v?\d+(?:\.\d+)+$/.test(word)) return '<version>';
  if (/^\d+(?:[a-z%]{0,2})$/.test(word)) return '<number>';
  if (/^[a-z]{2,4}-\d{3}$/.test(word)) return '<code>';
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|example)$/.test(word)) return '<host>';
  return undefined;
}

/** The features of a sentence among those that were taught; one that says more is no longer than one that says little. */
export function wordFeatures(sentence: string, known: ReadonlyMap<string, number>): Features {
  const at = Uint32Array.from(new Set(wordings(sentence).flatMap((w) => known.get(w) ?? [])));
  return { at, values: new Float64Array(at.length).fill(1 / Math.sqrt(at.length)) };
}

/** The features that stand in at least two of the sentences, each with its number. */
export function vocabulary(sentences: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const sentence of sentences) for (const w of new Set(wordings(sentence))) times.set(w, (times.get(w) ?? 0) + 1);
  const kept = [...times].filter(([w, n]) => n >= 2 || !w.includes(' ')).map(([w]) => w);
  return new Map(kept.sort().map((w, i) => [w, i]));
}
