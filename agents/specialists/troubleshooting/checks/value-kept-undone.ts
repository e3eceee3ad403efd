import { type KubeObject, refKey, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { type Workload, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { CONTESTED_KINDS, contestOf } from '../contested.ts';
import { selected, selecting } from '../service-pods.ts';

/** Records of changes that are read at once; the worst-off come first. */
const MOST_ASKED = 100;

/** An autoscaler that came back from below or above once was corrected; this often it is in a contest. */
const ROUNDS = 3;
const LATELY_MS = 3_600_000;
const OUTSIDE = /(?:below Spec\.MinReplicas|above Spec\.MaxReplicas)/i;

/** Nothing runs, or something does not: only there it matters who changes it. */
const isIll = ({ object, desired, currentPods }: Workload) =>
  (object.kind === 'Deployment' || object.kind === 'StatefulSet' || object.kind === 'DaemonSet') &&
  (desired === 0 || currentPods.some((p) => !isReady(p)));

export const valueKeptUndone = defineCheck({
  code: 'DEP-003',
  title: 'Somebody keeps setting a value back',
  severity: 'high',
  role: 'cause',
  kinds: [...CONTESTED_KINDS, 'Service'],
  hypothesis: 'somebody keeps setting a value of it back',
  doc: `The record of changes shows that one field manager sets a field of the workload to the same value again each time somebody else changes it: a CronJob that
scales or patches, a controller, a tool that applies manifests. What is repaired by hand is undone within minutes, so the one who undoes it is the
cause: the CronJob or autoscaler that names the workload where there is one, else the manager by its name. Only workloads that are not well are looked at.
An autoscaler never goes below its minimum or above its maximum: where its events say again and again that it came back from there, somebody else sets the replicas.`,
  run: (ctx) => {
    const { view, passed } = ctx;
    const undone = workloads(view)
      .filter(isIll)
      .slice(0, MOST_ASKED)
      .flatMap((w): FindingDraft[] => {
        const contest = contestOf(ctx, w.object);
        if (contest === 'asked') return [];
        if (contest === undefined) {
          passed(w.ref, 'nobody sets its values back');
          return [];
        }
        const { path, value, by, against, instead, times, last, actor } = contest;
        const services = selecting(view).filter((s) => s.metadata.namespace === w.namespace && selected(view, s).includes(w));
        const who = actor === undefined ? `the field manager ${by}` : `${actor.kind} ${actor.name} (as ${by})`;
        const what = `${path} of ${w.object.kind} ${w.name}`;
        return [
          {
            subject: actor ?? w.ref,
            ...(actor === undefined ? { field: path } : {}),
            affects: [...(actor === undefined ? [] : [w.ref]), ...w.pods.map(refOf), ...services.map(refOf)].filter(
              (r) => actor === undefined || refKey(r) !== refKey(actor),
            ),
            message: `${who} has set ${what} to ${value} again ${times} times after ${against} had set it to ${instead}; stop one of the two before anything is changed here`,
            evidence: [{ kind: 'change', resource: w.ref, text: last.summary, at: last.at, source: by }, fieldEvidence(w.ref, path, value)],
            confidence: actor === undefined ? 0.75 : 0.85,
            params: {
              changed: true,
              supply:
                actor === undefined
                  ? `find out what writes as ${by} and stop it, or let it write the right value of ${what}`
                  : `suspend ${actor.kind} ${actor.name}${actor.namespace === undefined ? '' : ` in ${actor.namespace}`} or correct what it does to ${what}; until then every other change of it is undone`,
              ...(actor?.kind === 'CronJob' ? { suspend: true } : {}),
            },
          },
        ];
      });
    return [...undone, ...view.list('HorizontalPodAutoscaler').flatMap((hpa) => againstAutoscaler(ctx, hpa))];
  },
});

/** It puts the replicas back into its bounds again and again, so somebody keeps setting them outside. */
function againstAutoscaler(
  { ask, now }: CheckContext<'HorizontalPodAutoscaler'>,
  hpa: KubeObject<'HorizontalPodAutoscaler'>,
): FindingDraft[] {
  const { lastScaleTime } = hpa.status;
  const { scaleTargetRef: target, minReplicas = 1, maxReplicas } = hpa.spec;
  if (lastScaleTime == null || now - Date.parse(lastScaleTime) > LATELY_MS) return [];
  const resource = refOf(hpa);
  const fact = ask({ type: 'objectEvents', resource, revision: lastScaleTime });
  const back = (fact?.ok === true ? fact.value.events : []).filter(
    (e) => e.reason === 'SuccessfulRescale' && OUTSIDE.test(e.message) && now - Date.parse(e.at ?? lastScaleTime) <= LATELY_MS,
  );
  const times = back.reduce((sum, e) => sum + e.count, 0);
  const last = back.at(-1);
  if (last === undefined || times < ROUNDS) return [];
  const scaled = `${target.kind} ${target.name}`;
  return [
    {
      subject: resource,
      field: 'spec.scaleTargetRef',
      affects: [{ apiVersion: target.apiVersion ?? 'apps/v1', kind: target.kind, name: target.name, namespace: hpa.metadata.namespace }],
      message: `somebody keeps setting the replicas of ${scaled} outside ${minReplicas} to ${maxReplicas}, and the autoscaler has put them back ${times} times; leave spec.replicas out of what is applied, or change the bounds`,
      evidence: [{ kind: 'event', resource, source: last.reason, text: last.message }],
      severity: 'medium',
      confidence: 0.85,
      params: {
        supply: `leave spec.replicas out of the manifests of ${scaled} (and stop whatever scales it by hand), or change minReplicas and maxReplicas of the autoscaler`,
      },
    },
  ];
}
