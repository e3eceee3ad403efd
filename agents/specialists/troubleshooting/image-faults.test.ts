import { expect, test } from 'vitest';
import { container, examine, secret, waiting, workload } from '../testing/cluster.ts';
import { advised, planned, told } from '../testing/told.ts';
import { imageDoesNotExist } from './checks/image-does-not-exist.ts';
import { imageNameInvalid } from './checks/image-name-invalid.ts';
import { imageNeverPulled } from './checks/image-never-pulled.ts';
import { pullDenied } from './checks/pull-denied.ts';
import { pullSecretDoesNotExist } from './checks/pull-secret-does-not-exist.ts';
import { registryUnreachable } from './checks/registry-unreachable.ts';
import { classify } from './image-faults.ts';
import { correctImageReference } from './remedies/correct-image-reference.ts';
import { undoRollout } from './remedies/undo-rollout.ts';

const CHECKS = [imageNameInvalid, imageDoesNotExist, registryUnreachable, pullDenied, imageNeverPulled, pullSecretDoesNotExist];
const look = (objects: Parameters<typeof examine>[2]) => examine(CHECKS, [correctImageReference, undoRollout], objects);
const pod = (...statuses: object[]) => ({ status: { phase: 'Pending', conditions: [], containerStatuses: statuses } });

test.each([
  [
    'InvalidImageName',
    'Failed to apply default image tag "A:1": couldn\'t parse image name "A:1": invalid reference format',
    'invalidName',
  ],
  ['ErrImageNeverPull', 'Container image "a" is not present with pull policy of Never', 'neverPull'],
  [
    'ErrImagePull',
    'failed to pull and unpack image "r.example/a:1": failed to resolve reference "r.example/a:1": r.example/a:1: not found',
    'absent',
  ],
  ['ErrImagePull', 'rpc error: code = NotFound desc = manifest unknown', 'absent'],
  [
    'ErrImagePull',
    'failed to do request: Head "https://r.invalid/v2/a/manifests/1": dial tcp: lookup r.invalid: no such host',
    'unreachable',
  ],
  ['ErrImagePull', 'Head "https://r.example/v2/": net/http: TLS handshake timeout: context deadline exceeded', 'unreachable'],
  ['ErrImagePull', 'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized', 'denied'],
  ['ImagePullBackOff', 'Back-off pulling image "a:1"', 'unknown'],
])('%s: %s is %s', (reason, message, fault) => {
  expect(classify(reason, message)).toBe(fault);
});

test('a tag that does not exist: the earlier revision that serves is offered, the second container is named', () => {
  const spec = (tag: string) => ({
    containers: [
      { name: 'proxy', image: 'shop/proxy:1' },
      { name: 'web', image: `shop/web:${tag}` },
    ],
  });
  const report = look(
    workload({
      name: 'web',
      spec: spec('9'),
      earlier: [spec('8')],
      ...pod(container('proxy', { running: {} }), container('web', waiting('ErrImagePull', 'shop/web:9: not found'))),
    }),
  );
  expect(told(report)).toEqual([
    'IMG-002 Deployment/shop/web spec.template.spec.containers[1].image affects web-r2-x: the image "shop/web:9" of container web does not exist in the default registry: its name or tag is wrong, or it was never pushed, so 1 pod cannot start',
  ]);
  expect(planned(report)).toEqual({
    'IMG-002 Deployment/shop/web': ['Put revision 1 of Deployment web back', 'undo-rollout Deployment/shop/web'],
  });
});

test('a name in capitals in an init container of a DaemonSet is written as it must be', () => {
  const spec = { initContainers: [{ name: 'prepare', image: 'shop/Prepare:1' }], containers: [{ name: 'main', image: 'shop/main:1' }] };
  const report = look(
    workload({
      kind: 'DaemonSet',
      name: 'agent',
      spec,
      status: { conditions: [], initContainerStatuses: [container('prepare', waiting('InvalidImageName', 'invalid reference format'))] },
    }),
  );
  expect(planned(report)).toEqual({
    'IMG-001 DaemonSet/shop/agent': [
      'Write the image name as shop/prepare:1',
      'patch DaemonSet/shop/agent test /spec/template/spec/initContainers/0/image "shop/Prepare:1"; replace /spec/template/spec/initContainers/0/image "shop/prepare:1"',
    ],
  });
});

