import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';
import { isScaled } from './autoscaler-target-missing.ts';

export const autoscalerWithoutRequests = defineCheck({
  code: 'HPA-002',
  title: 'An autoscaler measures against requests that are not set',
  severity: 'medium',
  role: 'cause',
  kinds: ['HorizontalPodAutoscaler', 'LimitRange', ...WORKLOAD_KINDS],
  hypothesis: 'its containers have no request to measure against',
  doc: `A target in per cent (averageUtilization) is per cent of what the containers request. Where one container of the pod has no request for that resource the
autoscaler cannot compute it and scales nothing. A limit without a request counts as the request, and a LimitRange may fill it in.`,
  run: ({ view, passed }) =>
    view.list('HorizontalPodAutoscaler').flatMap((hpa): FindingDraft[] => {
      const { kind, name } = hpa.spec.scaleTargetRef;
      const { namespace = '' } = hpa.metadata;
      const ref = refOf(hpa);
      const target = isScaled(kind) ? workloadAt(view, { kind, namespace, name }) : undefined;
      if (target === undefined) return [];
      const [pod] = target.currentPods;
      const spec = pod?.spec ?? target.template.spec;
      for (const metric of hpa.spec.metrics) {
        const resource = metric.resource?.name;
        if (resource === undefined || metric.resource?.target.averageUtilization === undefined) continue;
        const filled =
          pod === undefined &&
          view
            .list('LimitRange', namespace)
            .some((r) => r.spec.limits.some((l) => l.type === 'Container' && (resource in l.defaultRequest || resource in l.default)));
        const without = spec.containers.filter((c) => !(resource in c.resources.requests) && !(resource in c.resources.limits));
        if (without.length === 0 || filled) {
          passed(ref, `all containers request ${resource}`);
          continue;
        }
        const [first] = without;
        const at = target.template.spec.containers.findIndex((c) => c.name === first?.name);
        const field = `${target.specPath}.containers[${Math.max(at, 0)}].resources.requests`;
        return [
          {
            subject: target.ref,
            field,
            affects: [ref],
            message: `HorizontalPodAutoscaler ${hpa.metadata.name} is to keep ${resource} at ${metric.resource.target.averageUtilization} % of the request, and container ${names(without.map((c) => c.name))} of ${kind} ${name} requests none, so it cannot scale`,
            evidence: [
              fieldEvidence(ref, 'spec.metrics', `${resource} ${metric.resource.target.averageUtilization} %`),
              fieldEvidence(target.ref, field, 'not set'),
            ],
            confidence: 0.95,
            params: {
              container: first?.name ?? '',
              supply: `set a request for ${resource} on container ${names(without.map((c) => c.name))}: what it needs in normal use`,
            },
          },
        ];
      }
      return [];
    }),
});
