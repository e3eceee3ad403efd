import { expect, test } from 'vitest';
import type { Fact, Probe } from '../../../contract/index.ts';
import { container, ended, examine, logs, running, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { scratchSpaceExceeded } from './scratch-space-exceeded.ts';
import { volumeFull } from './volume-full.ts';

type Raw = Record<string, unknown>;
const CHECKS = [scratchSpaceExceeded, volumeFull];
const SCRATCH: Raw = {
  containers: [
    { name: 'a', image: 'a' },
    { name: 'pack', image: 'p', resources: { limits: { 'ephemeral-storage': '1Gi' } } },
  ],
  volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
};
const evicted = (message: string, at = '2026-03-01T11:59:00Z'): Raw => ({
  phase: 'Failed',
  reason: 'Evicted',
  message,
  conditions: [
    { type: 'DisruptionTarget', status: 'True', lastTransitionTime: at },
    { type: 'Ready', status: 'False' },
  ],
});
const look = (objects: Parameters<typeof examine>[2], ...lines: string[]) => examine(CHECKS, [correctValue], objects, () => logs(...lines));

test('pods evicted for an emptyDir, or for the space of a container: the limit is raised where it stands', () => {
  const volume = 'Usage of EmptyDir volume "tmp" exceeds the limit "64Mi". ';
  const report = look(workload({ name: 'w', spec: SCRATCH, status: evicted(volume) }));
  expect(told(report)).toEqual([
    'RUN-004 Deployment/shop/w spec.template.spec.volumes[0].emptyDir.sizeLimit affects w-r1-x: a pod was evicted: volume tmp grew over its limit of 64Mi; raise it, or write less',
  ]);
  expect(planned(report)['RUN-004 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w test /spec/template/spec/volumes/0/emptyDir/sizeLimit "64Mi"; replace /spec/template/spec/volumes/0/emptyDir/sizeLimit "128Mi"',
  );
  const own = 'Container pack exceeded its local ephemeral storage limit "1Gi". ';
  const second = look(workload({ kind: 'StatefulSet', name: 'w', spec: SCRATCH, status: evicted(own) }));
  expect(second.findings.map((f) => [f.field, f.params['right']])).toEqual([
    ['spec.template.spec.containers[1].resources.limits.ephemeral-storage', '2Gi'],
  ]);
});

test('all containers together over their limits: the largest limit is raised', () => {
  const two = {
    containers: ['200Mi', '800Mi'].map((limit, i) => ({
      name: `c${i}`,
      image: 'a',
      resources: { limits: { 'ephemeral-storage': limit } },
    })),
  };
  const said = (total: string) => `Pod ephemeral local storage usage exceeds the total limit of containers ${total}. `;
  const report = look(workload({ name: 'w', spec: two, status: evicted(said('1000Mi')) }));
  expect(report.findings.map((f) => [f.code, f.field, f.params['right']])).toEqual([
    ['RUN-004', 'spec.template.spec.containers[1].resources.limits.ephemeral-storage', '1600Mi'],
  ]);
  // The limits have been raised since.
  expect(told(look(workload({ name: 'w', spec: two, status: evicted(said('500Mi')) })))).toEqual([]);
});

test('a container that fills node after node is told of while its newest pod looks well; once is nothing', () => {
  const low = (container: string) =>
    evicted(
      `The node was low on resource: ephemeral-storage. Threshold quantity: 10738402304, available: 9816272Ki. Container ${container} was using 41248Mi, request is 0, has larger consumption of ephemeral-storage. `,
    );
  const twice = (container: string) => {
    const [deployment, set, pod] = workload({ name: 'w', spec: SCRATCH, status: low(container) });
    return [deployment, set, pod, { ...pod, metadata: { ...(pod?.['metadata'] as Raw), name: 'w-r1-y', uid: 'y' } }] as Raw[];
  };
  expect(told(look(twice('a')))).toEqual([
    'RUN-004 Deployment/shop/w spec.template.spec.containers[0].resources.requests.ephemeral-storage affects w-r1-x, w-r1-y: 2 pods were evicted, one after the other, from nodes that ran low on ephemeral-storage: container a had taken 41248Mi there and asks for none',
  ]);
  expect(told(look(twice('gone')))).toEqual([]);
  expect(told(look(workload({ name: 'w', spec: SCRATCH, status: low('a') })))).toEqual([]);
});

test('leftovers of evictions long ago, and of a node that ran low, are not spoken of', () => {
  const volume = 'Usage of EmptyDir volume "tmp" exceeds the limit "64Mi". ';
  expect(told(look(workload({ name: 'w', spec: SCRATCH, status: evicted(volume, '2026-03-01T09:00:00Z') })))).toEqual([]);
  expect(told(look(workload({ name: 'w', spec: SCRATCH, status: evicted('The node was low on resource: memory.') })))).toEqual([]);
});

test('a pod that its controller cleared away is known from the events, as long as the limit is the one it broke', () => {
  const said = (reason: string, message: string): Fact => ({
    ok: true,
    value: { events: [{ type: 'Warning', reason, message, count: 1, at: '2026-03-01T11:59:00Z' }] },
  });
  const facts =
    (cleared: Fact, evictedPod: Fact) =>
    (probe: Probe): Fact =>
      probe.type === 'objectEvents' && probe.resource.kind !== 'Pod' ? cleared : evictedPod;
  const gone = (kind: 'DaemonSet' | 'StatefulSet', cleared: Fact, limit = '64Mi') =>
    examine(
      CHECKS,
      [correctValue],
      workload({ kind, name: 'w', spec: SCRATCH, status: status(running(), true) }),
      facts(cleared, said('Evicted', `Usage of EmptyDir volume "tmp" exceeds the limit "${limit}". `)),
    );
  const daemon = said('FailedDaemonPod', 'Found failed daemon pod shop/w-abc12 on node n1, will try to kill it');
  const set = said('RecreatingFailedPod', 'StatefulSet shop/w is recreating failed Pod w-0');
  for (const report of [gone('DaemonSet', daemon), gone('StatefulSet', set)])
    expect(report.findings.map((f) => [f.code, f.message, f.params['right'], f.evidence[0]?.source])).toEqual([
      ['RUN-004', 'a pod was evicted: volume tmp grew over its limit of 64Mi; raise it, or write less', '128Mi', 'Evicted'],
    ]);
  expect(told(gone('DaemonSet', daemon, '32Mi'))).toEqual([]);
  expect(told(gone('DaemonSet', said('SuccessfulCreate', 'Created pod: w-abc12')))).toEqual([]);
});

const FULL = 'write /data/segment.1: no space left on device';
const onClaim: Raw = {
  containers: [{ name: 'db', image: 'd', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'db-data' } }],
};
const claim: Raw = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'db-data', namespace: 'shop' },
  spec: { storageClassName: 'disk', resources: { requests: { storage: '10Gi' } } },
  status: { phase: 'Bound' },
};
const klass = (allowVolumeExpansion: boolean): Raw => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'disk' },
  provisioner: 'x',
  allowVolumeExpansion,
});
const status = (state: Raw, isReady: boolean): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
  containerStatuses: [container('db', state, { ready: isReady, restartCount: 2 })],
});

