import { expect, test } from 'vitest';
import { configMap, container, ended, examine, logs, running, secret, waiting, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { credentialsRefused } from './credentials-refused.ts';
import { databaseLacksIt } from './database-lacks-it.ts';
import { heapOfTheRuntimeFull } from './heap-of-the-runtime-full.ts';
import { listensAtHomeOnly } from './listens-at-home-only.ts';
import { nameInAnotherDomain } from './name-in-another-domain.ts';
import { programEndsWithError } from './program-ends-with-error.ts';
import { serviceOfAnotherProtocol } from './service-of-another-protocol.ts';
import { serviceVariableInTheWay } from './service-variable-in-the-way.ts';
import { systemLimitReached } from './system-limit-reached.ts';
import { tokenForAnotherAudience } from './token-for-another-audience.ts';
import { variableFromAnAbsentLabel } from './variable-from-an-absent-label.ts';

/** What programs say of limits, names, tokens and databases, as they end or while they do not get ready. */

type Raw = Record<string, unknown>;
const CHECKS = [
  credentialsRefused,
  databaseLacksIt,
  heapOfTheRuntimeFull,
  listensAtHomeOnly,
  nameInAnotherDomain,
  serviceOfAnotherProtocol,
  serviceVariableInTheWay,
  systemLimitReached,
  tokenForAnotherAudience,
  variableFromAnAbsentLabel,
];
const look = (objects: Parameters<typeof examine>[2], ...lines: string[]) =>
  examine(CHECKS, [correctValue], objects, () => logs('starting', ...lines));
const crashed: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 2, lastState: ended(1) })],
};
const app = (more: Raw = {}, spec: Raw = {}, status = crashed) =>
  workload({ name: 'w', spec: { containers: [{ name: 'app', image: 'a', ...more }], ...spec }, status });
const service = (name: string, spec: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { clusterIP: '10.96.0.7', selector: { app: name }, ports: [{ port: 6379, targetPort: 6379 }], ...spec },
});
const codes = (report: ReturnType<typeof look>) => report.findings.map((f) => `${f.code} ${f.subject.kind}/${f.subject.name}`);

