import { expect, test } from 'vitest';
import { type Fact, type Probe, refKey } from '../../../contract/index.ts';
import { container, ended, examine, logs, waiting, workload } from '../../testing/cluster.ts';
import { REFUSED, RUNNING, node, pod } from '../../testing/places.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { letGo } from '../remedies/let-go.ts';
import { reduceRequest } from '../remedies/reduce-request.ts';
import { commandNotFound } from './command-not-found.ts';
import { containerNotMade } from './container-not-made.ts';
import { finalizerNotRemoved } from './finalizer-not-removed.ts';
import { nodeRefusesPod } from './node-refuses-pod.ts';
import { podsNotPlaced } from './pods-not-placed.ts';
import { programEndsWithError } from './program-ends-with-error.ts';
import { requestLargerThanAnyNode } from './request-larger-than-any-node.ts';
import { requestLargerThanWhatIsFree } from './request-larger-than-what-is-free.ts';
import { sandboxNotMade } from './sandbox-not-made.ts';

/** Pods that never came to run, for a reason that stands in the words of the runtime, the scheduler or an autoscaler. */

type Raw = Record<string, unknown>;
const CHECKS = [
  commandNotFound,
  containerNotMade,
  finalizerNotRemoved,
  nodeRefusesPod,
  podsNotPlaced,
  programEndsWithError,
  requestLargerThanAnyNode,
  requestLargerThanWhatIsFree,
  sandboxNotMade,
];
const QUIET: Fact = { ok: true, value: { events: [] } };
const look = (objects: readonly Raw[], answer: (probe: Probe) => Fact = () => QUIET) =>
  examine(CHECKS, [correctValue, letGo, reduceRequest], objects, (probe) =>
    probe.type === 'changes' ? { ok: true, value: { changes: [] } } : answer(probe),
  );
const one = (more: Raw = {}, podMore: Raw = {}): Raw => ({ containers: [{ name: 'app', image: 'r.example/app:1', ...more }], ...podMore });
const said = (type: string, reason: string, message: string): Fact => ({
  ok: true,
  value: { events: [{ type, reason, message, count: 5 }] },
});

test.each([
  ['CreateContainerConfigError', 'missing value for "SHARD"', 'volumeMounts', 'subPathExpr'],
  [
    'CreateContainerError',
    'runc create failed: container init was OOM-killed (memory limit too low?)',
    'resources.limits.memory',
    'too low',
  ],
  ['RunContainerError', 'error during container init: exec /srv/till: argument list too long', 'env', 'longer than the kernel takes'],
  ['CreateContainerError', 'failed to set up userns: id-mapped mounts are not supported', 'hostUsers', 'user namespaces'],
])('a container that is not made: %s %s', (reason, message, path, words) => {
  const objects = workload({ name: 'till', spec: one(), status: { containerStatuses: [container('app', waiting(reason, message))] } });
  const [finding, ...more] = look(objects).findings;
  expect([finding?.code, more]).toEqual(['POD-017', []]);
  expect(finding?.field).toBe(`spec.template.spec.${path === 'hostUsers' ? '' : 'containers[0].'}${path}`);
  expect(finding?.message).toContain(words);
});

test.each([
  "couldn't find key url in ConfigMap shop/till",
  'secret "till" not found',
  'container has runAsNonRoot and image will run as root',
  '',
])('what other checks tell of is not told twice: %s', (message) => {
  const status = { containerStatuses: [container('app', waiting('CreateContainerConfigError', message))] };
  expect(look(workload({ name: 'till', spec: one(), status })).findings).toEqual([]);
});

test.each([
  ['container init was OOM-killed (memory limit too low?)', 'spec.template.spec.containers[1].resources.limits.memory'],
  ['failed to create user namespace: operation not permitted', 'spec.template.spec.hostUsers'],
])('a sandbox that the pod itself makes impossible: %s', (message, field) => {
  const spec = {
    containers: [
      { name: 'app', image: 'a', resources: { limits: { memory: '64Mi' } } },
      { name: 'side', image: 's', resources: { limits: { memory: '3Mi' } } },
    ],
  };
  const status = { conditions: [], containerStatuses: [container('app', waiting('ContainerCreating'))] };
  const report = look(workload({ name: 'till', spec, status }), () => said('Warning', 'FailedCreatePodSandBox', message));
  expect(report.findings.map((f) => [f.code, refKey(f.subject), f.field])).toEqual([['NOD-005', 'Deployment/shop/till', field]]);
});

