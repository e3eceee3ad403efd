import { type KubeObject, refOf } from '../../../contract/index.ts';
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
by its pods; where none does, this one stands for itself. Where the old revision still serves, users may not have noticed; where the strategy is
Recreate or lets all pods be unavailable, nothing serves. Pods that are all ready and yet not counted as available are held by minReadySeconds.`,
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
      const patience = object.spec.minReadySeconds ?? 0;
      // Ready and not yet counted: the controller wants them ready for longer than it waits for.
      if (bad.length === 0 && w.currentPods.length >= w.desired && (object.status.availableReplicas ?? 0) < w.desired && patience > 0)
        return [
          {
            subject: w.ref,
            field: 'spec.minReadySeconds',
            affects: w.currentPods.map(refOf),
            message: `the rollout of revision ${revision} ran out of time though its pods are ready: a pod counts as available only after ${patience} s of being ready (minReadySeconds), and all is to be done in ${object.spec.progressDeadlineSeconds ?? 600} s (progressDeadlineSeconds)`,
            evidence: [
              fieldEvidence(w.ref, 'spec.minReadySeconds', String(patience)),
              fieldEvidence(w.ref, 'spec.progressDeadlineSeconds', String(object.spec.progressDeadlineSeconds ?? 600)),
              fieldEvidence(w.ref, 'status.conditions[Progressing].message', condition.message ?? condition.reason),
            ],
            confidence: 0.85,
            role: 'cause' as const,
            severity: 'medium' as const,
          },
        ];
      const missing = bad.length === 0 ? Math.max(0, w.desired - w.currentPods.length) : 0;
      const all = old.length === 0 && w.currentPods.every((p) => !isReady(p)) ? takesAllDown(object, w.desired) : undefined;
      return [
        {
          subject: w.ref,
          affects: bad.map(refOf),
          message: `the rollout of revision ${revision} is stuck: ${missing > 0 ? `${count(missing, 'new pod')} not made` : `${count(bad.length, 'new pod')} not ready`} after ${object.spec.progressDeadlineSeconds ?? 600} s; ${old.length === 0 ? 'nothing of the old revision serves' : `${count(old.length, 'pod')} of the old revision ${old.length === 1 ? 'serves' : 'serve'} on`}${all === undefined ? '' : `: ${all.words} lets all of them be taken down at once`}`,
          evidence: [
            fieldEvidence(w.ref, 'status.conditions[Progressing].message', condition.message ?? condition.reason),
            ...(all === undefined ? [] : [fieldEvidence(w.ref, all.path, all.value)]),
          ],
          confidence: 0.6,
          severity: old.length === 0 ? ('high' as const) : ('medium' as const),
        },
      ];
    }),
});

/** What of the strategy lets every old pod go before a new one is ready. */
function takesAllDown({ spec: { strategy } }: KubeObject<'Deployment'>, desired: number) {
  if (strategy?.type === 'Recreate') return { path: 'spec.strategy.type', value: 'Recreate', words: 'strategy Recreate' };
  const most = strategy?.rollingUpdate?.maxUnavailable;
  const some =
    typeof most === 'number' ? most : /^\d+%$/.test(most ?? '') ? Math.floor((Number.parseInt(most ?? '', 10) / 100) * desired) : 0;
  return most === undefined || some < desired
    ? undefined
    : { path: 'spec.strategy.rollingUpdate.maxUnavailable', value: String(most), words: `maxUnavailable ${most}` };
}