test('a refused pull with a pull secret that is nearly there: the secret is the cause, not the registry', () => {
  const spec = { imagePullSecrets: [{ name: 'registry-key' }], containers: [{ name: 'a', image: 'r.example/a:1' }] };
  const report = look([
    ...workload({ name: 'api', spec, ...pod(container('a', waiting('ErrImagePull', '401 Unauthorized'))) }),
    secret('registry-keys', {}, { type: 'kubernetes.io/dockerconfigjson' }),
  ]);
  expect(report.findings.map((f) => [f.code, f.field, f.params['meant']])).toEqual([
    ['IMG-006', 'spec.template.spec.imagePullSecrets[0].name', 'registry-keys'],
  ]);
});

test('Never on a node without the image: the policy is what must change', () => {
  const spec = { containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'Never' }] };
  const report = look(
    workload({
      kind: 'StatefulSet',
      name: 'db',
      spec,
      ...pod(container('a', waiting('ErrImageNeverPull', 'not present with pull policy of Never'))),
    }),
  );
  expect(report.findings.map((f) => [f.code, f.field])).toEqual([['IMG-005', 'spec.template.spec.containers[0].imagePullPolicy']]);
});

test('a pod that is merely starting is silent', () => {
  expect(
    look(
      workload({ name: 'web', spec: { containers: [{ name: 'a', image: 'a:1' }] }, ...pod(container('a', waiting('ContainerCreating'))) }),
    ).findings,
  ).toEqual([]);
});

test('an image for other machines: the machine and its node are named, and not another tag asked for', () => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {}, status: { nodeInfo: { architecture: 'arm64' } } };
  const status = pod(
    container(
      'a',
      waiting('ErrImagePull', 'failed to pull and unpack image "r.example/a:1": no match for platform in manifest: not found'),
    ),
  );
  const report = look([
    node,
    ...workload({ kind: 'DaemonSet', name: 'a', spec: { containers: [{ name: 'a', image: 'r.example/a:1' }] }, ...status }),
  ]);
  expect(told(report)).toEqual([
    'IMG-002 DaemonSet/shop/a spec.template.spec.containers[0].image affects a-0: the image "r.example/a:1" of container a has no variant for arm64, which node-1 is, so 1 pod cannot start',
  ]);
  expect(Object.values(advised(report))).toEqual([
    'Build the image for arm64 as well, or keep its pods to nodes it is built for (nodeSelector kubernetes.io/arch).',
  ]);
});

test('credentials that have expired, and the registries of clouds, which the nodes pull from by an account of theirs', () => {
  const refused = (image: string, message: string, more: object = {}) => {
    const status = pod(container('a', waiting('ErrImagePull', message)));
    const pull = secret('pull', {}, { type: 'kubernetes.io/dockerconfigjson' });
    const report = look([pull, ...workload({ name: 'a', spec: { containers: [{ name: 'a', image }], ...more }, ...status })]);
    return [told(report)[0]?.replace(/^.* is refused by /, ''), ...Object.values(advised(report))];
  };
  const ecr = '1.dkr.ecr.eu-west-1.amazonaws.com';
  const expired = 'authorization failed: Your authorization token has expired. Reauthenticate and try again.';
  expect(refused(`${ecr}/a:1`, expired, { imagePullSecrets: [{ name: 'pull' }] })).toEqual([
    `${ecr}: it says that the credentials in pull have expired, so 1 pod cannot start`,
    `Write fresh credentials for ${ecr} into pull, and have something renew them before they expire.`,
  ]);
  expect(refused('acme.azurecr.io/a:1', 'failed to fetch anonymous token: 401 Unauthorized')).toEqual([
    "acme.azurecr.io: the workload names no pull secret and the kubelet's managed identity may not read it, or the repository does not exist, so 1 pod cannot start",
    "Let the kubelet's managed identity read the repository, or name a pull secret with credentials for acme.azurecr.io in imagePullSecrets.",
  ]);
  expect(refused('r.example/a:1', '403 Forbidden')[0]).toBe(
    'r.example: the workload names no pull secret, or the repository does not exist, so 1 pod cannot start',
  );
});
