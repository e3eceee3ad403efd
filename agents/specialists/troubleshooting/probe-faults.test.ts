import { expect, test } from 'vitest';
import type { Probe } from '../../contract/index.ts';
import { container, ended, examine, logs, running, unhealthy, workload } from '../testing/cluster.ts';
import { planned, told } from '../testing/told.ts';
import { livenessTooEager } from './checks/liveness-too-eager.ts';
import { neverReady } from './checks/never-ready.ts';
import { probePathWrong } from './checks/probe-path-wrong.ts';
import { probePortWrong } from './checks/probe-port-wrong.ts';
import { correctProbe } from './remedies/correct-probe.ts';

const look = (objects: Parameters<typeof examine>[2], event: string, ...log: string[]) =>
  examine([probePortWrong, probePathWrong, livenessTooEager, neverReady], [correctProbe], objects, (probe: Probe) =>
    probe.type === 'objectEvents' ? unhealthy(event) : logs(...log),
  );
const notReady = (name: string, more: object = {}) => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container(name, running('2026-03-01T11:59:00Z'), { started: true, ...more })],
});

test('a readiness port where nothing listens: the port of the log is offered, on the second container of a StatefulSet', () => {
  const spec = {
    containers: [
      { name: 'a', image: 'a' },
      { name: 'db', image: 'b', readinessProbe: { tcpSocket: { port: 5433 } } },
    ],
  };
  const report = look(
    workload({ kind: 'StatefulSet', name: 'db', spec, status: notReady('db') }),
    'Readiness probe failed: dial tcp 10.0.0.4:5433: connect: connection refused',
    'listening on :5432',
  );
  expect(told(report)).toEqual([
    'PRB-001 StatefulSet/shop/db spec.template.spec.containers[1].readinessProbe.tcpSocket.port affects db-0: the readiness probe of container db asks at port 5433, where nothing listens; the program listens at 5432 (its log says "listening on :5432")',
    // The vague one is folded under it, by its lower confidence.
    'PRB-004 StatefulSet/shop/db spec.template.spec.containers[1].readinessProbe affects db-0: container db runs but fails its readiness probe: the program does not accept the connection',
  ]);
  expect(planned(report)['PRB-001 StatefulSet/shop/db']?.slice(0, 2)).toEqual([
    'Ask at port 5432 instead of 5433',
    'patch StatefulSet/shop/db test /spec/template/spec/containers/1/readinessProbe/tcpSocket/port 5433; replace /spec/template/spec/containers/1/readinessProbe/tcpSocket/port 5432',
  ]);
});

test('a liveness port that kills a ready container is found by its restarts', () => {
  const spec = {
    containers: [
      { name: 'web', image: 'a', ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { path: '/healthz', port: 9090 } } },
    ],
  };
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('web', running(), { ready: true, started: true, restartCount: 1, lastState: ended(2) })],
  };
  const report = look(
    workload({ name: 'web', spec, status }),
    'Liveness probe failed: Get "http://10.0.0.4:9090/healthz": dial tcp 10.0.0.4:9090: connect: connection refused',
  );
  expect(report.findings.map((f) => [f.code, f.field, f.params['meant']])).toEqual([
    ['PRB-001', 'spec.template.spec.containers[0].livenessProbe.httpGet.port', 8080],
  ]);
});

test('a path the program does not have', () => {
  const spec = { containers: [{ name: 'web', image: 'a', readinessProbe: { httpGet: { path: '/raedy', port: 8080 } } }] };
  const report = look(
    workload({ name: 'web', spec, status: notReady('web') }),
    'Readiness probe failed: HTTP probe failed with statuscode: 404',
  );
  expect(told(report)[0]).toBe(
    'PRB-002 Deployment/shop/web spec.template.spec.containers[0].readinessProbe.httpGet.path affects web-r1-x: the readiness probe of container web asks for /raedy, which the program answers with 404; name a path it answers with 200',
  );
});

