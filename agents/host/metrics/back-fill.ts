import type { SignalName } from '../../contract/index.ts';
import type { ClusterFeed } from './feed.ts';
import type { Owners, WorkloadName } from './owners.ts';
import type { PromSeries, Prometheus } from './prometheus.ts';
import { ASKED } from './prometheus-signals.ts';
import { tidy } from './turn.ts';

/** What was before we came, or while this machine slept, from a Prometheus that was awake. */

const STEP_S = 60;
const LONGEST_MS = 24 * 3_600_000;
/** Asked for at once: an answer of ten thousand pods stays within some ten megabytes. */
const PART_MS = 3_600_000;
/** A shorter hole is not worth a question. */
const SHORTEST_MS = 3 * 60_000;

export interface BackFilled {
  readonly samples: number;
  readonly from: number;
  readonly because: string | undefined;
}

interface Parts {
  readonly prometheus: Prometheus;
  readonly feed: ClusterFeed;
  readonly owners: Owners;
  readonly keepsPods: boolean;
  readonly nodes: readonly string[];
  readonly now: number;
  /** When the newest sample that is kept is from. */
  readonly last: number | undefined;
  readonly signal: AbortSignal;
}

type PartParts = Pick<Parts, 'feed' | 'owners' | 'keepsPods' | 'nodes'>;

/** From the newest sample there is, or a day ago, up to now. */
export async function backFill(parts: Parts): Promise<BackFilled | undefined> {
  const { feed, now } = parts;
  const { last } = parts;
  const from = Math.max(last ?? 0, now - LONGEST_MS);
  if (now - from < SHORTEST_MS) return undefined;
  let samples = 0;
  for (let start = from; start < now; start += PART_MS) {
    const end = Math.min(now, start + PART_MS);
    const part = new Part(parts, start);
    for (const { query, signal, to } of ASKED) {
      const answer = await parts.prometheus.get(
        'query_range',
        { query, start: seconds(start + 1_000), end: seconds(end), step: String(STEP_S) },
        parts.signal,
      );
      if (!answer.ok) return { samples, from, because: answer.failure.message };
      for (const series of answer.value) samples += part.take(signal, to, series);
    }
    part.finish();
    feed.send();
  }
  return { samples, from, because: undefined };
}

const seconds = (ms: number): string => String(Math.round(ms / 1000));

interface Sums {
  readonly owner: WorkloadName;
  readonly values: Map<SignalName, Map<number, number>>;
}

/** One part of the time: pods are added up to their workloads as they were then. */
export class Part {
  readonly #parts: PartParts;
  readonly #since: number;
  readonly #sums = new Map<WorkloadName, Sums>();
  /** Of the pod's containers, by time. */
  readonly #pods = new Map<string, { owner: WorkloadName; signal: SignalName; values: Map<number, number> }>();

  constructor(parts: PartParts, since: number) {
    this.#parts = parts;
    this.#since = since;
  }

  take(signal: SignalName, to: (typeof ASKED)[number]['to'], { metric, points }: PromSeries): number {
    const { namespace = '', pod = '', container = '', persistentvolumeclaim = '' } = metric;
    const kept = points.flatMap(([s, value]) =>
      s * 1000 > this.#since && Number.isFinite(value) && value >= 0 ? [[Math.round(s * 1000), value] as const] : [],
    );
    switch (to) {
      case 'usage':
      case 'network': {
        if (pod === '') return 0;
        const owner = this.#parts.owners.guess(namespace, pod);
        const key = `${signal}\n${namespace}\n${pod}`;
        let its = this.#pods.get(key);
        if (its === undefined) this.#pods.set(key, (its = { owner, signal, values: new Map() }));
        for (const [at, value] of kept) {
          its.values.set(at, (its.values.get(at) ?? 0) + value);
          if (to === 'usage' && this.#parts.keepsPods && container !== '')
            this.#put(signal, { namespace, workload: owner.workload, pod, container }, at, shown(signal, value));
        }
        return kept.length;
      }
      case 'volume': {
        const entry = this.#parts.owners.ofVolume(namespace, persistentvolumeclaim);
        if (entry === undefined) return 0;
        for (const [at, value] of kept) this.#put(signal, { namespace, ...entry, persistentvolumeclaim }, at, value);
        return kept.length;
      }
      case 'node': {
        const { nodes } = this.#parts;
        const named = [metric['node'], metric['kubernetes_io_hostname'], metric['instance'], metric['instance']?.replace(/:\d+$/, '')];
        const node = nodes.find((name) => named.includes(name));
        if (node === undefined) return 0;
        for (const [at, value] of kept) this.#put(signal, { node }, at, shown(signal, value));
        return kept.length;
      }
    }
  }

  finish(): void {
    for (const { owner, signal, values } of this.#pods.values()) {
      const of = signal === 'container_cpu_cores' ? CPU : signal === 'container_memory_bytes' ? MEMORY : undefined;
      for (const [at, value] of values) {
        if (of !== undefined) {
          this.#add(owner, of.sum, at, value);
          this.#add(owner, of.max, at, value, Math.max);
          if (of === CPU) this.#add(owner, 'workload_pods', at, 1);
        } else this.#add(owner, signal === 'container_restarts_total' ? 'workload_restarts_total' : signal, at, value);
      }
    }
    for (const { owner, values } of this.#sums.values())
      for (const [signal, byTime] of values)
        for (const [at, value] of byTime)
          this.#put(signal, { namespace: owner.namespace, workload: owner.workload }, at, shown(signal, value));
  }

  #add(owner: WorkloadName, signal: SignalName, at: number, value: number, join = (a: number, b: number) => a + b): void {
    let sums = this.#sums.get(owner);
    if (sums === undefined) this.#sums.set(owner, (sums = { owner, values: new Map() }));
    let byTime = sums.values.get(signal);
    if (byTime === undefined) sums.values.set(signal, (byTime = new Map()));
    byTime.set(at, join(byTime.get(at) ?? 0, value));
  }

  #put(signal: SignalName, labels: Readonly<Record<string, string>>, at: number, value: number): void {
    this.#parts.feed.putPast(signal, labels, at, value);
  }
}

const CPU = { sum: 'workload_cpu_cores', max: 'workload_cpu_cores_max' } as const;
const MEMORY = { sum: 'workload_memory_bytes', max: 'workload_memory_bytes_max' } as const;

const shown = (signal: SignalName, value: number): number =>
  signal.includes('cores') ? tidy(value) : signal.includes('bytes') ? Math.round(value) : value;
