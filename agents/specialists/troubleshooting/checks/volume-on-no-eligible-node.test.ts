import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { findAVolume } from '../remedies/find-a-volume.ts';
import { volumeOnNoEligibleNode } from './volume-on-no-eligible-node.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [volumeOnNoEligibleNode], remedies: [findAVolume] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('tells of a bound volume on a node where the pod may not run', () => {
  const report = read('volumes');
  expect(told(report)).toEqual([
    "VOL-006 PersistentVolumeClaim/shop/state - affects state-0: 1 pod cannot be placed: PersistentVolume pv-bound of this claim is only on nodes with kubernetes.io/hostname In (node-1), that is node-1, where the pod's own selector or affinity does not let it run",
  ]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({
    'VOL-006 PersistentVolumeClaim/shop/state':
      "Bring a node back that PersistentVolume pv-bound can be reached from, change the pod's own selector or affinity if that keeps it away, or restore the data to a volume that is reachable.",
  });
});