test('a variable of a Service that is read as a port; not where the container sets it, nor where the links are off', () => {
  const line = 'strconv.Atoi: parsing "tcp://10.96.0.7:6379": invalid syntax';
  const report = look([...app(), service('tin-can')], line);
  expect(told(report)).toEqual([
    'CFG-016 Deployment/shop/w spec.template.spec.enableServiceLinks affects w-r1-x: container app reads tcp://10.96.0.7:6379 where it expects a setting of its own: Kubernetes sets the variable TIN_CAN_PORT so for Service tin-can; set enableServiceLinks to false, or give the container a TIN_CAN_PORT of its own',
  ]);
  expect(planned(report)['CFG-016 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w add /spec/template/spec/enableServiceLinks false',
  );
  for (const [objects, said] of [
    [[...app({ env: [{ name: 'TIN_CAN_PORT', value: 'tcp://10.96.0.7:6379' }] }), service('tin-can')], line],
    [[...app({}, { enableServiceLinks: false }), service('tin-can')], line],
    [[...app(), service('tin-can', { clusterIP: '10.96.0.8' })], line],
    [[...app(), service('tin-can')], 'connecting to tcp://10.96.0.7:6379'],
  ] as const)
    expect(codes(look(objects, said))).toEqual([]);
});

test('a variable from a label that the pod lacks; the near name is offered', () => {
  const env = (key: string) => [{ name: 'SHARD', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${key}']` } } }];
  const line = 'required environment variable SHARD is not set';
  const absent = look(app({ env: env('shard') }), line);
  expect(codes(absent)).toEqual(['CFG-017 Deployment/w']);
  expect(Object.values(advised(absent))[0]).toContain('the label shard (in spec.template.metadata.labels)');
  expect(planned(look(app({ env: env('ap') }), line))['CFG-017 Deployment/shop/w']?.[0]).toBe(
    "Set fieldPath of Deployment w to metadata.labels['app'] instead of metadata.labels['ap']",
  );
  expect(codes(look(app({ env: env('app') }), line))).toEqual([]);
});

test.each([
  ['FATAL:  database "freihgt" does not exist', 'asks for database freihgt'],
  ["Error: ER_BAD_DB_ERROR: Unknown database 'mint_prod'", 'asks for database mint_prod'],
  ['psycopg.errors.UndefinedTable: relation "legs" does not exist', 'finds no legs in its database'],
  ["Error 1146 (42S02): Table 'shop.legs' doesn't exist", 'finds no shop.legs in its database'],
  ['sqlite3.OperationalError: no such table: legs', 'finds no legs in its database'],
])('a database that lacks something: %s', (line, says) => {
  const report = look(app(), line);
  expect(codes(report)).toEqual(['CFG-018 Deployment/w']);
  expect(told(report)[0]).toContain(says);
});

test('where the name of a database is set: a variable with it, else the ConfigMap it may come from', () => {
  const line = 'FATAL:  database "freihgt" does not exist';
  expect(look(app({ env: [{ name: 'DB_URL', value: 'postgres://db:5432/freihgt' }] }), line).findings[0]?.field).toBe(
    'spec.template.spec.containers[0].env[0].value',
  );
  const from = look([...app({ envFrom: [{ configMapRef: { name: 'conf' } }] }), configMap('conf', { PGDATABASE: 'x' })], line);
  expect(from.findings[0]?.field).toBe('spec.template.spec.containers[0].envFrom[0].configMapRef.name');
});

test.each([
  ['accept tcp [::]:8080: accept4: too many open files', 'file descriptors'],
  ['java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached', 'threads'],
  ["RuntimeError: can't start new thread", 'threads'],
  ['bash: fork: retry: Resource temporarily unavailable', 'threads'],
  ['failed to create fsnotify watcher: too many open files', 'watches'],
  ['Error: ENOSPC: System limit for number of file watchers reached', 'watches'],
])('a limit that is no memory: %s', (line, what) => {
  const report = look(app(), line);
  expect(codes(report)).toEqual(['POD-020 Deployment/w']);
  expect(told(report)[0]).toContain(`gets no more ${what}`);
  expect(report.drafts).toEqual([]);
});

test.each(['listening, at most 1024 open files', 'watching 12 files with inotify', 'thread pool of 8 started'])(
  'no limit is reached: %s',
  (line) => {
    expect(codes(look(app(), line))).toEqual([]);
  },
);

test('the heap of a runtime is bound by an option, by name where it is written; the memory limit is another number', () => {
  const limits = { resources: { limits: { memory: '1Gi' } } };
  const java = look(
    app({ ...limits, env: [{ name: 'JAVA_OPTS', value: '-Xms64m -Xmx256m' }] }),
    'java.lang.OutOfMemoryError: Java heap space',
  );
  expect(codes(java)).toEqual(['POD-021 Deployment/w']);
  expect(java.findings[0]?.field).toBe('spec.template.spec.containers[0].env[0].value');
  expect(told(java)[0]).toContain('it is bound by -Xmx256m, and the container may use 1Gi');
  const node = look(app(limits), 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory');
  expect(Object.values(advised(node))[0]).toContain('--max-old-space-size');
});

test('a token for another audience: the projected one, or the one that every pod gets', () => {
  const line = 'level=error msg="login failed" error="token audiences [vault] is invalid for the target audiences [api]"';
  const projected = app(
    { volumeMounts: [{ name: 't', mountPath: '/t' }] },
    { volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'vault' } }] } }] },
  );
  const report = look(projected, line);
  expect(codes(report)).toEqual(['RBC-004 Deployment/w']);
  expect(report.findings[0]?.field).toBe('spec.template.spec.volumes[0].projected.sources[0].serviceAccountToken.audience');
  expect(told(look(app(), line))[0]).toContain('made for the API server');
  expect(codes(look(app(), 'token accepted for audience api'))).toEqual([]);
});

test('a Service of UDP that is called by TCP: mended where its pods speak TCP; not where it has both', () => {
  const udp = { port: 6379, targetPort: 6379, protocol: 'UDP' };
  const line = 'dial tcp 10.96.0.7:6379: connect: connection refused';
  const behind = workload({ name: 'tin', spec: { containers: [{ name: 'a', image: 'a', ports: [{ containerPort: 6379 }] }] } });
  const report = look([...app(), ...behind, service('tin', { ports: [udp] })], line);
  expect(planned(report)['SVC-018 Service/shop/tin']).toEqual([
    'Set protocol of Service tin to TCP instead of UDP',
    'patch Service/shop/tin test /spec/ports/0/protocol "UDP"; replace /spec/ports/0/protocol "TCP"',
  ]);
  const unknown = look([...app(), service('tin', { ports: [udp] })], line);
  expect([codes(unknown), unknown.drafts]).toEqual([['SVC-018 Service/tin'], []]);
  expect(codes(look([...app(), service('tin', { ports: [udp, { ...udp, protocol: 'TCP' }] })], line))).toEqual([]);
});

