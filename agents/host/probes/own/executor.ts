import type { ContextName, OwnProbe, OwnProbeType, ProbeValue, SearchKnowledge } from '../../../contract/index.ts';
import type { Logs } from '../../logs/logs.ts';
import type { Announcements } from '../../crew/announcements.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { PastIncidents } from '../../incidents/past-incidents.ts';
import type { Kube } from '../../ports/kube.ts';
import type { ReadableStore } from '../../ports/store.ts';

/** What the host has itself. */
export interface OwnSources {
  readonly kube: Pick<Kube, 'flushChanges'>;
  readonly store: Pick<ReadableStore, 'changes'>;
  readonly searchKnowledge: SearchKnowledge;
  readonly past: Pick<PastIncidents, 'all'>;
  readonly logs: Pick<Logs, 'news'>;
  readonly announcements: Pick<Announcements, 'of'>;
  readonly metrics: Pick<Metrics, 'query' | 'profiles' | 'signals'>;
}

/** How a probe is answered that no cluster is asked for. One file a type; the table in index.ts does not compile without each. */
export type OwnExecutor<T extends OwnProbeType> = (
  probe: Extract<OwnProbe, { type: T }>,
  context: ContextName | null,
  sources: OwnSources,
) => Promise<ProbeValue<T>>;
