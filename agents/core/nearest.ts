/**
 * Optimal string alignment distance (Damerau-Levenshtein with adjacent transpositions): the number of single-character slips between
 * two names.
 */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      row[j] = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1), swap);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** A third of the letters may differ; more is another name. */
const LIMIT = 0.34;

const normal = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
const words = (name: string) =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((w) => w !== '');

/** Slips between two names, 0..1 of the longer; names that differ in case and separators only count as nearly equal. */
function strangeness(wanted: string, candidate: string): number {
  if (normal(wanted) === normal(candidate)) return 0.01;
  const [a, b] = [words(wanted), words(candidate)];
  const contained = a.length > 0 && b.length > 0 && (a.every((w) => b.includes(w)) || b.every((w) => a.includes(w)));
  const longer = Math.max(wanted.length, candidate.length, 1);
  if (!contained && Math.abs(wanted.length - candidate.length) / longer > LIMIT) return 1;
  const slips = distance(wanted.toLowerCase(), candidate.toLowerCase()) / longer;
  return contained && Math.min(wanted.length, candidate.length) >= 4 ? Math.min(slips, 0.3) : slips;
}

/**
 * The candidate somebody probably meant, or undefined when none is near or two are equally near: "did you mean" must not guess.
 */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  const ranked = [...new Set(candidates)]
    .filter((c) => c !== wanted)
    .map((c) => [strangeness(wanted, c), c] as const)
    .sort((x, y) => x[0] - y[0]);
  const [first, second] = ranked;
  if (first === undefined || first[0] > LIMIT) return undefined;
  return second !== undefined && second[0] - first[0] < 0.05 ? undefined : first[1];
}
