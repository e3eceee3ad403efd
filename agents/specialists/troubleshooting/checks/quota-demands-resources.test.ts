import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fact, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { writeDemandedResources } from '../remedies/write-demanded-resources.ts';
import { quotaDemandsResources } from './quota-demands-resources.ts';

const refused = 'Error creating: pods "agent-x7" is forbidden: failed quota: memory: must specify limits.memory for: app';
const facts = new Map<string, Fact>([
  [
    probeKey({
      type: 'objectEvents',
      resource: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        namespace: 'ranged',
        name: 'agent',
        uid: '00000000-0000-0000-0000-000000000036',
      },
      revision: '77',
    }),
    { ok: true, value: { events: [{ type: 'Warning', reason: 'FailedCreate', message: refused, count: 3 }] } },
  ],
]);

const agent = { id: 'test', title: '', description: '', icon: '', checks: [quotaDemandsResources], remedies: [writeDemandedResources] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts, now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('writes values of an earlier revision or a LimitRange, and else asks for them', () => {
  const report = read('quota-demands');
  expect(told(report)).toEqual([
    'QTA-002 DaemonSet/ranged/agent spec.template.spec.containers[0].resources.limits.memory: 2 pods cannot be created: ResourceQuota memory demands that every container writes limits.memory, and container app does not',
    'QTA-002 Deployment/shop/half spec.template.spec.containers[0].resources.limits.memory affects half-7c: 1 pod cannot be created: ResourceQuota compute demands that every container writes limits.memory, and container app does not',
    'QTA-002 Deployment/shop/lost-them spec.template.spec.containers[0].resources.requests.cpu affects lost-them-7c: 1 pod cannot be created: ResourceQuota compute demands that every container writes requests.cpu and limits.memory, and container app does not',
    'QTA-002 Deployment/shop/plain spec.template.spec.containers[0].resources.requests.cpu affects plain-7c: 2 pods cannot be created: ResourceQuota compute demands that every container writes requests.cpu and limits.memory, and container app does not',
  ]);
  expect(planned(report)).toEqual({
    'QTA-002 DaemonSet/ranged/agent': [
      'Write limits.memory=256Mi for app',
      'patch DaemonSet/ranged/agent add /spec/template/spec/containers/0/resources/limits {"memory":"256Mi"}',
    ],
    'QTA-002 Deployment/shop/lost-them': [
      'Write requests.cpu=250m for app and limits.memory=128Mi for app',
      'patch Deployment/shop/lost-them add /spec/template/spec/containers/0/resources/requests {"cpu":"250m"}; add /spec/template/spec/containers/0/resources/limits {"memory":"128Mi"}',
    ],
  });
  expect(advised(report)).toEqual({
    'QTA-002 DaemonSet/ranged/agent':
      'Write limits.memory for app in spec.template.spec, or give the namespace a LimitRange with defaults. ResourceQuota memory has 1Gi of limits.memory left.',
    'QTA-002 Deployment/shop/half':
      'Write limits.memory for app in spec.template.spec, or give the namespace a LimitRange with defaults. ResourceQuota compute has 1Gi of limits.memory left.',
    'QTA-002 Deployment/shop/lost-them':
      'Write requests.cpu and limits.memory for app in spec.template.spec, or give the namespace a LimitRange with defaults. ResourceQuota compute has 1500m of requests.cpu and 1Gi of limits.memory left.',
    'QTA-002 Deployment/shop/plain':
      'Write requests.cpu and limits.memory for app in spec.template.spec, or give the namespace a LimitRange with defaults. ResourceQuota compute has 1500m of requests.cpu and 1Gi of limits.memory left.',
  });
});
