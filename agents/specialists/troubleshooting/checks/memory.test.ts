import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { container, ended, examine, running, waiting, workload } from '../../testing/cluster.ts';
import { node } from '../../testing/places.ts';
import { planned, told } from '../../testing/told.ts';
import { correctMemoryUnit } from '../remedies/correct-memory-unit.ts';
import { raiseMemoryLimit } from '../remedies/raise-memory-limit.ts';
import { containerNotMade } from './container-not-made.ts';
import { memoryUnitSlipped } from './memory-unit-slipped.ts';
import { outOfMemory } from './out-of-memory.ts';
import { volumeNotMounted } from './volume-not-mounted.ts';

type Raw = Record<string, unknown>;
const look = (objects: readonly Raw[], event?: string) =>
  examine(
    [outOfMemory, containerNotMade, memoryUnitSlipped, volumeNotMounted],
    [raiseMemoryLimit, correctMemoryUnit],
    [node('node-1'), ...objects],
    (): Fact => ({
      ok: true,
      value: { events: event === undefined ? [] : [{ type: 'Warning', reason: 'FailedMount', message: event, count: 3 }] },
    }),
  );
const killed = (more: Raw = waiting('CrashLoopBackOff')) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', more, { restartCount: 3, lastState: ended(137, 'OOMKilled') })],
});

test('a limit that the template does not set is told as what it is, and set there', () => {
  const range = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'small', namespace: 'shop' },
    spec: { limits: [{ type: 'Container', default: { memory: '24Mi' } }] },
  };
  const spec = { containers: [{ name: 'app', image: 'a', resources: { limits: { cpu: '1' } } }] };
  const given = { containers: [{ name: 'app', image: 'a', resources: { limits: { cpu: '1', memory: '24Mi' } } }] };
  const objects = workload({ name: 'w', spec, status: killed() }).map((o) =>
    o['kind'] === 'Pod' ? { ...o, spec: { nodeName: 'node-1', ...given } } : o,
  );
  const report = look([range, ...objects]);
  expect(told(report)[0]).toContain('its limit of 24Mi, which its template does not set: it is the default of LimitRange small;');
  expect(planned(report)['POD-004 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w add /spec/template/spec/containers/0/resources/limits/memory "88Mi"',
  );
  expect(told(look(objects))[0]).toContain('something gave it to the pod on its way in');
  expect(told(look(workload({ name: 'w', spec, status: killed() })))[0]).toContain('more memory than the node can give');
});

const onDisk = (medium?: string): Raw => ({
  containers: [
    { name: 'app', image: 'a', resources: { limits: { memory: '64Mi' } }, volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] },
  ],
  volumes: [{ name: 'scratch', emptyDir: medium === undefined ? {} : { medium } }],
});

test('a volume that lies in memory is named where a container is killed for its memory, or cannot be made within it; one on disk is not', () => {
  const words = 'what is written to /scratch (volume scratch, an emptyDir of medium Memory without a sizeLimit) counts as its memory';
  const begun = waiting('RunContainerError', 'runc create failed: container init was OOM-killed (memory limit too low?)');
  for (const status of [killed(), killed(begun)]) {
    expect(told(look(workload({ name: 'w', spec: onDisk('Memory'), status })))[0]).toContain(words);
    expect(told(look(workload({ name: 'w', spec: onDisk(), status })))[0]).not.toContain('/scratch');
  }
});

const sized = (memory: string): Raw => ({
  containers: [{ name: 'app', image: 'a', resources: { requests: { memory: '64m' }, limits: { memory } } }],
});
const creating = { phase: 'Pending', conditions: [], containerStatuses: [container('app', waiting('ContainerCreating'))] };
const full = 'MountVolume.SetUp failed for volume "kube-api-access-x" : write ..data/ca.crt: no space left on device';

test('a limit in thousandths of a byte: limit and request are written in MiB, and what it leads to is not told of as a cause', () => {
  const report = look(workload({ name: 'w', spec: sized('128m'), status: creating }), full);
  expect(told(report)).toEqual([
    'RUN-007 Deployment/shop/w spec.template.spec.containers[0].resources.limits.memory affects w-r1-x: container app may use 128m of memory, which is thousandths of a byte, so it cannot be made; 128Mi was meant',
  ]);
  expect(planned(report)['RUN-007 Deployment/shop/w']).toEqual([
    'Write 128Mi instead of 128m, 64Mi instead of 64m as memory of container app',
    'patch Deployment/shop/w test /spec/template/spec/containers/0/resources/limits/memory "128m"; replace /spec/template/spec/containers/0/resources/limits/memory "128Mi"; test /spec/template/spec/containers/0/resources/requests/memory "64m"; replace /spec/template/spec/containers/0/resources/requests/memory "64Mi"',
  ]);
  expect(look(workload({ name: 'w', spec: sized('128'), status: killed() })).findings.map((f) => f.code)).toEqual(['RUN-007']);
});

test('silent about a sound limit, about a request alone, and about a container that runs', () => {
  expect(look(workload({ name: 'w', spec: sized('128Mi'), status: creating }), full).findings.map((f) => f.code)).toEqual(['VOL-011']);
  const request = { containers: [{ name: 'app', image: 'a', resources: { requests: { memory: '64m' } } }] };
  expect(told(look(workload({ name: 'w', spec: request, status: creating })))).toEqual([]);
  const well = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('app', running(), { ready: true })],
  };
  expect(told(look(workload({ name: 'w', spec: sized('128m'), status: well })))).toEqual([]);
});
