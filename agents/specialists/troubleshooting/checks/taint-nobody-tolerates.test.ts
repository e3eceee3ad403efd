import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { examine, workload } from '../../testing/cluster.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { REFUSED, node } from '../../testing/places.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { tolerateOrUntaint } from '../remedies/tolerate-or-untaint.ts';
import { taintNobodyTolerates } from './taint-nobody-tolerates.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [taintNobodyTolerates], remedies: [tolerateOrUntaint] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('blames the workload where others tolerate the taint, and the node where nobody does', () => {
  const report = read('taints-and-cordons');
  expect(told(report)).toEqual([
    'SCH-003 Deployment/batch/stranger spec.template.spec.tolerations affects stranger-5d8f-p0: 1 pod cannot be placed: it does not tolerate the taint dedicated=batch:NoSchedule of node node-1, and no other node would do. The smallest change: tolerate dedicated=batch:NoSchedule (for node-1)',
    'SCH-003 Node/node-3 spec.taints[0] affects db-0: 1 pod cannot be placed: nobody tolerates the taint maintenance:NoExecute of node node-3, and no other node would do. The smallest change: tolerate maintenance:NoExecute (for node-3)',
  ]);
  expect(planned(report)).toEqual({});
  expect(advised(report)).toEqual({
    'SCH-003 Deployment/batch/stranger':
      'If these pods may run there, add a toleration for dedicated=batch:NoSchedule to their template; if the taint has had its day, remove it: kubectl taint node NODE dedicated=batch:NoSchedule-',
    'SCH-003 Node/node-3':
      'If these pods may run there, add a toleration for maintenance:NoExecute to their template; if the taint has had its day, remove it: kubectl taint node node-3 maintenance:NoExecute-',
  });
});

const gpu = (name: string) => node(name, { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } });
const tolerating = (toleration: object) =>
  workload({
    kind: 'StatefulSet',
    name: 'train',
    spec: { nodeName: undefined, tolerations: [toleration], containers: [{ name: 'app' }] },
    status: REFUSED,
  });

test('a toleration that misses the taint by one part is corrected to it', () => {
  const look = (toleration: object) => examine([taintNobodyTolerates], [tolerateOrUntaint], [gpu('node-1'), ...tolerating(toleration)]);
  const report = look({ key: 'dedicated', operator: 'Equal', value: 'gpus', effect: 'NoSchedule' });
  expect(told(report)).toEqual([
    'SCH-003 StatefulSet/shop/train spec.template.spec.tolerations[0].value affects train-0: 1 pod cannot be placed: its toleration has the value gpus, and the taint dedicated=gpu:NoSchedule of node node-1 has gpu; no other node would do',
  ]);
  expect(planned(report)['SCH-003 StatefulSet/shop/train']).toEqual([
    'Tolerate dedicated=gpu:NoSchedule (value gpu instead of gpus)',
    'patch StatefulSet/shop/train test /spec/template/spec/tolerations/0/value "gpus"; replace /spec/template/spec/tolerations/0/value "gpu"',
    'delete Pod/shop/train-0',
  ]);
  const fields = (toleration: object) => look(toleration).findings.map((f) => f.field);
  expect(fields({ key: 'dedicatd', operator: 'Exists' })).toEqual(['spec.template.spec.tolerations[0].key']);
  expect(fields({ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' })).toEqual(['spec.template.spec.tolerations[0].effect']);
  expect(fields({ key: 'dedicated', operator: 'Exists' })).toEqual([]);
  expect(fields({ key: 'other', operator: 'Exists' })).toEqual(['spec.taints[0]']);
});
