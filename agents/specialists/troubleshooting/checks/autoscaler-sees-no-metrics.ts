import { type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';
import { conditionOf } from './autoscaler-target-missing.ts';

type Condition = KubeObject<'HorizontalPodAutoscaler'>['status']['conditions'][number];

/** metrics-server needs a minute or so for the pods of a new workload. Milliseconds. */
const GRACE_MS = 120_000;
const GROUPS: Readonly<Record<string, string>> = {
  FailedGetResourceMetric: 'metrics.k8s.io',
  FailedGetContainerResourceMetric: 'metrics.k8s.io',
  FailedGetPodsMetric: 'custom.metrics.k8s.io',
  FailedGetObjectMetric: 'custom.metrics.k8s.io',
  FailedGetExternalMetric: 'external.metrics.k8s.io',
};

/** The autoscaler is off because its target is at zero: nobody is to scale it. Requests that are missing are another check's. */
const NO_FAULT = /^(?:ScalingDisabled|FailedGetScale)$/;

/** It does not scale for a reason that has nothing to do with metrics: it does not know whose pods it counts. */
function otherwise(ref: ResourceRef, { reason, message, lastTransitionTime }: Condition, now: number): FindingDraft | undefined {
  if (NO_FAULT.test(reason ?? '') || !(now - Date.parse(lastTransitionTime ?? '') > GRACE_MS)) return undefined;
  const several = /(?:multiple HPAs:|more than one HPA[^[]*) ?\[([^\]]*)\]/i.exec(message ?? '')?.[1]?.split(/[\s,]+/) ?? [];
  return {
    subject: ref,
    field: several.length > 0 ? 'spec.scaleTargetRef' : 'status.conditions[ScalingActive]',
    affects: [],
    role: 'cause',
    message: `the autoscaler does not scale: ${message ?? reason ?? 'it does not say why'}`,
    evidence: [fieldEvidence(ref, 'status.conditions[ScalingActive].message', `${reason ?? ''}: ${message ?? ''}`)],
    confidence: several.length > 0 ? 0.92 : 0.7,
    params: {
      supply:
        several.length > 0
          ? `keep one autoscaler for those pods, with the metrics of all of them: an autoscaler takes the largest of its metrics. Delete the others of ${names(several)}`
          : 'correct what the autoscaler says of itself',
    },
  };
}

export const autoscalerSeesNoMetrics = defineCheck({
  code: 'HPA-003',
  title: 'An autoscaler gets no metrics, or cannot use them',
  severity: 'medium',
  role: 'symptom',
  kinds: ['HorizontalPodAutoscaler', 'APIService'],
  hypothesis: 'the metrics it scales by are missing',
  doc: `The autoscaler says that it cannot read what it scales by. Where nothing serves that API in the cluster (metrics-server for resources, an adapter for
others) that is the cause of all of them; where something does, its own words are quoted. Where it does not scale for another reason, as with two autoscalers over the same pods, that is said.`,
  run: ({ view, now, passed }) => {
    const found = new Map<string, FindingDraft[]>();
    for (const hpa of view.list('HorizontalPodAutoscaler')) {
      const active = conditionOf(hpa, 'ScalingActive');
      const group = GROUPS[active?.reason ?? ''];
      const ref = refOf(hpa);
      if (active?.status === 'True') passed(ref, 'it reads its metrics');
      if (active?.status !== 'False') continue;
      if (group === undefined) {
        const draft = otherwise(ref, active, now);
        if (draft !== undefined)
          found.set(`${ref.namespace ?? ''} ${draft.message}`, [...(found.get(`${ref.namespace ?? ''} ${draft.message}`) ?? []), draft]);
        continue;
      }
      const served = view.list('APIService').filter((a) => a.spec.group === group);
      const absent = served.length === 0 && view.complete('APIService');
      const down = served.find((a) => a.status.conditions.some((c) => c.type === 'Available' && c.status === 'False'));
      const late = now - Date.parse(active.lastTransitionTime ?? hpa.metadata.creationTimestamp ?? '') > GRACE_MS;
      if (!absent && down === undefined && !late) continue;
      const draft: FindingDraft = {
        subject: ref,
        affects: [],
        calls: down === undefined ? [] : [refOf(down)],
        message: absent
          ? `the autoscaler gets no metrics: nothing serves ${group} in this cluster`
          : down === undefined
            ? `the autoscaler gets no metrics: ${active.message ?? active.reason ?? ''}`
            : `the autoscaler gets no metrics: ${group} is not available`,
        evidence: [fieldEvidence(ref, 'status.conditions[ScalingActive].message', active.message ?? active.reason ?? '')],
        confidence: absent ? 0.9 : 0.6,
        ...(absent ? { role: 'cause' as const } : {}),
        params: {
          wanted: group,
          supply:
            down !== undefined
              ? `see why APIService ${down.metadata.name} is not available: ${down.status.conditions.find((c) => c.type === 'Available')?.message ?? 'it does not say'}`
              : group === 'metrics.k8s.io'
                ? 'install metrics-server'
                : `install the adapter that serves ${group}, or have the one there is serve what is asked for`,
        },
      };
      const key = absent ? group : ref.name;
      found.set(key, [...(found.get(key) ?? []), draft]);
    }
    // One absent API is one cause, however many autoscalers wait for it.
    return [...found.values()].flatMap(([first, ...others]) =>
      first === undefined || first.role !== 'cause' || others.length === 0
        ? [...(first === undefined ? [] : [first]), ...others]
        : [
            {
              ...first,
              affects: [...first.affects, ...others.map((o) => o.subject)],
              message: `${first.message}; so it is with ${names(others.map((o) => o.subject.name))}`,
            },
          ],
    );
  },
});
