import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fact, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctClaimName } from '../remedies/correct-claim-name.ts';
import { claimDoesNotExist } from './claim-does-not-exist.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [claimDoesNotExist], remedies: [correctClaimName] };

const now = Date.parse('2026-03-01T12:01:00Z');

/** The report once every question about events is answered with these refusals of the scheduler. */
function read(fixture: string, ...refusals: readonly { readonly message: string; readonly at: string }[]) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  const input = { agent, store, now, version: 1 };
  const events = refusals.map((r) => ({ type: 'Warning', reason: 'FailedScheduling', count: 1, ...r }));
  const facts = diagnose({ ...input, facts: new Map() }).wishes.map((w): [string, Fact] => [probeKey(w), { ok: true, value: { events } }]);
  return diagnose({ ...input, facts: new Map(facts) }).report;
}

test('proposes the near claim only, and never creates one', () => {
  const report = read('claims');
  expect(told(report)).toEqual([
    'VOL-001 Deployment/shop/neighbour spec.template.spec.volumes[0].persistentVolumeClaim.claimName affects neighbour-5d8f-p0: volume data names PersistentVolumeClaim elsewhere, which does not exist in namespace shop, so 1 pod cannot start; a claim of that name is in namespace other, which pods here cannot use',
    'VOL-001 Deployment/shop/orders spec.template.spec.volumes[0].persistentVolumeClaim.claimName affects orders-5d8f-p0: volume data names PersistentVolumeClaim order-data, which does not exist in namespace shop, so 1 pod cannot start; did you mean orders-data?',
    'VOL-001 StatefulSet/shop/lost spec.template.spec.volumes[0].persistentVolumeClaim.claimName affects lost-0: volume data names PersistentVolumeClaim receipts, which does not exist in namespace shop, so 1 pod cannot start; claims there are: data-queue-0, data-queue-1, invoices, media, nobody-uses-it and 2 more',
  ]);
  expect(planned(report)).toEqual({
    'VOL-001 Deployment/shop/orders': [
      'Mount the claim orders-data instead of order-data',
      'patch Deployment/shop/orders test /spec/template/spec/volumes/0/persistentVolumeClaim/claimName "order-data"; replace /spec/template/spec/volumes/0/persistentVolumeClaim/claimName "orders-data"',
    ],
  });
  expect(advised(report)).toEqual({
    'VOL-001 Deployment/shop/neighbour':
      'Create PersistentVolumeClaim elsewhere in namespace shop (how large, and from which class, only you can say), or name another in spec.template.spec.volumes[0].persistentVolumeClaim.claimName.',
    'VOL-001 StatefulSet/shop/lost':
      'Create PersistentVolumeClaim receipts in namespace shop (how large, and from which class, only you can say), or name another in spec.template.spec.volumes[0].persistentVolumeClaim.claimName.',
  });
});

const unbound = { message: 'pod has unbound immediate PersistentVolumeClaims', at: '2026-03-01T12:00:00.000Z' };
const gone = (at: string) => ({ message: 'persistentvolumeclaim "order-data" not found', at });

test('a claim that was there is missed only when it stays away', () => {
  expect(told(read('claims', unbound, gone('2026-03-01T12:00:59.000Z')))).toEqual([]);
  expect(told(read('claims', unbound, gone('2026-03-01T12:00:50.000Z'))).map((t) => t.split(' ')[1])).toEqual(['Deployment/shop/orders']);
});
