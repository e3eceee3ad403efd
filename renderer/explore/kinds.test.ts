import { expect, test } from 'vitest';
import type { ApiKind } from '../../agents/contract/index.ts';
import { groupsOf } from './kinds.ts';

const kind = (apiVersion: string, name: string, resource: string, more: Partial<ApiKind> = {}): ApiKind => ({
  apiVersion,
  kind: name,
  resource,
  singular: name.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list'],
  ...more,
});
const KINDS = [
  kind('example.com/v1', 'Widget', 'widgets', { shortNames: ['wd'] }),
  kind('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  kind('apps/v1', 'Deployment', 'deployments'),
  kind('v1', 'Pod', 'pods', { shortNames: ['po'] }),
  kind('v1', 'Pod', 'pods'),
  kind('v1', 'Binding', 'bindings', { verbs: ['create'] }),
];
const shown = (typed: string) => groupsOf(KINDS, typed).map((g) => [g.name, ...g.kinds.map((k) => k.id)]);

test('each kind that can be listed is once in its group, those of others among the custom ones', () => {
  expect(shown('')).toEqual([
    ['Workloads', 'pods', 'deployments.apps'],
    ['Custom resources', 'widgets.example.com'],
    ['Other', 'roles.rbac.authorization.k8s.io'],
  ]);
});

test('a kind is found by its name, its short name or its group', () => {
  expect([shown('WIDG'), shown('wd'), shown('example.com')]).toEqual(Array(3).fill([['Custom resources', 'widgets.example.com']]));
  expect(shown('nothing')).toEqual([]);
});
