import type { SignalName } from '../../contract/index.ts';
import { histogramQuantile } from '../../core/promql/histogram.ts';
import type { Exposed } from './exposition.ts';
import { FAMILIES, type FamilyScope, classOf } from './families.ts';
import type { SeriesLabels } from './feed.ts';
import { type Turn, grown, tidy } from './turn.ts';

/** Counters of requests and histograms of many pods, from turn to turn, as rates and quantiles of what they belong to. */

/** Counters that are remembered of one cluster: whoever exposes more has a label that changes with each request. */
const MOST_COUNTERS = 40_000;
/** Counters of a target that was away for longer say nothing about now. */
const LONGEST_MS = 10 * 60_000;
const QUANTILES = [0.5, 0.95, 0.99];

interface Sums {
  readonly scope: FamilyScope;
  readonly labels: SeriesLabels;
  readonly requests: Map<string, number>;
  /** The same by histograms, where nothing counts requests by itself. */
  readonly counted: Map<string, number>;
  readonly buckets: Map<string, number>;
  seconds: number;
  answers: number;
}

/** Signals of each scope: rate of requests and its label for the class, and how long they took. */
const SIGNALS: Readonly<Record<FamilyScope, { rate: SignalName; of: string; latency: SignalName | undefined }>> = {
  workload: { rate: 'workload_requests_per_second', of: 'class', latency: 'workload_latency_seconds' },
  dns: { rate: 'dns_requests_per_second', of: 'rcode', latency: 'dns_latency_seconds' },
  ingress: { rate: 'ingress_requests_per_second', of: 'class', latency: 'ingress_latency_seconds' },
  apiServer: { rate: 'apiserver_requests_per_second', of: 'class', latency: undefined },
};

export class RequestRates {
  readonly #before = new Map<string, { value: number; at: number }>();
  #sums = new Map<string, Sums>();
  /** Counters that were not remembered. */
  tooMany = 0;

  wants(name: string): boolean {
    return FAMILIES.has(name);
  }

  /** `target`: whose counter it is; `labels`: what the workload is called, for what is of a workload. */
  take(turn: Turn, target: string, labels: SeriesLabels, sample: Exposed): boolean {
    const family = FAMILIES.get(sample.name);
    if (family === undefined || !Number.isFinite(sample.value)) return false;
    if (family.part === 'level') {
      const kind = sample.labels['request_kind'];
      if (kind === undefined) return false;
      return turn.put('apiserver_inflight_requests', { kind }, sample.value);
    }
    let key = `${target}\n${sample.name}`;
    for (const name in sample.labels) key += `\n${sample.labels[name]}`;
    const before = this.#before.get(key);
    if (before === undefined && this.#before.size >= MOST_COUNTERS) {
      this.tooMany++;
      return false;
    }
    this.#before.set(key, { value: sample.value, at: turn.now });
    if (before === undefined || turn.now <= before.at || turn.now - before.at > LONGEST_MS) return true;
    const rate = (grown(before.value, sample.value) / (turn.now - before.at)) * 1000;
    const sums = this.#of(family.scope, labelsOf(family.scope, labels, sample));
    const kind = classOf(sample.labels);
    switch (family.part) {
      case 'requests':
        add(sums.requests, kind, rate);
        break;
      case 'count':
        add(sums.counted, kind, rate);
        sums.answers += rate;
        break;
      case 'sum':
        sums.seconds += rate * family.scale;
        break;
      case 'bucket':
        add(sums.buckets, scaled(sample.labels['le'] ?? '', family.scale), rate);
    }
    return true;
  }

  /** Says what was added up since it was asked last. */
  finish(turn: Turn): void {
    for (const { scope, labels, requests, counted, buckets, seconds, answers } of this.#sums.values()) {
      const { rate, of, latency } = SIGNALS[scope];
      for (const [kind, value] of requests.size > 0 ? requests : counted) turn.put(rate, { ...labels, [of]: kind }, tidy(value));
      if (latency === undefined || answers <= 0) continue;
      turn.put(latency, { ...labels, quantile: 'mean' }, tidy(seconds / answers));
      const items = [...buckets].map(([le, value]) => ({ labels: { le }, value, unnamed: true }));
      for (const q of items.length < 2 ? [] : QUANTILES) {
        const value = histogramQuantile(q, items, () => undefined)[0]?.value ?? NaN;
        if (Number.isFinite(value)) turn.put(latency, { ...labels, quantile: String(q) }, tidy(value));
      }
    }
    this.#sums = new Map();
    for (const [key, { at }] of this.#before) if (turn.now - at > LONGEST_MS) this.#before.delete(key);
  }

  #of(scope: FamilyScope, labels: SeriesLabels): Sums {
    const key = `${scope}\n${Object.values(labels).join('\n')}`;
    let sums = this.#sums.get(key);
    if (sums === undefined) {
      sums = { scope, labels, requests: new Map(), counted: new Map(), buckets: new Map(), seconds: 0, answers: 0 };
      this.#sums.set(key, sums);
    }
    return sums;
  }
}

function labelsOf(scope: FamilyScope, labels: SeriesLabels, { labels: its }: Exposed): SeriesLabels {
  if (scope === 'workload') return labels;
  if (scope !== 'ingress') return {};
  // nginx names the Ingress; Traefik what it leads to, as namespace-name-port@provider.
  return { namespace: its['exported_namespace'] ?? its['namespace'] ?? '', ingress: its['ingress'] ?? its['service'] ?? '' };
}

function add(to: Map<string, number>, key: string, value: number): void {
  to.set(key, (to.get(key) ?? 0) + value);
}

const scaled = (le: string, scale: number): string => (scale === 1 || !Number.isFinite(Number(le)) ? le : String(Number(le) * scale));
