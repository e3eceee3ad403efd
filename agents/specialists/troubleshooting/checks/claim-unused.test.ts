import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { keepOrDeleteClaim } from '../remedies/keep-or-delete-claim.ts';
import { claimUnused } from './claim-unused.ts';

type Raw = Record<string, unknown>;
const claim = (name: string, more: Raw = {}, meta: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z', ...meta },
  spec: { volumeName: `pv-${name}` },
  status: { phase: 'Bound', capacity: { storage: '5Gi' } },
  ...more,
});
const volume = (name: string, policy: string): Raw => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { persistentVolumeReclaimPolicy: policy },
  status: { phase: 'Bound' },
});
const look = (...objects: Raw[]) => examine([claimUnused], [keepOrDeleteClaim], objects);

test('storage that nobody uses is a remark with what deleting it would mean, and never a plan', () => {
  const report = look(claim('old-data'), volume('pv-old-data', 'Retain'));
  expect(told(report)).toEqual([
    'VOL-020 PersistentVolumeClaim/shop/old-data -: it holds a volume of 5Gi and no workload in namespace shop uses it. Nothing is wrong; it may hold data that is kept on purpose',
  ]);
  expect(report.findings[0]).toMatchObject({ severity: 'info', params: { kept: true } });
  expect(report.findings[0]?.evidence[0]?.text).toBe('bound to pv-old-data, reclaim policy Retain');
  expect(planned(report)).toEqual({});
  expect(advised(report)['VOL-020 PersistentVolumeClaim/shop/old-data']).toContain('its volume would stay (reclaim policy Retain)');
});

test('what any kind of workload mounts is used, also where it has no pod', () => {
  const spec = { containers: [{ name: 'app' }], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] };
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod'] as const)
    expect(told(look(...workload({ kind, name: 'db', spec }), claim('data'))), kind).toEqual([]);
  const [deployment] = workload({ name: 'db', spec });
  expect(told(look({ ...deployment, spec: { ...(deployment?.['spec'] as Raw), replicas: 0 } }, claim('data')))).toEqual([]);
  const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'n', namespace: 'shop' } };
  const jobTemplate = { spec: { template: { spec } } };
  expect(told(look({ ...cron, spec: { schedule: '0 3 * * *', jobTemplate } }, claim('data')))).toEqual([]);
});

test('the claims of a StatefulSet are kept when it is scaled down', () => {
  const [set] = workload({ kind: 'StatefulSet', name: 'db', spec: { containers: [{ name: 'db' }] } });
  const templates = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] };
  const scaled = { ...set, spec: { ...(set?.['spec'] as Raw), ...templates, replicas: 0 } };
  expect(told(look(scaled, claim('data-db-0'), claim('data-db-2')))).toEqual([]);
  expect(told(look(scaled, claim('data-db-x')))).toHaveLength(1);
});

test('what is not bound, leaving, new, or kept by something else is left alone', () => {
  const report = look(
    claim('pending', { status: { phase: 'Pending' } }),
    claim('leaving', {}, { deletionTimestamp: '2026-03-01T11:00:00Z' }),
    claim('new', {}, { creationTimestamp: '2026-03-01T11:59:55Z' }),
    claim('kept', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' }] }),
  );
  expect(told(report)).toEqual([]);
});
