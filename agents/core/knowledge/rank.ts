/** Below this part of what the question says, by weight, a passage is about something else. */
const CONFIDENT_COVERAGE = 0.5;
const COVERAGE_SHARE = 0.7;

export interface Found {
  readonly id: number;
  /** As SQLite gives it: the smaller, the better. */
  readonly bm25: number;
}

export interface Ranked {
  readonly id: number;
  /** 0 to 1. */
  readonly score: number;
  readonly confident: boolean;
}

/** How much a term tells, from how many of `total` passages have it: rare ones tell more, and one that nobody has the most. */
export const weightOf = (having: number, total: number): number => Math.log(1 + (total - having + 0.5) / (having + 0.5));

/**
 * Orders what was found by how much of the question it covers, and among equals by bm25.
 * @param terms for each term of the question the ids of all passages that have it
 * @param total passages there are
 */
export function rankFound(found: readonly Found[], terms: readonly ReadonlySet<number>[], total: number): Ranked[] {
  const weights = terms.map((having) => weightOf(having.size, total));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const best = Math.min(0, ...found.map(({ bm25 }) => bm25));
  return found
    .map(({ id, bm25 }) => {
      const covered = terms.reduce((sum, having, index) => sum + (having.has(id) ? (weights[index] ?? 0) : 0), 0);
      const coverage = whole === 0 ? 0 : covered / whole;
      const relative = best === 0 ? 0 : Math.max(0, bm25 / best);
      return { id, score: COVERAGE_SHARE * coverage + (1 - COVERAGE_SHARE) * relative, confident: coverage >= CONFIDENT_COVERAGE };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id);
}
