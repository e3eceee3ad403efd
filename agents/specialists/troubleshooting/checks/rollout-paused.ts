import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { saidWhy } from '../said-why.ts';
import { count } from '../scheduling-evidence.ts';

/** Somebody who pauses to change several things is through with it by then. Milliseconds. */
const FORGOTTEN_MS = 600_000;
const GRACE_MS = 2_000;

export const rolloutPaused = defineCheck({
  code: 'DEP-002',
  title: 'A rollout is paused, and what was changed since does not run',
  severity: 'medium',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its rollout is paused',
  doc: `A paused Deployment keeps the pods it has and makes none of a changed template. That is meant for a moment; forgotten, every later change seems
to do nothing. Silent where the template in force is the one that runs, or an annotation says why it is paused.`,
  run: ({ view, now, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const { object, desired } = w;
      if (object.kind !== 'Deployment') return [];
      if (object.spec.paused !== true) {
        passed(w.ref, 'it is not paused');
        return [];
      }
      const { status, metadata } = object;
      const behind = desired > 0 && (status.updatedReplicas ?? 0) === 0;
      const since = Date.parse(
        status.conditions.find((c) => c.type === 'Progressing' && c.reason === 'DeploymentPaused')?.lastTransitionTime ??
          metadata.creationTimestamp ??
          '',
      );
      if (!behind || saidWhy(metadata.annotations) !== undefined || now - since < GRACE_MS) return [];
      const serving = w.pods.filter(isReady);
      const forgotten = now - since > FORGOTTEN_MS;
      return [
        {
          subject: w.ref,
          field: 'spec.paused',
          affects: w.pods.map(refOf),
          message: `its rollout is paused${Number.isNaN(since) ? '' : ` since ${new Date(since).toISOString()}`}, so ${serving.length === 0 ? `none of its ${count(desired, 'pod')} is made` : `the changed template does not run: ${count(serving.length, 'pod')} of the one before ${serving.length === 1 ? 'serves' : 'serve'} on`}; resume it`,
          evidence: [
            fieldEvidence(w.ref, 'spec.paused', 'true'),
            fieldEvidence(w.ref, 'status.updatedReplicas', `${status.updatedReplicas ?? 0} of ${desired}`),
          ],
          severity: serving.length === 0 ? 'high' : forgotten ? 'medium' : 'low',
          confidence: 0.9,
          params: { wrong: true, right: false },
        },
      ];
    }),
});
