import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { roleAllowsEverything } from './role-allows-everything.ts';

type Raw = Record<string, unknown>;
const ALL = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const role = (kind: string, rules: readonly Raw[], meta: Raw = {}): Raw => ({ kind, metadata: { name: 'r', ...meta }, rules });
const bound = (roleKind: string, name = 'r', meta: Raw = {}): Raw => ({
  kind: meta['namespace'] === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name: 'b', ...meta },
  roleRef: { kind: roleKind, name },
  subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace: 'build' }],
});
const look = (...objects: Raw[]) => told(examine([roleAllowsEverything], [], objects));

test('a role with stars in it says what it allows and to whom', () => {
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, ALL];
  expect(look(role('ClusterRole', rules), bound('ClusterRole'))).toEqual([
    'ACC-002 ClusterRole/r rules[1]: it allows every verb on every resource of all groups; it is bound to ServiceAccount build/ci',
  ]);
  const inShop = { namespace: 'shop' };
  expect(look(role('Role', [{ ...ALL, apiGroups: ['', 'apps'] }], inShop), bound('Role', 'r', inShop))).toEqual([
    'ACC-002 Role/shop/r rules[0]: it allows every verb on every resource of the core group and apps in namespace shop; it is bound to ServiceAccount build/ci',
  ]);
});

test('roles that nobody is bound to, that Kubernetes brings along, or that name what they allow are not said', () => {
  expect(look(role('ClusterRole', [ALL]))).toEqual([]);
  expect(look(role('ClusterRole', [ALL], { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }), bound('ClusterRole'))).toEqual(
    [],
  );
  expect(look(role('ClusterRole', [ALL], { name: 'system:x' }), bound('ClusterRole', 'system:x'))).toEqual([]);
  expect(look(role('ClusterRole', [{ ...ALL, resources: ['pods'] }]), bound('ClusterRole'))).toEqual([]);
});
