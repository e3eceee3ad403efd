import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { names } from '../scheduling-evidence.ts';

type Role = KubeObject<'Role'> | KubeObject<'ClusterRole'>;
type Rule = Role['rules'][number];

/** Those that Kubernetes itself puts there. */
const BUILT_IN = 'kubernetes.io/bootstrapping';

const isEverything = ({ verbs, resources }: Rule) => verbs.includes('*') && resources.includes('*');

export const roleAllowsEverything = defineCheck({
  code: 'ACC-002',
  title: 'A role allows everything',
  severity: 'info',
  role: 'cause',
  kinds: ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  hypothesis: 'it allows everything',
  doc: `A rule with * for verbs and for resources allows everything there is and everything that will ever be added. Roles that nobody is
bound to, and those that Kubernetes comes with, are not said. https://kubernetes.io/docs/concepts/security/rbac-good-practices/`,
  run: ({ view }) => {
    const bound = new Map<string, string[]>();
    for (const { metadata, roleRef, subjects } of [...view.list('RoleBinding'), ...view.list('ClusterRoleBinding')]) {
      const key = roleRef.kind === 'Role' ? `Role/${metadata.namespace ?? ''}/${roleRef.name}` : `ClusterRole/${roleRef.name}`;
      const who = subjects.map((s) => `${s.kind} ${s.namespace === undefined ? '' : `${s.namespace}/`}${s.name}`);
      bound.set(key, [...(bound.get(key) ?? []), ...who]);
    }
    const roles: readonly Role[] = [...view.list('Role'), ...view.list('ClusterRole')];
    return roles.flatMap((role): FindingDraft[] => {
      const { name, namespace, labels } = role.metadata;
      const index = role.rules.findIndex(isEverything);
      const rule = role.rules[index];
      const who = bound.get(namespace === undefined ? `ClusterRole/${name}` : `Role/${namespace}/${name}`) ?? [];
      if (rule === undefined || who.length === 0 || labels[BUILT_IN] !== undefined || name.startsWith('system:')) return [];
      const groups = rule.apiGroups.includes('*')
        ? 'of all groups'
        : `of ${names(rule.apiGroups.map((g) => (g === '' ? 'the core group' : g)))}`;
      return [
        {
          subject: refOf(role),
          field: `rules[${index}]`,
          affects: [],
          message: `it allows every verb on every resource ${groups}${namespace === undefined ? '' : ` in namespace ${namespace}`}; it is bound to ${names([...new Set(who)])}`,
          evidence: [
            {
              kind: 'field',
              resource: refOf(role),
              source: `rules[${index}]`,
              text: `verbs: ${rule.verbs.join(', ')}; resources: ${rule.resources.join(', ')}; apiGroups: ${rule.apiGroups.map((g) => g || '""').join(', ')}`,
            },
          ],
          confidence: 0.8,
        },
      ];
    });
  },
});
