import BetterSqlite3 from 'better-sqlite3';
import type { Dismissal, Envelope, HostEvent, Incident, Maintenance, Plan } from '../../contract/index.ts';
import type { Clock } from '../ports/runtime.ts';
import type { WritableStore } from '../ports/store.ts';
import type { StoreRows } from '../store/protocol.ts';
import { memoryKnown } from './memory-known.ts';
import { seal } from '../store/chain.ts';
import { ChangeTables } from '../store/change-tables.ts';
import { StoreError } from '../store/failures.ts';
import { migrate } from '../store/migrations.ts';

/**
 * The store without a disk: same promises, same refusals (the contract test runs over both). Everything is copied on the way in and
 * out, so that nobody holds what is stored.
 */
export function memoryStore(clock: Pick<Clock, 'now'>): WritableStore {
  const log: Envelope[] = [];
  const plans = new Map<string, Plan>();
  const incidents = new Map<string, Incident>();
  const dismissals = new Map<string, Dismissal>();
  const maintenances = new Map<string, Maintenance>();
  const keys = new Set<string>();
  const db = new BetterSqlite3(':memory:');
  migrate(db);
  const changes = new ChangeTables(db);
  let closed = false;

  const answer = <T>(read: () => T): Promise<T> =>
    closed
      ? Promise.reject(new StoreError({ code: 'cancelled', message: 'The event log is closed.' }))
      : new Promise((resolve) => resolve(structuredClone(read())));

  const append = (events: readonly HostEvent[], rows: StoreRows) =>
    answer(() => {
      const started = events.flatMap((e) => (e.type === 'action.started' ? [e.key] : []));
      const again = started.find((key, i) => keys.has(key) || started.indexOf(key) !== i);
      if (again !== undefined)
        throw new StoreError({ code: 'conflict', message: `The event log refused an entry that is there already (action ${again}).` });
      const copy = structuredClone({ events, ...rows });
      const sealed = seal(log.at(-1), new Date(clock.now()).toISOString(), copy.events).map(({ envelope }) => envelope);
      log.push(...sealed);
      for (const key of started) keys.add(key);
      if (copy.plan !== undefined) plans.set(copy.plan.id, copy.plan);
      for (const incident of copy.incidents ?? []) incidents.set(incident.id, incident);
      for (const dismissal of copy.dismissals?.put ?? []) dismissals.set(dismissal.id, dismissal);
      for (const id of copy.dismissals?.ended ?? []) dismissals.delete(id);
      for (const one of copy.maintenance ?? []) maintenances.set(one.id, one);
      for (const id of copy.maintenanceEnded ?? []) maintenances.delete(id);
      return sealed;
    });

  return {
    events: (since, limit) => answer(() => log.slice(since, since + limit)),
    lastSeq: () => answer(() => log.length),
    plans: () => answer(() => [...plans.values()]),
    plan: (id) => answer(() => plans.get(id)),
    incidents: (state) => answer(() => [...incidents.values()].filter((i) => state === 'all' || i.state === state)),
    incident: (id) => answer(() => incidents.get(id)),
    dismissals: () => answer(() => [...dismissals.values()]),
    maintenances: () => answer(() => [...maintenances.values()]),
    ...memoryKnown(answer),
    changes: (query) => answer(() => changes.list(query)),
    putChanges: (more) => answer(() => changes.put(more)),
    append: (events) => append(events, {}),
    appendWithPlan: (events, plan) => append(events, { plan }),
    appendWithIncidents: (events, put, rows) => append(events, { incidents: put, ...(rows === undefined ? {} : { dismissals: rows }) }),
    appendWithMaintenance: (events, maintenance, maintenanceEnded) => append(events, { maintenance, maintenanceEnded }),
    // Nothing vouches for a memory but itself: there are no marks to hold it against.
    audit: () =>
      answer(() => {
        const [first, last] = [log[0], log.at(-1)];
        const verdict = {
          intact: true,
          entries: log.length,
          first: first?.seq ?? null,
          last: last?.seq ?? null,
          prunedUpTo: null,
          checkpoints: 0,
          unvouched: [],
          problem: null,
        };
        return { log: verdict, replay: null };
      }),
    prune: () => answer(() => ({ removed: 0, upTo: null })),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
