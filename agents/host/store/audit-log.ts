import { type Envelope, type LogVerdict, type ReplayVerdict } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';
import { differenceOf, nothingYet, replay, storedState } from '../../core/replay.ts';
import { sha256 } from './chain.ts';
import type { Database } from './database.ts';
import { verifyLog } from './verify-log.ts';

/** Entries replayed before others have their turn. */
const SLICE = 2_000;

export interface LogAudit {
  readonly log: LogVerdict;
  readonly replay: ReplayVerdict | null;
}

/**
 * Holds the log against its chain, its marks and the state beside it. It lets the thread answer others between two slices; entries that
 * come meanwhile are not part of it.
 */
export async function auditLog(db: Database): Promise<LogAudit> {
  const upTo = db.lastSeq();
  const stored = storedState(db.incidents('all'), db.plans(), db.dismissals(), db.maintenances());
  const walk = verifyLog(db.stored(upTo), db.marks.read());
  let step = walk.next();
  for (; step.done !== true; step = walk.next()) await othersFirst();
  const log = step.value;
  if (!log.intact || log.prunedUpTo !== null) return { log, replay: null };
  const state = nothingYet();
  let count = 0;
  for (const { json } of db.stored(upTo)) {
    replay(state, JSON.parse(json) as Envelope['event']);
    if (++count % SLICE === 0) await othersFirst();
  }
  const [fromLog, kept] = [sha256(canonical(state)), sha256(canonical(stored))];
  return { log, replay: { same: fromLog === kept, fromLog, stored: kept, difference: differenceOf(state, stored) } };
}

const othersFirst = () => new Promise<void>((done) => setImmediate(done));
