import { expect, test } from 'vitest';
import type { Fact } from '../../contract/index.ts';
import { container, examine, secret, waiting, workload } from '../testing/cluster.ts';
import { advised, told } from '../testing/told.ts';
import { configMapDoesNotExist } from './checks/config-map-does-not-exist.ts';
import { configMapKeyMissing } from './checks/config-map-key-missing.ts';
import { secretDoesNotExist } from './checks/secret-does-not-exist.ts';
import { secretKeyMissing } from './checks/secret-key-missing.ts';
import { correctConfigReference } from './remedies/correct-config-reference.ts';

const CHECKS = [configMapDoesNotExist, secretDoesNotExist, configMapKeyMissing, secretKeyMissing];
const UNREADABLE = (['Secret', 'ConfigMap'] as const).map((kind) => ({ kind, because: 'forbidden: it may not be listed' }));

/** By one who may read neither ConfigMaps nor Secrets. */
const look = (objects: Parameters<typeof examine>[2], ...mounts: readonly string[]) =>
  examine(
    CHECKS,
    [correctConfigReference],
    objects,
    (): Fact => ({ ok: true, value: { events: mounts.map((message) => ({ type: 'Warning', reason: 'FailedMount', message, count: 3 })) } }),
    UNREADABLE,
  );
const stuck = (reason: string, message = '') => ({
  phase: 'Pending',
  conditions: [],
  containerStatuses: [container('web', waiting(reason, message))],
});
const env = (name: string, key: string) => ({
  containers: [{ name: 'web', image: 'a', env: [{ name: 'T', valueFrom: { secretKeyRef: { name, key } } }] }],
});

test('what the kubelet says of a variable is believed where Secrets may not be read; nothing near is guessed', () => {
  const objects = [
    ...workload({ name: 'web', spec: env('login', 'token'), status: stuck('CreateContainerConfigError', 'secret "login" not found') }),
    secret('logins', { token: 'x' }),
  ];
  const report = look(objects);
  expect(told(report)).toEqual([
    'CFG-002 Deployment/shop/web spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name affects web-r1-x: Secret login, needed for variable T of container web, does not exist in namespace shop, so 1 pod cannot start; the kubelet says so, the Secrets themselves cannot be read here',
  ]);
  expect(report.findings[0]?.confidence).toBeLessThan(0.9);
  expect(Object.values(advised(report))[0]).toContain('Create Secret login in namespace shop');
  expect(report.incomplete.map((i) => i.what)).toContain('secrets');
});

test('a key that is missing is told from an object that is missing', () => {
  const key = look(
    workload({
      name: 'web',
      spec: env('login', 'token'),
      status: stuck('CreateContainerConfigError', "couldn't find key token in Secret shop/login"),
    }),
  );
  expect(key.findings.map((f) => [f.code, f.field, f.params['object']])).toEqual([
    ['CFG-004', 'spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key', 'login'],
  ]);
});

test('of volumes the events speak, projected ones and ConfigMaps too', () => {
  const mounted = {
    containers: [{ name: 'web', image: 'a' }],
    volumes: [
      {
        name: 'all',
        projected: { sources: [{ secret: { name: 'keys' } }, { configMap: { name: 'rules', items: [{ key: 'a.yaml', path: 'a' }] } }] },
      },
    ],
  };
  const objects = workload({ name: 'web', spec: mounted, status: stuck('ContainerCreating') });
  expect(
    look(objects, 'MountVolume.SetUp failed for volume "all" : secret "keys" not found').findings.map((f) => [f.code, f.field]),
  ).toEqual([['CFG-002', 'spec.template.spec.volumes[0].projected.sources[0].secret.name']]);
  const key = look(objects, 'MountVolume.SetUp failed for volume "all" : references non-existent config key: a.yaml');
  expect(key.findings.map((f) => [f.code, f.field])).toEqual([
    ['CFG-003', 'spec.template.spec.volumes[0].projected.sources[1].configMap.items[0].key'],
  ]);
  expect(told(look(objects, 'MountVolume.SetUp failed for volume "all" : secret "other-keys" not found'))).toEqual([]);
  expect(told(look(objects))).toEqual([]);
});
