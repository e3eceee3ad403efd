import { expect, test } from 'vitest';
import type { Fact } from '../../../contract/index.ts';
import { container, ended, examine, logs, running, waiting, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { undoRollout } from '../remedies/undo-rollout.ts';
import { calledServiceMissing } from './called-service-missing.ts';
import { commandNotFound } from './command-not-found.ts';
import { initContainerWaits } from './init-container-waits.ts';
import { portAlreadyTaken } from './port-already-taken.ts';
import { portNotPermitted } from './port-not-permitted.ts';
import { programEndsThoughItShouldRun } from './program-ends-though-it-should-run.ts';
import { programEndsWithError } from './program-ends-with-error.ts';
import { programForAnotherMachine } from './program-for-another-machine.ts';
import { programKilledFromOutside } from './program-killed-from-outside.ts';

type Raw = Record<string, unknown>;
const CHECKS = [
  calledServiceMissing,
  initContainerWaits,
  portAlreadyTaken,
  portNotPermitted,
  programEndsThoughItShouldRun,
  programEndsWithError,
  programForAnotherMachine,
  programKilledFromOutside,
];
interface Said {
  readonly log?: readonly string[];
  readonly events?: readonly { readonly reason: string; readonly message: string }[];
}
const look = (objects: readonly Raw[], { log = [], events = [] }: Said = {}) =>
  examine(CHECKS, [correctValue, undoRollout], objects, (probe): Fact =>
    probe.type === 'objectEvents'
      ? { ok: true, value: { events: events.map((e) => ({ type: 'Warning', count: 3, ...e })) } }
      : logs(...log),
  );
/** A container that ended again and again, beside others that are well. */
const crashing = (name: string, code: number, reason = code === 0 ? 'Completed' : 'Error') => ({
  phase: 'Running',
  containerStatuses: [container(name, waiting('CrashLoopBackOff'), { restartCount: 3, lastState: ended(code, reason) })],
});
const codes = (report: ReturnType<typeof look>) => report.findings.map((f) => f.code);
const service = (name: string, namespace = 'shop', clusterIP = '10.96.0.7'): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { app: name }, clusterIP, ports: [{ port: 80 }] },
});
const namespace = (name: string): Raw => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

test('a port that a sidecar has: both are named, by declaration, by probe and by argument', () => {
  const rivals: readonly Raw[] = [
    { name: 'mesh', ports: [{ containerPort: 9000 }] },
    { name: 'mesh', readinessProbe: { httpGet: { path: '/', port: 9000 } } },
    { name: 'mesh', args: ['--listen=0.0.0.0:9000'] },
    { name: 'mesh', env: [{ name: 'ADMIN_PORT', value: '9000' }] },
  ];
  for (const rival of rivals) {
    const spec = { containers: [{ name: 'api', image: 'a' }], initContainers: [{ restartPolicy: 'Always', ...rival }] };
    const report = look(workload({ kind: 'DaemonSet', name: 'api', spec, status: crashing('api', 1) }), {
      log: ['starting', 'Error: listen EADDRINUSE: address already in use :::9000'],
    });
    expect(told(report)[0]).toBe(
      'POD-010 DaemonSet/shop/api spec.template.spec.containers[0] affects api-0: container api cannot open port 9000: sidecar mesh of the same pod has it; give one of them another port',
    );
    expect(report.findings.map((f) => f.confidence >= 0.7)).toEqual([true, false]);
  }
  const other = { containers: [{ name: 'api' }, { name: 'mesh', ports: [{ containerPort: 19000 }] }] };
  const report = look(workload({ name: 'api', spec: other, status: crashing('api', 1) }), { log: ['bind :9000: address already in use'] });
  expect(told(report)[0]).toContain('something in the pod has it already');
});

test('a port below 1024 without the right to; a running program that once said so is left alone', () => {
  const spec = { containers: [{ name: 'web', securityContext: { capabilities: { drop: ['ALL'] } } }] };
  const log = ['nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)'];
  const report = look(workload({ kind: 'StatefulSet', name: 'web', spec, status: crashing('web', 1) }), { log });
  expect(told(report)[0]).toBe(
    'POD-011 StatefulSet/shop/web spec.template.spec.containers[0].securityContext affects web-0: container web may not open port 80: ports below 1024 need a right, and its capabilities are dropped; let it listen on one from 1024 on',
  );
  expect(advised(report)['POD-011 StatefulSet/shop/web']).toContain('NET_BIND_SERVICE');
  const well = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('web', running(), { ready: true, restartCount: 3, lastState: ended(1) })],
  };
  expect(look(workload({ name: 'web', spec, status: well }), { log }).findings).toEqual([]);
});

