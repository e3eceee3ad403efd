import { defineCheck } from '../../../core/agent.ts';
import { rolloutBefore, rolloutEvidence } from '../rollouts.ts';
import { draftOf, runningOut } from '../running-out.ts';
import { SUBJECT_KINDS, nameOf, podRefs, workloadOfSeries } from '../subjects.ts';

export const memoryWillRunOut = defineCheck({
  code: 'OBS-001',
  title: 'A workload will reach its memory limit',
  severity: 'medium',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'exhaustion.predicted',
  hypothesis: 'its memory grows towards its limit',
  doc: `The working set of the pod that uses most grows and will reach the memory limit within two hours; the kernel then ends the program. The
forecast tells growth that goes on apart from what a garbage collector takes back, from steps, and from the way of a day. Where a rollout
came shortly before the growth began, it is named.`,
  run: (ctx) =>
    runningOut(ctx, 'workload_memory_bytes_max').flatMap((r) => {
      const w = workloadOfSeries(ctx.view, r.labels);
      if (w === undefined) return [];
      const rollout = rolloutBefore(w, Date.parse(r.since));
      const since = rollout === undefined ? '' : `, since revision ${rollout.revision}`;
      const draft = draftOf(r, ctx.now, {
        subject: w.ref,
        affects: podRefs(w),
        what: `${nameOf(w.ref)} will reach its memory limit${since}`,
        remedy:
          rollout?.earlier === undefined
            ? 'find what grows, or give it more memory, before the kernel ends it'
            : `find what grows, or put revision ${rollout.earlier} back, before the kernel ends it`,
        field: `${w.specPath}.containers`,
        evidence: rollout === undefined ? [] : [rolloutEvidence(w, rollout)],
      });
      return [{ ...draft, params: { ...draft.params, ...(rollout?.earlier === undefined ? {} : { earlier: rollout.earlier }) } }];
    }),
});
