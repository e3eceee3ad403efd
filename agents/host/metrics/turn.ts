import type { MetricSource, SignalName, SourceKind } from '../../contract/index.ts';
import type { MetricsTransport } from '../cluster/metrics-transport.ts';
import type { ClusterFeed, SeriesLabels } from './feed.ts';
import type { Owners, PodEntry, WorkloadName } from './owners.ts';

/** One reading of all sources of a cluster. */

/** What came of asking one source. */
export interface SourceNews {
  readonly kind: SourceKind;
  readonly name: string;
  readonly state: MetricSource['state'];
  readonly samples: number;
  readonly because: string;
  readonly needs?: string | undefined;
}

interface Sums {
  readonly owner: WorkloadName;
  pods: number;
  cpu: number;
  cpuMax: number;
  memory: number;
  memoryMax: number;
  /** Of pods that have just started; below zero where there is none. */
  startCpu: number;
  startMemory: number;
  periods: number;
  throttled: number;
  restarts: number;
  limit: number | undefined;
  /** Something of it is newer than at the reading before. */
  measured: boolean;
}

/** What a pod takes at its start, before it does what it is there for. */
const START_UP_MS = 5 * 60_000;
/** A rate over a longer time says nothing about now: the machine has slept, or the source was away. */
const LONGEST_RATE_MS = 5 * 60_000;

export class Turn {
  readonly now: number;
  readonly transport: MetricsTransport;
  readonly feed: ClusterFeed;
  readonly owners: Owners;
  readonly pods: ReadonlyMap<string, PodEntry>;
  /** Whether series of single pods are kept, or only those of workloads. */
  readonly keepsPods: boolean;
  readonly signal: AbortSignal;
  #sums = new Map<WorkloadName, Sums>();
  /** Workloads whose network was read. */
  readonly #networked = new Set<WorkloadName>();

  constructor(parts: Pick<Turn, 'now' | 'transport' | 'feed' | 'owners' | 'pods' | 'keepsPods' | 'signal'>) {
    this.now = parts.now;
    this.transport = parts.transport;
    this.feed = parts.feed;
    this.owners = parts.owners;
    this.pods = parts.pods;
    this.keepsPods = parts.keepsPods;
    this.signal = parts.signal;
  }

  put(signal: SignalName, labels: SeriesLabels, value: number, at = this.now): boolean {
    return this.feed.put(signal, labels, at, value);
  }

  entry(namespace: string, pod: string): PodEntry | undefined {
    return this.pods.get(`${namespace}/${pod}`);
  }

  /** `stamp`: when it was measured, as the source says; the same again is no news. */
  usage(entry: PodEntry, cpu: number, memory: number, stamp: string | undefined): void {
    if (!(cpu >= 0) || !(memory >= 0)) return;
    const sums = this.#of(entry.owner);
    if (stamp === undefined || stamp !== entry.measured) sums.measured = true;
    entry.measured = stamp;
    sums.pods++;
    sums.cpu += cpu;
    sums.memory += memory;
    if (cpu > sums.cpuMax) sums.cpuMax = cpu;
    if (memory > sums.memoryMax) sums.memoryMax = memory;
    if (!(this.now - entry.started < START_UP_MS)) return;
    sums.startCpu = Math.max(sums.startCpu, cpu);
    sums.startMemory = Math.max(sums.startMemory, memory);
  }

  /** Counters of a pod, from which follows how fast they grow; what a source said before is passed over. */
  network(entry: PodEntry, at: number, received: number, sent: number): void {
    const { before } = entry;
    if (before !== undefined && at <= before.at) return;
    entry.before = { at, received, sent };
    if (before === undefined || at - before.at > LONGEST_RATE_MS) {
      entry.rates = undefined;
      return;
    }
    const seconds = (at - before.at) / 1000;
    entry.rates = { at: this.now, received: grown(before.received, received) / seconds, sent: grown(before.sent, sent) / seconds };
    this.#networked.add(entry.owner);
  }

  throttling(entry: PodEntry, periods: number, throttled: number): void {
    const before = entry.throttled;
    entry.throttled = { periods, throttled };
    if (before === undefined || periods < before.periods) return;
    const sums = this.#of(entry.owner);
    sums.periods += periods - before.periods;
    sums.throttled += Math.min(periods - before.periods, grown(before.throttled, throttled));
  }

  restarts(entry: PodEntry, count: number): void {
    const sums = this.#of(entry.owner);
    sums.restarts += count;
    // While a rollout changes it, the larger one: a pod that has it is not near it for the other's sake.
    if (entry.memoryLimit !== undefined) sums.limit = Math.max(sums.limit ?? 0, entry.memoryLimit);
  }

  /** What was added up of the pods of each workload. */
  finish(): void {
    this.#networks();
    for (const sums of this.#sums.values()) {
      const { namespace, workload } = sums.owner;
      const labels = { namespace, workload };
      this.put('workload_restarts_total', labels, sums.restarts);
      if (sums.limit !== undefined) this.put('workload_memory_limit_bytes', labels, sums.limit);
      if (sums.measured) {
        this.put('workload_pods', labels, sums.pods);
        this.put('workload_cpu_cores', labels, tidy(sums.cpu));
        this.put('workload_cpu_cores_max', labels, tidy(sums.cpuMax));
        this.put('workload_memory_bytes', labels, sums.memory);
        this.put('workload_memory_bytes_max', labels, sums.memoryMax);
        if (sums.startMemory >= 0) {
          this.put('workload_startup_cpu_cores_max', labels, tidy(sums.startCpu));
          this.put('workload_startup_memory_bytes_max', labels, sums.startMemory);
        }
      }
      if (sums.periods > 0) this.put('workload_throttled_ratio', labels, tidy(sums.throttled / sums.periods));
    }
  }

  /**
   * Where kubelets are read in turn, those of a workload's pods that were not read now are as they were last: its sum is of all of them, or it
   * is not told at all.
   */
  #networks(): void {
    const sums = new Map<WorkloadName, { received: number; sent: number; whole: boolean }>();
    for (const { owner, rates } of this.pods.values()) {
      if (!this.#networked.has(owner) || rates === 'none') continue;
      let sum = sums.get(owner);
      if (sum === undefined) sums.set(owner, (sum = { received: 0, sent: 0, whole: true }));
      if (rates === undefined || this.now - rates.at > LONGEST_RATE_MS) sum.whole = false;
      else {
        sum.received += rates.received;
        sum.sent += rates.sent;
      }
    }
    for (const [{ namespace, workload }, { received, sent, whole }] of sums) {
      if (!whole) continue;
      this.put('workload_network_receive_bytes_per_second', { namespace, workload }, Math.round(received));
      this.put('workload_network_transmit_bytes_per_second', { namespace, workload }, Math.round(sent));
    }
  }

  #of(owner: WorkloadName): Sums {
    let sums = this.#sums.get(owner);
    if (sums === undefined) {
      sums = {
        ...{ owner, pods: 0, cpu: 0, cpuMax: 0, memory: 0, memoryMax: 0, startCpu: -1, startMemory: -1 },
        ...{ periods: 0, throttled: 0, restarts: 0, limit: undefined, measured: false },
      };
      this.#sums.set(owner, sums);
    }
    return sums;
  }
}

/** A counter that is smaller than before began again at nothing. */
export const grown = (before: number, now: number): number => (now >= before ? now - before : now);
/** Ten-thousandths of a core are enough, and pack well. */
export const tidy = (value: number): number => Math.round(value * 10_000) / 10_000;