test.each([
  ['the log of an init container', { log: ['exec /bin/setup: exec format error'] }, ended(1)],
  ['the words of the runtime', {}, ended(128, 'StartError', 'exec: "/bin/setup": exec format error')],
])('a program for another machine, by %s', (_, said, state) => {
  const spec = { containers: [{ name: 'app' }], initContainers: [{ name: 'setup', image: 'tools:2' }] };
  const status = { phase: 'Pending', initContainerStatuses: [container('setup', state, { restartCount: 2 })] };
  const node: Raw = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { nodeInfo: { architecture: 'arm64' } } };
  const report = look([node, ...workload({ kind: 'Job', name: 'load', spec, status })], said);
  const finding = report.findings.find((f) => f.code === 'POD-012');
  expect([finding?.field, finding?.subject.kind]).toEqual(['spec.template.spec.initContainers[0].image', 'Job']);
  expect(finding?.message).toContain('is not for arm64, which node node-1 is');
  expect(advised(report)['POD-012 Job/shop/load']).toContain('kubernetes.io/arch');
});

test('a Service that is misspelt: the value is corrected in the argument, and what stands around it stays', () => {
  const spec = { containers: [{ name: 'app', args: ['--db', 'tcp://ledgr.books:5432/main'] }] };
  const report = look([namespace('books'), service('ledger', 'books'), ...workload({ name: 'app', spec, status: crashing('app', 1) })], {
    log: ['fatal: dial tcp: lookup ledgr.books on 10.96.0.10:53: no such host'],
  });
  expect(told(report)[0]).toMatch(/^SVC-011 Deployment\/shop\/app .*args\[1\] .*calls Service ledgr in books.*was ledger meant\?/);
  expect(planned(report)['SVC-011 Deployment/shop/app']?.[1]).toContain('"tcp://ledger.books:5432/main"');
});

test('a name that is part of another word is left alone, and the Service of a single pod is found in its name', () => {
  const calls = (value: string, host: string, ...more: Raw[]) =>
    planned(
      look(
        [
          ...more,
          ...workload({ name: 'app', spec: { containers: [{ name: 'app', env: [{ name: 'DB', value }] }] }, status: crashing('app', 1) }),
        ],
        {
          log: [`MongoServerSelectionError: getaddrinfo ENOTFOUND ${host}`],
        },
      ),
    )['SVC-011 Deployment/shop/app']?.[1];
  expect(calls('mongodb://mongo:27017/mongo', 'mongo', service('mongos'))).toContain('"mongodb://mongos:27017/mongo"');
  const pod = 'mongo-0.mongo-headles.data.svc.cluster.local';
  expect(calls(`mongodb://${pod}:27017/x`, pod, namespace('data'), service('mongo-headless', 'data'))).toContain(
    '"mongodb://mongo-0.mongo-headless.data.svc.cluster.local:27017/x"',
  );
});

test('a Service of another namespace, one that is there, a host outside and a cluster that cannot be read', () => {
  const spec = { containers: [{ name: 'app', env: [{ name: 'CACHE', value: 'store:6379' }] }] };
  const app = workload({ name: 'app', spec, status: crashing('app', 1) });
  const log = ['getaddrinfo ENOTFOUND store'];
  const elsewhere = look([service('store', 'common'), ...app], { log });
  expect(planned(elsewhere)['SVC-011 Deployment/shop/app']?.[1]).toContain('"store.common:6379"');
  expect(codes(look([service('store'), ...app], { log }))).toEqual(['POD-003']);
  expect(codes(look(app, { log: ['getaddrinfo ENOTFOUND api.example.com'] }))).toEqual(['POD-003']);
});

test('an init container that waits is said at once where its log names somebody, else after ten minutes', () => {
  const spec = { containers: [{ name: 'app' }], initContainers: [{ name: 'wait' }] };
  const since = (at: string) => workload({ name: 'app', spec, status: { initContainerStatuses: [container('wait', running(at))] } });
  const minute = since('2026-03-01T11:59:00Z');
  expect(codes(look(minute, { log: ['migrating table 3 of 90'] }))).toEqual([]);
  expect(codes(look(minute, { log: ['waiting for db:5432 ...'] }))).toEqual(['SVC-011', 'POD-013']);
  const there = look([service('db'), ...minute], { log: ['waiting for db:5432 ...'] });
  expect(codes(there)).toEqual(['POD-013']);
  expect(told(there, 'symptom')[0]).toContain('init container wait waits for Service db on port 5432 since 2026-03-01T11:59:00.000Z');
  expect(codes(look(since('2026-03-01T11:40:00Z'), { log: ['migrating table 3 of 90'] }))).toEqual(['POD-013']);
  expect(codes(look(since('2026-03-01T11:59:50Z'), { log: ['waiting for db:5432 ...'] }))).toEqual([]);
});

