import { distance } from '../nearest.ts';
import type { Features } from './softmax.ts';

/** Words that say nothing of what a question is about, and yet stand in many. */
const EMPTY = new Set(
  'the a an of in on to is are was were it its this that my our we i you me be do does did for and or at by with from'.split(' '),
);

/** What is typed short, as it is written in full. */
const IN_FULL: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'svc service svcs services deploys deployments ns namespace mem memory db database dbs databases cm configmap pvcs pvc pvs volumes ' +
    'pv volume certs certificates cert certificate ssl tls sts statefulset ds daemonset k8s kubernetes repo repository repos repositories ' +
    'perms permissions perm permission creds credentials cred credential config configuration auth authentication prod production ' +
    'pls please plz please thx thanks gonna will wanna want til until cuz because info information stats metrics msg message msgs messages ' +
    'whats what|is whos who|is wheres where|is hows how|is thats that|is its it|is theres there|is cant can|not cannot can|not wont will|not ' +
    'dont do|not doesnt does|not didnt did|not isnt is|not arent are|not wasnt was|not couldnt could|not hasnt has|not havent have|not howto how|to ' +
    'netpol networkpolicy netpols networkpolicies sa serviceaccount hpa autoscaler docs documentation doc documentation ' +
    'env environment vars variables var variable vol volume vols volumes img image imgs images reg registry repl replica cp copy'
  )
    .split(' ')
    .flatMap((word, i, all) => (i % 2 === 0 ? [[word, (all[i + 1] ?? '').replace('|', ' ')]] : [])),
);

/** Endings that do not change what a word is about. Cut only where enough is left. */
const ENDINGS = /(?:ingly|edly|ings?|ation|ies|ied|ers?|ed|es|ly|s)$/;

const stem = (word: string) => (word.length > 4 ? word.replace(ENDINGS, (end, at: number) => (at >= 3 ? '' : end)) : word);

/** The words of a sentence in small letters and written in full; names with hyphens, dots and slashes are one word. */
export const wordsOf = (sentence: string): readonly string[] =>
  sentence
    .toLowerCase()
    .replaceAll(/\b[a-z]+[’']?[a-z]*\b/g, (word) => IN_FULL[word.replace(/[’']/, '')] ?? word)
    .replaceAll(/[’']s\b/g, '')
    .replaceAll(/\bn[’']t\b/g, ' not')
    .match(/sha256:[0-9a-f]+|\b(?:plan|inc)-[a-z0-9]+|[\p{L}\p{N}]+(?:[-./:][\p{L}\p{N}]+)*/gu) ?? [];

/** What a sentence says as names of features: stems, pairs of neighbours, how it begins, and what kinds of names are in it. */
export function wordings(sentence: string): string[] {
  const words = wordsOf(sentence);
  if (words.length === 0) return [];
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
  const at = Uint32Array.from(new Set(wordings(sentence).flatMap((w) => known.get(w) ?? nearby(w, known) ?? [])));
  return { at, values: new Float64Array(at.length).fill(1 / Math.sqrt(at.length)) };
}

/** A long word that nobody taught is a slip of one letter of one that was; else it says nothing. */
function nearby(word: string, known: ReadonlyMap<string, number>): number | undefined {
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return undefined;
  let found: string | undefined;
  for (const other of known.keys()) {
    if (other[0] !== word[0] || Math.abs(other.length - word.length) > 1 || other.includes(' ') || distance(word, other) > 1) continue;
    // Where it may be a slip of two, it is none.
    if (found !== undefined) return undefined;
    found = other;
  }
  return found === undefined ? undefined : known.get(found);
}

/** The features that stand in at least two of the sentences, each with its number. */
export function vocabulary(sentences: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const sentence of sentences) for (const w of new Set(wordings(sentence))) times.set(w, (times.get(w) ?? 0) + 1);
  const kept = [...times].filter(([w, n]) => n >= 2 || !w.includes(' ')).map(([w]) => w);
  return new Map(kept.sort().map((w, i) => [w, i]));
}