test('a slow start killed by liveness gets a startup probe of the same question', () => {
  const spec = {
    containers: [
      {
        name: 'web',
        image: 'a',
        ports: [{ containerPort: 8080 }],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 2, failureThreshold: 2 },
      },
    ],
  };
  const report = look(
    workload({ name: 'web', spec, status: notReady('web', { restartCount: 3, lastState: ended(137) }) }),
    'Liveness probe failed: dial tcp 10.0.0.4:8080: connect: connection refused',
  );
  expect(report.findings.map((f) => f.code)).toEqual(['PRB-003']);
  expect(planned(report)['PRB-003 Deployment/shop/web']?.[1]).toBe(
    'patch Deployment/shop/web add /spec/template/spec/containers/0/startupProbe {"httpGet":{"path":"/healthz","port":8080},"periodSeconds":2,"failureThreshold":60}',
  );
});

test('a program that says by 503 that it is not well is its own word, not a wrong path', () => {
  const spec = { containers: [{ name: 'web', image: 'a', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }] };
  const report = look(
    workload({ name: 'web', spec, status: notReady('web') }),
    'Readiness probe failed: HTTP probe failed with statuscode: 503',
  );
  expect(report.findings.map((f) => [f.code, f.confidence])).toEqual([['PRB-004', 0.6]]);
});

test.each([
  [
    ['INFO started on port 8080', 'ERROR pool: no connection free (total=10, active=10, waiting=57)', 'INFO GET /ready 503'],
    'ERROR pool: no connection free (total=10, active=10, waiting=57)',
  ],
  [['INFO started on port 8080', 'WARN slow start'], undefined],
])('the running program says why it is not ready, where its log has an error: %j', (log, says) => {
  const spec = { containers: [{ name: 'web', image: 'a', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }] };
  const report = look(
    workload({ name: 'web', spec, status: notReady('web') }),
    'Readiness probe failed: HTTP probe failed with statuscode: 503',
    ...log,
  );
  expect(report.findings[0]?.message.split('; its log says: ')[1]).toBe(says);
  expect(report.findings[0]?.evidence.some((e) => e.kind === 'log' && e.text.includes(says ?? 'WARN'))).toBe(says !== undefined);
});

test('whom the program cannot reach is called by it, so that what is wrong there explains the probe', () => {
  const spec = { containers: [{ name: 'web', image: 'a', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }] };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' }, spec: { ports: [{ port: 5432 }] } };
  const report = look(
    [...workload({ name: 'web', spec, status: notReady('web') }), service],
    'Readiness probe failed: HTTP probe failed with statuscode: 503',
    'ERROR dial tcp: connection to db:5432 refused',
  );
  expect(report.relations).toContainEqual(
    expect.objectContaining({ type: 'calls', failed: true, to: expect.objectContaining({ name: 'db' }) }),
  );
});

test('a container that has just started is not asked about', () => {
  const spec = { containers: [{ name: 'web', image: 'a', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }] };
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:59:58Z' }],
    containerStatuses: [container('web', running('2026-03-01T11:59:58Z'), { started: true })],
  };
  expect(look(workload({ name: 'web', spec, status }), 'Readiness probe failed: HTTP probe failed with statuscode: 404').asked).toEqual([]);
});

test('a gRPC probe of a sidecar that gets no connection asks at the wrong port', () => {
  const sidecar = {
    name: 'mesh',
    image: 'm',
    restartPolicy: 'Always',
    ports: [{ containerPort: 50051 }],
    startupProbe: { grpc: { port: 50052 } },
  };
  const spec = { containers: [{ name: 'app', image: 'a' }], initContainers: [sidecar] };
  const status = {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False' }],
    initContainerStatuses: [container('mesh', running('2026-03-01T11:59:00Z'), { restartCount: 3, lastState: ended(137) })],
  };
  const report = look(
    workload({ name: 'orders', spec, status }),
    'Startup probe failed: timeout: failed to connect service "10.0.0.4:50052" within 1s: context deadline exceeded',
  );
  expect(planned(report)['PRB-001 Deployment/shop/orders']?.[1]).toBe(
    'patch Deployment/shop/orders test /spec/template/spec/initContainers/0/startupProbe/grpc/port 50052; replace /spec/template/spec/initContainers/0/startupProbe/grpc/port 50051',
  );
});
