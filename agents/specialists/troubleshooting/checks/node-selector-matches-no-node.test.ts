import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { examine, workload } from '../../testing/cluster.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctNodeSelector } from '../remedies/correct-node-selector.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { nodeSelectorMatchesNoNode } from './node-selector-matches-no-node.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [nodeSelectorMatchesNoNode], remedies: [correctNodeSelector] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('names the label no node has and corrects what is near; says nothing of pods the scheduler has not tried', () => {
  const report = read('node-selectors');
  expect(told(report)).toEqual([
    'SCH-001 DaemonSet/shop/hostname spec.template.spec.nodeSelector.hostname affects hostname-p0: 1 pod cannot be placed: no node has the label hostname=node-1 that nodeSelector asks for; nodes have kubernetes.io/hostname=node-1',
    'SCH-001 Deployment/shop/far spec.template.spec.nodeSelector.disk affects far-5d8f-p0: 1 pod cannot be placed: no node has the label disk=nvme0 that nodeSelector asks for; nodes have disk=rotating, disk=ssd. The smallest change: drop disk=nvme0 from nodeSelector, or label node-1 with it',
    'SCH-001 Deployment/shop/together spec.template.spec.nodeSelector affects together-5d8f-p0: 1 pod cannot be placed: no node has all of disk=ssd and zone=b; each label is on some node, none carries them together. The smallest change: drop zone=b from nodeSelector, or label node-1 with it',
    'SCH-001 Deployment/shop/typo spec.template.spec.nodeSelector.disk affects typo-5d8f-p0, typo-5d8f-p1: 2 pods cannot be placed: no node has the label disk=sdd that nodeSelector asks for; nodes have disk=ssd',
    'SCH-001 StatefulSet/shop/wrong-key spec.template.spec.nodeSelector.dsik affects wrong-key-0: 1 pod cannot be placed: no node has the label dsik=ssd that nodeSelector asks for; nodes have disk=ssd',
  ]);
  expect(planned(report)).toEqual({
    'SCH-001 DaemonSet/shop/hostname': [
      'Ask for nodes with kubernetes.io/hostname=node-1 instead of hostname=node-1',
      'patch DaemonSet/shop/hostname test /spec/template/spec/nodeSelector/hostname "node-1"; remove /spec/template/spec/nodeSelector/hostname; add /spec/template/spec/nodeSelector/kubernetes.io~1hostname "node-1"',
    ],
    'SCH-001 Deployment/shop/typo': [
      'Ask for nodes with disk=ssd instead of disk=sdd',
      'patch Deployment/shop/typo test /spec/template/spec/nodeSelector/disk "sdd"; replace /spec/template/spec/nodeSelector/disk "ssd"',
    ],
    'SCH-001 StatefulSet/shop/wrong-key': [
      'Ask for nodes with disk=ssd instead of dsik=ssd',
      'patch StatefulSet/shop/wrong-key test /spec/template/spec/nodeSelector/dsik "ssd"; remove /spec/template/spec/nodeSelector/dsik; add /spec/template/spec/nodeSelector/disk "ssd"',
      'delete Pod/shop/wrong-key-0',
    ],
  });
  expect(advised(report)).toEqual({
    'SCH-001 Deployment/shop/far':
      'Label a node so that it fits (kubectl label node NAME disk=nvme0), or change spec.template.spec.nodeSelector.disk to what nodes have: disk=ssd on node-1; disk=rotating on node-2.',
    'SCH-001 Deployment/shop/together': 'Label a node so that it fits, or change spec.template.spec.nodeSelector to what nodes have.',
  });
});

test('a node that pods name themselves and that is not there; not one that is, nor one that took the pod and is gone since', () => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: {}, status: {} };
  const look = (nodeName: string, status: Record<string, unknown> = { phase: 'Pending', conditions: [] }) =>
    examine(
      [nodeSelectorMatchesNoNode],
      [correctValue],
      [node, ...workload({ name: 'w', spec: { nodeName, containers: [{ name: 'a', image: 'a' }] }, status })],
    );
  const report = look('wroker-1');
  expect(told(report)).toEqual([
    'SCH-001 Deployment/shop/w spec.template.spec.nodeName affects w-r1-x: its pods are bound to node wroker-1 by nodeName, and there is no such node, so no kubelet starts them; was worker-1 meant?',
  ]);
  expect(planned(report)['SCH-001 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w test /spec/template/spec/nodeName "wroker-1"; replace /spec/template/spec/nodeName "worker-1"',
  );
  expect(told(look('worker-1'))).toEqual([]);
  expect(told(look('gone-1', { phase: 'Running', startTime: '2026-03-01T11:00:00Z', conditions: [] }))).toEqual([]);
});
