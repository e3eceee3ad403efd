import { expect, test } from 'vitest';
import type { Fact, Probe } from '../../../contract/index.ts';
import { container, ended, examine, waiting, workload } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctImageReference } from '../remedies/correct-image-reference.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { commandNotFound } from './command-not-found.ts';
import { containerNotMade } from './container-not-made.ts';
import { imageDoesNotExist } from './image-does-not-exist.ts';
import { nodeHasNoRoomForImages } from './node-has-no-room-for-images.ts';
import { programKilledFromOutside } from './program-killed-from-outside.ts';
import { pullsLimited } from './pulls-limited.ts';
import { registryUnreachable } from './registry-unreachable.ts';
import { sandboxNotMade } from './sandbox-not-made.ts';
import { startHookFails } from './start-hook-fails.ts';
import { volumeNotMounted } from './volume-not-mounted.ts';

/** What stands in events alone, or in the words of the runtime, as kubelets and runtimes of several versions put it. */

type Raw = Record<string, unknown>;
const CHECKS = [
  commandNotFound,
  containerNotMade,
  imageDoesNotExist,
  nodeHasNoRoomForImages,
  programKilledFromOutside,
  pullsLimited,
  registryUnreachable,
  sandboxNotMade,
  startHookFails,
  volumeNotMounted,
];
const REMEDIES = [correctImageReference, correctValue];
const warned = (reason: string, ...messages: string[]) => ({
  ok: true as const,
  value: { events: messages.map((message) => ({ type: 'Warning', reason, message, count: 3 })) },
});
const creating = { containerStatuses: [container('app', waiting('ContainerCreating'))] };
const held = (name: string, more: Raw = {}) =>
  workload({ name, spec: { containers: [{ name: 'app', image: 'r.example/app:1' }], ...more }, status: { conditions: [], ...creating } });
const look = (objects: Parameters<typeof examine>[2], fact: Fact | ((probe: Probe) => Fact)) =>
  examine(CHECKS, REMEDIES, objects, typeof fact === 'function' ? fact : () => fact);

