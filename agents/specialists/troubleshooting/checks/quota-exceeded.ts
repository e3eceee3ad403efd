import { refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field as fieldOf } from '../../../core/paths.ts';
import { workloads } from '../../../core/workloads.ts';
import { formatAmount, heaviest } from '../pod-requests.ts';
import { QUOTA_KINDS, amountsOf, askedOf, isOfPod, podSide, quotaResource, scopeWords, specAsAdmitted, usersOf } from '../quota.ts';
import { refusedByQuota } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

export const quotaExceeded = defineCheck({
  code: 'QTA-001',
  title: 'A quota refuses its pods',
  severity: 'high',
  role: 'cause',
  kinds: QUOTA_KINDS,
  hypothesis: 'a quota refuses its pods',
  doc: `A ResourceQuota is enforced when a pod is created: what the namespace uses and what the pod asks together must not exceed any
hard amount. The controller keeps trying; the workload looks healthy but for missing pods. Says which quota, which resource, how much
is asked, used and allowed, and who uses it.`,
  run: (ctx) =>
    refusedByQuota(ctx).flatMap(({ workload, refusal, missing, evidence }): FindingDraft[] => {
      if (refusal.kind !== 'exceeded') return [];
      const { view } = ctx;
      const quota = view.get('ResourceQuota', workload.namespace, refusal.quota);
      if (quota === undefined) return [];
      const { hard, used } = amountsOf(quota);
      const spec = specAsAdmitted(view, workload);
      const use = askedOf(spec, Object.keys(hard), refusal.requested);
      const over = Object.keys(hard).filter((key) => (used[key] ?? 0) + (use[key] ?? 0) > (hard[key] ?? Infinity) + 1e-9);
      const fits = over.length === 0;
      const keys = fits ? Object.keys(refusal.requested) : over;
      const [key] = keys;
      if (key === undefined) return [];
      const say = (k: string) => {
        const r = quotaResource(k);
        return `${k} (${isOfPod(k) ? 'each pod asks' : 'asked'} ${formatAmount(r, use[k] ?? 0)}, used ${formatAmount(r, used[k] ?? 0)} of ${formatAmount(r, hard[k] ?? 0)})`;
      };
      const part = podSide(key);
      const place = part === null ? undefined : heaviest(workload.template.spec, workload.specPath, part.resource, part.side);
      const written = part === null ? undefined : place?.container.resources[part.side][part.resource];
      const at =
        place === undefined || part === null
          ? /storage|persistentvolumeclaims/.test(key) && workload.object.kind === 'StatefulSet'
            ? 'spec.volumeClaimTemplates'
            : 'spec.replicas'
          : fieldOf(`${place.path}.resources.${written === undefined ? 'limits' : part.side}`, part.resource);
      const users = usersOf(workloads(view), quota, key);
      return [
        {
          subject: workload.ref,
          field: at,
          affects: workload.replicaSets.slice(0, 1).map(refOf),
          message:
            `${count(missing, 'pod')} cannot be created: ResourceQuota ${quota.metadata.name}${scopeWords(quota)} is exceeded by ${names(keys.map(say))}` +
            (fits ? '; there is room by now, and the controller will try again by itself' : ''),
          evidence: [
            ...evidence,
            {
              kind: 'field',
              resource: refOf(quota),
              source: fieldOf('status.used', key),
              text: keys.map(say).join('; '),
            },
            ...users.slice(0, 5).map((u) => ({
              kind: 'field' as const,
              resource: u.workload.ref,
              source: `${u.workload.specPath}.containers`,
              text: `${refWords(u.workload.ref)} uses ${formatAmount(quotaResource(key), u.amount)} of ${key}`,
            })),
          ],
          confidence: fits ? 0.6 : 0.97,
          ...(fits ? { severity: 'low' as const } : {}),
          params: { quota: quota.metadata.name, key, missing, fits, requested: JSON.stringify(refusal.requested) },
        },
      ];
    }),
});
