import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { examine, workload } from '../../testing/cluster.ts';
import { RUNNING, node, pod } from '../../testing/places.ts';
import { told } from '../../testing/told.ts';
import { volumeAttachedElsewhere } from './volume-attached-elsewhere.ts';

const uses = (nodeName: string) => ({
  nodeName,
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'ledger' } }],
  containers: [{ name: 'app' }],
});
const claim = (mode: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'ledger', namespace: 'shop' },
  spec: { accessModes: [mode], volumeName: 'pv-1' },
  status: { phase: 'Bound' },
});
const events = (...reasons: string[]): Fact => ({
  ok: true,
  value: { events: reasons.map((reason) => ({ type: 'Warning', reason, message: 'Multi-Attach error for volume "pv-1"', count: 3 })) },
});
const scene = (mode: string, on = 'node-2') => [
  node('node-1'),
  node('node-2'),
  claim(mode),
  pod('audit', uses('node-1'), RUNNING),
  ...workload({ name: 'web', spec: uses(on), status: { phase: 'Pending' } }),
];
const look = (objects: Parameters<typeof examine>[2], fact?: Fact) =>
  examine([volumeAttachedElsewhere], [], objects, fact === undefined ? undefined : () => fact);

test('names the node and the pod that have the volume', () => {
  expect(told(look(scene('ReadWriteOnce'), events('FailedAttachVolume')))).toEqual([
    'VOL-009 Deployment/shop/web spec.template.spec.volumes[0].persistentVolumeClaim.claimName affects web-r1-x: pod web-r1-x on node-2 cannot start: claim ledger is ReadWriteOnce and in use on node-1 by Pod shop/audit',
  ]);
});

test('says less where events cannot be read', () => {
  expect(look(scene('ReadWriteOnce')).findings.map((f) => f.confidence)).toEqual([0.6]);
});

test('silent on one node, for a volume that many nodes may use, and where nobody says it cannot be attached', () => {
  expect(told(look(scene('ReadWriteOnce', 'node-1'), events('FailedAttachVolume')))).toEqual([]);
  expect(told(look(scene('ReadWriteMany'), events('FailedAttachVolume')))).toEqual([]);
  expect(told(look(scene('ReadWriteOnce'), events('Pulling')))).toEqual([]);
});
