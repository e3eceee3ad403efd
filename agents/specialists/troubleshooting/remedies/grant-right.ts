import type { ActionSpec, Json, PlanDraft } from '../../../contract/index.ts';
import { refOf, refWords } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { RIGHT_KINDS } from '../checks/right-is-missing.ts';
import { missingRight } from '../missing-right.ts';
import { type Need, leastRule, needWords } from '../rbac.ts';
import { names } from '../scheduling-evidence.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

export const grantRight = defineRemedy({
  name: 'grant-right',
  codes: ['RBC-003'],
  kinds: RIGHT_KINDS,
  doc: `Corrects the one thing that is wrong: the name in the binding, the rule that lacks the verb; or gives the account the missing right and
nothing more, in the namespace where it is asked for. Rights are widened by each of these, so each says so and none is of low risk. Rights
in the whole cluster, and roles that others have too, are for a person to change.`,
  run: ({ finding, view }) => {
    const needs = readNeeds(finding.params['needs']);
    const [need] = needs;
    if (need === undefined) return undefined;
    const { meant } = finding.params;
    const workload = finding.params['why'] === 'account' ? workloadAt(view, finding.subject) : undefined;
    if (workload !== undefined && typeof meant === 'string' && finding.field !== undefined) {
      const was = workload.template.spec.serviceAccountName;
      return changeOrAdvice(
        workload,
        was === undefined ? [{ op: 'add', path: pointer(finding.field), value: meant }] : replaceValue(finding.field, was, meant),
        {
          remedy: 'grant-right',
          title: `Run as ServiceAccount ${meant}`,
          because: `it has the right the program asks for, and the default account has not. The pods may then do all that ${meant} may: their rights are widened by that`,
          verify: ['RBC-003'],
        },
      );
    }
    const why = missingRight(view, need);
    if (why === undefined) return undefined;
    const { account, namespace } = need;
    const rights = names(needs.map(needWords), 6);
    const who = `ServiceAccount ${account.namespace}/${account.name}`;
    const advice = `Let ${who} ${rights}: rule ${JSON.stringify(needs.map(leastRule))} in a ${namespace === undefined ? 'ClusterRole bound by a ClusterRoleBinding' : `Role in namespace ${namespace} bound by a RoleBinding there`}; or have the program ask for less.`;
    const plan = (title: string, because: string, actions: readonly ActionSpec[]): PlanDraft => ({
      remedy: 'grant-right',
      title,
      because: `${because}. ${who} may then ${rights}: its rights are widened by that`,
      actions: [...actions],
      verify: ['RBC-003'],
      stableForSeconds: 10,
      atLeastRisk: 'high',
    });
    if (why === 'unknown' || namespace === undefined) return { advice };
    const least = (): PlanDraft => {
      const name = [account.name, need.verb, need.resource.replaceAll(/[^a-z0-9]+/g, '-')].join('-').slice(0, 63);
      const where = { apiVersion: RBAC, namespace };
      return plan(`Give ${who} the right to ${rights}`, `${finding.message}`, [
        create({ ...where, kind: 'Role', name }, { rules: needs.map(leastRule) }),
        bind({ ...where, kind: 'RoleBinding', name }, name, need),
      ]);
    };
    switch (why.why) {
      case 'subject': {
        const subject = why.binding.subjects[why.index];
        const right = why.part === 'name' ? account.name : account.namespace;
        const wrong = why.part === 'name' ? subject?.name : subject?.namespace;
        if (why.binding.kind === 'ClusterRoleBinding') return { advice };
        const path = `subjects[${why.index}].${why.part}`;
        const ops = wrong === undefined ? [{ op: 'add' as const, path: pointer(path), value: right }] : replaceValue(path, wrong, right);
        return {
          plans: [
            plan(`Bind ${refWords(refOf(why.role))} to ${right} instead of ${wrong ?? 'none'}`, finding.message, [
              { type: 'patch', target: refOf(why.binding), ops },
            ]),
          ],
          advice,
        };
      }
      case 'no-role': {
        if (why.meant === undefined || why.meant.kind !== 'Role') return { plans: [least()], advice };
        const role = why.meant.metadata.name;
        const target = { apiVersion: RBAC, kind: 'RoleBinding', namespace, name: `${why.binding.metadata.name}-${role}`.slice(0, 63) };
        return {
          plans: [
            plan(`Bind Role ${role}, which exists`, `${finding.message}. The role of a binding cannot be changed, so one more is made`, [
              bind(target, role, need),
            ]),
          ],
          advice,
        };
      }
      case 'rule': {
        if (why.role.kind !== 'Role' || why.shared) return { plans: [least()], advice };
        const target = refOf(why.role);
        const rules = why.role.rules;
        const rule = why.near === undefined ? undefined : rules[why.near.index];
        const [one] = needs;
        // Into the rule itself where it is about nothing else; else a rule of its own, so that nothing besides is widened.
        const own =
          why.near?.part === 'verbs' &&
          rule?.resources.length === 1 &&
          rule.apiGroups.length === 1 &&
          needs.every((n) => n.resource === one?.resource && n.group === one.group);
        const at = why.near === undefined ? '' : pointer(`rules[${why.near.index}].verbs`);
        const ops =
          own && rule !== undefined
            ? [
                { op: 'test' as const, path: at, value: [...rule.verbs] },
                ...needs.map((n) => ({ op: 'add' as const, path: `${at}/-`, value: n.verb })),
              ]
            : rules.length === 0
              ? [{ op: 'add' as const, path: '/rules', value: needs.map(leastRule) }]
              : needs.map((n) => ({ op: 'add' as const, path: '/rules/-', value: leastRule(n) }));
        return {
          plans: [
            plan(`Add ${names(needs.map((n) => `${n.verb} on ${n.resource}`))} to ${refWords(target)}`, finding.message, [
              { type: 'patch', target, ops },
            ]),
          ],
          advice,
        };
      }
      case 'unbound': {
        const role = why.role.metadata.name;
        const target = { apiVersion: RBAC, kind: 'RoleBinding', namespace, name: `${account.name}-${role}`.slice(0, 63) };
        return { plans: [plan(`Bind Role ${role} to ${account.name}`, finding.message, [bind(target, role, need)])], advice };
      }
      case 'elsewhere':
      case 'nothing':
        return { plans: [least()], advice };
      default:
        return { advice };
    }
  },
});

type Target = { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };

function create(target: Target, body: { readonly [key: string]: Json }): ActionSpec {
  const { apiVersion, kind, name, namespace } = target;
  return { type: 'create', target, manifest: { apiVersion, kind, metadata: { name, namespace }, ...body } };
}

function bind(target: Target, role: string, { account }: Need): ActionSpec {
  return create(target, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
  });
}

/** What the check put into its finding; anything else is none. */
function readNeeds(text: unknown): readonly Need[] {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : [];
    return Array.isArray(value) ? (value as Need[]) : [];
  } catch {
    return [];
  }
}
