import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fact, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { examine } from '../../testing/cluster.ts';
import { answering, refused as refusedPods } from '../../testing/refused.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { makeRoomInQuota } from '../remedies/make-room-in-quota.ts';
import { quotaExceeded } from './quota-exceeded.ts';

const refused =
  'create Pod store-0 in StatefulSet store failed error: pods "store-0" is forbidden: exceeded quota: memory-limits, requested: limits.memory=512Mi, used: limits.memory=0, limited: limits.memory=256Mi';
const facts = new Map<string, Fact>([
  [
    probeKey({
      type: 'objectEvents',
      resource: {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        namespace: 'limits',
        name: 'store',
        uid: '00000000-0000-0000-0000-000000000015',
      },
      revision: '77',
    }),
    { ok: true, value: { events: [{ type: 'Warning', reason: 'FailedCreate', message: refused, count: 3 }] } },
  ],
]);

const agent = { id: 'test', title: '', description: '', icon: '', checks: [quotaExceeded], remedies: [makeRoomInQuota] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts, now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('names quota, resource, amounts and users; lowers a request only where that makes room', () => {
  const report = read('quota-exceeded');
  expect(told(report)).toEqual([
    'QTA-001 Deployment/count/web spec.replicas affects web-7c: 1 pod cannot be created: ResourceQuota few-pods is exceeded by pods (each pod asks 1, used 2 of 2)',
    'QTA-001 Deployment/passed/late spec.template.spec.containers[0].resources.requests.cpu affects late-7c: 1 pod cannot be created: ResourceQuota compute is exceeded by requests.cpu (each pod asks 1, used 1 of 4); there is room by now, and the controller will try again by itself',
    'QTA-001 Deployment/shop/payments spec.template.spec.containers[0].resources.requests.cpu affects payments-7c: 1 pod cannot be created: ResourceQuota compute is exceeded by requests.cpu (each pod asks 1, used 1500m of 2)',
    'QTA-001 StatefulSet/limits/store spec.template.spec.containers[0].resources.limits.memory: 1 pod cannot be created: ResourceQuota memory-limits is exceeded by limits.memory (each pod asks 512Mi, used 0 of 256Mi)',
  ]);
  expect(planned(report)).toEqual({
    'QTA-001 Deployment/shop/payments': [
      'Lower the request: cpu of container app from 1 to 500m',
      'patch Deployment/shop/payments test /spec/template/spec/containers/0/resources/requests/cpu "1"; replace /spec/template/spec/containers/0/resources/requests/cpu "500m"',
    ],
  });
  expect(advised(report)).toEqual({
    'QTA-001 Deployment/count/web': 'Raise ResourceQuota few-pods: pods to at least 3 (now 2); or run less in namespace count.',
    'QTA-001 Deployment/shop/payments':
      'Raise ResourceQuota compute: requests.cpu to at least 2500m (now 2); or run less in namespace shop (Deployment ledger uses 1500m of requests.cpu).',
    'QTA-001 StatefulSet/limits/store':
      'Raise ResourceQuota memory-limits: limits.memory to at least 512Mi (now 256Mi); or run less in namespace limits.',
  });
});

test('a claim of a StatefulSet, and a ReplicaSet that could not even be made, are refused by a quota too', () => {
  const quota = (hard: object, used: object) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few', namespace: 'shop' },
    spec: { hard },
    status: { hard, used },
  });
  const spec = { containers: [{ name: 'app', image: 'a' }] };
  const claim =
    'create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: exceeded quota: few, requested: requests.storage=5Gi, used: requests.storage=8Gi, limited: requests.storage=10Gi';
  const storage = examine(
    [quotaExceeded],
    [makeRoomInQuota],
    [quota({ 'requests.storage': '10Gi' }, { 'requests.storage': '8Gi' }), ...refusedPods({ kind: 'StatefulSet', name: 'db', spec }, '')],
    answering({ event: claim }),
  );
  expect(told(storage)).toEqual([
    'QTA-001 StatefulSet/shop/db spec.volumeClaimTemplates: 1 pod cannot be created: ResourceQuota few is exceeded by requests.storage (asked 5Gi, used 8Gi of 10Gi)',
  ]);
  expect(Object.values(advised(storage))[0]).toContain('Raise ResourceQuota few: requests.storage to at least 13Gi (now 10Gi)');
  const sets =
    'replicasets.apps "web-5d" is forbidden: exceeded quota: few, requested: count/replicasets.apps=1, used: count/replicasets.apps=3, limited: count/replicasets.apps=3';
  const [deployment] = refusedPods({ name: 'web', spec }, '');
  const conditions = [
    { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message: sets, lastTransitionTime: '2026-03-01T11:59:55Z' },
  ];
  const counted = examine(
    [quotaExceeded],
    [],
    [quota({ 'count/replicasets.apps': '3' }, { 'count/replicasets.apps': '3' }), { ...deployment, status: { conditions } }],
  );
  expect(told(counted)[0]).toContain('ResourceQuota few is exceeded by count/replicasets.apps (asked 1, used 3 of 3)');
});
