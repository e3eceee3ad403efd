import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { findAVolume } from '../remedies/find-a-volume.ts';
import { volumeIsReleased } from './volume-is-released.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [volumeIsReleased], remedies: [findAVolume] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('tells of the volume a deleted claim still holds, and deletes nothing', () => {
  const report = read('volumes');
  expect(told(report)).toEqual([
    'VOL-005 PersistentVolumeClaim/shop/ledger spec.volumeName affects ledger-0: the claim is not bound, and 1 pod cannot start: the volume that fits, PersistentVolume pv-kept, still belongs to the deleted claim shop/ledger (Released)',
  ]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({
    'VOL-005 PersistentVolumeClaim/shop/ledger':
      'Look at what PersistentVolume pv-kept holds and save it if it matters; then clear its spec.claimRef so that this claim can bind to it (kubectl patch pv pv-kept --type=json -p \'[{"op":"remove","path":"/spec/claimRef"}]\'), or make another volume of 1Gi ReadWriteOnce of class "ledger". Nothing here deletes data.',
  });
});
