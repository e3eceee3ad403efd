import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import {
  type Dismissal,
  DismissalSchema,
  type Maintenance,
  MaintenanceSchema,
  type Envelope,
  type HostEvent,
  type Incident,
  IncidentSchema,
  type Plan,
  PlanSchema,
} from '../../contract/index.ts';
import { GENESIS, type Sealed, firstBreak, seal } from './chain.ts';
import { DATABASE_FILE, StoreError, corruptFailure } from './failures.ts';
import { type LogHead, LogMarks } from './log-marks.ts';
import { ChangeTables } from './change-tables.ts';
import { KnownTables } from './known-tables.ts';
import { NOT_DELETED } from './migrations/0010-first.ts';
import { migrate } from './migrations.ts';
import type { AppendRequest, StoreRows } from './protocol.ts';
import type { StoredEntry } from './verify-log.ts';

/** A file up to this size is checked whole when it is opened (a few ms); of larger ones only the end of the chain. */
const QUICK_CHECK_BYTES = 16 * 2 ** 20;
/** Entries at the end of the log whose chain is checked on opening. */
const TAIL = 100;
const BUSY_MS = 2_000;
/** A mark that stays is signed each time so many entries more are there. */
const CHECKPOINT_EVERY = 1_000;
/** Entries read at once where all are walked. */
const PAGE = 2_000;
const AUDIT_FOLDER = 'audit';

export interface DatabaseOptions {
  /** Cap on the file, in pages of 4 KiB; none where absent. */
  readonly maxPages?: number | undefined;
  /** The end of the log as somebody outside this folder was told last (`onCheckpoint`). */
  readonly witness?: LogHead | undefined;
  /** Hears of each checkpoint, so as to keep the newest where the folder's owner has no hand in it. */
  readonly onCheckpoint?: (head: LogHead) => void;
  /** Now, RFC 3339. */
  readonly at: string;
}

/**
 * The SQLite file behind the store; lives in the store's thread. Appends are one transaction each, synchronised to the disk before they
 * return, so that what was answered is there after a power cut.
 * @throws whatever SQLite or the file system throws, and StoreError for a damaged log; `storeFailure` words both.
 */
export class Database {
  readonly #dataDir: string;
  readonly #db: BetterSqlite3.Database;
  readonly #statements;
  /** What is remembered of clusters. */
  readonly known: KnownTables;
  readonly changes: ChangeTables;
  readonly marks: LogMarks;
  /** What is wrong with where the log ended when it was opened, in words; undefined where it is as it was signed. */
  readonly suspicion: string | undefined;
  readonly #onCheckpoint: (head: LogHead) => void;
  /** Where the log ends; undefined when it has to be read. Nobody else writes: the data directory is locked. */
  #head: LogHead | undefined;

