import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { uncordonNode } from '../remedies/uncordon-node.ts';
import { eligibleNodesCordoned } from './eligible-nodes-cordoned.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [eligibleNodesCordoned], remedies: [uncordonNode] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('makes one finding of a cordon that two workloads wait for', () => {
  const report = read('taints-and-cordons');
  expect(told(report)).toEqual([
    'SCH-004 Node/node-2 spec.unschedulable affects web-5d8f-p0, web-5d8f-p1, web-cache-0: 3 pods cannot be placed: the only node that would do, node-2, is cordoned. The smallest change: uncordon node-2',
  ]);
  expect(planned(report)).toEqual({
    'SCH-004 Node/node-2': ['Uncordon node node-2', 'patch Node/node-2 test /spec/unschedulable true; remove /spec/unschedulable'],
  });
  expect(advised(report)).toEqual({});
});
