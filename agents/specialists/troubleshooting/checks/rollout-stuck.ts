import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, revisionOf, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';

export const rolloutStuck = defineCheck({
  code: 'DEP-001',
  title: 'A rollout does not get on',
  severity: 'medium',
  role: 'symptom',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a rollout is stuck',
  doc: `The Deployment's controller says ProgressDeadlineExceeded: the new revision did not become available in time. Why, another check says
by its pods; where none does, this one stands for itself. Where the old revision still serves, users may not have noticed.`,
  run: ({ view, passed }) =>
    workloads(view).flatMap((w) => {
      const { object } = w;
      if (object.kind !== 'Deployment' || object.spec.paused === true) return [];
      const condition = object.status.conditions.find((c) => c.type === 'Progressing');
      if (condition === undefined || condition.status !== 'False' || condition.reason !== 'ProgressDeadlineExceeded') {
        passed(w.ref, 'its rollout has not run out of time');
        return [];
      }
      const old = w.pods.filter((p) => !w.currentPods.includes(p) && isReady(p));
      const bad = w.currentPods.filter((p) => !isReady(p));
      const revision = revisionOf(object);
      return [
        {
          subject: w.ref,
          affects: bad.map(refOf),
          message: `the rollout of revision ${revision} is stuck: ${count(bad.length, 'new pod')} not ready after ${object.spec.progressDeadlineSeconds ?? 600} s; ${old.length === 0 ? 'nothing of the old revision serves' : `${count(old.length, 'pod')} of the old revision ${old.length === 1 ? 'serves' : 'serve'} on`}`,
          evidence: [fieldEvidence(w.ref, 'status.conditions[Progressing].message', condition.message ?? condition.reason)],
          confidence: 0.6,
          severity: old.length === 0 ? ('high' as const) : ('medium' as const),
        },
      ];
    }),
});
