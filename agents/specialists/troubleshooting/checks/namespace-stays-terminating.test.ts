import { expect, test } from 'vitest';
import { groupByCause } from '../../../core/cause-graph.ts';
import { examine } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { letGo } from '../remedies/let-go.ts';
import { restoreCalledService } from '../remedies/restore-called-service.ts';
import { apiServiceUnavailable } from './api-service-unavailable.ts';
import { finalizerNotRemoved } from './finalizer-not-removed.ts';
import { namespaceStaysTerminating } from './namespace-stays-terminating.ts';

type Raw = Record<string, unknown>;
const LONG_AGO = '2026-03-01T11:50:00Z';
const look = (...objects: Raw[]) =>
  examine([namespaceStaysTerminating, finalizerNotRemoved, apiServiceUnavailable], [letGo, restoreCalledService], objects);
const namespace = (conditions: Raw[], deletionTimestamp: string | null = LONG_AGO, finalizers = ['kubernetes']): Raw => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'old', ...(deletionTimestamp === null ? {} : { deletionTimestamp }) },
  spec: { finalizers },
  status: { phase: 'Terminating', conditions },
});
const condition = (type: string, message: string): Raw => ({ type, status: 'True', reason: 'R', message });
const held = (kind: string, finalizers: string[], more: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'thing', namespace: 'old', deletionTimestamp: LONG_AGO, finalizers },
  ...more,
});
const incidents = (report: ReturnType<typeof look>) =>
  groupByCause(report.findings, report.relations).map(([cause, symptoms]) => [cause.code, cause.subject.kind, symptoms.map((s) => s.code)]);

test('what remains of kinds nobody reads is named by the namespace itself', () => {
  const report = look(
    namespace([
      condition('NamespaceContentRemaining', 'Some resources are remaining: widgets.example.com has 2 resource instances'),
      condition(
        'NamespaceFinalizersRemaining',
        'Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances',
      ),
    ]),
  );
  expect(told(report)[0]).toBe(
    'NSP-001 Namespace/old status.conditions: namespace old has been Terminating since 2026-03-01T11:50:00Z: Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances; Some resources are remaining: widgets.example.com has 2 resource instances',
  );
  expect(Object.values(advised(report))[0]).toContain('the controllers of those finalizers');
});

test.each(['ConfigMap', 'Secret', 'Pod', 'Service'])(
  'a %s that waits for a finalizer is the cause, and the namespace follows from it',
  (kind) => {
    const body = kind === 'Pod' ? { spec: { containers: [] } } : kind === 'Service' ? { spec: {} } : {};
    const report = look(namespace([condition('NamespaceFinalizersRemaining', 'x')]), held(kind, ['example.com/hold'], body));
    expect(incidents(report)).toEqual([['NSP-002', kind, ['NSP-001']]]);
    expect(told(report).find((t) => t.startsWith('NSP-002'))).toContain(
      `${kind} old/thing has been waiting to be deleted since 2026-03-01T11:50:00Z, and finalizer example.com/hold is not removed by whoever put it there`,
    );
    expect(report.drafts).toEqual([]);
  },
);

test('an API that is not available keeps a namespace, and is the one cause', () => {
  const api = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.stars.example.com', creationTimestamp: LONG_AGO },
    spec: { group: 'stars.example.com', version: 'v1', service: { namespace: 'sky', name: 'stars', port: 443 } },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'False',
          reason: 'ServiceNotFound',
          message: 'service/stars in "sky" is not present',
          lastTransitionTime: LONG_AGO,
        },
      ],
    },
  };
  const failure = condition(
    'NamespaceDeletionDiscoveryFailure',
    'Discovery failed for some groups, 1 failing: stars.example.com/v1: stale GroupVersion discovery',
  );
  const report = look(namespace([failure]), api);
  expect(incidents(report)).toEqual([['API-001', 'APIService', ['NSP-001']]]);
  expect(told(report).find((t) => t.startsWith('API-001'))).toBe(
    'API-001 APIService/v1.stars.example.com spec.service.name affects stars, old: APIService v1.stars.example.com calls Service sky/stars, which does not exist, so namespace old cannot be deleted',
  );
});

test('a claim waits for the pod that mounts it: a remark', () => {
  const claim = held('PersistentVolumeClaim', ['kubernetes.io/pvc-protection'], { spec: {} });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db-0', namespace: 'old' },
    spec: { containers: [], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'thing' } }] },
  };
  const report = look(claim, pod);
  expect(report.findings.map((f) => [f.code, f.severity])).toEqual([['NSP-002', 'low']]);
  expect(told(report)[0]).toContain('Pod old/db-0 still mounts it');
});

test('a claim on its way out that keeps new pods from any node is the cause of that', () => {
  const claim = held('PersistentVolumeClaim', ['kubernetes.io/pvc-protection'], { spec: {} });
  const pod = (name: string, conditions: readonly Raw[]): Raw => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'old' },
    spec: { containers: [], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'thing' } }] },
    status: { conditions },
  });
  const report = look(claim, pod('web-1', []), pod('web-2', [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]));
  expect(report.findings.map((f) => [f.code, f.severity, f.affects.map((r) => r.name)])).toEqual([['NSP-002', 'high', ['web-2']]]);
  expect(told(report)[0]).toContain('Pod old/web-1 still mounts it; until it is gone Pod old/web-2 cannot be placed');
  expect(Object.values(advised(report))[0]).toContain('cannot be taken back');
});

test('silent while it is young, for what is not being deleted, and for finalizers that the cluster removes itself', () => {
  expect(told(look(namespace([condition('NamespaceContentRemaining', 'x')], '2026-03-01T11:59:50Z')))).toEqual([]);
  const busy = '2026-03-01T11:58:00Z';
  expect(told(look(namespace([condition('NamespaceContentRemaining', 'x')], busy)))).toEqual([]);
  expect(told(look(namespace([condition('NamespaceFinalizersRemaining', 'x')], busy)))).toHaveLength(1);
  expect(told(look(namespace([], null, ['kubernetes', 'example.com/x'])))).toEqual([]);
  expect(told(look(namespace([])))).toEqual([]);
  expect(
    told(look(held('ConfigMap', ['foregroundDeletion']), held('PersistentVolumeClaim', ['kubernetes.io/pvc-protection'], { spec: {} }))),
  ).toEqual([]);
  const begun = held('ConfigMap', ['example.com/hold']);
  expect(told(look({ ...begun, metadata: { ...(begun['metadata'] as Raw), deletionTimestamp: '2026-03-01T11:59:50Z' } }))).toEqual([]);
  const alive = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'old', finalizers: ['example.com/hold'] } };
  expect(told(look(alive))).toEqual([]);
});
