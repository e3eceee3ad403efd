import type { Fact, Probe } from '../../contract/index.ts';
import { type WorkloadSketch, workload } from './cluster.ts';

/** Workloads whose pods the API server refuses, as the cluster shows them: a ReplicaSet's condition, or only KubeEvents. */

type Raw = Record<string, unknown>;

export const JUST_NOW = '2026-03-01T11:59:55Z';

/** The objects of a workload without its pods; a Deployment's newest ReplicaSet says why. */
export function refused(sketch: WorkloadSketch, text: string, at = JUST_NOW): Raw[] {
  const objects = workload(sketch).filter((o) => o['kind'] !== 'Pod');
  const set = objects.findLast((o) => o['kind'] === 'ReplicaSet');
  if (set !== undefined)
    set['status'] = {
      replicas: 0,
      conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: text, lastTransitionTime: at }],
    };
  return objects;
}

interface Answers {
  /** What the KubeEvents say. */
  readonly event?: string;
  /** What a rehearsal says: the words of a refusal, or '' where the pod would be let in. */
  readonly rehearsal?: string;
  readonly log?: readonly string[];
}

/** Answers probes; what is left out cannot be read. */
export function answering({ event, rehearsal, log }: Answers): (probe: Probe) => Fact {
  const none: Fact = { ok: false, failure: { code: 'forbidden', message: 'no' } };
  return (probe) => {
    switch (probe.type) {
      case 'objectEvents':
        return event === undefined
          ? none
          : {
              ok: true,
              value: { events: [{ type: 'Warning', reason: 'FailedCreate', message: event, count: 3, at: '2026-03-01T11:59:55.000Z' }] },
            };
      case 'podRefused':
        return rehearsal === undefined
          ? none
          : { ok: true, value: { verdict: rehearsal === '' ? 'admitted' : 'refused', message: rehearsal } };
      case 'podLogs':
        return log === undefined ? none : { ok: true, value: { lines: [...log], truncated: false } };
      default:
        return none;
    }
  };
}
