import type { ClusterProbe, ClusterProbeType, Outcome, ProbeValue } from '../../contract/index.ts';
import type { AccessReview } from '../ports/writer.ts';
import type { Rehearsal } from '../cluster/rehearsal.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';

/** Neither of them can change anything: a probe that would has no way to. */
export interface ProbeRights {
  readonly transport: ReadOnlyTransport;
  /** Can ask whether a pod would be admitted; always a dry run. */
  readonly rehearse: Pick<Rehearsal, 'pod'>;
}

interface ProbeRun extends ProbeRights {
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