test.each([
  './server: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory',
  'Fatal glibc error: CPU does not support x86-64-v2',
  'Error loading shared library libstdc++.so.6: No such file or directory (needed by /srv/till)',
])('a program whose loader says what it lacks is there: %s', (line) => {
  const status = {
    phase: 'Running',
    containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 4, lastState: ended(127) })],
  };
  const report = look(workload({ name: 'till', spec: one(), status }), () => logs(line));
  expect(report.findings.map((f) => f.code)).toEqual(['POD-003']);
  expect(report.findings[0]?.message).toContain(line);
  expect(report.findings[0]?.message).not.toContain('not found');
});

test('a node named by hand that has no room, and a device that is not well', () => {
  const refused = (reason: string, message: string, more: Raw) =>
    look(
      workload({
        name: 'till',
        spec: one({}, more),
        status: { phase: 'Failed', reason, message: `Pod was rejected: ${message}`, conditions: [] },
      }),
    );
  expect(Object.values(advised(refused('OutOfmemory', "Node didn't have enough resource: memory", { nodeName: 'node-1' })))[0]).toMatch(
    /^take spec\.template\.spec\.nodeName out/,
  );
  const device = refused('UnexpectedAdmissionError', 'Allocate failed due to no healthy devices present', {});
  expect(Object.values(advised(device))[0]).toContain('why the device is not healthy');
});

const stuck = (message: string, spec: Raw = {}, more: Raw = {}) =>
  workload({
    name: 'till',
    spec: one(more, { nodeName: undefined, ...spec }),
    status: { phase: 'Pending', conditions: [{ ...((REFUSED['conditions'] as Raw[])[0] ?? {}), message }] },
  });

test.each([
  ['0/1 nodes are available: 1 node(s) exceed max volume count.', 'as many volumes'],
  ['0/1 nodes are available: 1 cannot allocate all claims.', 'ResourceClaim'],
  ['pod group is not ready, 2 minAvailable', 'together or not at all'],
  ['0/1 nodes are available: 1 node(s) had untolerated taint {example.org/agent-not-ready: }.', 'sets up new nodes'],
])('the scheduler: %s', (message, words) => {
  const report = look([node('node-1'), ...stuck(message)]);
  expect(report.findings.map((f) => f.code)).toEqual(['SCH-010']);
  expect(Object.values(advised(report))[0]).toContain(words);
});

test('the taint of a node that is not set up leads to whoever says that it runs on such nodes', () => {
  const agent = workload({
    kind: 'DaemonSet',
    name: 'net-agent',
    namespace: 'kube-system',
    spec: one({}, { tolerations: [{ key: 'example.org/agent-not-ready', operator: 'Exists' }] }),
  });
  const tainted = node('node-1', { spec: { taints: [{ key: 'example.org/agent-not-ready', effect: 'NoSchedule' }] } });
  const report = look([tainted, ...agent, ...stuck('1 node(s) had untolerated taint(s)')]);
  expect(report.relations.filter((r) => r.type === 'calls').map((r) => refKey(r.to))).toContain('DaemonSet/kube-system/net-agent');
});

