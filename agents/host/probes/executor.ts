import type { ClusterProbe, ClusterProbeType, Outcome, ProbeValue } from '../../contract/index.ts';
import type { AccessReview } from '../ports.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';

interface ProbeRun {
  /** Cannot write: a probe that would change something has no way to. */
  readonly transport: ReadOnlyTransport;
  /** Ends with the time limit. */
  readonly signal: AbortSignal;
}

/** How one type of probe is carried out. One file a type; the table in index.ts does not compile without each. */
export interface ProbeExecutor<T extends ClusterProbeType> {
  readonly type: T;
  /** What it costs the cluster: `cheap` = one small read, `costly` = work on a node or a large answer. */
  readonly cost: 'cheap' | 'costly';
  readonly timeLimitMs: number;
  /** What the user must be allowed to do; documented as RBAC. */
  needs(probe: Extract<ClusterProbe, { type: T }>): readonly AccessReview[];
  run(probe: Extract<ClusterProbe, { type: T }>, run: ProbeRun): Promise<Outcome<ProbeValue<T>>>;
}
