import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { QUOTA_KINDS, lacking, podSide, specAsAdmitted } from '../quota.ts';
import { refusedByQuota } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

export const quotaDemandsResources = defineCheck({
  code: 'QTA-002',
  title: 'A quota demands requests or limits that are not written',
  severity: 'high',
  role: 'cause',
  kinds: QUOTA_KINDS,
  hypothesis: 'a quota demands requests or limits that it does not write',
  doc: `Where a ResourceQuota limits cpu or memory, every container must say how much it asks for (or may use), unless a LimitRange
gives it a default; otherwise no pod is admitted.`,
  run: (ctx) =>
    refusedByQuota(ctx).flatMap(({ workload, refusal, missing, evidence }): FindingDraft[] => {
      if (refusal.kind !== 'unspecified') return [];
      const quota = ctx.view.get('ResourceQuota', workload.namespace, refusal.quota);
      const spec = specAsAdmitted(ctx.view, workload);
      const gaps = quota === undefined ? [] : lacking(spec, quota);
      const [gap] = gaps;
      if (quota === undefined || gap === undefined) return [];
      const part = podSide(gap.key);
      const name = gap.containers[0] ?? '';
      const i = workload.template.spec.containers.findIndex((c) => c.name === name);
      const j = workload.template.spec.initContainers.findIndex((c) => c.name === name);
      const path = i >= 0 ? `containers[${i}]` : `initContainers[${j}]`;
      const at = field(`${workload.specPath}.${path}.resources.${part?.side ?? 'requests'}`, part?.resource ?? '');
      return [
        {
          subject: workload.ref,
          field: at,
          affects: workload.replicaSets.slice(0, 1).map(refOf),
          message:
            `${count(missing, 'pod')} cannot be created: ResourceQuota ${quota.metadata.name} demands that every container writes ` +
            `${names(gaps.map((g) => g.key))}, and ${names(gap.containers.map((c) => `container ${c}`))} does not`,
          evidence: [
            ...evidence,
            { kind: 'field', resource: workload.ref, source: at, text: `container ${name}: ${gap.key} is not set` },
            {
              kind: 'field',
              resource: refOf(quota),
              source: 'spec.hard',
              text: Object.entries(quota.spec.hard)
                .map(([k, v]) => `${k}=${v}`)
                .join(', '),
            },
          ],
          confidence: 0.97,
          params: { quota: quota.metadata.name, missing },
        },
      ];
    }),
});
