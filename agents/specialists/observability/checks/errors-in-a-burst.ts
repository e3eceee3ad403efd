import { type LogPattern, refKey } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { callees } from '../../../core/callees.ts';
import type { Workload } from '../../../core/workloads.ts';
import { logEvidence, newsOf, quoted } from '../log-words.ts';
import { isRollingOut } from '../rollouts.ts';
import { SUBJECT_KINDS, nameOf, podRefs, workloadOfSeries } from '../subjects.ts';

const MOST_QUOTED = 3;

export const errorsInABurst = defineCheck({
  code: 'OBS-021',
  title: 'A workload logs errors in a burst',
  severity: 'medium',
  role: 'symptom',
  kinds: SUBJECT_KINDS,
  hypothesis: 'its log shows errors in a burst',
  doc: `An error comes at least three times as often within a minute as in any minute of the hour before, and at least twenty times. What makes it
is elsewhere more often than not: it is a symptom, told with its cause where one is known, and by itself where none is. Workloads that
call one another are told together.`,
  run: (ctx) => {
    const seen = new Map<string, { readonly w: Workload; readonly all: LogPattern[] }>();
    for (const pattern of newsOf(ctx, 'burst')) {
      const w = workloadOfSeries(ctx.view, { namespace: pattern.namespace, workload: pattern.workload });
      if (w === undefined || isRollingOut(w, ctx.now)) continue;
      const key = refKey(w.ref);
      seen.set(key, { w, all: [...(seen.get(key)?.all ?? []), pattern] });
    }
    return [...seen.values()].flatMap(({ w, all }) => {
      const [first, ...others] = all;
      if (first?.news === null || first === undefined) return [];
      return [
        {
          subject: w.ref,
          affects: podRefs(w),
          confidence: 0.6,
          calls: callees(ctx.view, w).map((other) => other.ref),
          message: `${nameOf(w.ref)} logs errors in a burst since ${first.news.since}: ${quoted(first)}; ${first.news.because}${others.length === 0 ? '' : `; and ${others.length} more`}. Look at what it calls, and at what changed then`,
          evidence: all.slice(0, MOST_QUOTED).flatMap((p) => logEvidence(p, w.ref)),
        },
      ];
    });
  },
});
