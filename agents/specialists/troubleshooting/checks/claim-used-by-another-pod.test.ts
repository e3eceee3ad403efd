import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, node, ownedBy, pod } from '../../testing/places.ts';
import { planned, told } from '../../testing/told.ts';
import { stopOldPodsFirst } from '../remedies/stop-old-pods-first.ts';
import { claimUsedByAnotherPod } from './claim-used-by-another-pod.ts';

const look = (...objects: Parameters<typeof examine>[2]) => examine([claimUsedByAnotherPod], [stopOldPodsFirst], objects);
const uses = (nodeName?: string, image = 'a') => ({
  nodeName,
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'ledger' } }],
  containers: [{ name: 'app', image }],
});
const claim = (mode: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'ledger', namespace: 'shop' },
  spec: { accessModes: [mode], volumeName: 'pv-1' },
  status: { phase: 'Bound' },
});

test('names the pod that has the claim', () => {
  const report = look(
    node('node-1'),
    claim('ReadWriteOncePod'),
    pod('audit', uses('node-1')),
    ...workload({ name: 'web', spec: uses(), status: REFUSED }),
  );
  expect(told(report)).toEqual([
    'VOL-008 ' +
      'Deployment/shop/web spec.template.spec.volumes[0].persistentVolumeClaim.claimName affects web-r1-x: 1 pod cannot be placed: claim ledger is ReadWriteOncePod, and pod audit of Pod shop/audit uses it',
  ]);
});

test('its own earlier pod is stopped first', () => {
  const old = pod('web-r1-y', uses('node-1'), RUNNING, { labels: { app: 'web' }, owner: ownedBy('ReplicaSet', 'web-r1') });
  const report = look(
    node('node-1'),
    claim('ReadWriteOncePod'),
    old,
    ...workload({ name: 'web', spec: uses(undefined, 'b'), earlier: [uses()], status: REFUSED }),
  );
  expect(planned(report)['VOL-008 Deployment/shop/web']?.[1]).toBe(
    'patch Deployment/shop/web add /spec/strategy {"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1}}',
  );
});

test('silent for a claim that pods of one node may share', () => {
  expect(
    told(
      look(
        node('node-1'),
        claim('ReadWriteOnce'),
        pod('audit', uses('node-1')),
        ...workload({ name: 'web', spec: uses(), status: REFUSED }),
      ),
    ),
  ).toEqual([]);
});
