import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { defaultAccountHasRights } from './default-account-has-rights.ts';

type Raw = Record<string, unknown>;
const binding = (kind: string, subject: Raw, namespace?: string): Raw => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'b', ...(namespace === undefined ? {} : { namespace }) },
  roleRef: { kind: 'ClusterRole', name: 'edit' },
  subjects: [subject],
});
const app = (more: Raw = {}) => ({ containers: [{ name: 'app' }], ...more });
const account = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' };
const look = (...objects: Raw[]) => told(examine([defaultAccountHasRights], [], objects));

test.each(['Deployment', 'StatefulSet', 'Pod'] as const)(
  'a %s without an account of its own has what is bound to the default one',
  (kind) => {
    const objects = workload({ kind, name: 'web', spec: app() });
    const text = `it gives the rights of ClusterRole edit to the default account of namespace shop, which 1 workload there uses without having asked for it: web`;
    expect(look(...objects, binding('RoleBinding', account, 'shop'))).toEqual([
      `ACC-001 RoleBinding/shop/b subjects[0].name affects web: ${text}`,
    ]);
    expect(look(...objects, binding('ClusterRoleBinding', account))).toEqual([
      `ACC-001 ClusterRoleBinding/b subjects[0].name affects web: ${text}`,
    ]);
  },
);

test('accounts of their own, tokens that are not mounted, and other namespaces are not meant', () => {
  const bound = binding('RoleBinding', account, 'shop');
  expect(look(...workload({ name: 'web', spec: app({ serviceAccountName: 'web' }) }), bound)).toEqual([]);
  expect(look(...workload({ name: 'web', spec: app({ automountServiceAccountToken: false }) }), bound)).toEqual([]);
  expect(look(...workload({ name: 'web', namespace: 'mall', spec: app() }), bound)).toEqual([]);
  expect(look(...workload({ name: 'web', spec: app() }), binding('RoleBinding', { ...account, name: 'web' }, 'shop'))).toEqual([]);
});
