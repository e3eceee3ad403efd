import type { ContextName, InMaintenance, Maintenance, ResourceRef } from '../../contract/index.ts';
import { isMaintenanceActive, isMaintenanceOver, maintenanceOf } from '../../core/maintenance.ts';
import type { Clock } from '../ports/runtime.ts';

/** Windows begin and end on a minute. */
const MINUTE_MS = 60_000;
/** A time further away than this is looked at again then: timers do not reach for months. */
const FAR_MS = 3_600_000;

interface Parts {
  readonly clock: Clock;
  /** Its time is over. */
  readonly over: (maintenance: Maintenance) => void;
  /** In these contexts maintenance began or ended. */
  readonly turned: (contexts: ReadonlySet<ContextName>) => void;
}

/** Known maintenance, and when it begins and ends. */
export class MaintenanceBook {
  readonly #parts: Parts;
  readonly #all = new Map<string, Maintenance>();
  #active: ReadonlySet<string> = new Set();
  #waiting: (() => void) | undefined;

  constructor(parts: Parts, known: readonly Maintenance[]) {
    this.#parts = parts;
    for (const maintenance of known) this.#all.set(maintenance.id, maintenance);
    this.#active = this.#activeNow();
    this.#await();
  }

  /** Oldest first. */
  all(): readonly Maintenance[] {
    return [...this.#all.values()];
  }

  add(maintenance: Maintenance): void {
    this.#all.set(maintenance.id, maintenance);
    this.#look();
  }

  /** False where there was none. */
  remove({ id }: Pick<Maintenance, 'id'>): boolean {
    const had = this.#all.get(id);
    if (had === undefined) return false;
    this.#all.delete(id);
    this.#look([had]);
    return true;
  }

  /** The maintenance that something is found in now. */
  of(context: ContextName, resource: ResourceRef, affects: readonly ResourceRef[] = []): InMaintenance | undefined {
    return this.#all.size === 0 ? undefined : maintenanceOf(this.#all.values(), { context, resource, affects }, this.#parts.clock.now());
  }

  close(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }

  #activeNow(): ReadonlySet<string> {
    const now = this.#parts.clock.now();
    return new Set(this.all().flatMap((m) => (isMaintenanceActive(m, now) ? [m.id] : [])));
  }

  /** Says what began and what ended since the last look; `gone` are those that were taken away meanwhile. */
  #look(gone: readonly Maintenance[] = []): void {
    const now = this.#parts.clock.now();
    const over = this.all().filter((m) => isMaintenanceOver(m, now));
    for (const { id } of over) this.#all.delete(id);
    const active = this.#activeNow();
    const before = this.#active;
    this.#active = active;
    const turned = [...this.all(), ...over, ...gone].filter((m) => active.has(m.id) !== before.has(m.id));
    this.#await();
    for (const maintenance of over) this.#parts.over(maintenance);
    if (turned.length > 0) this.#parts.turned(new Set(turned.map((m) => m.context)));
  }

  #await(): void {
    this.close();
    const now = this.#parts.clock.now();
    const times = this.all().flatMap(({ from, until, window }) => [
      Date.parse(from),
      ...(until === null ? [] : [Date.parse(until)]),
      ...(window === undefined ? [] : [(Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS]),
    ]);
    // What ended while nobody was there is looked at now.
    const next = this.all().some((m) => isMaintenanceOver(m, now)) ? now : Math.min(...times.filter((at) => at > now));
    if (!Number.isFinite(next)) return;
    this.#waiting = this.#parts.clock.after(Math.min(next - now, FAR_MS), () => this.#look());
  }
}
