import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { container, ended, examine, logs, waiting, workload } from '../../testing/cluster.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctSelector } from '../remedies/correct-selector.ts';
import { serviceSelectsNothing } from './service-selects-nothing.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [serviceSelectsNothing], remedies: [correctSelector] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('finds the workload that was meant, or says that two or none come into question', () => {
  const report = read('service-selectors');
  expect(told(report)).toEqual([
    'SVC-001 Service/shop/catalog spec.selector.app: the selector matches no pod: it asks for app=catalog, and the pods of StatefulSet shop/catalog carry app.kubernetes.io/name=catalog',
    'SVC-001 Service/shop/checkout spec.selector.app: the selector matches no pod: it asks for app=chekcout, and the pods of Deployment shop/checkout carry app=checkout',
    'SVC-001 Service/shop/nothing-like-it spec.selector: the selector app=zebra and zone=moon matches no pod and no workload in namespace shop, so the Service has no endpoints; pods there carry app=checkout and app=search',
    'SVC-001 Service/shop/search spec.selector.release: the selector matches no pod: it asks for release=green, and the pods of Deployment shop/search carry release=blue',
    'SVC-001 Service/twins/twin spec.selector: the selector app=twni matches no pod and no workload in namespace twins, so the Service has no endpoints; pods there carry app=twin',
  ]);
  expect(planned(report)).toEqual({
    'SVC-001 Service/shop/catalog': [
      'Select app.kubernetes.io/name=catalog instead of app=catalog',
      'patch Service/shop/catalog test /spec/selector/app "catalog"; remove /spec/selector/app; add /spec/selector/app.kubernetes.io~1name "catalog"',
    ],
    'SVC-001 Service/shop/checkout': [
      'Select app=checkout instead of app=chekcout',
      'patch Service/shop/checkout test /spec/selector/app "chekcout"; replace /spec/selector/app "checkout"',
    ],
    'SVC-001 Service/shop/search': [
      'Select release=blue instead of release=green',
      'patch Service/shop/search test /spec/selector/release "green"; replace /spec/selector/release "blue"',
    ],
  });
  expect(advised(report)).toEqual({
    'SVC-001 Service/shop/nothing-like-it':
      'Correct spec.selector to the labels of the pods that are to serve, give those pods the labels, or delete the Service if nothing is to stand behind it.',
    'SVC-001 Service/twins/twin':
      'Correct spec.selector to the labels of the pods that are to serve, give those pods the labels, or delete the Service if nothing is to stand behind it.',
  });
});

test('a Service without a selector that a failing program calls has no address; one that is given an address, or that nobody calls, is well', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'erp', namespace: 'shop' }, spec: { ports: [{ port: 1433 }] } };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'erp-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'erp' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.7'] }],
  };
  const caller = workload({
    name: 'sync',
    spec: { containers: [{ name: 'a', image: 'a' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [container('a', waiting('CrashLoopBackOff'), { restartCount: 4, lastState: ended(1) })],
    },
  });
  const look = (line: string, ...more: Record<string, unknown>[]) =>
    told(examine([serviceSelectsNothing], [], [service, ...caller, ...more], () => logs(line)));
  expect(look('cannot connect to erp:1433: connection refused')).toEqual([
    'SVC-001 Service/shop/erp spec.selector affects sync: the Service has no selector and no EndpointSlice gives it an address, so nobody answers Deployment shop/sync, which calls it',
  ]);
  expect(look('cannot connect to erp:1433: connection refused', slice)).toEqual([]);
  expect(look('division by zero')).toEqual([]);
});
