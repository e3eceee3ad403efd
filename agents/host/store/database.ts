import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import {
  type Dismissal,
  DismissalSchema,
  type Envelope,
  type HostEvent,
  type Incident,
  IncidentSchema,
  type Plan,
  PlanSchema,
} from '../../contract/index.ts';
import { firstBreak, seal } from './chain.ts';
import { DATABASE_FILE, StoreError, corruptFailure } from './failures.ts';
import { ChangeTables } from './change-tables.ts';
import { KnownTables } from './known-tables.ts';
import { migrate } from './migrations.ts';
import type { StoreRows } from './protocol.ts';

/** A file up to this size is checked whole when it is opened (a few ms); of larger ones only the end of the chain. */
const QUICK_CHECK_BYTES = 16 * 2 ** 20;
/** Entries at the end of the log whose chain is checked on opening. */
const TAIL = 100;
const BUSY_MS = 2_000;

interface EventRow {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
  readonly hash: string;
  readonly json: string;
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

  constructor(dataDir: string, maxPages?: number) {
    this.#dataDir = dataDir;
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
      const broken = firstBreak(this.events(Math.max(0, this.lastSeq() - TAIL), TAIL));
      if (broken !== undefined)
        throw new StoreError(corruptFailure(dataDir, `entry ${broken} is not what was written, or does not follow the one before it`));
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  events(since: number, limit: number): readonly Envelope[] {
    // Not parsed by the schema: an old entry stays readable when the schema has grown. The chain's hash is its check.
    return (this.#statements.events.all(since, limit) as EventRow[]).map(({ seq, at, prev, hash, json }) => ({
      v: 1,
      seq,
      at,
      prev,
      hash,
      event: JSON.parse(json) as HostEvent,
    }));
  }

  lastSeq(): number {
    return (this.#statements.last.get() as { seq: number } | undefined)?.seq ?? 0;
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

  /** Numbers, chains and stores the events, with the rows that changed by them. All or nothing. */
  append(at: string, events: readonly HostEvent[], rows: StoreRows): readonly Envelope[] {
    const s = this.#statements;
    return this.#db
      .transaction(() => {
        const sealed = seal(s.last.get() as { seq: number; hash: string } | undefined, at, events);
        for (const { seq, prev, hash, event } of sealed) {
          s.addEvent.run(seq, at, prev, hash, event.type, 'context' in event ? event.context : null, JSON.stringify(event));
          if (event.type === 'action.started') s.startAction.run(event.key, event.plan, event.index, event.inverse ? 1 : 0, 'started', at);
          if (event.type === 'action.succeeded') s.endAction.run('succeeded', at, event.key);
          if (event.type === 'action.failed') s.endAction.run('failed', at, event.key);
        }
        const { plan, incident, dismissals = [], ended = [] } = rows;
        for (const dismissal of dismissals) s.putDismissal.run(dismissal.id, dismissal.context, JSON.stringify(dismissal));
        for (const id of ended) s.endDismissal.run(id);
        if (plan !== undefined) s.putPlan.run(plan.id, plan.context, plan.incidentId, plan.state, JSON.stringify(plan));
        if (incident !== undefined) s.putIncident.run(incident.id, incident.context, incident.state, JSON.stringify(incident));
        return sealed;
      })
      .immediate();
  }

  close(): void {
    this.#db.close();
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
    events: db.prepare('SELECT seq, at, prev, hash, json FROM events WHERE seq > ? ORDER BY seq LIMIT ?'),
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
    startAction: db.prepare('INSERT INTO actions (key, plan, idx, inverse, state, at) VALUES (?, ?, ?, ?, ?, ?)'),
    endAction: db.prepare('UPDATE actions SET state = ?, at = ? WHERE key = ?'),
  };
}
