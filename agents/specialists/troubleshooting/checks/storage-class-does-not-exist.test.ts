import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { examine } from '../../testing/cluster.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { recreateClaimWithClass } from '../remedies/recreate-claim-with-class.ts';
import { storageClassDoesNotExist } from './storage-class-does-not-exist.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [storageClassDoesNotExist], remedies: [recreateClaimWithClass] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('recreates a claim that was never bound; one finding for the claims of a StatefulSet; silent on new and waiting claims', () => {
  const report = read('claims');
  expect(told(report)).toEqual([
    'VOL-002 StatefulSet/shop/queue spec.volumeClaimTemplates[0].spec.storageClassName: claim data-queue-0 is not bound because StorageClass fastssd does not exist; did you mean fast-ssd?',
    'VOL-002 PersistentVolumeClaim/shop/media spec.storageClassName: claim media is not bound because StorageClass fast-sdd does not exist; did you mean fast-ssd?',
    'VOL-002 PersistentVolumeClaim/shop/nobody-uses-it spec.storageClassName: claim nobody-uses-it is not bound because StorageClass gold does not exist; classes there are: fast-ssd, local and standard',
    'VOL-002 PersistentVolumeClaim/shop/reports spec.storageClassName affects reports-5d8f-p0: claim reports is not bound because StorageClass standrad does not exist, and 1 pod cannot start; did you mean standard?',
  ]);
  expect(planned(report)).toEqual({
    'VOL-002 PersistentVolumeClaim/shop/reports': [
      'Create the claim reports anew with StorageClass standard',
      'delete PersistentVolumeClaim/shop/reports',
      'create PersistentVolumeClaim/shop/reports {"accessModes":["ReadWriteOnce"],"storageClassName":"standard","resources":{"requests":{"storage":"1Gi"}}}',
    ],
  });
  expect(advised(report)).toEqual({
    'VOL-002 StatefulSet/shop/queue':
      'Claim templates of a StatefulSet cannot be changed: delete StatefulSet queue with --cascade=orphan and its claims that were never bound, and create it again with a class there is (fast-ssd, local, standard).',
    'VOL-002 PersistentVolumeClaim/shop/media':
      "Create StorageClass fast-sdd, or recreate the claim with one of the classes fast-ssd, local and standard (a claim's class cannot be changed).",
    'VOL-002 PersistentVolumeClaim/shop/nobody-uses-it':
      "Create StorageClass gold, or recreate the claim with one of the classes fast-ssd, local and standard (a claim's class cannot be changed).",
    'VOL-002 PersistentVolumeClaim/shop/reports':
      "Create StorageClass standrad, or recreate the claim with one of the classes fast-ssd, local and standard (a claim's class cannot be changed).",
  });
});

test('where volumes cannot be listed, the words of the controller that there is no such class are enough; without them nothing is said', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop', creationTimestamp: '2026-03-01T11:00:00Z' },
    spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  };
  const look = (message: string) =>
    told(
      examine(
        [storageClassDoesNotExist],
        [],
        [claim],
        () => ({ ok: true, value: { events: [{ type: 'Warning', reason: 'ProvisioningFailed', message, count: 3 }] } }),
        [{ kind: 'PersistentVolume', because: 'the files do not list all of them' }],
      ),
    );
  expect(look('storageclass.storage.k8s.io "gold" not found')).toEqual([
    'VOL-002 PersistentVolumeClaim/shop/data spec.storageClassName: claim data is not bound because StorageClass gold does not exist; the cluster has no storage class',
  ]);
  expect(look('waiting for a volume to be created')).toEqual([]);
});
