import { expect, test } from 'vitest';
import { type Change, type KubeObject, project } from '../contract/index.ts';
import { changeWords, changedFields, changesBefore, fieldWords } from './change.ts';

const node = (more: { spec?: object; conditions?: object[]; labels?: Record<string, string> }): KubeObject =>
  project('Node', {
    metadata: { name: 'n1', uid: 'u', labels: more.labels ?? {} },
    spec: more.spec ?? {},
    status: { conditions: more.conditions ?? [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  });

test('of a node the ground that moved is told, its heartbeats are not', () => {
  const later = node({
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-02-02T00:00:00Z', reason: 'KubeletReady' }],
  });
  expect(changedFields(node({}), later)).toEqual([]);
  const cordoned = node({ spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } });
  expect(changedFields(node({}), cordoned).map((f) => f.path)).toEqual([
    'spec.unschedulable',
    'spec.taints[node.kubernetes.io/unschedulable]',
  ]);
  const unready = node({ conditions: [{ type: 'Ready', status: 'Unknown' }] });
  expect(changedFields(node({}), unready)).toEqual([
    { path: 'status.conditions[Ready].status', from: 'True', to: 'Unknown', words: 'status.conditions[Ready].status True → Unknown' },
  ]);
});

test('what tools write for themselves is no change, what people write is', () => {
  const service = (annotations: Record<string, string>, port = 80): KubeObject =>
    project('Service', { metadata: { name: 's', namespace: 'shop', annotations }, spec: { ports: [{ name: 'http', port }] } });
  expect(changedFields(service({}), service({ 'kubectl.kubernetes.io/last-applied-configuration': '{}' }))).toEqual([]);
  expect(changedFields(service({}), service({ 'example.com/team': 'blue' }, 81))).toEqual([
    { path: 'metadata.annotations[example.com/team]', from: null, to: 'blue', words: 'annotation example.com/team absent → blue' },
    { path: 'spec.ports[http].port', from: '80', to: '81', words: 'ports[http].port 80 → 81' },
  ]);
});

test('of the annotations of a Secret or ConfigMap only sizes are told: tools keep copies of the whole there', () => {
  const secret = (kind: 'Secret' | 'ConfigMap', copy: string): KubeObject =>
    project(kind, { metadata: { name: 's', namespace: 'shop', annotations: { 'example.com/copy': copy } } });
  for (const kind of ['Secret', 'ConfigMap'] as const)
    expect(changedFields(secret(kind, 'geheim'), secret(kind, 'geheimer'))).toMatchObject([{ from: '6 characters', to: '8 characters' }]);
});

test('a change is one sentence on one line: the first field, how many more, and who', () => {
  const [image, replicas] = [
    { path: 'spec.template.spec.containers[app].image', from: '1', to: '2', words: 'image of container app 1 → 2' },
    { path: 'spec.replicas', from: '1', to: '2', words: 'replicas 1 → 2' },
  ];
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const by = { manager: 'helm', cause: 'release\n7' };
  const say = (more: Partial<Change>) => changeWords({ resource, type: 'changed', fields: [image], by, ...more });
  expect(say({})).toBe('Deployment shop/web: image of container app 1 → 2, by helm (release 7)');
  expect(say({ fields: [image, replicas], by: null })).toBe('Deployment shop/web: image of container app 1 → 2, and replicas');
  expect(say({ fields: [image, replicas, replicas], by: null })).toBe('Deployment shop/web: image of container app 1 → 2, and 2 more');
  expect(say({ type: 'deleted', fields: [], by: null })).toBe('Deployment shop/web deleted');
});

test('fields are said as people say them', () => {
  expect(fieldWords('spec.template.spec.containers[app].env[LEVEL].value')).toBe('variable LEVEL of container app');
  expect(fieldWords('spec.template.spec.initContainers[wait].image')).toBe('image of container wait');
  expect(fieldWords('data[tls.crt]')).toBe('key tls.crt');
  expect(fieldWords('metadata.labels[app.kubernetes.io/name]')).toBe('label app.kubernetes.io/name');
  expect(fieldWords('spec.replicas')).toBe('replicas');
});

test('changes before a moment: of the object first, then of its namespace and the nodes, what the cluster does itself last; others not at all', () => {
  const at = Date.parse('2026-11-20T12:00:00Z');
  const change = (id: string, minutes: number, name: string, namespace: string, manager = 'kubectl'): Change => ({
    id,
    context: 'east',
    at: new Date(at - minutes * 60_000).toISOString(),
    seenAt: new Date(at).toISOString(),
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name },
    type: 'changed',
    by: { manager },
    fields: [],
    beforeKnown: true,
    summary: '',
    count: 1,
  });
  const own = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
  const changes = [
    change('later', -1, 'settings', 'shop'),
    change('old', 90, 'settings', 'shop'),
    change('near', 5, 'other', 'shop'),
    change('by itself', 4, 'third', 'shop', 'kube-controller-manager'),
    change('delivered', 6, 'fourth', 'shop', 'argocd-controller'),
    { ...change('node', 7, 'n1', ''), resource: { apiVersion: 'v1', kind: 'Node', name: 'n1' } },
    change('own', 40, 'settings', 'shop'),
    change('elsewhere', 1, 'settings', 'billing'),
  ];
  expect(changesBefore(changes, at, [own]).map((c) => c.id)).toEqual(['own', 'near', 'delivered', 'node', 'by itself']);
});
