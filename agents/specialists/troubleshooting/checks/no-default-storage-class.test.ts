import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { nameTheOnlyClass } from '../remedies/name-the-only-class.ts';
import { noDefaultStorageClass } from './no-default-storage-class.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [noDefaultStorageClass], remedies: [nameTheOnlyClass] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('names the only class there is', () => {
  const report = read('no-default-class');
  expect(told(report)).toEqual([
    'VOL-003 PersistentVolumeClaim/shop/cart spec.storageClassName affects cart-5d8f-p0: claim cart names no storage class and no StorageClass is the default, so 1 pod cannot start; classes there are: standard',
  ]);
  expect(planned(report)).toEqual({
    'VOL-003 PersistentVolumeClaim/shop/cart': [
      'Give the claim cart the StorageClass standard',
      'patch PersistentVolumeClaim/shop/cart add /spec/storageClassName "standard"',
    ],
  });
  expect(advised(report)).toEqual({
    'VOL-003 PersistentVolumeClaim/shop/cart':
      'Mark one class as the default (annotation storageclass.kubernetes.io/is-default-class: "true"), or set spec.storageClassName of the claim; classes there are: standard.',
  });
});

test('is silent where a default exists', () => {
  const report = read('default-class');
  expect(told(report)).toEqual([]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({});
});