  constructor(dataDir: string, { maxPages, witness, onCheckpoint = () => undefined, at }: DatabaseOptions) {
    this.#dataDir = dataDir;
    this.#onCheckpoint = onCheckpoint;
    const file = join(dataDir, DATABASE_FILE);
    // Made by us first, because SQLite would make it readable for everybody; its -wal and -shm files take the mode over.
    closeSync(openSync(file, 'a', 0o600));
    this.#db = new BetterSqlite3(file, { timeout: BUSY_MS });
    try {
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = FULL');
      if (maxPages !== undefined) this.#db.pragma(`max_page_count = ${maxPages}`);
      if (statSync(file).size <= QUICK_CHECK_BYTES) this.#quickCheck();
      migrate(this.#db);
      this.#statements = prepare(this.#db);
      this.known = new KnownTables(this.#db);
      this.changes = new ChangeTables(this.#db);
      this.#checkEnd();
      this.marks = new LogMarks(join(dataDir, AUDIT_FOLDER));
      this.suspicion = this.#holdAgainst(witness, at) ?? this.#takeUp(at);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  events(since: number, limit: number): readonly Envelope[] {
    // Not parsed by the schema: an old entry stays readable when the schema has grown. The chain's hash is its check.
    return (this.#statements.events.all(since, limit) as StoredEntry[]).map(({ seq, at, prev, hash, json }) => ({
      v: 1,
      seq,
      at,
      prev,
      hash,
      event: JSON.parse(json) as HostEvent,
    }));
  }

  lastSeq(): number {
    return this.#end().seq;
  }

  /** All entries up to this one as they are stored, read in pages: others may write between two of them. */
  *stored(upTo: number): Generator<StoredEntry> {
    for (let since = 0; ;) {
      const page = this.#statements.events.all(since, PAGE) as StoredEntry[];
      for (const entry of page) {
        if (entry.seq > upTo) return;
        yield entry;
      }
      const last = page.at(-1);
      if (last === undefined) return;
      since = last.seq;
    }
  }

  /**
   * Removes the entries up to the newest that is older than `before` (RFC 3339), and signs where the log begins now. The newest entry
   * stays. Returns how many were removed, and the last of them.
   */
  prune(before: string, at: string): { removed: number; upTo: number | null } {
    const s = this.#statements;
    const last = s.olderThan.get(before, this.lastSeq()) as LogHead | undefined;
    if (last === undefined) return { removed: 0, upTo: null };
    // Signed first: what is gone without a word would be taken for a theft.
    this.marks.add({ type: 'pruned', ...last }, at);
    const removed = this.#db
      .transaction(() => {
        this.#db.exec('DROP TRIGGER events_not_deleted');
        const { changes } = s.removeUpTo.run(last.seq);
        this.#db.exec(NOT_DELETED);
        return changes;
      })
      .immediate();
    return { removed, upTo: last.seq };
  }

  plans(): readonly Plan[] {
    return this.#parse(PlanSchema, 'plan', this.#statements.plans.all());
  }

  plan(id: string): Plan | undefined {
    return this.#parse(PlanSchema, 'plan', this.#statements.plan.all(id))[0];
  }

  incidents(state: 'open' | 'resolved' | 'all'): readonly Incident[] {
    const { allIncidents, incidentsIn } = this.#statements;
    return this.#parse(IncidentSchema, 'incident', state === 'all' ? allIncidents.all() : incidentsIn.all(state));
  }

  incident(id: string): Incident | undefined {
    return this.#parse(IncidentSchema, 'incident', this.#statements.incident.all(id))[0];
  }

  dismissals(): readonly Dismissal[] {
    return this.#parse(DismissalSchema, 'dismissal', this.#statements.dismissals.all());
  }

  maintenances(): readonly Maintenance[] {
    return this.#parse(MaintenanceSchema, 'maintenance', this.#statements.maintenances.all());
  }

  /** Numbers, chains and stores the events, with the rows that changed by them. All or nothing. */
  append(at: string, events: readonly HostEvent[], rows: StoreRows): readonly Envelope[] {
    return this.appendAll([[at, events, rows]])[0] ?? [];
  }

  /** The same for several that came at once: one transaction and one synchronisation of the disk for all of them. All or nothing. */
  appendAll(requests: readonly AppendRequest[]): readonly (readonly Envelope[])[] {
    const from = this.#end();
    let to = from;
    try {
      const stored = this.#inOne(() => {
        const sealed = requests.map(([at, events]) => {
          const entries = seal(to, at, events);
          to = entries.at(-1)?.envelope ?? to;
          return entries;
        });
        const at = requests.at(-1)?.[0];
        if (to !== from && at !== undefined) this.marks.announce(from, to, at);
        requests.forEach(([time, , rows], i) => this.#store(time, sealed[i] ?? [], rows));
        return sealed.map((entries) => entries.map(({ envelope }) => envelope));
      });
      this.#head = { seq: to.seq, hash: to.hash };
      const last = requests.at(-1)?.[0];
      if (last !== undefined && Math.floor(to.seq / CHECKPOINT_EVERY) > Math.floor(from.seq / CHECKPOINT_EVERY)) this.#checkpoint(to, last);
      return stored;
    } catch (error) {
      this.#head = undefined;
      throw error;
    }
  }

  #store(
    at: string,
    sealed: readonly Sealed[],
    { plan, incidents = [], dismissals, maintenance = [], maintenanceEnded = [] }: StoreRows,
  ): void {
    const s = this.#statements;
    for (const { envelope, json } of sealed) {
      const { seq, prev, hash, event } = envelope;
      s.addEvent.run(seq, at, prev, hash, event.type, 'context' in event ? event.context : null, json);
      if (event.type === 'action.started') s.startAction.run(event.key, event.plan, event.index, event.inverse ? 1 : 0, 'started', at);
      if (event.type === 'action.succeeded') s.endAction.run('succeeded', at, event.key);
      if (event.type === 'action.failed') s.endAction.run('failed', at, event.key);
    }
    for (const dismissal of dismissals?.put ?? []) s.putDismissal.run(dismissal.id, dismissal.context, JSON.stringify(dismissal));
    for (const id of dismissals?.ended ?? []) s.endDismissal.run(id);
    for (const one of maintenance) s.putMaintenance.run(one.id, one.context, JSON.stringify(one));
    for (const id of maintenanceEnded) s.endMaintenance.run(id);
    if (plan !== undefined) s.putPlan.run(plan.id, plan.context, plan.incidentId, plan.state, JSON.stringify(plan));
    for (const incident of incidents) s.putIncident.run(incident.id, incident.context, incident.state, JSON.stringify(incident));
  }

  #inOne<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /** `at` is the time of the last mark. */
  close(at: string): void {
    if (this.lastSeq() > 0) this.#checkpoint(this.#end(), at);
    this.marks.close();
    this.#db.close();
  }

