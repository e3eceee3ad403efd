import { expect, test } from 'vitest';
import { configMap, container, examine, running, secret, waiting, workload } from '../testing/cluster.ts';
import { advised, planned, told } from '../testing/told.ts';
import { configMapDoesNotExist } from './checks/config-map-does-not-exist.ts';
import { configMapKeyMissing } from './checks/config-map-key-missing.ts';
import { secretDoesNotExist } from './checks/secret-does-not-exist.ts';
import { secretKeyMissing } from './checks/secret-key-missing.ts';
import { correctConfigReference } from './remedies/correct-config-reference.ts';

const CHECKS = [configMapDoesNotExist, secretDoesNotExist, configMapKeyMissing, secretKeyMissing];
const look = (objects: Parameters<typeof examine>[2]) => examine(CHECKS, [correctConfigReference], objects);
const stuck = (name: string, message: string) => ({
  phase: 'Pending',
  conditions: [],
  containerStatuses: [container(name, waiting('CreateContainerConfigError', message))],
});

test('one missing ConfigMap, named in variables and in a volume, is one finding; its plan corrects both', () => {
  const spec = {
    containers: [{ name: 'web', image: 'a', envFrom: [{ configMapRef: { name: 'web-confg' } }] }],
    volumes: [{ name: 'files', configMap: { name: 'web-confg' } }],
  };
  const report = look([
    ...workload({ name: 'web', spec, status: stuck('web', 'configmap "web-confg" not found') }),
    configMap('web-config', { LEVEL: 'info' }),
  ]);
  expect(told(report)).toEqual([
    'CFG-001 Deployment/shop/web spec.template.spec.volumes[0].configMap.name affects web-r1-x: ConfigMap web-confg, needed for volume files and all variables of container web, does not exist in namespace shop, so 1 pod cannot start; did you mean web-config?',
  ]);
  expect(planned(report)['CFG-001 Deployment/shop/web']).toEqual([
    'Name web-config instead of web-confg',
    'patch Deployment/shop/web test /spec/template/spec/volumes/0/configMap/name "web-confg"; replace /spec/template/spec/volumes/0/configMap/name "web-config"; test /spec/template/spec/containers/0/envFrom/0/configMapRef/name "web-confg"; replace /spec/template/spec/containers/0/envFrom/0/configMapRef/name "web-config"',
  ]);
});

test('a Secret under the name of a ConfigMap: the reference is moved to the other kind', () => {
  const spec = { containers: [{ name: 'api', image: 'a', envFrom: [{ configMapRef: { name: 'credentials' } }] }] };
  const report = look([
    ...workload({ name: 'api', namespace: 'pay', spec, status: stuck('api', 'configmap "credentials" not found') }),
    secret('credentials', { TOKEN: 'x' }, {}, 'pay'),
  ]);
  expect(planned(report)).toEqual({
    'CFG-001 Deployment/pay/api': [
      'Take credentials from the Secret of that name',
      'patch Deployment/pay/api test /spec/template/spec/containers/0/envFrom/0/configMapRef/name "credentials"; remove /spec/template/spec/containers/0/envFrom/0/configMapRef; add /spec/template/spec/containers/0/envFrom/0/secretRef {"name":"credentials"}',
    ],
  });
});

test('a missing key of the second container in a StatefulSet: the near key is offered', () => {
  const spec = {
    containers: [
      { name: 'a', image: 'a' },
      { name: 'b', image: 'b', env: [{ name: 'T', valueFrom: { secretKeyRef: { name: 's', key: 'api-tokne' } } }] },
    ],
  };
  const report = look([
    ...workload({ kind: 'StatefulSet', name: 'db', spec, status: stuck('b', "couldn't find key api-tokne in Secret shop/s") }),
    secret('s', { 'api-token': 'x', other: 'y' }),
  ]);
  expect(told(report)).toEqual([
    'CFG-004 StatefulSet/shop/db spec.template.spec.containers[1].env[0].valueFrom.secretKeyRef.key affects db-0: Secret s has no key api-tokne, needed for variable T of container b, so 1 pod cannot start; did you mean api-token?',
  ]);
});

test('nothing like it exists: no plan, but what a person must supply', () => {
  const spec = {
    volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'tls-of-ours' } }] } }],
    containers: [{ name: 'a', image: 'a' }],
  };
  const report = look(
    workload({
      kind: 'Pod',
      name: 'lonely',
      spec,
      status: { conditions: [], containerStatuses: [container('a', waiting('ContainerCreating'))] },
    }),
  );
  expect(planned(report)).toEqual({});
  expect(advised(report)['CFG-002 Pod/shop/lonely']).toMatch(/Create Secret tls-of-ours in namespace shop/);
});

test('optional references, and pods that run, are silent', () => {
  const optional = { containers: [{ name: 'a', image: 'a', envFrom: [{ configMapRef: { name: 'maybe', optional: true } }] }] };
  const named = { containers: [{ name: 'a', image: 'a', envFrom: [{ configMapRef: { name: 'gone' } }] }] };
  expect(
    look(
      workload({
        name: 'x',
        spec: optional,
        status: { conditions: [], containerStatuses: [container('a', waiting('ContainerCreating'))] },
      }),
    ).findings,
  ).toEqual([]);
  expect(
    look(
      workload({
        name: 'y',
        spec: named,
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [container('a', running(), { ready: true })],
        },
      }),
    ).findings,
  ).toEqual([]);
});
