import type { Change, Dismissal, Envelope, HostEvent, Incident, Maintenance, Plan } from '../../contract/index.ts';
import type { DismissalRows } from '../incidents/dismissal-book.ts';
import type { LogAudit } from '../store/audit-log.ts';
import type { ChangeQuery } from '../store/change-tables.ts';
import type { ReadableKnown, WritableKnown } from '../known/known.ts';

/** The log, and what is kept beside it. */

export interface ReadableStore extends ReadableKnown {
  /** Newest first. */
  changes(query: ChangeQuery): Promise<readonly Change[]>;
  events(since: number, limit: number): Promise<readonly Envelope[]>;
  lastSeq(): Promise<number>;
  plans(): Promise<readonly Plan[]>;
  plan(id: string): Promise<Plan | undefined>;
  incidents(state: 'open' | 'resolved' | 'all'): Promise<readonly Incident[]>;
  incident(id: string): Promise<Incident | undefined>;
  /** Those that are not over, oldest first. */
  dismissals(): Promise<readonly Dismissal[]>;
  /** The same of known maintenance. */
  maintenances(): Promise<readonly Maintenance[]>;
  /** Holds the whole log against its chain, its signed marks and the state beside it. */
  audit(): Promise<LogAudit>;
}

/**
 * Append-only log plus the projections that reading needs; one transaction for both, so they cannot disagree. `append` resolves
 * when the entries are durable (fsync), and returns them numbered and chained.
 */
export interface WritableStore extends ReadableStore, WritableKnown {
  /** A memory, not a record: bounded, and what is put again takes the place of what was there. */
  putChanges(changes: readonly Change[]): Promise<void>;
  append(events: readonly HostEvent[]): Promise<readonly Envelope[]>;
  /** Stores the plan as it is now (with its state); used together with the event that changed it. */
  appendWithPlan(events: readonly HostEvent[], plan: Plan): Promise<readonly Envelope[]>;
  /** Stores the incidents as they are now, and what people have accepted of them: all at once, so that nothing newer is overwritten. */
  appendWithIncidents(
    events: readonly HostEvent[],
    incidents: readonly Incident[],
    dismissals?: DismissalRows,
  ): Promise<readonly Envelope[]>;
  /** `ended`: ids of maintenance that is over. */
  appendWithMaintenance(
    events: readonly HostEvent[],
    maintenance: readonly Maintenance[],
    ended: readonly string[],
  ): Promise<readonly Envelope[]>;
  /** Removes what is older than `before` (RFC 3339) from the beginning of the log, and signs where it begins now. */
  prune(before: string): Promise<{ readonly removed: number; readonly upTo: number | null }>;
  close(): Promise<void>;
}