test('what an autoscaler of nodes says about a pod that needs more room is told with it', () => {
  const full = [
    node('node-1', { allocatable: { cpu: '2', memory: '8Gi', pods: '110' } }),
    pod('old', { nodeName: 'node-1', ...one({ resources: { requests: { cpu: '1500m' } } }) }, RUNNING),
  ];
  const wants = stuck('0/1 nodes are available: 1 Insufficient cpu.', {}, { resources: { requests: { cpu: '1' } } });
  const none = look([...full, ...wants], () =>
    said('Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 2 max node group size reached"),
  );
  expect(told(none)[0]).toContain("; the autoscaler of the nodes adds none: pod didn't trigger scale-up: 2 max node group size reached");
  const coming = look([...full, ...wants], () => said('Normal', 'TriggeredScaleUp', 'pod triggered scale-up: [{pool 1->2 (max: 4)}]'));
  expect(told(coming)[0]).not.toContain('adds none');
});

test('a request that was raised on the way in is not lowered in the template', () => {
  const objects = stuck('0/1 nodes are available: 1 Insufficient memory.', {}, { resources: { requests: { memory: '1Gi' } } }).map((o) =>
    o['kind'] !== 'Pod'
      ? o
      : {
          ...o,
          metadata: { ...(o['metadata'] as Raw), annotations: { vpaUpdates: 'container 0: memory request' } },
          spec: one({ resources: { requests: { memory: '20Gi' } } }),
        },
  );
  const report = look([node('node-1'), ...objects]);
  expect(told(report)).toEqual([
    'SCH-005 Deployment/shop/till - affects till-r1-x: 1 pod cannot be placed: each asks for 20Gi of memory, and the largest node it may run on, node-1, has 8Gi to give; the template asks for 1Gi only: a VerticalPodAutoscaler has raised it on the way in',
  ]);
  expect([report.drafts, Object.values(advised(report))[0]]).toEqual([[], expect.stringContaining('maxAllowed')]);
});

test('what the RuntimeClass adds to each pod is no request of the template, and no webhook raised it', () => {
  const spec = { runtimeClassName: 'sandbox' };
  const objects = stuck('0/1 nodes are available: 1 Insufficient memory.', spec, { resources: { requests: { memory: '1Gi' } } }).map((o) =>
    o['kind'] !== 'Pod' ? o : { ...o, spec: { ...(o['spec'] as Raw), overhead: { memory: '20Gi' } } },
  );
  const report = look([node('node-1'), ...objects]);
  expect(report.findings.find((f) => f.code === 'SCH-005')?.field).toBe('spec.template.spec.runtimeClassName');
  expect(told(report)[0]).toContain(
    '20Gi of it is the overhead that RuntimeClass sandbox adds to each pod, and its containers ask for 1Gi',
  );
  expect([report.drafts, Object.values(advised(report))[0]]).toEqual([[], expect.stringContaining('overhead.podFixed')]);
});

test('a claim and the pod that was made again before the claim was gone wait for each other', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'd-0', namespace: 'shop', finalizers: ['kubernetes.io/pvc-protection'], deletionTimestamp: '2026-03-01T11:00:00Z' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: {} } },
    status: { phase: 'Bound' },
  };
  const volumes = [{ name: 'd', persistentVolumeClaim: { claimName: 'd-0' } }];
  const report = look([node('node-1'), claim, pod('s-0', one({}, { volumes }), REFUSED)]);
  expect(report.findings.filter((f) => f.code === 'NSP-002').map((f) => [f.severity, f.affects.map((r) => r.name)])).toEqual([
    ['high', ['s-0']],
  ]);
  expect(advised(report)['NSP-002 PersistentVolumeClaim/shop/d-0']).toContain('Delete Pod shop/s-0');
});

test('of a Job that failed for one of its indexes the pods that failed are looked at, though others succeeded', () => {
  const status = { phase: 'Failed', conditions: [], containerStatuses: [container('app', ended(3))] };
  const objects = workload({ kind: 'Job', name: 'shards', spec: one({}, { restartPolicy: 'Never' }), status }).map((o) =>
    o['kind'] !== 'Job'
      ? o
      : {
          ...o,
          status: {
            succeeded: 4,
            failed: 1,
            startTime: '2026-03-01T11:00:00Z',
            conditions: [
              {
                type: 'Failed',
                status: 'True',
                reason: 'FailedIndexes',
                message: 'Job has failed indexes',
                lastTransitionTime: '2026-03-01T11:40:00Z',
              },
            ],
          },
        },
  );
  const report = look(objects, () => logs('ERROR part 7 cannot be read'));
  expect(told(report)[0]).toContain('its log ends with: ERROR part 7 cannot be read');
});
