import { expect, test } from 'vitest';
import { configMap, container, ended, examine, logs, running, waiting, workload } from '../testing/cluster.ts';
import { advised, planned, told } from '../testing/told.ts';
import { commandNotFound } from './checks/command-not-found.ts';
import { environmentVariableMissing } from './checks/environment-variable-missing.ts';
import { outOfMemory } from './checks/out-of-memory.ts';
import { programEndsWithError } from './checks/program-ends-with-error.ts';
import { nameAProgram } from './remedies/name-a-program.ts';
import { raiseMemoryLimit } from './remedies/raise-memory-limit.ts';
import { supplyEnvironment } from './remedies/supply-environment.ts';
import { undoRollout } from './remedies/undo-rollout.ts';

const CHECKS = [commandNotFound, environmentVariableMissing, programEndsWithError, outOfMemory];
const look = (objects: Parameters<typeof examine>[2], answer?: Parameters<typeof examine>[3]) =>
  examine(CHECKS, [supplyEnvironment, nameAProgram, raiseMemoryLimit, undoRollout], objects, answer);
const crashing = (name: string, last: object, restarts = 2) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container(name, waiting('CrashLoopBackOff'), { restartCount: restarts, lastState: last })],
});
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { allocatable: { cpu: '4', memory: '16Gi' } } };

test('a program the runtime cannot find: the earlier command is offered', () => {
  const spec = (command: string) => ({ containers: [{ name: 'app', image: 'shop/app:1', command: [command] }] });
  const message = 'failed to create containerd task: OCI runtime create failed: exec: "serv": executable file not found in $PATH';
  const report = look(
    workload({ name: 'billing', spec: spec('serv'), earlier: [spec('serve')], status: crashing('app', ended(128, 'StartError', message)) }),
  );
  expect(told(report)).toEqual([
    'POD-001 Deployment/shop/billing spec.template.spec.containers[0].command affects billing-r2-x: container app starts "serv", which does not exist in the image shop/app:1, so 1 pod cannot run; name a program the image has',
  ]);
  expect(planned(report)).toEqual({
    'POD-001 Deployment/shop/billing': ['Put revision 1 of Deployment billing back', 'undo-rollout Deployment/shop/billing'],
  });
});

test('a shell that finds no program says so in its log, also in a Job, which has no earlier revision', () => {
  const spec = { containers: [{ name: 'main', image: 'a', command: ['sh', '-c', 'importer run'] }] };
  const status = { phase: 'Failed', conditions: [], containerStatuses: [container('main', ended(127))] };
  const report = look(workload({ kind: 'Job', name: 'nightly', spec, status }), () => logs('sh: importer: not found'));
  expect(told(report)[0]).toMatch(/^POD-001 Job\/shop\/nightly .*container main starts "importer", which does not exist/);
  expect(advised(report)['POD-001 Job/shop/nightly']).toMatch(/command or args of container main of Job nightly/);
});

test('a missing variable is taken from the one ConfigMap that has it', () => {
  const spec = {
    containers: [
      { name: 'a', image: 'a' },
      { name: 'orders', image: 'b', env: [{ name: 'PORT', value: '80' }] },
    ],
  };
  const report = look(
    [...workload({ name: 'orders', spec, status: crashing('orders', ended(1)) }), configMap('shared', { DATABASE_URL: 'x' })],
    () => logs('boot', 'fatal: required environment variable DATABASE_URL is not set'),
  );
  expect(planned(report)['POD-002 Deployment/shop/orders']).toEqual([
    'Give orders the variable DATABASE_URL from ConfigMap shared',
    'patch Deployment/shop/orders add /spec/template/spec/containers/1/env/- {"name":"DATABASE_URL","valueFrom":{"configMapKeyRef":{"name":"shared","key":"DATABASE_URL"}}}',
  ]);
});

test('a variable under a nearly equal name is renamed; with neither, a person must supply it', () => {
  const at = (env: object[]) =>
    workload({ name: 'w', spec: { containers: [{ name: 'w', image: 'a', env }] }, status: crashing('w', ended(1)) });
  const answer = () => logs("KeyError: 'REDIS_HOST'");
  expect(planned(look(at([{ name: 'REDIS_HOTS', value: 'r' }]), answer))['POD-002 Deployment/shop/w']?.[0]).toBe(
    'Rename the variable REDIS_HOTS of w to REDIS_HOST',
  );
  const bare = look(at([]), answer);
  expect(planned(bare)).toEqual({});
  expect(advised(bare)['POD-002 Deployment/shop/w']).toMatch(/Supply the value of REDIS_HOST/);
});

test('memory: the limit is named and doubled, where a node could hold it', () => {
  const spec = {
    containers: [
      { name: 'a', image: 'a' },
      { name: 'thumbs', image: 'b', resources: { limits: { memory: '96Mi' } } },
    ],
  };
  const report = look([NODE, ...workload({ name: 'img', spec, status: crashing('thumbs', ended(137, 'OOMKilled')) })]);
  expect(told(report)).toEqual([
    'POD-004 Deployment/shop/img spec.template.spec.containers[1].resources.limits.memory affects img-r1-x: container thumbs is killed because it needs more memory than its limit of 96Mi; raise the limit, or find what takes the memory',
  ]);
  expect(planned(report)['POD-004 Deployment/shop/img']?.[0]).toBe('Raise the memory limit of thumbs from 96Mi to 192Mi');
});

test('a crash nobody knows is quoted from its log, with less confidence', () => {
  const report = look(
    workload({ kind: 'StatefulSet', name: 'q', spec: { containers: [{ name: 'q', image: 'a' }] }, status: crashing('q', ended(3)) }),
    () => logs('up', 'fatal: cannot read templates: no such table'),
  );
  expect(report.findings.map((f) => [f.code, f.confidence])).toEqual([['POD-003', 0.65]]);
  expect(report.findings[0]?.message).toContain('cannot read templates: no such table');
});

test('controls: alarming words of a healthy container are not even read; old restarts, finished Jobs and evicted leftovers are silent', () => {
  const healthy = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('a', running(), { ready: true, started: true, restartCount: 7, lastState: ended(1) })],
  };
  const spec = { containers: [{ name: 'a', image: 'a' }] };
  const report = look([
    ...workload({ name: 'noisy', spec, status: healthy }),
    ...workload({
      kind: 'Job',
      name: 'done',
      spec,
      status: { phase: 'Succeeded', conditions: [], containerStatuses: [container('a', ended(0, 'Completed'))] },
    }),
    ...workload({
      kind: 'DaemonSet',
      name: 'moved',
      spec,
      status: { phase: 'Failed', reason: 'Evicted', conditions: [], containerStatuses: [] },
    }),
  ]);
  expect([report.findings, report.asked]).toEqual([[], []]);
});
