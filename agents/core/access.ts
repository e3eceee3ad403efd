import { type AccessRule, ruleFor } from './access-rules.ts';

/** Who may do what, by the rules of RBAC alone. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ Pure. */

export interface Role {
  readonly kind: 'Role' | 'ClusterRole';
  /** Undefined for a ClusterRole. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  /** Of a ServiceAccount. */
  readonly namespace: string | undefined;
}

export interface Binding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly namespace: string | undefined;
  readonly name: string;
  readonly role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly subjects: readonly Subject[];
}

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Undefined: in the whole cluster. */
  readonly namespace?: string | undefined;
  /** Undefined: any of them, so that a right to single names does not do. */
  readonly name?: string | undefined;
}

export interface Grant {
  readonly subject: Subject;
  readonly through: readonly { readonly binding: Binding; readonly role: Role }[];
}

/** As RBAC reads a rule: `pods` is not `pods/log`, and a rule for single names does not do for any of them. */
export function allows(rule: AccessRule, { verb, group, resource, subresource, name }: AccessQuestion): boolean {
  const right = { verb, group, resource, ...(subresource === undefined ? {} : { subresource }), ...(name === undefined ? {} : { name }) };
  return ruleFor({ rules: [rule], complete: true }, right) !== undefined;
}

/** Everybody who may, each once with all ways that lead there; in the order of their names. A binding to a role that is not there gives nothing. */
export function whoCan(question: AccessQuestion, roles: readonly Role[], bindings: readonly Binding[]): readonly Grant[] {
  const byName = new Map(roles.map((r) => [`${r.kind} ${r.namespace ?? ''} ${r.name}`, r]));
  const grants = new Map<string, { subject: Subject; through: { binding: Binding; role: Role }[] }>();
  for (const binding of bindings) {
    // What a binding of a namespace gives, it gives there.
    if (binding.kind === 'RoleBinding' && (question.namespace === undefined || binding.namespace !== question.namespace)) continue;
    const role = byName.get(`${binding.role.kind} ${binding.role.kind === 'Role' ? (binding.namespace ?? '') : ''} ${binding.role.name}`);
    if (role === undefined || !role.rules.some((rule) => allows(rule, question))) continue;
    for (const subject of binding.subjects) {
      const key = `${subject.kind} ${subject.namespace ?? ''} ${subject.name}`;
      const grant = grants.get(key) ?? { subject, through: [] };
      grants.set(key, grant);
      grant.through.push({ binding, role });
    }
  }
  return [...grants.values()].sort(
    (a, b) => a.subject.kind.localeCompare(b.subject.kind) || nameOf(a.subject).localeCompare(nameOf(b.subject)),
  );
}

const nameOf = ({ namespace, name }: Subject) => `${namespace ?? ''}/${name}`;

/** Whether somebody the server knows by this name and in these groups is among them. */
export function includes(grants: readonly Grant[], user: string, groups: readonly string[]): boolean {
  return grants.some(({ subject: { kind, name, namespace } }) => {
    if (kind === 'Group') return groups.includes(name);
    return user === (kind === 'User' ? name : `system:serviceaccount:${namespace ?? ''}:${name}`);
  });
}
