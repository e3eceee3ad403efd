import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { examine } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { decideAboutPlace } from '../remedies/decide-about-place.ts';
import { provisionerDoesNotAnswer } from './provisioner-does-not-answer.ts';

const storageClass = (mode: string) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'disk.example.org',
  volumeBindingMode: mode,
});
const claim = (
  annotations: object = { 'volume.kubernetes.io/storage-provisioner': 'disk.example.org' },
  creationTimestamp = '2026-03-01T11:00:00Z',
) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', annotations, creationTimestamp },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
  status: { phase: 'Pending' },
});
const made = (by: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv-1', annotations: { 'pv.kubernetes.io/provisioned-by': by } },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'fast' },
  status: { phase: 'Bound' },
});
const event = (reason: string, message: string): Fact => ({ ok: true, value: { events: [{ type: 'Normal', reason, message, count: 9 }] } });
const waits = event('ExternalProvisioning', 'Waiting for a volume to be created');
const look = (objects: Parameters<typeof examine>[2], fact: Fact = waits) =>
  examine([provisionerDoesNotAnswer], [decideAboutPlace], objects, () => fact);

test('tells of a class whose provisioner never made a volume, and who has', () => {
  const report = look([storageClass('Immediate'), claim(), made('disks.example.org')]);
  expect(told(report)).toEqual([
    'VOL-007 StorageClass/fast provisioner affects data: claim shop/data is not bound: nobody makes volumes of StorageClass fast; its provisioner disk.example.org has never made a volume here, disks.example.org has',
  ]);
  expect(report.findings[0]?.evidence.map((e) => e.text)).toContain('Waiting for a volume to be created');
  expect(advised(report)['VOL-007 StorageClass/fast']).toContain('disk.example.org');
});

test('a provisioner that says why it fails is quoted', () => {
  const [said] = told(look([storageClass('Immediate'), claim()], event('ProvisioningFailed', 'quota of disks exceeded')));
  expect(said).toContain('VOL-007 PersistentVolumeClaim/shop/data');
  expect(said).toContain('quota of disks exceeded');
});

test('what was said before the class was there is not about it', () => {
  const early: Fact = {
    ok: true,
    value: {
      events: [{ type: 'Warning', reason: 'ProvisioningFailed', message: 'class not found', count: 1, at: '2026-03-01T11:00:00Z' }],
    },
  };
  const late = { ...storageClass('Immediate'), metadata: { name: 'fast', creationTimestamp: '2026-03-01T11:00:01Z' } };
  expect(told(look([late, claim()], early))[0]).toContain('VOL-007 StorageClass/fast');
  expect(told(look([storageClass('Immediate'), claim()], early))[0]).toContain('VOL-007 PersistentVolumeClaim/shop/data');
});

test('silent while it is new, waits for its first consumer, or its provisioner is at work', () => {
  expect(told(look([storageClass('Immediate'), claim(undefined, '2026-03-01T11:59:57Z')]))).toEqual([]);
  expect(told(look([storageClass('WaitForFirstConsumer'), claim()]))).toEqual([]);
  expect(told(look([storageClass('Immediate'), claim({})]))).toEqual([]);
  expect(told(look([storageClass('Immediate'), claim(undefined, '2026-03-01T11:59:00Z'), made('disk.example.org')]))).toEqual([]);
});
