import type { Kind, KubeObject } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';

/** Rights as RBAC grants them (kubernetes.io, "Using RBAC Authorization"), and how a refusal names the right that was missing. */

export const RBAC_KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ServiceAccount'] as const satisfies readonly Kind[];
export type RbacKind = (typeof RBAC_KINDS)[number];
export type Role = KubeObject<'Role' | 'ClusterRole'>;
export type Binding = KubeObject<'RoleBinding' | 'ClusterRoleBinding'>;
type Rule = Role['rules'][number];

/** One right an account asked for and was refused. */
export interface Need {
  readonly account: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  /** The object's name, where the request was about one. */
  readonly name: string | undefined;
}

// A log may quote the message inside JSON, so a quotation mark may have a backslash before it.
const Q = String.raw`\\*"`;
const FORBIDDEN = new RegExp(
  String.raw`(?:${Q}(?<name>[^"\\\s]+)${Q} )?is forbidden: User ${Q}system:serviceaccount:(?<ns>[a-z0-9-]+):(?<account>[a-z0-9.-]+)${Q} cannot (?<verb>\w+) resource ${Q}(?<resource>[a-z0-9./-]+)${Q} in API group ${Q}(?<group>[a-z0-9.-]*)${Q} (?:in the namespace ${Q}(?<where>[a-z0-9-]+)${Q}|at the cluster scope)`,
);

/** Reads the sentence in which the API server refuses a request of a ServiceAccount. Undefined for any other text. */
export function readForbidden(line: string): Need | undefined {
  const found = FORBIDDEN.exec(line)?.groups;
  if (found === undefined) return undefined;
  const one = !['list', 'watch', 'create', 'deletecollection'].includes(found['verb'] ?? '');
  return {
    account: { namespace: found['ns'] ?? '', name: found['account'] ?? '' },
    verb: found['verb'] ?? '',
    group: found['group'] ?? '',
    resource: found['resource'] ?? '',
    namespace: found['where'],
    name: one ? found['name'] : undefined,
  };
}

export const needWords = ({ verb, resource, group, namespace }: Need): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`} ${namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`}`;

/** The rule that gives the right and nothing more. */
export const leastRule = ({ verb, group, resource }: Need) => ({ apiGroups: [group], resources: [resource], verbs: [verb] });

const has = (all: readonly string[], one: string) => all.includes('*') || all.includes(one);
const ofResource = (rule: Rule, resource: string) => {
  const sub = resource.split('/')[1];
  return has(rule.resources, resource) || (sub !== undefined && rule.resources.includes(`*/${sub}`));
};

export function grants(role: Pick<Role, 'rules'>, need: Need): boolean {
  return role.rules.some(
    (rule) =>
      has(rule.verbs, need.verb) &&
      has(rule.apiGroups, need.group) &&
      ofResource(rule, need.resource) &&
      (rule.resourceNames.length === 0 || (need.name !== undefined && rule.resourceNames.includes(need.name))),
  );
}

/** What a role's rules say about nearly this right, in words; undefined where they say nothing of it. */
export function nearly(
  role: Role,
  need: Need,
): { readonly index: number; readonly part: 'verbs' | 'apiGroups' | 'resources' | 'resourceNames' } | undefined {
  const find = (part: 'verbs' | 'apiGroups' | 'resources' | 'resourceNames', test: (rule: Rule) => boolean) => {
    const index = role.rules.findIndex(test);
    return index < 0 ? undefined : { index, part };
  };
  const [base = ''] = need.resource.split('/');
  return (
    find('resourceNames', (r) => has(r.verbs, need.verb) && has(r.apiGroups, need.group) && ofResource(r, need.resource)) ??
    find('verbs', (r) => has(r.apiGroups, need.group) && ofResource(r, need.resource)) ??
    find('apiGroups', (r) => has(r.verbs, need.verb) && ofResource(r, need.resource)) ??
    find(
      'resources',
      (r) =>
        has(r.verbs, need.verb) && has(r.apiGroups, need.group) && r.resources.some((x) => x.startsWith(base.slice(0, -1)) || x === base),
    )
  );
}

/** Whether a subject of a binding is the account. */
export function isAccount(subject: Binding['subjects'][number], { namespace, name }: Need['account'], binding: Binding): boolean {
  switch (subject.kind) {
    case 'ServiceAccount':
      return subject.name === name && (subject.namespace ?? binding.metadata.namespace) === namespace;
    case 'User':
      return subject.name === `system:serviceaccount:${namespace}:${name}`;
    case 'Group':
      return [`system:serviceaccounts`, `system:serviceaccounts:${namespace}`, 'system:authenticated'].includes(subject.name);
    default:
      return false;
  }
}

export function roleOf(view: View<RbacKind>, binding: Binding): Role | undefined {
  const { kind, name } = binding.roleRef;
  return kind === 'ClusterRole' ? view.get('ClusterRole', undefined, name) : view.get('Role', binding.metadata.namespace, name);
}

/** The bindings that count where the right is asked for. */
export function bindingsFor(view: View<RbacKind>, namespace: string | undefined): readonly Binding[] {
  return [...(namespace === undefined ? [] : view.list('RoleBinding', namespace)), ...view.list('ClusterRoleBinding')];
}

/** A role that comes with the cluster, or is put together by it from others: not for us to change. */
export function isBuiltIn(role: Role): boolean {
  return (
    role.metadata.name.startsWith('system:') ||
    role.metadata.labels['kubernetes.io/bootstrapping'] !== undefined ||
    ['cluster-admin', 'admin', 'edit', 'view'].includes(role.metadata.name)
  );
}
