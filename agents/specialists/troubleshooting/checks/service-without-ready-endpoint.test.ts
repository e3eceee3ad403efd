import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { told } from '../../testing/told.ts';
import { serviceWithoutReadyEndpoint } from './service-without-ready-endpoint.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [serviceWithoutReadyEndpoint], remedies: [] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('tells of a Service nobody answers for, not of pods that start', () => {
  const report = read('service-endpoints');
  expect(told(report, 'symptom')).toEqual([
    'SVC-010 Service/shop/down - affects down-0, down-1: none of the 2 pods behind the Service is ready (Deployment down), so nobody answers',
  ]);
});

test('a pod whose first container is being made is given longer than one that runs and is not ready', () => {
  const told = (state: string) => {
    const store = storeFromYaml(`
kind: Deployment
metadata: { name: kiosk, namespace: shop, uid: d }
spec: { replicas: 1, selector: { matchLabels: { app: kiosk } }, template: { metadata: { labels: { app: kiosk } }, spec: { containers: [{ name: a, image: a }] } } }
---
kind: ReplicaSet
metadata: { name: kiosk-1, namespace: shop, uid: r, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: kiosk, uid: d, controller: true }] }
spec: { replicas: 1, selector: { matchLabels: { app: kiosk } } }
---
kind: Pod
metadata: { name: kiosk-1-x, namespace: shop, labels: { app: kiosk }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: kiosk-1, uid: r, controller: true }] }
spec: { nodeName: node-1, containers: [{ name: a, image: a }] }
status:
  phase: Pending
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: '2026-03-01T12:00:00Z' }]
  containerStatuses: [{ name: a, ready: false, restartCount: 0, state: ${state} }]
---
kind: Service
metadata: { name: kiosk, namespace: shop }
spec: { selector: { app: kiosk }, ports: [{ port: 80 }] }
`);
    return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report.findings.length;
  };
  expect(told("{ running: { startedAt: '2026-03-01T12:00:10Z' } }")).toBe(1);
  expect(told('{ waiting: { reason: ContainerCreating } }')).toBe(0);
});
