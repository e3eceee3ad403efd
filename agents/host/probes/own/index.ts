import type { ContextName, Fact, OwnProbe, OwnProbeType } from '../../../contract/index.ts';
import { announcements } from './announcements.ts';
import { changes } from './changes.ts';
import type { OwnExecutor, OwnSources } from './executor.ts';
import { logNews } from './log-news.ts';
import { knowledge } from './knowledge.ts';
import { metricProfiles } from './metric-profiles.ts';
import { metrics } from './metrics.ts';
import { pastIncidents } from './past-incidents.ts';
import { signals } from './signals.ts';

const OWN_PROBES: { readonly [T in OwnProbeType]: OwnExecutor<T> } = {
  announcements,
  changes,
  knowledge,
  metrics,
  metricProfiles,
  pastIncidents,
  signals,
  logNews,
};

/** Answers from what the host has itself. @throws what its stores throw */
export async function runOwnProbe(probe: OwnProbe, context: ContextName | null, sources: OwnSources): Promise<Fact> {
  // The row is the one of this probe's type; the compiler cannot follow the correlation through a union.
  const run = OWN_PROBES[probe.type] as OwnExecutor<OwnProbeType>;
  return { ok: true, value: await run(probe, context, sources) };
}
