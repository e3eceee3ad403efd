import { expect, test } from 'vitest';
import { container, ended, examine, running, workload } from '../../testing/cluster.ts';
import { answering } from '../../testing/refused.ts';
import { planned, told } from '../../testing/told.ts';
import { readForbidden } from '../rbac.ts';
import { grantRight } from '../remedies/grant-right.ts';
import { rightIsMissing } from './right-is-missing.ts';

type Raw = Record<string, unknown>;
const RBAC = 'rbac.authorization.k8s.io/v1';
const line = (verb: string, resource: string, group = '', where = 'in the namespace "shop"', account = 'shop:robot') =>
  `E0301 reflector: failed: ${resource} is forbidden: User "system:serviceaccount:${account}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
const account = (name = 'robot', namespace = 'shop'): Raw => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
const role = (rules: Raw[], name = 'robot', namespace = 'shop'): Raw => ({
  apiVersion: RBAC,
  kind: 'Role',
  metadata: { name, namespace },
  rules,
});
const rule = (verbs: string[], resources: string[], apiGroups = ['']): Raw => ({ verbs, resources, apiGroups });
const binding = (subject: Raw = {}, more: Raw = {}, namespace = 'shop'): Raw => ({
  apiVersion: RBAC,
  kind: 'RoleBinding',
  metadata: { name: 'robot', namespace },
  roleRef: { kind: 'Role', name: 'robot' },
  subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'shop', ...subject }],
  ...more,
});
const spec = {
  serviceAccountName: 'robot',
  containers: [
    { name: 'first', image: 'b' },
    { name: 'app', image: 'a' },
  ],
};
const crashing = (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' = 'Deployment') =>
  workload({
    kind,
    name: 'bot',
    spec,
    status: { containerStatuses: [container('first', running(), { ready: true }), container('app', ended(1), { restartCount: 2 })] },
  });
const healthy = (since = '2026-03-01T11:50:00Z', serviceAccountName = 'robot') =>
  workload({
    name: 'bot',
    spec: { ...spec, serviceAccountName },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [container('app', running(since), { ready: true })],
    },
  });
const look = (objects: readonly Raw[], ...log: string[]) => examine([rightIsMissing], [grantRight], objects, answering({ log }));
const heads = (report: ReturnType<typeof look>) => told(report).map((t) => t.split(' affects')[0]);

test('a rule lacks the verb: that rule is named, and the verb added to it', () => {
  const report = look(
    [account(), role([rule(['get'], ['configmaps']), rule(['get', 'list'], ['pods'])]), binding(), ...crashing()],
    line('watch', 'pods'),
  );
  expect(told(report)).toEqual([
    'RBC-003 Role/shop/robot rules[1].verbs affects bot, bot-r1-x: ServiceAccount shop/robot may not watch pods in namespace shop: rules[1] of Role shop/robot has verbs get, list, and lacks watch',
  ]);
  expect(planned(report)['RBC-003 Role/shop/robot']?.[1]).toBe(
    'patch Role/shop/robot test /rules/1/verbs ["get","list"]; add /rules/1/verbs/- "watch"',
  );
  expect(report.drafts[0]?.draft.because).toContain('its rights are widened');
  expect(report.drafts[0]?.draft.atLeastRisk).toBe('high');
});

test('a rule about several resources stays as it is: the right gets one of its own', () => {
  const report = look([account(), role([rule(['get'], ['pods', 'secrets'])]), binding(), ...crashing('StatefulSet')], line('list', 'pods'));
  expect(planned(report)['RBC-003 Role/shop/robot']?.[1]).toBe(
    'patch Role/shop/robot add /rules/- {"apiGroups":[""],"resources":["pods"],"verbs":["list"]}',
  );
});

test.each([
  ['the API group', role([rule(['list'], ['deployments'])]), line('list', 'deployments', 'apps'), 'rules[0].apiGroups'],
  ['the resource', role([rule(['get'], ['pods'])]), line('get', 'pods/log'), 'rules[0].resources'],
  ['the plural', role([rule(['list'], ['configmap'])]), line('list', 'configmaps'), 'rules[0].resources'],
  ['the name', role([{ ...rule(['list'], ['pods']), resourceNames: ['one'] }]), line('list', 'pods'), 'rules[0].resourceNames'],
  ['any rule', role([rule(['get'], ['secrets'])]), line('list', 'nodes-of-ours', 'x.io'), 'rules'],
])('a role that lacks %s', (_, wrong, said, field) => {
  expect(heads(look([account(), wrong, binding(), ...crashing('DaemonSet')], said))).toEqual([`RBC-003 Role/shop/robot ${field}`]);
});

test('a binding for another namespace, or a misspelt account, is corrected', () => {
  const objects = [account(), role([rule(['list'], ['pods'])]), ...crashing()];
  const elsewhere = look([...objects, binding({ namespace: 'old' })], line('list', 'pods'));
  expect(heads(elsewhere)).toEqual(['RBC-003 RoleBinding/shop/robot subjects[0].namespace']);
  expect(planned(elsewhere)['RBC-003 RoleBinding/shop/robot']?.[1]).toBe(
    'patch RoleBinding/shop/robot test /subjects/0/namespace "old"; replace /subjects/0/namespace "shop"',
  );
  expect(heads(look([...objects, binding({ name: 'robbot' })], line('list', 'pods')))).toEqual([
    'RBC-003 RoleBinding/shop/robot subjects[0].name',
  ]);
});

test('a binding to a role that does not exist; to one whose name is near, that is bound instead', () => {
  const report = look([account(), role([rule(['list'], ['pods'])], 'robots'), binding(), ...crashing()], line('list', 'pods'));
  expect(told(report)[0]).toContain('binds it to Role robot, which does not exist; was robots meant?');
  expect(planned(report)['RBC-003 RoleBinding/shop/robot']?.[0]).toBe('Bind Role robots, which exists');
  const none = look([account(), binding(), ...crashing()], line('list', 'pods'));
  expect(none.drafts[0]?.draft.actions.map((a) => a.target.kind)).toEqual(['Role', 'RoleBinding']);
});

test('nothing is bound; or only elsewhere: a role with just that rule, where it is asked for', () => {
  const nothing = look([account(), ...crashing('Job')], line('get', 'leases', 'coordination.k8s.io'));
  expect(told(nothing)[0]).toContain('RBC-003 ServiceAccount/shop/robot');
  expect(
    nothing.drafts[0]?.draft.actions.flatMap((a) => (a.type === 'create' ? [a.manifest['rules'] ?? a.manifest['subjects']] : [])),
  ).toEqual([
    [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get'] }],
    [{ kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }],
  ]);
  const only = look(
    [account(), role([rule(['list'], ['pods'])]), binding(), ...crashing()],
    line('list', 'pods', '', 'in the namespace "stock"'),
  );
  expect(told(only)[0]).toContain('it has that right in namespace shop only');
  expect(only.drafts[0]?.draft.actions.map((a) => a.target.namespace)).toEqual(['stock', 'stock']);
});

test('the account that was made for it is not named: the pods run as the default one', () => {
  const app = workload({
    kind: 'StatefulSet',
    name: 'robot',
    spec: { containers: [{ name: 'app', image: 'a' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [container('app', running(), { ready: true })],
    },
  });
  const said = line('list', 'pods', '', 'in the namespace "shop"', 'shop:default');
  const report = look([account('default'), account(), role([rule(['list'], ['pods'])]), binding(), ...app], said);
  expect(told(report)[0]).toContain('RBC-003 StatefulSet/shop/robot spec.template.spec.serviceAccountName');
  expect(told(report)[0]).toContain('was serviceAccountName: robot forgotten?');
  expect(planned(report)['RBC-003 StatefulSet/shop/robot']?.slice(0, 2)).toEqual([
    'Run as ServiceAccount robot',
    'patch StatefulSet/shop/robot add /spec/template/spec/serviceAccountName "robot"',
  ]);
});

test('rights in the whole cluster, and of a role that others have, are not widened by a plan on it', () => {
  const whole = look([account(), ...crashing()], line('list', 'nodes', '', 'at the cluster scope'));
  expect([whole.drafts, whole.advice[0]?.text.includes('ClusterRoleBinding')]).toEqual([[], true]);
  const shared = binding(
    {},
    { metadata: { name: 'others', namespace: 'shop' }, subjects: [{ kind: 'ServiceAccount', name: 'other', namespace: 'shop' }] },
  );
  const report = look(
    [account(), account('other'), role([rule(['get'], ['pods'])]), binding(), shared, ...crashing()],
    line('list', 'pods'),
  );
  expect(report.drafts.flatMap((d) => d.draft.actions.map((a) => a.type))).toEqual(['create', 'create']);
});

test('a program that runs on is heard too, where its account is its own and it began within the hour', () => {
  expect(heads(look([account(), ...healthy()], line('list', 'pods')))).toHaveLength(1);
  expect(look([account(), ...healthy('2026-03-01T09:00:00Z')], line('list', 'pods')).asked).toEqual([]);
  expect(look([account(), ...healthy(undefined, 'default')], line('list', 'pods')).asked).toEqual([]);
});

test('silent where the account has the right by now, by whatever way, and where the log speaks of a person or another account', () => {
  const all = (subject: Raw, roleRef: Raw = { kind: 'ClusterRole', name: 'pod-reader' }): Raw[] => [
    account(),
    { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'pod-reader' }, rules: [rule(['*'], ['*'], ['*'])] },
    { apiVersion: RBAC, kind: 'ClusterRoleBinding', metadata: { name: 'b' }, roleRef, subjects: [subject] },
    ...crashing(),
  ];
  expect(heads(look(all({ kind: 'Group', name: 'system:serviceaccounts:shop' }), line('list', 'pods')))).toEqual([]);
  expect(heads(look(all({ kind: 'User', name: 'system:serviceaccount:shop:robot' }), line('list', 'pods')))).toEqual([]);
  expect(heads(look([account(), ...crashing()], line('list', 'pods', '', 'in the namespace "shop"', 'shop:other')))).toEqual([]);
  const person = 'pods is forbidden: User "jo" cannot list resource "pods" in API group "" in the namespace "shop"';
  expect(heads(look([account(), ...crashing()], person))).toEqual([]);
});

test('the sentence is read inside JSON too, with the name of the object it was about', () => {
  const json = JSON.stringify({
    msg: line('get', 'secrets', '', 'in the namespace "b"').replace('secrets is forbidden', 'secrets "key" is forbidden'),
  });
  expect(readForbidden(json)).toEqual({
    account: { namespace: 'shop', name: 'robot' },
    verb: 'get',
    group: '',
    resource: 'secrets',
    namespace: 'b',
    name: 'key',
  });
  expect(readForbidden('User is forbidden to do that')).toBeUndefined();
});
