import type { ClusterProbe, ClusterProbeType, Fact } from '../../contract/index.ts';
import { TimedOut } from '../cluster/failures.ts';
import type { ProbeExecutor, ProbeRights } from './executor.ts';
import { customResources } from './custom-resources.ts';
import { certificate } from './certificate.ts';
import { objectEvents } from './object-events.ts';
import { podLogs } from './pod-logs.ts';
import { podRefused } from './pod-refused.ts';

/** The table of probes: a type of the contract without an executor does not compile. */
export const PROBES: { readonly [T in ClusterProbeType]: ProbeExecutor<T> } = {
  certificate,
  podLogs,
  objectEvents,
  podRefused,
  customResources,
};

/** Carries out one probe within its time limit. Every failure is a fact too. */
export async function runProbe(probe: ClusterProbe, rights: ProbeRights): Promise<Fact> {
  // The row is the one of this probe's type; the compiler cannot follow the correlation through a union.
  const executor = PROBES[probe.type] as ProbeExecutor<ClusterProbeType>;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimedOut(executor.timeLimitMs)), executor.timeLimitMs);
  try {
    return await executor.run(probe, { ...rights, signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
}
