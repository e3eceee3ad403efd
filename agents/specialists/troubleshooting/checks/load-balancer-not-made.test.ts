import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { examine } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { loadBalancerNotMade } from './load-balancer-not-made.ts';

const service = (since: string, status: object = {}, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'shop', creationTimestamp: since },
  spec: { type: 'LoadBalancer', selector: { app: 'front' }, ports: [{ port: 80 }], ...more },
  status: { loadBalancer: status },
});
const events = (...messages: string[]): Fact => ({
  ok: true,
  value: { events: messages.map((message) => ({ type: 'Warning', reason: 'SyncLoadBalancerFailed', message, count: 1 })) },
});
const look = (object: object, fact: Fact) => examine([loadBalancerNotMade], [correctValue], [object as never], () => fact);
const OLD = '2026-03-01T11:00:00Z';

test('the words of the controller that fails are told, and less is said where there is none', () => {
  const failed = look(service(OLD), events('Error syncing load balancer: no suitable subnet'));
  expect(failed.findings.map((f) => [f.code, f.severity, f.confidence])).toEqual([['SVC-015', 'high', 0.9]]);
  expect(told(failed)[0]).toContain('no suitable subnet');
  const nobody = look(service(OLD), events());
  expect(nobody.findings.map((f) => [f.severity, f.confidence, f.field])).toEqual([['low', 0.6, 'spec.type']]);
  expect(Object.keys(advised(nobody))).toHaveLength(1);
  expect(told(look(service(OLD, {}, { loadBalancerClass: 'inner' }), events()))[0]).toContain('class inner');
});

test('silent while it is young, once it has an address, and of other types', () => {
  for (const object of [
    service('2026-03-01T11:58:00Z'),
    service(OLD, { ingress: [{ ip: '192.0.2.7' }] }),
    service(OLD, { ingress: [{ hostname: 'lb.example' }] }),
    service(OLD, {}, { type: 'NodePort' }),
  ])
    expect(look(object, events('x')).findings).toEqual([]);
});
