import type { ClusterClient } from './cluster-client.ts';
import type { Condition, RawObject, Snapshot } from './conditions.ts';

/** Looks at the whole cluster again and again, and tells each case when its condition holds. */

const KINDS = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'EndpointSlice',
  'PersistentVolumeClaim',
  'NetworkPolicy',
  'Event',
] as const;
/** How often; what is measured with it is no more exact than this. Milliseconds. */
const EVERY_MS = 250;

interface Waiter {
  readonly namespace: string;
  readonly condition: Condition;
  readonly done: (at: number | undefined) => void;
  readonly deadline: number;
}

export class Watcher {
  readonly #client: ClusterClient;
  #objects = new Map<string, Map<string, readonly RawObject[]>>();
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(client: ClusterClient) {
    this.#client = client;
    void this.#look();
  }

  /** What is in a namespace now. */
  snapshot(namespace: string): Snapshot {
    const of = this.#objects.get(namespace) ?? new Map<string, readonly RawObject[]>();
    return {
      list: (kind) => of.get(kind) ?? [],
      get: (kind, name) => (of.get(kind) ?? []).find((o) => o.metadata.name === name),
    };
  }

  /** The moment (milliseconds since 1970) the condition was first seen to hold; undefined where it did not in that time. */
  until(namespace: string, condition: Condition, withinMs: number): Promise<number | undefined> {
    return new Promise((done) => {
      this.#waiters.push({ namespace, condition, done, deadline: Date.now() + withinMs });
    });
  }

  /** Whether the condition holds at every look for that long. */
  async holds(namespace: string, condition: Condition, forMs: number): Promise<boolean> {
    return (await this.until(namespace, (seen) => !condition(seen), forMs)) === undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const waiter of this.#waiters.splice(0)) waiter.done(undefined);
  }

  async #look(): Promise<void> {
    try {
      const lists = await Promise.all(KINDS.map(async (kind) => [kind, await this.#client.list(kind)] as const));
      const objects = new Map<string, Map<string, RawObject[]>>();
      for (const [kind, items] of lists)
        for (const item of items) {
          const namespace = item.metadata.namespace ?? '';
          const kinds = objects.get(namespace) ?? objects.set(namespace, new Map()).get(namespace);
          const same = kinds?.get(kind);
          if (same === undefined) kinds?.set(kind, [item]);
          else same.push(item);
        }
      this.#objects = objects;
      this.#tell(Date.now());
    } catch (error) {
      if (!this.#closed) process.stderr.write(`looking at the cluster failed: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), EVERY_MS);
  }

  #tell(now: number): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      if (waiter.condition(this.snapshot(waiter.namespace))) waiter.done(now);
      else if (now > waiter.deadline) waiter.done(undefined);
      else return true;
      return false;
    });
  }
}