test('an init container that waits for a Job: where that is suspended, the Job is the cause; where an annotation says why, it is a choice', () => {
  const job = (suspend: boolean, annotations: Raw = {}): Raw => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', namespace: 'shop', annotations },
    spec: { suspend, template: { spec: { containers: [{ name: 'm' }] } } },
  });
  const waits = (args: readonly string[]) =>
    workload({
      name: 'app',
      spec: { containers: [{ name: 'app', image: 'a' }], initContainers: [{ name: 'wait', image: 'w', args }] },
      status: { initContainerStatuses: [container('wait', running('2026-03-01T11:59:00Z'))] },
    });
  expect(told(look([job(true), ...waits(['job', 'migrate'])]))[0]).toContain(
    'POD-013 Job/shop/migrate spec.suspend affects app, app-r1-x: Job migrate is suspended, and init container wait of Deployment app waits for it',
  );
  const log = ['Waiting for job.batch/migrate ...'];
  expect(told(look([job(true), ...waits([])], { log }))[0]).toContain('POD-013 Job/shop/migrate');
  for (const quiet of [job(false), job(true, { 'shop.example/why': 'stopped on purpose' })])
    expect(told(look([quiet, ...waits(['job', 'migrate'])]))).toEqual([]);
  expect(told(look([job(true), ...waits(['job', 'migrate-other'])]))).toEqual([]);
});

test('an init container that waits for a Job that failed suffers from what made it fail; one that is gone is the cause', () => {
  const job = (status: Raw): Raw => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', namespace: 'shop' },
    spec: { template: { spec: { containers: [{ name: 'm' }] } } },
    status,
  });
  const waits = (args: readonly string[], since = '2026-03-01T11:59:00Z') =>
    workload({
      name: 'app',
      spec: { containers: [{ name: 'app', image: 'a' }], initContainers: [{ name: 'wait', image: 'w', args }] },
      status: { initContainerStatuses: [container('wait', running(since))] },
    });
  const failed = look([job({ failed: 1, conditions: [{ type: 'Failed', status: 'True' }] }), ...waits(['job', 'migrate'])]);
  expect(failed.findings.map((f) => [f.role, f.message])).toEqual([
    ['symptom', expect.stringContaining('init container wait waits for Job migrate, which has failed, since')],
  ]);
  expect(failed.relations).toContainEqual(
    expect.objectContaining({ type: 'calls', failed: true, to: expect.objectContaining({ kind: 'Job' }) }),
  );
  for (const args of [
    ['wait', '--for=condition=complete', 'job/migrate'],
    ['job-wr', 'migrate'],
  ]) {
    expect(told(look(waits(args, '2026-03-01T11:50:00Z')))[0]).toContain('waits for Job migrate, which does not exist');
    expect(told(look(waits(args)))).toEqual([]);
  }
  expect(told(look([job({ active: 1 }), ...waits(['job', 'migrate'], '2026-03-01T11:55:00Z')]))).toEqual([]);
  expect(told(look([job({ conditions: [{ type: 'Complete', status: 'True' }] }), ...waits(['x'], '2026-03-01T11:55:00Z')]))).toEqual([]);
});

test('who cannot reach a Service that is there suffers from what is wrong there', () => {
  const app = workload({ name: 'app', spec: { containers: [{ name: 'app' }] }, status: crashing('app', 1) });
  const role = (line: string) => look([service('store'), ...app], { log: [line] }).findings.map((f) => [f.code, f.role]);
  expect(role('dial tcp 10.96.0.7:80: connect: connection refused')).toEqual([['POD-003', 'symptom']]);
  expect(role('connection to store:80 timed out')).toEqual([['POD-003', 'symptom']]);
  expect(role('connection to store.example.com:80 timed out')).toEqual([['POD-003', 'cause']]);
});

test('an error of the program: the trace is evidence, the status in words', () => {
  const spec = { containers: [{ name: 'a' }, { name: 'b' }] };
  const log = ['Traceback (most recent call last):', '  File "/x.py", line 1, in f', 'ZeroDivisionError: division by zero'];
  const report = look(workload({ name: 'calc', spec, status: crashing('b', 1) }), { log });
  expect(told(report)).toEqual([
    'POD-003 Deployment/shop/calc spec.template.spec.containers[1] affects calc-r1-x: container b ends with exit status 1; its log ends with: ZeroDivisionError: division by zero',
  ]);
  expect(report.findings[0]?.evidence.find((e) => e.kind === 'log')?.text).toBe(log.join('\n'));
  const words = (code: number) => told(look(workload({ name: 'calc', spec, status: crashing('b', code) }), { log }))[0];
  expect(words(139)).toContain('is ended by SIGSEGV, a memory fault of the program;');
  expect(words(255)).toContain('ends with exit status 255;');
  expect(words(126)).toContain('ends with exit status 126 (a file it runs may not be executed);');
});

