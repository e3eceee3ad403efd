import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { findAVolume } from '../remedies/find-a-volume.ts';
import { noVolumeFitsClaim } from './no-volume-fits-claim.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [noVolumeFitsClaim], remedies: [findAVolume] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('names the volume that comes nearest and what is amiss with it', () => {
  const report = read('volumes');
  expect(told(report)).toEqual([
    'VOL-004 PersistentVolumeClaim/shop/cache - affects cache-5d8f-p0: no volume fits the claim, and 1 pod cannot start; the nearest, PersistentVolume pv-gone-node, can be reached from no node that the pods may run on',
    'VOL-004 PersistentVolumeClaim/shop/many spec.accessModes affects web-5d8f-p0: no volume fits the claim, and 1 pod cannot start; the nearest, PersistentVolume pv-rwo, offers ReadWriteOnce, not ReadWriteMany',
    'VOL-004 PersistentVolumeClaim/shop/named spec.volumeName affects named-5d8f-p0: the claim is not bound, and 1 pod cannot start: it asks for PersistentVolume pv-nowhere, which does not exist',
    'VOL-004 PersistentVolumeClaim/shop/too-large spec.resources.requests.storage affects archive-5d8f-p0: no volume fits the claim, and 1 pod cannot start; the nearest, PersistentVolume pv-small, holds 1Gi, less than the 5Gi asked for',
  ]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({
    'VOL-004 PersistentVolumeClaim/shop/cache':
      'Make a PersistentVolume of 1Gi ReadWriteOnce of class "local", or recreate the claim so that it asks for what there is (PersistentVolume pv-gone-node).',
    'VOL-004 PersistentVolumeClaim/shop/many':
      'Make a PersistentVolume of 1Gi ReadWriteMany of class "shared", or recreate the claim so that it asks for what there is (PersistentVolume pv-rwo).',
    'VOL-004 PersistentVolumeClaim/shop/named':
      'Make a PersistentVolume of 1Gi ReadWriteOnce of class "", or recreate the claim so that it asks for what there is.',
    'VOL-004 PersistentVolumeClaim/shop/too-large':
      'Make a PersistentVolume of 5Gi ReadWriteOnce of class "manual", or recreate the claim so that it asks for what there is (PersistentVolume pv-small).',
  });
});
