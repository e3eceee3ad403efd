import type { PlanDraft } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { ACCOUNT_KINDS } from '../checks/service-account-does-not-exist.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const correctServiceAccount = defineRemedy({
  name: 'correct-service-account',
  codes: ['RBC-001'],
  kinds: ACCOUNT_KINDS,
  doc: `Names the account of a nearly equal name, where just one is near; or creates the account that is asked for where a binding already
gives it rights. An account nobody has rights for is created only by a person: what it may do is not to be guessed.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { wanted, meant } = finding.params;
    if (w === undefined || typeof wanted !== 'string' || finding.field === undefined) return undefined;
    const bindings = [...view.list('RoleBinding', w.namespace), ...view.list('ClusterRoleBinding')];
    const bound = bindings.filter((b) =>
      b.subjects.some((s) => s.kind === 'ServiceAccount' && s.name === wanted && (s.namespace ?? b.metadata.namespace) === w.namespace),
    );
    const advice = `Create ServiceAccount ${wanted} in namespace ${w.namespace} and bind the rights it needs, or correct ${finding.field}.`;
    const create: PlanDraft[] =
      bound.length === 0
        ? []
        : [
            {
              remedy: 'correct-service-account-create',
              title: `Create ServiceAccount ${wanted}`,
              because: `${bound.map((b) => `${b.kind} ${b.metadata.name}`).join(' and ')} already ${bound.length === 1 ? 'gives' : 'give'} it rights, so it was there or is meant to be`,
              actions: [
                {
                  type: 'create',
                  target: { apiVersion: 'v1', kind: 'ServiceAccount', namespace: w.namespace, name: wanted },
                  manifest: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: wanted, namespace: w.namespace } },
                },
              ],
              verify: ['RBC-001'],
              stableForSeconds: 10,
              atLeastRisk: 'medium',
            },
          ];
    if (typeof meant !== 'string') return create.length > 0 ? { plans: create, advice } : { advice };
    const answer = changeOrAdvice(w, replaceValue(finding.field, wanted, meant), {
      remedy: 'correct-service-account',
      title: `Run as ServiceAccount ${meant} instead of ${wanted}`,
      because: `ServiceAccount ${wanted} does not exist in namespace ${w.namespace}, and ${meant} is the only one with a nearly equal name`,
      verify: ['RBC-001'],
    });
    return { plans: [...create, ...(answer.plans ?? [])], advice: answer.advice ?? advice };
  },
});
