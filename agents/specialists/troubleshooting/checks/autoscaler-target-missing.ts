import { type KubeObject, isKind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';

export const SCALED_KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'] as const;
export type ScaledKind = (typeof SCALED_KINDS)[number];

/** Of kinds we read only: what a custom resource is, only its own operator knows. */
export const isScaled = (kind: string): kind is ScaledKind => isKind(kind) && (SCALED_KINDS as readonly string[]).includes(kind);

export const conditionOf = ({ status }: KubeObject<'HorizontalPodAutoscaler'>, type: string) =>
  status.conditions.find((c) => c.type === type);

export const autoscalerTargetMissing = defineCheck({
  code: 'HPA-001',
  title: 'An autoscaler names a workload that does not exist',
  severity: 'medium',
  role: 'cause',
  kinds: ['HorizontalPodAutoscaler', ...SCALED_KINDS],
  hypothesis: 'the workload it scales is missing',
  doc: `The scaleTargetRef of a HorizontalPodAutoscaler names an object that is not in its namespace, so it scales nothing.`,
  run: ({ view, now, passed }) =>
    view.list('HorizontalPodAutoscaler').flatMap((hpa): FindingDraft[] => {
      const { kind, name } = hpa.spec.scaleTargetRef;
      const { namespace } = hpa.metadata;
      const ref = refOf(hpa);
      if (!isScaled(kind) || isNew(hpa, now) || !view.complete(kind, namespace)) return [];
      if (view.get(kind, namespace, name) !== undefined) {
        passed(ref, `${kind} ${name} is there`);
        return [];
      }
      const there = view.list(kind, namespace).map((o) => o.metadata.name);
      const right = nearest(name, there);
      const otherKind = SCALED_KINDS.find((k) => k !== kind && view.get(k, namespace, name) !== undefined);
      return [
        {
          subject: ref,
          field: otherKind === undefined ? 'spec.scaleTargetRef.name' : 'spec.scaleTargetRef.kind',
          affects: [],
          message: `${kind} ${name}, which the autoscaler is to scale, does not exist; ${otherKind !== undefined ? `there is a ${otherKind} of that name` : right === undefined ? `no ${kind} of ${namespace ?? ''} has a name like it` : `was ${right} meant?`}`,
          evidence: [
            fieldEvidence(ref, 'spec.scaleTargetRef', `${kind}/${name}`),
            fieldEvidence(ref, 'status.conditions[AbleToScale].message', conditionOf(hpa, 'AbleToScale')?.message ?? 'no condition yet'),
          ],
          confidence: 0.95,
          params: {
            wanted: name,
            kind,
            ...(otherKind !== undefined
              ? { wrong: kind, right: otherKind }
              : right !== undefined
                ? { wrong: name, right }
                : { supply: `point the autoscaler to a workload that exists, or delete it with the ${kind} it was for` }),
          },
        },
      ];
    }),
});