test('ended from outside: by a failing liveness probe, whatever the status, or by nobody known', () => {
  const spec = { containers: [{ name: 'app', livenessProbe: { httpGet: { path: '/', port: 80 } } }] };
  const of = (code: number) => ({
    phase: 'Running',
    containerStatuses: [
      container('app', waiting('CrashLoopBackOff'), {
        restartCount: 2,
        lastState: ended(code, code === 0 ? 'Completed' : 'Error'),
      }),
    ],
  });
  const events = [
    { reason: 'Unhealthy', message: 'Liveness probe failed: HTTP probe failed with statuscode: 500' },
    { reason: 'Killing', message: 'Container app failed liveness probe, will be restarted' },
  ];
  for (const code of [0, 2, 137, 143]) {
    const report = look(workload({ kind: 'DaemonSet', name: 'app', spec, status: of(code) }), { events });
    expect(report.findings.map((f) => [f.code, f.field])).toEqual([['POD-014', 'spec.template.spec.containers[0].livenessProbe']]);
  }
  const report = look(workload({ name: 'app', spec, status: of(137) }));
  expect(report.findings.map((f) => [f.code, f.confidence < 0.5])).toEqual([['POD-014', true]]);
  expect(codes(look(workload({ name: 'app', spec, status: crashing('app', 137, 'OOMKilled') })))).toEqual([]);
  expect(codes(look(workload({ name: 'app', spec, status: { containerStatuses: [container('app', ended(143))] } })))).toEqual([]);
});

test('a program that is through is started again and again, unless it is meant to end', () => {
  const spec = { containers: [{ name: 'side' }, { name: 'app', image: 'tool:1', command: ['/tool', 'migrate'] }] };
  const status = crashing('app', 0);
  const report = look(workload({ kind: 'StatefulSet', name: 'app', spec, status }), { log: ['migrated'] });
  expect(told(report)).toEqual([
    'POD-015 StatefulSet/shop/app spec.template.spec.containers[1].command affects app-0: container app ends without an error (exit status 0) and is started again and again: "/tool migrate" should run on; what does its work and ends belongs into a Job',
  ]);
  expect(advised(report)['POD-015 StatefulSet/shop/app']).toContain('a Job');
  expect(codes(look(workload({ kind: 'Job', name: 'app', spec: { ...spec, restartPolicy: 'OnFailure' }, status })))).toEqual([]);
  expect(codes(look(workload({ kind: 'Pod', name: 'app', spec: { ...spec, restartPolicy: 'Never' }, status })))).toEqual([]);
  const well = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('app', running(), { ready: true, restartCount: 5, lastState: ended(0, 'Completed') })],
  };
  expect(codes(look(workload({ name: 'app', spec, status: well })))).toEqual([]);
});

test('logs that may not be read: the failure is told with less confidence, and what is missing', () => {
  const spec = { containers: [{ name: 'app' }] };
  const report = examine(CHECKS, [], workload({ name: 'app', spec, status: crashing('app', 1) }), () => ({
    ok: false,
    failure: { code: 'forbidden', message: 'pods/log is forbidden' },
  }));
  expect(report.findings.map((f) => [f.code, f.confidence])).toEqual([['POD-003', 0.4]]);
  expect(JSON.stringify(report.incomplete)).toContain('pods/log in shop');
});

test('a script of a ConfigMap that may not be executed needs another mode, no other program', () => {
  const said = 'exec: "/scripts/run.sh": permission denied';
  const of = (defaultMode: number) =>
    workload({
      name: 'w',
      spec: {
        containers: [{ name: 'a', image: 'a', command: ['/scripts/run.sh'], volumeMounts: [{ name: 's', mountPath: '/scripts' }] }],
        volumes: [{ name: 's', configMap: { name: 'run', defaultMode } }],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [container('a', ended(128, 'StartError', said), { restartCount: 3 })],
      },
    });
  const report = examine([commandNotFound], [correctValue], of(0o644));
  expect(planned(report)['POD-001 Deployment/shop/w']).toEqual([
    'Set defaultMode of Deployment w to 0755 instead of 0644',
    'patch Deployment/shop/w test /spec/template/spec/volumes/0/configMap/defaultMode 420; replace /spec/template/spec/volumes/0/configMap/defaultMode 493',
  ]);
  expect(told(examine([commandNotFound], [], of(0o755)))[0]).toContain('name a program the image has');
});
