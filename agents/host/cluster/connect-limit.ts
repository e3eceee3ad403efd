/**
 * How many connections may be in the making at once, over all clusters of a thread, so that hundreds of clusters behind a broken VPN
 * make no storm. Clusters take turns. One whose last attempt failed waits behind those that are well or new and never takes all
 * places; one that is new and silent gives its place up while others wait, and goes on later.
 */

const MOST = 50;
/** Of one cluster at once; the connections of its many watches come one after the other. Of one that failed last time: one. */
const MOST_OF_ONE = 4;
/** This part of all places is kept from clusters that failed last time. */
const KEPT = 0.2;
/** A packet that got lost is sent again after 1 s; who has not shaken hands by now is far away, overloaded or dead. */
const YIELD_MS = 1_500;

interface Waiting {
  readonly cluster: string;
  /** Has given its place up once, and will not a second time. */
  patient: boolean;
  start(trying: Trying): void;
}

interface Trying {
  readonly cluster: string;
  readonly begun: number;
  /** May not be asked to give its place up, or was asked already. */
  settled: boolean;
  readonly giveUp: AbortController;
}

type Queues = Map<string, Waiting[]>;

export class ConnectLimit {
  readonly #most: number;
  readonly #yieldMs: number;
  /** Clusters in the order of their turns, each with its attempts that wait: the well and the new, and those that failed. */
  readonly #first: Queues = new Map();
  readonly #later: Queues = new Map();
  readonly #trying = new Set<Trying>();
  readonly #failed = new Set<string>();
  #peak = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ most = MOST, yieldMs = YIELD_MS }: { readonly most?: number; readonly yieldMs?: number } = {}) {
    this.#most = most;
    this.#yieldMs = yieldMs;
  }

  /** Connections in the making now, the most there ever were at once, and how many wait for their turn. */
  get counts(): { readonly trying: number; readonly peak: number; readonly waiting: number } {
    const waiting = [...this.#first.values(), ...this.#later.values()].reduce((n, queue) => n + queue.length, 0);
    return { trying: this.#trying.size, peak: this.#peak, waiting };
  }

  /** Whether an attempt of this cluster waits for its turn, so that what needs it cannot have been answered yet. */
  isWaiting(cluster: string): boolean {
    return this.#first.has(cluster) || this.#later.has(cluster);
  }

  /**
   * Runs `attempt` when it is its turn, a second time when it had to give its place up, which its signal tells. Rejects as the attempt
   * does.
   */
  async run<T>(cluster: string, attempt: (giveUp: AbortSignal) => Promise<T>): Promise<T> {
    for (let patient = false; ; patient = true) {
      const trying = await this.#turn(cluster, patient);
      try {
        const value = await attempt(trying.giveUp.signal);
        this.#move(cluster, this.#later, this.#first);
        this.#failed.delete(cluster);
        return value;
      } catch (error) {
        if (trying.giveUp.signal.aborted && !patient) continue;
        this.#move(cluster, this.#first, this.#later);
        this.#failed.add(cluster);
        throw error;
      } finally {
        this.#trying.delete(trying);
        this.#next();
      }
    }
  }

  #turn(cluster: string, patient: boolean): Promise<Trying> {
    return new Promise((start) => {
      const queues = patient || this.#failed.has(cluster) ? this.#later : this.#first;
      const queue = queues.get(cluster);
      if (queue === undefined) queues.set(cluster, [{ cluster, patient, start }]);
      else queue.push({ cluster, patient, start });
      this.#next();
    });
  }

  /** What waits of a cluster shares its fate: it would fail too, or it need not wait behind the failed any longer. */
  #move(cluster: string, from: Queues, to: Queues): void {
    const queue = from.get(cluster);
    if (queue === undefined) return;
    from.delete(cluster);
    to.set(cluster, [...(to.get(cluster) ?? []), ...queue]);
  }

  #next(): void {
    const kept = Math.floor(this.#most * KEPT);
    let given = true;
    while (given && this.#trying.size < this.#most) given = this.#give(this.#first, MOST_OF_ONE);
    for (given = true; given && this.#trying.size < this.#most - kept;) given = this.#give(this.#later, 1);
    this.#askToYield();
  }

  /** Gives one free place to the cluster whose turn it is. False where none may have it. */
  #give(queues: Queues, mostOfOne: number): boolean {
    for (const [cluster, queue] of queues) {
      const running = [...this.#trying].filter((t) => t.cluster === cluster).length;
      const one = running < mostOfOne ? queue.shift() : undefined;
      if (one === undefined) continue;
      queues.delete(cluster);
      // Its next one comes when all the others had their turn.
      if (queue.length > 0) queues.set(cluster, queue);
      const settled = one.patient || queues === this.#later;
      const trying: Trying = { cluster, begun: performance.now(), settled, giveUp: new AbortController() };
      this.#trying.add(trying);
      this.#peak = Math.max(this.#peak, this.#trying.size);
      one.start(trying);
      return true;
    }
    return false;
  }

  /** While others wait that are well or new, those that have long been silent give their places up. */
  #askToYield(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#first.size === 0 || this.#trying.size < this.#most) return;
    const now = performance.now();
    let soonest = Infinity;
    for (const trying of this.#trying) {
      if (trying.settled) continue;
      const left = trying.begun + this.#yieldMs - now;
      soonest = Math.min(soonest, left);
      if (left <= 0) {
        trying.settled = true;
        trying.giveUp.abort();
      }
    }
    if (soonest === Infinity) return;
    this.#timer = setTimeout(() => this.#askToYield(), Math.max(soonest, 10)).unref();
  }
}
