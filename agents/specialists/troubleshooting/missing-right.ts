import type { KubeObject } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';
import type { View } from '../../core/view.ts';
import {
  type Binding,
  type Need,
  RBAC_KINDS,
  type RbacKind,
  type Role,
  bindingsFor,
  grants,
  isAccount,
  isBuiltIn,
  nearly,
  roleOf,
} from './rbac.ts';

/** Why an account has not got a right: the one object that is wrong, and what it should say. */
export type MissingRight =
  /** A binding whose role gives the right is for another account: the one named here, that nearly is it. */
  | { readonly why: 'subject'; readonly binding: Binding; readonly index: number; readonly part: 'name' | 'namespace'; readonly role: Role }
  /** The binding is for the account, and its role does not exist. */
  | { readonly why: 'no-role'; readonly binding: Binding; readonly meant: Role | undefined }
  /** The role that is bound lacks it. `shared`: others have that role too. */
  | {
      readonly why: 'rule';
      readonly role: Role;
      readonly binding: Binding;
      readonly near: ReturnType<typeof nearly>;
      readonly shared: boolean;
    }
  /** The account has the right, but in other namespaces only. */
  | { readonly why: 'elsewhere'; readonly bindings: readonly Binding[] }
  /** A role gives it, and nothing binds that role to the account. */
  | { readonly why: 'unbound'; readonly role: Role }
  | { readonly why: 'nothing' }
  /** The pods run as the namespace's default account, and another one, made for this, has the right. */
  | { readonly why: 'account'; readonly meant: string };

/** Undefined where it has the right by now; `unknown` where the roles cannot all be read. */
export function missingRight(view: View<RbacKind>, need: Need): MissingRight | undefined | 'unknown' {
  const { account, namespace } = need;
  if (RBAC_KINDS.some((kind) => !view.complete(kind, kind === 'ClusterRole' || kind === 'ClusterRoleBinding' ? undefined : namespace)))
    return 'unknown';
  const bindings = bindingsFor(view, namespace);
  const mine = bindings.filter((b) => b.subjects.some((s) => isAccount(s, account, b)));
  if (mine.some((b) => grantsIt(roleOf(view, b), need))) return undefined;
  for (const binding of bindings) {
    const role = roleOf(view, binding);
    if (mine.includes(binding) || role === undefined || !grants(role, need) || isBuiltIn(role)) continue;
    const subject = meantSubject(view, binding, account);
    if (subject !== undefined) return { why: 'subject', binding, role, ...subject };
  }
  const own = mine.filter((b) => b.subjects.some((s) => s.kind !== 'Group' && isAccount(s, account, b)));
  const dangling = own.find((b) => roleOf(view, b) === undefined);
  if (dangling !== undefined) {
    const roles = rolesAt(view, namespace).filter((r) => r.kind === dangling.roleRef.kind && grants(r, need));
    const meant = nearest(
      dangling.roleRef.name,
      roles.map((r) => r.metadata.name),
    );
    return { why: 'no-role', binding: dangling, meant: roles.find((r) => r.metadata.name === meant) };
  }
  const lacking = own
    .flatMap((binding) => {
      const role = roleOf(view, binding);
      return role === undefined || isBuiltIn(role) ? [] : [{ binding, role, near: nearly(role, need) }];
    })
    .sort(
      (a, b) =>
        Number(b.near !== undefined) - Number(a.near !== undefined) || Number(b.role.kind === 'Role') - Number(a.role.kind === 'Role'),
    );
  const [best] = lacking;
  if (best?.near !== undefined) return { why: 'rule', ...best, shared: isShared(view, best.role, best.binding) };
  const elsewhere = namespace === undefined ? [] : bindingsElsewhere(view, need);
  if (elsewhere.length > 0) return { why: 'elsewhere', bindings: elsewhere };
  if (best !== undefined) return { why: 'rule', ...best, shared: isShared(view, best.role, best.binding) };
  const unbound = rolesAt(view, namespace).filter((r) => grants(r, need) && r.kind === 'Role' && isNear(r, account.name));
  return unbound[0] === undefined ? { why: 'nothing' } : { why: 'unbound', role: unbound[0] };
}

/** The account of that namespace, other than the default one, that has the right and whose name is that of the workload or the only one. */
export function accountMeant(view: View<RbacKind>, need: Need, workload: string): string | undefined {
  if (need.account.name !== 'default' || need.namespace === undefined) return undefined;
  const able = view
    .list('ServiceAccount', need.account.namespace)
    .map((s) => s.metadata.name)
    .filter((name) => name !== 'default')
    .filter((name) =>
      bindingsFor(view, need.namespace).some(
        (b) =>
          b.subjects.some((s) => s.kind === 'ServiceAccount' && isAccount(s, { ...need.account, name }, b)) &&
          grantsIt(roleOf(view, b), need),
      ),
    );
  return able.find((name) => name === workload) ?? (able.length === 1 ? able[0] : nearest(workload, able));
}

const grantsIt = (role: Role | undefined, need: Need) => role !== undefined && grants(role, need);

const rolesAt = (view: View<RbacKind>, namespace: string | undefined): readonly Role[] => [
  ...(namespace === undefined ? [] : view.list('Role', namespace)),
  ...view.list('ClusterRole'),
];

/** A role whose name shares a word with the account's: made for it, and not for somebody else. */
function isNear(role: Role, account: string): boolean {
  const words = new Set(account.split(/[-.:]/));
  return role.metadata.name.split(/[-.:]/).some((word) => word.length > 2 && words.has(word));
}

/** The subject that was meant to be the account: its name in a namespace that has no such account, or a name nearly like it. */
function meantSubject(
  view: View<RbacKind>,
  binding: Binding,
  { namespace, name }: Need['account'],
): { readonly index: number; readonly part: 'name' | 'namespace' } | undefined {
  const exists = (ns: string | undefined, n: string): KubeObject<'ServiceAccount'> | undefined => view.get('ServiceAccount', ns, n);
  for (const [index, subject] of binding.subjects.entries()) {
    if (subject.kind !== 'ServiceAccount') continue;
    const at = subject.namespace ?? binding.metadata.namespace;
    if (exists(at, subject.name) !== undefined) continue;
    if (subject.name === name) return { index, part: 'namespace' };
    if (at === namespace && nearest(subject.name, [name]) !== undefined) return { index, part: 'name' };
  }
  return undefined;
}

/** More than this one account have the role: what is added to it, they get too. */
function isShared(view: View<RbacKind>, role: Role, binding: Binding): boolean {
  if (role.kind === 'ClusterRole') {
    const all = [...view.list('ClusterRoleBinding'), ...view.list('RoleBinding')].filter(
      (b) => b.roleRef.kind === 'ClusterRole' && b.roleRef.name === role.metadata.name,
    );
    return all.length > 1 || binding.subjects.length > 1;
  }
  const all = view
    .list('RoleBinding', role.metadata.namespace)
    .filter((b) => b.roleRef.kind === 'Role' && b.roleRef.name === role.metadata.name);
  return all.length > 1 || binding.subjects.length > 1;
}

function bindingsElsewhere(view: View<RbacKind>, need: Need): readonly Binding[] {
  return view
    .list('RoleBinding')
    .filter(
      (b) =>
        b.metadata.namespace !== need.namespace &&
        b.subjects.some((s) => s.kind !== 'Group' && isAccount(s, need.account, b)) &&
        grantsIt(roleOf(view, b), { ...need, namespace: b.metadata.namespace }),
    );
}