test('a Service under the domain of another cluster: the name is completed by the search list', () => {
  const env = { env: [{ name: 'URL', value: 'http://tin.shop.svc.cluster.lcl:6379/x' }] };
  const line = 'dial tcp: lookup tin.shop.svc.cluster.lcl on 10.96.0.10:53: no such host';
  const report = look([...app(env), service('tin')], line);
  expect(planned(report)['DNS-004 Deployment/shop/w']?.[0]).toBe(
    'Set value of Deployment w to http://tin.shop.svc:6379/x instead of http://tin.shop.svc.cluster.lcl:6379/x',
  );
  expect(codes(look(app(env), line))).toEqual([]);
  expect(codes(look([...app(env), service('tin')], line.replaceAll('lcl', 'local')))).toEqual([]);
});

test('what has expired is to be renewed; a program that runs and stays unready says so as well as one that ends', () => {
  const given = { env: [{ name: 'HUB_TOKEN', valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } } }] };
  const expired = look([...app(given), secret('hub', { token: 'eA==' })], 'register failed: the access token expired 26h ago');
  expect(codes(expired)).toEqual(['CFG-014 Secret/hub']);
  expect(Object.values(advised(expired))[0]).toContain('have a new value issued for key token');
  const unready: Raw = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:58:00Z' }],
    containerStatuses: [container('app', running('2026-03-01T11:50:00Z'))],
  };
  const probe = { readinessProbe: { httpGet: { path: '/', port: 80 } } };
  const line = 'ERROR pq: password authentication failed for user "w"';
  expect(codes(look([...app({ ...given, ...probe }, {}, unready), secret('hub', { token: 'eA==' })], line))).toEqual([
    'CFG-014 Secret/hub',
  ]);
  // Without a probe it is ready, or about to be.
  expect(codes(look([...app(given, {}, unready), secret('hub', { token: 'eA==' })], line))).toEqual([]);
});

test('a program that was restarted again and again is not well before it has run for longer than the time before', () => {
  const again = (since: string, restartCount: number): Raw => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('app', running(since), { ready: true, started: true, restartCount, lastState: ended(3) })],
  });
  const seen = (status: Raw) => codes(examine([programEndsWithError], [], app({}, {}, status), () => logs('fatal: no route')));
  // The run before lasted ten seconds.
  expect(seen(again('2026-03-01T11:59:52Z', 2))).toEqual(['POD-003 Deployment/w']);
  expect(seen(again('2026-03-01T11:59:40Z', 2))).toEqual([]);
  expect(seen(again('2026-03-01T11:59:52Z', 1))).toEqual([]);
});

test('a server that is bound to the own address of its pod refuses its callers: by its argument, or its log', () => {
  const refusal = 'dial tcp 10.96.0.7:6379: connect: connection refused';
  const server = (more: Raw) =>
    workload({
      name: 'tin',
      spec: { containers: [{ name: 'a', image: 'a', ...more }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [container('a', running(), { ready: true, started: true })],
      },
    });
  const seen = (more: Raw, said = 'serving') =>
    examine([listensAtHomeOnly], [correctValue], [...app(), ...server(more), service('tin')], (probe) =>
      probe.type === 'podLogs' && probe.pod.startsWith('tin') ? logs(said) : logs(refusal),
    );
  expect(planned(seen({ args: ['-p', '127.0.0.1:6379'] }))['SVC-019 Deployment/shop/tin']?.[0]).toBe(
    'Set args[1] of Deployment tin to 0.0.0.0:6379 instead of 127.0.0.1:6379',
  );
  const told = seen({}, ' * Running on http://127.0.0.1:6379');
  expect([codes(told), told.drafts]).toEqual([['SVC-019 Deployment/tin'], []]);
  // What a program prints for people, another port, and whom it calls itself.
  expect(codes(seen({}, 'ready: http://localhost:6379'))).toEqual([]);
  expect(codes(seen({ args: ['--bind', '127.0.0.1:9000'] }))).toEqual([]);
  expect(codes(seen({ args: ['--upstream', '127.0.0.1:6379'] }))).toEqual([]);
});
