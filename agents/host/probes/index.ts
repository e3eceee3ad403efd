import type { ClusterProbe, ClusterProbeType, Fact } from '../../contract/index.ts';
import { TimedOut } from '../cluster/failures.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import type { ProbeExecutor } from './executor.ts';
import { objectEvents } from './object-events.ts';
import { podLogs } from './pod-logs.ts';

/** The table of probes: a type of the contract without an executor does not compile. */
export const PROBES: { readonly [T in ClusterProbeType]: ProbeExecutor<T> } = { podLogs, objectEvents };

/** Carries out one probe within its time limit. Every failure is a fact too. */
export async function runProbe(probe: ClusterProbe, transport: ReadOnlyTransport): Promise<Fact> {
  // The row is the one of this probe's type; the compiler cannot follow the correlation through a union.
  const executor = PROBES[probe.type] as ProbeExecutor<ClusterProbeType>;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimedOut(executor.timeLimitMs)), executor.timeLimitMs);
  try {
    return await executor.run(probe, { transport, signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
}