test.each([
  ['no IP addresses available in range set: 10.244.1.1-10.244.1.254', 'Node', 'no address left'],
  ['plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container', 'Node', 'no address left'],
  [
    'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory',
    'Node',
    'network plugin on the node fails',
  ],
  [
    'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env',
    'Node',
    'network plugin on the node fails',
  ],
  ['cni plugin not initialized', 'Node', 'network plugin is not set up'],
  ['failed to get sandbox image "registry.k8s.io/pause:3.9": dial tcp: i/o timeout', 'Node', 'image of the sandbox'],
  ['mkdir /run/containerd/x: no space left on device', 'Node', 'file system of the node is full'],
  ['RuntimeHandler "runsc" not supported', 'Deployment', 'runtime class'],
  ['something nobody has seen yet', 'Node', 'the runtime of the node fails'],
])('a sandbox that is not made: %s', (message, kind, words) => {
  const report = look(
    held('web'),
    warned('FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = ${message}`),
  );
  expect(report.findings.map((f) => [f.code, f.subject.kind])).toEqual([['NOD-005', kind]]);
  expect(report.findings[0]?.message).toContain(words);
  expect(Object.values(advised(report))).toHaveLength(1);
});

test('all pods a node holds up are one finding, those of each node another', () => {
  const elsewhere = held('c', { nodeName: 'node-2' });
  const report = look([...held('a'), ...held('b'), ...elsewhere], warned('FailedCreatePodSandBox', 'no IP addresses available'));
  expect(report.findings.map((f) => [f.subject.name, f.affects.map((r) => r.name).join(' ')]).sort()).toEqual([
    ['node-1', 'a-r1-x b-r1-x'],
    ['node-2', 'c-r1-x'],
  ]);
});

const share = {
  volumes: [
    { name: 'cfg', configMap: { name: 'c' } },
    { name: 'share', nfs: { server: '10.0.0.5', path: '/a' } },
  ],
};
test.each([
  [
    'FailedMount',
    'MountVolume.SetUp failed for volume "share" : mount failed: exit status 32\nOutput: mount.nfs: Connection timed out',
    'does not answer',
  ],
  [
    'FailedMount',
    'MountVolume.SetUp failed for volume "share" : mount.nfs: access denied by server while mounting 10.0.0.5:/a',
    'refuses it',
  ],
  [
    'FailedMount',
    'MountVolume.SetUp failed for volume "share" : mount.nfs: mounting 10.0.0.5:/a failed, reason given by server: No such file or directory',
    'does not have it',
  ],
  [
    'FailedMount',
    'MountVolume.MountDevice failed for volume "share" : driver name ebs.csi.aws.com not found in the list of registered CSI drivers',
    'ebs.csi.aws.com does not run',
  ],
  [
    'FailedMount',
    'MountVolume.MountDevice failed for volume "share" : mount failed: wrong fs type, bad option, bad superblock on /dev/sdb',
    'damaged',
  ],
  [
    'FailedMount',
    'MountVolume.SetUp failed for volume "share" : hostPath type check failed: /data is not a directory',
    'has not what it is to be',
  ],
  ['FailedAttachVolume', 'Multi-Attach error for volume "share" Volume is already exclusively attached to one node', 'another node'],
  [
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "share" : rpc error: code = ResourceExhausted desc = exceeded max volume count',
    'no more volumes',
  ],
  [
    'FailedMount',
    'Unable to attach or mount volumes: unmounted volumes=[share], unattached volumes=[]: timed out waiting for the condition',
    'does not come',
  ],
])('a volume that is not mounted: %s, %s', (reason, message, words) => {
  const report = look(held('web', share), warned(reason, message));
  expect(report.findings.map((f) => [f.code, f.subject.kind, f.field])).toEqual([
    ['VOL-011', 'Deployment', 'spec.template.spec.volumes[1]'],
  ]);
  expect(report.findings[0]?.message).toContain(words);
});

test('what says why counts, not what only waits, and what is about a ConfigMap is another check’s', () => {
  const waits = 'Unable to attach or mount volumes: unmounted volumes=[share]: timed out waiting for the condition';
  const both = look(held('web', share), warned('FailedMount', 'mount.nfs: Connection refused for volume "share"', waits));
  expect(both.findings[0]?.evidence[0]?.text).toContain('Connection refused');
  expect(
    told(look(held('web', share), warned('FailedMount', 'MountVolume.SetUp failed for volume "cfg" : configmap "c" not found'))),
  ).toEqual([]);
});

test('a pod that has just been placed, or that has begun, is not asked about', () => {
  const fact = warned('FailedCreatePodSandBox', 'cni plugin not initialized');
  const young = held('web').map((o) => ({ ...o, metadata: { ...(o['metadata'] as Raw), creationTimestamp: '2026-03-01T11:59:50Z' } }));
  expect(look(young, fact).findings).toEqual([]);
  const begun = workload({
    name: 'web',
    spec: { containers: [{ name: 'app', image: 'a' }], initContainers: [{ name: 'i', image: 'a' }] },
    status: { initContainerStatuses: [container('i', { running: {} })], ...creating },
  });
  expect(look(begun, fact).findings).toEqual([]);
});

const failing = (status: Raw) =>
  workload({
    name: 'web',
    spec: { containers: [{ name: 'app', image: 'r.example/app:1' }] },
    status: { conditions: [], containerStatuses: [status] },
  });

test.each([
  [
    'unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
    'IMG-007',
    'too many pulls',
  ],
  ['failed to extract layer: write /var/lib/containerd/x: no space left on device', 'NOD-006', 'no room left for images'],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'IMG-003', 'certificate'],
  ['no match for platform in manifest: not found', 'IMG-002', 'no variant'],
  ['unsupported media type application/vnd.oci.image.config', 'IMG-002', 'unsupported media type'],
])('a status that only backs off: the event of the pull says why (%s)', (message, code, words) => {
  const status = container('app', waiting('ImagePullBackOff', 'Back-off pulling image "r.example/app:1"'));
  const fact = warned('Failed', `Failed to pull image "r.example/app:1": ${message}`, 'Error: ImagePullBackOff');
  const report = look(failing(status), fact);
  expect(report.findings.map((f) => f.code)).toEqual([code]);
  expect(report.findings[0]?.message).toContain(words);
});

