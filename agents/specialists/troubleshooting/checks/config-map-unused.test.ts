import { expect, test } from 'vitest';
import { configMap, examine, running, container, workload } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { configMapUnused } from './config-map-unused.ts';

const OLD = { creationTimestamp: '2026-01-01T00:00:00Z' };
type Raw = Record<string, unknown>;
const old = (map: Raw, more: Raw = {}): Raw => ({ ...map, metadata: { ...(map['metadata'] as Raw), ...OLD, ...more } });
const spec = (more: Raw = {}) => ({ containers: [{ name: 'app', ...more }] });
const look = (...objects: Raw[]) => examine([configMapUnused], [], objects);

test('settings that no workload names are a remark, and never a certain one', () => {
  const report = look(...workload({ name: 'web', spec: spec() }), old(configMap('left-over', { a: 'x', b: 'y' })));
  expect(told(report)).toEqual([
    'CFM-001 ConfigMap/shop/left-over -: no workload in namespace shop names it; it has 2 keys: a and b. A program that reads it through the API would not be seen',
  ]);
  expect(report.findings.map((f) => [f.severity, f.confidence])).toEqual([['info', 0.4]]);
});

test.each([
  ['as variables', spec({ envFrom: [{ configMapRef: { name: 'settings' } }] })],
  ['as one variable', spec({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] })],
  ['as a volume', { ...spec(), volumes: [{ name: 'v', configMap: { name: 'settings' } }] }],
  ['in a projected volume', { ...spec(), volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'settings' } }] } }] }],
  ['in an init container', { ...spec(), initContainers: [{ name: 'i', envFrom: [{ configMapRef: { name: 'settings' } }] }] }],
  ['by name in an argument', spec({ args: ['--configmap=settings'] })],
])('what a workload uses %s is left alone', (_how, used) => {
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod'] as const)
    expect(told(look(...workload({ kind, name: 'web', spec: used }), old(configMap('settings', { a: 'x' })))), kind).toEqual([]);
});

test('what only an earlier revision names is needed to go back to it', () => {
  const earlier = [spec({ envFrom: [{ configMapRef: { name: 'settings' } }] })];
  expect(told(look(...workload({ name: 'web', spec: spec(), earlier }), old(configMap('settings', { a: 'x' }))))).toEqual([]);
});

test('what is new, owned, a lock, of Kubernetes, or in every namespace is left alone', () => {
  const web = workload({ name: 'web', spec: spec(), status: { containerStatuses: [container('app', running())] } });
  const everywhere = ['shop', 'mall', 'depot'].map((ns) => old(configMap('ca-of-the-mesh', { a: 'x' }, ns)));
  const report = look(
    ...web,
    { ...configMap('new', { a: 'x' }), metadata: { name: 'new', namespace: 'shop', creationTimestamp: '2026-03-01T11:59:00Z' } },
    old(configMap('owned', { a: 'x' }), { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' }] }),
    old(configMap('lock', {}), { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }),
    old(configMap('kube-root-ca.crt', { a: 'x' })),
    old(configMap('coredns', { Corefile: 'x' }, 'kube-system')),
    ...everywhere,
  );
  expect(told(report)).toEqual([]);
});