  #end(): LogHead {
    this.#head ??= (this.#statements.last.get() as LogHead | undefined) ?? { seq: 0, hash: GENESIS };
    return this.#head;
  }

  /** One more that stays. The end is signed with every append, so where this one finds no room nothing is lost. */
  #checkpoint(head: LogHead, at: string): void {
    try {
      this.marks.add({ ...head, type: 'checkpoint' }, at);
    } catch {
      return;
    }
    this.#onCheckpoint({ seq: head.seq, hash: head.hash });
  }

  /** The log must still hold the entry that somebody outside was told of. If not, that stays among the marks, for `audit verify` to say. */
  #holdAgainst(witness: LogHead | undefined, at: string): string | undefined {
    if (witness === undefined || witness.seq === 0) return undefined;
    const found = this.#statements.entryHash.get(witness.seq) as { hash: string } | undefined;
    const pruned = this.marks.read().marks.some((m) => m.type === 'pruned' && m.seq >= witness.seq);
    if (found?.hash === witness.hash || (found === undefined && pruned)) return undefined;
    this.marks.add({ ...witness, type: 'checkpoint' }, at);
    const what = found === undefined ? `has no entry ${witness.seq} any more` : `has another entry ${witness.seq}`;
    return `the keychain knows its entry ${witness.seq}, and it ${what}`;
  }

  /** Goes on where the marks say that the log ended. What they say instead is kept, so that the log can be held against it later. */
  #takeUp(at: string): string | undefined {
    const end = this.#end();
    const { now, problems } = this.marks.read();
    const isOne = (head: LogHead | undefined) => head?.seq === end.seq && head.hash === end.hash;
    if (now === undefined && end.seq === 0) return undefined;
    if (isOne(now?.to) || isOne(now?.from)) return problems[0];
    const before = this.#statements.entryHash.get(this.marks.last.seq) as { hash: string } | undefined;
    const grew = end.seq > this.marks.last.seq && (this.marks.last.seq === 0 || before?.hash === this.marks.last.hash);
    if (grew) this.marks.admit(end, at);
    else this.marks.add({ ...this.marks.last, type: 'checkpoint' }, at);
    const since = this.marks.last.seq;
    this.marks.announce(end, end, at);
    return grew
      ? `nothing vouches for its entries ${since + 1} to ${end.seq}`
      : `it ends with entry ${end.seq}, and what was signed is entry ${since}`;
  }

  #checkEnd(): void {
    let broken: number | undefined;
    try {
      broken = firstBreak(this.events(Math.max(0, this.lastSeq() - TAIL), TAIL));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new StoreError(corruptFailure(this.#dataDir, `one of its last ${TAIL} entries cannot be read`));
    }
    if (broken !== undefined)
      throw new StoreError(corruptFailure(this.#dataDir, `entry ${broken} is not what was written, or does not follow the one before it`));
  }

  #quickCheck(): void {
    const said = this.#db.pragma('quick_check(1)', { simple: true }) as string;
    if (said !== 'ok') throw new StoreError(corruptFailure(this.#dataDir, said));
  }

  /** What is acted on is parsed when it is read: a plan that was tampered with or half written is refused. */
  #parse<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, what: string, rows: readonly unknown[]): T[] {
    return (rows as { id: string; json: string }[]).map(({ id, json }) => {
      const parsed = schema.safeParse(JSON.parse(json));
      if (!parsed.success) throw new StoreError(corruptFailure(this.#dataDir, `the ${what} ${id} in it is not one`));
      return parsed.data as T;
    });
  }
}

function prepare(db: BetterSqlite3.Database) {
  return {
    events: db.prepare('SELECT seq, at, prev, hash, type, context, json FROM events WHERE seq > ? ORDER BY seq LIMIT ?'),
    entryHash: db.prepare('SELECT hash FROM events WHERE seq = ?'),
    olderThan: db.prepare('SELECT seq, hash FROM events WHERE at < ? AND seq < ? ORDER BY seq DESC LIMIT 1'),
    removeUpTo: db.prepare('DELETE FROM events WHERE seq <= ?'),
    last: db.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1'),
    addEvent: db.prepare('INSERT INTO events (seq, at, prev, hash, type, context, json) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    plans: db.prepare('SELECT id, json FROM plans ORDER BY rowid'),
    plan: db.prepare('SELECT id, json FROM plans WHERE id = ?'),
    putPlan: db.prepare(
      `INSERT INTO plans (id, context, incident, state, json) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, json = excluded.json`,
    ),
    allIncidents: db.prepare('SELECT id, json FROM incidents ORDER BY rowid'),
    incidentsIn: db.prepare('SELECT id, json FROM incidents WHERE state = ? ORDER BY rowid'),
    incident: db.prepare('SELECT id, json FROM incidents WHERE id = ?'),
    putIncident: db.prepare(
      `INSERT INTO incidents (id, context, state, json) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, json = excluded.json`,
    ),
    dismissals: db.prepare('SELECT id, json FROM dismissals ORDER BY rowid'),
    putDismissal: db.prepare(
      'INSERT INTO dismissals (id, context, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
    ),
    endDismissal: db.prepare('DELETE FROM dismissals WHERE id = ?'),
    maintenances: db.prepare('SELECT id, json FROM maintenances ORDER BY rowid'),
    putMaintenance: db.prepare(
      'INSERT INTO maintenances (id, context, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
    ),
    endMaintenance: db.prepare('DELETE FROM maintenances WHERE id = ?'),
    startAction: db.prepare('INSERT INTO actions (key, plan, idx, inverse, state, at) VALUES (?, ?, ?, ?, ?, ?)'),
    endAction: db.prepare('UPDATE actions SET state = ?, at = ? WHERE key = ?'),
  };
}
