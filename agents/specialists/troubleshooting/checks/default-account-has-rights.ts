import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { count, names } from '../scheduling-evidence.ts';

type Binding = KubeObject<'RoleBinding'> | KubeObject<'ClusterRoleBinding'>;

/** What every pod is that names no account. */
const usesDefault = ({ template: { spec } }: Workload) =>
  (spec.serviceAccountName === undefined || spec.serviceAccountName === '' || spec.serviceAccountName === 'default') &&
  spec.automountServiceAccountToken !== false;

export const defaultAccountHasRights = defineCheck({
  code: 'ACC-001',
  title: 'The default account of a namespace has rights of its own',
  severity: 'info',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'RoleBinding', 'ClusterRoleBinding'],
  hypothesis: 'the default account of its namespace has rights of its own',
  doc: `Every pod that names no ServiceAccount runs as the one called default. Rights that are bound to it are therefore the rights of programs
that nobody meant to give any. It works, so nothing is wrong; an account of its own for the program that needs the rights is better.
https://kubernetes.io/docs/concepts/security/rbac-good-practices/`,
  run: ({ view }) => {
    const bindings: readonly Binding[] = [...view.list('RoleBinding'), ...view.list('ClusterRoleBinding')];
    return bindings.flatMap((binding): FindingDraft[] =>
      binding.subjects.flatMap((subject, i): FindingDraft[] => {
        const namespace = subject.namespace ?? binding.metadata.namespace;
        if (subject.kind !== 'ServiceAccount' || subject.name !== 'default' || namespace === undefined) return [];
        const users = workloads(view, namespace).filter(usesDefault);
        if (users.length === 0) return [];
        const { kind, name } = binding.roleRef;
        return [
          {
            subject: refOf(binding),
            field: `subjects[${i}].name`,
            affects: users.map((w) => w.ref),
            message: `it gives the rights of ${kind} ${name} to the default account of namespace ${namespace}, which ${count(users.length, 'workload')} there ${users.length === 1 ? 'uses' : 'use'} without having asked for it: ${names(users.map((w) => w.name))}`,
            evidence: [{ kind: 'field', resource: refOf(binding), source: `subjects[${i}]`, text: `ServiceAccount ${namespace}/default` }],
            confidence: 0.8,
          },
        ];
      }),
    );
  },
});
