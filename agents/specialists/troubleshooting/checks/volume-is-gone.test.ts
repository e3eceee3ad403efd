import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { pod } from '../../testing/places.ts';
import { told } from '../../testing/told.ts';
import { volumeIsGone } from './volume-is-gone.ts';

const claim = (phase: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop' },
  spec: { accessModes: ['ReadWriteOnce'], volumeName: 'pv-7' },
  status: { phase },
});
const user = pod('web', { nodeName: 'node-1', volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }], containers: [] });

test('names the volume that is gone; silent for a claim that has its own', () => {
  expect(told(examine([volumeIsGone], [], [claim('Lost'), user]))).toEqual([
    'VOL-010 PersistentVolumeClaim/shop/data spec.volumeName affects web: the claim is Lost: PersistentVolume pv-7, which it was bound to, does not exist any more; 1 pod uses it',
  ]);
  expect(told(examine([volumeIsGone], [], [claim('Bound'), user]))).toEqual([]);
});