test('a full claim is the object to enlarge, where its class can; a program that is well says nothing', () => {
  const sts = workload({ kind: 'StatefulSet', name: 'db', spec: onClaim, status: status(ended(1), false) });
  const report = look([...sts, claim, klass(true)], FULL);
  expect(told(report)).toEqual([
    'RUN-005 PersistentVolumeClaim/shop/db-data spec.resources.requests.storage affects db, db-0: container db of StatefulSet db finds no space left for /data/segment.1: claim db-data (10Gi) is full',
  ]);
  expect(Object.values(advised(report))[0]).toContain('StorageClass disk can enlarge it');
  expect(Object.values(advised(look([...sts, claim, klass(false)], FULL)))[0]).toContain('does not enlarge volumes');
  expect(
    told(look([...workload({ kind: 'StatefulSet', name: 'db', spec: onClaim, status: status(running(), true) }), claim], FULL)),
  ).toEqual([]);
});

test('shared memory that is full is a volume of the pod', () => {
  const spec: Raw = {
    containers: [{ name: 'db', image: 'd', volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }] }],
    volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
  };
  const report = look(
    workload({ name: 'db', spec, status: status(ended(1), false) }),
    'could not resize shared memory segment "/dev/shm/PostgreSQL.1": No space left on device',
  );
  expect(report.findings.map((f) => [f.field, f.message])).toEqual([
    [
      'spec.template.spec.volumes[0].emptyDir.sizeLimit',
      'container db of Deployment db finds no space left for /dev/shm/PostgreSQL.1: volume shm (in memory) is full: its limit is 1Mi',
    ],
  ]);
});

test('the full claim of a StatefulSet is the object to enlarge, also where the program names the file from where it stands', () => {
  const spec: Raw = { containers: [{ name: 'pg', image: 'p', volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }] }] };
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [container('pg', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 5, lastState: ended(1) })],
  };
  const claim: Raw = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data-pg-0', namespace: 'shop' },
    spec: { resources: { requests: { storage: '10Gi' } } },
  };
  const set = workload({ kind: 'StatefulSet', name: 'pg', spec, status }).map((o): Raw => {
    const own = o['spec'] as Raw;
    return o['kind'] === 'Pod'
      ? { ...o, spec: { ...own, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-pg-0' } }] } }
      : { ...o, spec: { ...own, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] } };
  });
  expect(told(look([claim, ...set], 'FATAL:  could not write to file "pg_wal/xlogtemp.42": No space left on device'))).toEqual([
    'RUN-005 PersistentVolumeClaim/shop/data-pg-0 spec.resources.requests.storage affects pg, pg-0: container pg of StatefulSet pg finds no space left: claim data-pg-0 (10Gi) is full',
  ]);
});

test('shared memory that is full is not the disk: what to mount, or the limit of what is mounted', () => {
  const line = 'ERROR: could not resize shared memory segment "/PostgreSQL.18042" to 134483968 bytes: No space left on device';
  const spec = (more: Raw = {}, own: Raw = {}): Raw => ({ containers: [{ name: 'pg', image: 'p', ...own }], ...more });
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [container('pg', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 5, lastState: ended(1) })],
  };
  const bare = look(workload({ name: 'pg', spec: spec(), status }), line);
  expect(told(bare)[0]).toContain('/dev/shm, of which a container has 64 MiB where no volume is mounted there, is full');
  expect(Object.values(advised(bare))[0]).toContain('mount an emptyDir with medium: Memory at /dev/shm in container pg');
  const volumes = [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }];
  const given = spec({ volumes }, { volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }] });
  expect(look(workload({ name: 'pg', spec: given, status }), line).findings.map((f) => f.field)).toEqual([
    'spec.template.spec.volumes[0].emptyDir.sizeLimit',
  ]);
});
