import type { LogProblem, LogVerdict } from '../../contract/index.ts';
import { entryHash, GENESIS } from './chain.ts';
import type { LogHead, ReadMarks } from './log-marks.ts';

/** An entry as it lies in the database. */
export interface StoredEntry {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
  readonly hash: string;
  readonly type: string;
  readonly context: string | null;
  readonly json: string;
}

/** Entries after which the walk lets others have their turn. */
const SLICE = 2_000;

/**
 * Walks the whole log, oldest first, and holds it against its own chain and against the signed marks. A generator, so that its caller can
 * do other work between two slices; it returns what it found. The first thing that is wrong is named; what comes after a break cannot be
 * told from more of it.
 */
export function* verifyLog(entries: Iterable<StoredEntry>, { marks, now, problems }: ReadMarks): Generator<undefined, LogVerdict> {
  const pruned = marks.filter((m) => m.type === 'pruned').at(-1);
  // A log that was cut and went on has two entries of one number signed: it fits one of them at most.
  const checkpoints = new Map<number, string[]>();
  for (const { seq, hash } of [...marks, ...(now === undefined ? [] : [now.from])])
    checkpoints.set(seq, [...(checkpoints.get(seq) ?? []), hash]);
  let before: LogHead = pruned === undefined ? { seq: 0, hash: GENESIS } : { seq: pruned.seq, hash: pruned.hash };
  let count = 0;
  let first: number | null = null;
  const verdict = (problem: LogProblem | null): LogVerdict => ({
    intact: problem === null,
    entries: count,
    first,
    last: count === 0 ? null : before.seq,
    prunedUpTo: pruned?.seq ?? null,
    checkpoints: marks.filter((m) => m.type === 'checkpoint').length,
    unvouched: unvouchedRanges(marks, pruned?.seq ?? 0),
    problem,
  });
  if (problems[0] !== undefined) return verdict({ seq: null, kind: 'mark', message: `A signed mark of the log is wrong: ${problems[0]}.` });
  for (const entry of entries) {
    first ??= entry.seq;
    const problem = problemOf(entry, before, checkpoints);
    if (problem !== undefined) return verdict(problem);
    before = entry;
    if (++count % SLICE === 0) yield undefined;
  }
  return verdict(endProblem(before, marks, now));
}

function problemOf(entry: StoredEntry, before: LogHead, checkpoints: ReadonlyMap<number, readonly string[]>): LogProblem | undefined {
  const { seq, prev, hash } = entry;
  if (seq !== before.seq + 1)
    return seq > before.seq
      ? { seq: before.seq + 1, kind: 'missing', message: `Entry ${before.seq + 1} is missing: entry ${seq} comes after ${before.seq}.` }
      : { seq, kind: 'changed', message: `Entry ${seq} has a number that does not follow ${before.seq}.` };
  if (!isAsWritten(entry)) return { seq, kind: 'changed', message: `Entry ${seq} is not what was written.` };
  if (prev !== before.hash)
    return {
      seq,
      kind: 'changed',
      message: `Entry ${seq} does not follow entry ${before.seq}: one of the two was put in another's place.`,
    };
  return checkpoints.get(seq)?.every((signed) => signed === hash) !== false
    ? undefined
    : { seq, kind: 'rewritten', message: `Entry ${seq} is another one than was signed: the log was rewritten somewhere before it.` };
}

/** Its hash fits its content, and the columns that are searched say what the content says. */
function isAsWritten({ seq, at, prev, hash, type, context, json }: StoredEntry): boolean {
  let event: { readonly type?: unknown; readonly context?: unknown };
  try {
    event = JSON.parse(json) as typeof event;
  } catch {
    return false;
  }
  if (event.type !== type || (event.context ?? null) !== context) return false;
  return entryHash({ seq, at, prev, json }, hash) === hash;
}

/** What is wrong with where the log ends. */
function endProblem(end: LogHead, marks: ReadMarks['marks'], now: ReadMarks['now']): LogProblem | null {
  const known = Math.max(now?.from.seq ?? 0, ...marks.map((m) => m.seq));
  if (end.seq < known)
    return {
      seq: end.seq + 1,
      kind: 'missing',
      message: `The end of the log is missing: it stops at entry ${end.seq}, and entry ${known} was signed.`,
    };
  if (now === undefined || end.seq === now.from.seq) return null;
  if (end.seq > now.to.seq)
    return {
      seq: now.to.seq + 1,
      kind: 'unvouched',
      message: `Nothing vouches for the entries from ${now.to.seq + 1} to ${end.seq}: after a power cut the signed mark may be older than the log; if there was none, somebody added them.`,
    };
  return end.seq === now.to.seq && end.hash === now.to.hash
    ? null
    : { seq: end.seq, kind: 'rewritten', message: `The log ends with another entry ${end.seq} than was signed.` };
}

/** Runs of entries that were found in the log and not vouched for when they were written. */
function unvouchedRanges(marks: ReadMarks['marks'], prunedUpTo: number): { from: number; to: number }[] {
  return marks.flatMap((m) => (m.type === 'unvouched' && m.seq > prunedUpTo ? [{ from: m.after + 1, to: m.seq }] : []));
}
