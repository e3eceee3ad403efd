import type { SignalName } from '../../contract/index.ts';

/** Which series are judged, in which direction a person minds, and how large a change must be to be worth a word. */

export interface Watched {
  /** Who minds: a rise, a fall, or both. */
  readonly ways: readonly ('up' | 'down')[];
  /** How many times what was expected (or what part of it, when it falls) it must be, and how far from it in its own unit. */
  readonly times: number;
  readonly least: number;
  /** Only series with one of these values of a label; others say the same again. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Where there are too many to learn all, those of a smaller number are learned. */
  readonly rank: number;
}

const MIB = 2 ** 20;
const LATENCY: Pick<Watched, 'ways' | 'times' | 'least' | 'only'> = {
  ways: ['up'],
  times: 1.5,
  // Fewer than 30 ms more nobody notices.
  least: 0.03,
  only: { quantile: ['0.95', 'mean'] },
};
const ERRORS: Pick<Watched, 'ways' | 'times' | 'least' | 'only'> = { ways: ['up'], times: 2, least: 0.05, only: { class: ['5xx'] } };

/**
 * Chosen for what users of a service notice first, then for what it takes. Restarts and pressure of nodes are told from objects.
 */
export const WATCHED: Readonly<Partial<Record<SignalName, Watched>>> = {
  workload_latency_seconds: { ...LATENCY, rank: 0 },
  workload_requests_per_second: { ...ERRORS, rank: 0 },
  ingress_latency_seconds: { ...LATENCY, rank: 0 },
  ingress_requests_per_second: { ...ERRORS, rank: 0 },
  apiserver_ping_seconds: { ways: ['up'], times: 3, least: 0.2, rank: 0 },
  apiserver_requests_per_second: { ...ERRORS, least: 0.5, rank: 0 },
  dns_latency_seconds: { ...LATENCY, rank: 0 },
  dns_requests_per_second: { ways: ['up'], times: 3, least: 1, only: { rcode: ['SERVFAIL', 'REFUSED'] }, rank: 0 },
  workload_throttled_ratio: { ways: ['up'], times: 2, least: 0.2, rank: 1 },
  workload_cpu_cores: { ways: ['up'], times: 2, least: 0.2, rank: 1 },
  workload_memory_bytes_max: { ways: ['up'], times: 1.4, least: 64 * MIB, rank: 2 },
  workload_network_receive_bytes_per_second: { ways: ['up'], times: 3, least: 5 * MIB, rank: 3 },
  workload_network_transmit_bytes_per_second: { ways: ['up'], times: 3, least: 5 * MIB, rank: 3 },
};

/** Whether a series of these labels is judged. */
export function watchedAs(signal: string, labels: Readonly<Record<string, string>>): Watched | undefined {
  const watched = (WATCHED as Readonly<Record<string, Watched | undefined>>)[signal];
  if (watched === undefined) return undefined;
  for (const [label, values] of Object.entries(watched.only ?? {})) if (!values.includes(labels[label] ?? '')) return undefined;
  return watched;
}

/** What is used, and up to where: two series of the same labels. */
interface Limited {
  readonly limit: SignalName;
  /** Milliseconds ahead that are looked at; the nearer ones need less history. */
  readonly horizons: readonly number[];
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
const SOON = [3 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR] as const;
const LATER = [3 * MINUTE, 10 * MINUTE, 2 * HOUR, 24 * HOUR] as const;

export const LIMITED: Readonly<Partial<Record<SignalName, Limited>>> = {
  workload_memory_bytes_max: { limit: 'workload_memory_limit_bytes', horizons: SOON },
  volume_used_bytes: { limit: 'volume_capacity_bytes', horizons: LATER },
  volume_inodes_used: { limit: 'volume_inodes', horizons: LATER },
  node_memory_bytes: { limit: 'node_memory_allocatable_bytes', horizons: SOON },
  node_filesystem_used_bytes: { limit: 'node_filesystem_capacity_bytes', horizons: LATER },
  node_filesystem_inodes_used: { limit: 'node_filesystem_inodes', horizons: LATER },
  quota_used: { limit: 'quota_hard', horizons: LATER },
  hpa_replicas: { limit: 'hpa_max_replicas', horizons: SOON },
};
