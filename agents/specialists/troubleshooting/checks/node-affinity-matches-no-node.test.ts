import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctNodeSelector } from '../remedies/correct-node-selector.ts';
import { nodeAffinityMatchesNoNode } from './node-affinity-matches-no-node.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [nodeAffinityMatchesNoNode], remedies: [correctNodeSelector] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('names the requirement no node meets, in its place among the terms', () => {
  const report = read('node-affinity');
  expect(told(report)).toEqual([
    'SCH-002 Deployment/shop/absent spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0] affects absent-5d8f-p0: 1 pod cannot be placed: no node meets the required affinity gpu Exists; no node has the label gpu at all',
    'SCH-002 Deployment/shop/near spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1] affects near-5d8f-p0: 1 pod cannot be placed: no node meets the required affinity disk In (sdd); nodes have disk=ssd',
    'SCH-002 StatefulSet/shop/choice spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0] affects choice-0: 1 pod cannot be placed: no node meets the required affinity zone In (x, y); nodes have zone=a, zone=b',
  ]);
  expect(planned(report)).toEqual({
    'SCH-002 Deployment/shop/near': [
      'Ask for nodes with disk=ssd instead of disk=sdd',
      'patch Deployment/shop/near test /spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/1/values/0 "sdd"; replace /spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/1/values/0 "ssd"',
    ],
  });
  expect(advised(report)).toEqual({
    'SCH-002 Deployment/shop/absent':
      'Label a node so that it fits (kubectl label node NAME gpu=), or change spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0] to what nodes have.',
    'SCH-002 StatefulSet/shop/choice':
      'Label a node so that it fits (kubectl label node NAME zone=x), or change spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0] to what nodes have: zone=a on node-1; zone=b on node-2.',
  });
});
