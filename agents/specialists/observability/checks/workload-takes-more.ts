import { type Unusual, refKey } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import type { Workload } from '../../../core/workloads.ts';
import { isRollingOut, rolloutBefore, rolloutEvidence } from '../rollouts.ts';
import { SUBJECT_KINDS, nameOf, podRefs, workloadOfSeries } from '../subjects.ts';
import { alertParams, unusual, unusualEvidence, unusualWords } from '../unusual.ts';

export const workloadTakesMore = defineCheck({
  code: 'OBS-011',
  title: 'A workload takes much more than it usually does',
  severity: 'info',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'anomaly.detected',
  hypothesis: 'it takes much more than usual',
  doc: `Processor time or memory left the learned range and stays outside, while its users notice nothing. That is no fault: it is said
to who looks, with the rollout it began with where there is one. Where a service is slower or fails as well, it is told with that.`,
  run: (ctx) => {
    const felt = new Set(
      unusual(ctx, 'workload_latency_seconds', 'workload_requests_per_second').map(
        (u) => `${u.labels['namespace']}/${u.labels['workload']}`,
      ),
    );
    const seen = new Map<string, { readonly w: Workload; readonly all: Unusual[] }>();
    for (const u of unusual(ctx, 'workload_cpu_cores', 'workload_throttled_ratio', 'workload_memory_bytes_max')) {
      const w = workloadOfSeries(ctx.view, u.labels);
      if (w === undefined || felt.has(`${u.labels['namespace']}/${u.labels['workload']}`) || isRollingOut(w, ctx.now)) continue;
      seen.set(refKey(w.ref), { w, all: [...(seen.get(refKey(w.ref))?.all ?? []), u] });
    }
    return [...seen.values()].flatMap(({ w, all: [first, ...others] }) => {
      if (first === undefined) return [];
      const rollout = rolloutBefore(w, Date.parse(first.since));
      return [
        {
          subject: w.ref,
          affects: podRefs(w),
          message: `${nameOf(w.ref)}: ${unusualWords(first)}${rollout === undefined ? '' : `; it began with revision ${rollout.revision}`}`,
          evidence: [
            ...[first, ...others].map((u) => unusualEvidence(w.ref, u)),
            ...(rollout === undefined ? [] : [rolloutEvidence(w, rollout)]),
          ],
          confidence: 0.6,
          params: { since: Date.parse(first.since), ...alertParams(first) },
        },
      ];
    });
  },
});