test.each([
  ['exec: "/entrypoint.sh": permission denied: unknown', 'POD-001'],
  ['exec: "serve": executable file not found in $PATH: unknown', 'POD-001'],
  ['executable file `serve` not found in $PATH: No such file or directory', 'POD-001'],
  ['failed to load seccomp profile "/p.json": open /p.json: no such file or directory', 'POD-017'],
  ['error mounting "/x" to rootfs at "/etc/app.conf": not a directory: Are you trying to mount a directory onto a file', 'POD-017'],
  ['unable to start container process: chdir to cwd ("/srv") set in config.json failed: permission denied', 'POD-017'],
  ['unable to find user web: no matching entries in passwd file', 'POD-017'],
  ['failed to reserve container name "app_web": name "app_web" is reserved for "deadbeef"', 'POD-017'],
  ['something nobody has seen yet', 'POD-017'],
])('what the runtime says of a container it cannot start is of its program, or of what is around it: %s', (message, code) => {
  for (const status of [
    container('app', waiting('CreateContainerError', message)),
    container('app', waiting('CrashLoopBackOff'), { restartCount: 3, lastState: ended(128, 'StartError', message) }),
  ])
    expect(look(failing(status), warned('Failed', message)).findings.map((f) => f.code)).toEqual([code]);
});

test('a hook after the start that fails is why the container is killed, and nobody from outside', () => {
  const status = (code: number) => container('app', waiting('CrashLoopBackOff'), { restartCount: 5, lastState: ended(code) });
  const hooked = (code: number, lifecycle?: Raw) =>
    workload({
      name: 'web',
      spec: { containers: [{ name: 'app', image: 'r.example/app:1', lifecycle }] },
      status: { conditions: [], containerStatuses: [status(code)] },
    });
  const hook = warned('FailedPostStartHook', "PostStartHook failed: command '/bin/reg' exited with 7: curl: (7) Failed to connect");
  // Whoever heeds SIGTERM ends with a status of its own.
  for (const code of [137, 143, 2])
    expect(
      told(look(hooked(code, { postStart: { exec: { command: ['/bin/reg'] } } }), hook)).filter((t) => t.startsWith('POD-018')),
    ).toEqual([
      "POD-018 Deployment/shop/web spec.template.spec.containers[0].lifecycle.postStart affects web-r1-x: the hook after the start of container app fails, so the kubelet ends the container: PostStartHook failed: command '/bin/reg' exited with 7: curl: (7) Failed to connect",
    ]);
  expect(look(hooked(137), warned('BackOff', 'Back-off restarting failed container')).findings.map((f) => f.code)).toEqual(['POD-014']);
});

test('what nobody explains is told with what the cluster last said of it', () => {
  const report = look(held('web'), warned('FailedThing', 'a thing that is new failed'));
  expect(report.unexplained.map((u) => u.message)).toEqual([
    '1 of 1 pods are not ready, and no check knows why; the cluster last said: FailedThing: a thing that is new failed',
  ]);
});

test.each([
  [
    'MountVolume.SetUp failed for volume "keys" : fetching NodePublishSecretRef shop/vault-login failed: kubernetes.io/csi: failed to find the secret vault-login in the namespace shop with error: secrets "vault-login" not found',
    'VOL-011: its storage driver lacks Secret vault-login',
  ],
  ['MountVolume.SetUp failed for volume "keys" : secret "app-keys" not found', undefined],
  ['MountVolume.SetUp failed for volume "keys" : references non-existent secret key: a', undefined],
])('a Secret that only the storage driver needs is told of, and one of the pod is left to its own check: %s', (message, says) => {
  const report = look(held('app', { volumes: [{ name: 'keys', csi: { driver: 'secrets.example' } }] }), warned('FailedMount', message));
  expect(report.findings.map((f) => `${f.code}: ${/its storage driver lacks Secret [\w-]+/.exec(f.message)?.[0] ?? f.message}`)).toEqual(
    says === undefined ? [] : [says],
  );
});
