import { describe, expect, test } from 'vitest';
import type { AccessRule } from './access-rules.ts';
import { type AccessQuestion, type Binding, type Role, allows, includes, whoCan } from './access.ts';

const rule = (verbs: string, resources: string, names = '', groups = ''): AccessRule => ({
  verbs: verbs.split(','),
  apiGroups: groups.split(','),
  resources: resources.split(','),
  resourceNames: names === '' ? [] : names.split(','),
});
const ask = (verb: string, what: string, more: Partial<AccessQuestion> = {}): AccessQuestion => {
  const [resource = '', subresource] = what.split('/');
  return { verb, group: '', resource, subresource, namespace: 'shop', ...more };
};

describe('a rule', () => {
  test.each([
    [rule('get', 'pods'), ask('get', 'pods'), true],
    [rule('get', 'pods'), ask('get', 'pods/log'), false],
    [rule('get', 'pods/log'), ask('get', 'pods/log'), true],
    [rule('get', '*/log'), ask('get', 'pods/log'), true],
    [rule('get', '*/log'), ask('get', 'pods'), false],
    [rule('*', '*', '', '*'), ask('impersonate', 'users'), true],
    [rule('get', 'pods', 'a'), ask('get', 'pods', { name: 'a' }), true],
    [rule('get', 'pods', 'a'), ask('get', 'pods', { name: 'b' }), false],
    [rule('create', 'pods', 'a'), ask('create', 'pods'), false],
    [rule('get', 'deployments', '', 'apps'), ask('get', 'deployments'), false],
  ])('%j, asked %j: %s', (r, question, allowed) => {
    expect(allows(r, question)).toBe(allowed);
  });
});

const role = (kind: Role['kind'], name: string, namespace?: string): Role => ({ kind, name, namespace, rules: [rule('get', 'pods')] });
const bind = (kind: Binding['kind'], name: string, to: string, subject: string, namespace?: string): Binding => {
  const [roleKind, roleName = ''] = to.split('/');
  return {
    kind,
    name,
    namespace,
    role: { kind: roleKind as Role['kind'], name: roleName },
    subjects: [{ kind: 'User', name: subject, namespace: undefined }],
  };
};

describe('who can', () => {
  const roles = [role('Role', 'r', 'shop'), role('Role', 'r', 'other'), role('ClusterRole', 'c')];
  const bindings = [
    bind('RoleBinding', 'a', 'Role/r', 'ann', 'shop'),
    bind('RoleBinding', 'b', 'Role/r', 'bob', 'other'),
    bind('RoleBinding', 'c', 'ClusterRole/c', 'cid', 'shop'),
    bind('ClusterRoleBinding', 'd', 'ClusterRole/c', 'dee'),
    bind('ClusterRoleBinding', 'e', 'ClusterRole/gone', 'eve'),
    bind('RoleBinding', 'f', 'ClusterRole/c', 'ann', 'shop'),
  ];
  const names = (question: AccessQuestion) => whoCan(question, roles, bindings).map((g) => `${g.subject.name} ${g.through.length}`);

  test('in a namespace: those bound there and in the whole cluster, each once with every way', () => {
    expect(names(ask('get', 'pods'))).toEqual(['ann 2', 'cid 1', 'dee 1']);
  });
  test('in the whole cluster: only those bound for all of it', () => {
    expect(names(ask('get', 'pods', { namespace: undefined }))).toEqual(['dee 1']);
  });
  test('a service account is the user that the server knows', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'bot', namespace: 'ci' } as const];
    const grants = whoCan(ask('get', 'pods'), roles, [{ ...bind('RoleBinding', 'g', 'Role/r', '', 'shop'), subjects }]);
    expect(includes(grants, 'system:serviceaccount:ci:bot', [])).toBe(true);
    expect(includes(grants, 'bot', [])).toBe(false);
  });
});
