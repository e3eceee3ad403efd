import { expect, test } from 'vitest';
import { type Fact, type Probe } from '../../../contract/index.ts';
import { container, ended, examine, logs, running, unhealthy, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctProbe } from '../remedies/correct-probe.ts';
import { neverReady } from './never-ready.ts';
import { probeCommandFails } from './probe-command-fails.ts';
import { probeProtocolWrong } from './probe-protocol-wrong.ts';
import { readinessFlaps } from './readiness-flaps.ts';

type Raw = Record<string, unknown>;
const CHECKS = [probeCommandFails, probeProtocolWrong, readinessFlaps, neverReady];
const look = (objects: Parameters<typeof examine>[2], events: Fact) =>
  examine(CHECKS, [correctProbe], objects, (probe: Probe) => (probe.type === 'objectEvents' ? events : logs()));
const notReady = (name: string, more: Raw = {}): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:50:00Z' }],
  containerStatuses: [container(name, running('2026-03-01T11:59:00Z'), { started: true, ...more })],
});
const spec = (probe: Raw): Raw => ({
  containers: [
    { name: 'a', image: 'a' },
    { name: 'web', image: 'shop/web:1', ...probe },
  ],
});

test('the command of a probe that the image lacks: named with its place; the vague finding is surer of less', () => {
  const probed = spec({ readinessProbe: { exec: { command: ['pg_isready', '-q'] } } });
  const report = look(
    workload({ kind: 'StatefulSet', name: 'db', spec: probed, status: notReady('web') }),
    unhealthy('Readiness probe errored: rpc error: failed to exec: exec: "pg_isready": executable file not found in $PATH'),
  );
  expect(told(report)[0]).toBe(
    'PRB-010 StatefulSet/shop/db spec.template.spec.containers[1].readinessProbe.exec.command[0] affects db-0: the readiness probe of container web runs pg_isready, which is not in image shop/web:1; name a command that is',
  );
  expect(advised(report)['PRB-010 StatefulSet/shop/db']).toContain('instead of pg_isready');
});

test('a command that ends with an error and no words: the cause where it kills, not on the first start', () => {
  const probed = spec({ livenessProbe: { exec: { command: ['sh', '-c', 'test -f /tmp/alive'] } } });
  const kills = look(
    workload({ name: 'w', spec: probed, status: notReady('web', { restartCount: 4, lastState: ended(137) }) }),
    unhealthy('Liveness probe failed: '),
  );
  expect(kills.findings.map((f) => [f.code, f.field, f.confidence])).toEqual([
    ['PRB-010', 'spec.template.spec.containers[1].livenessProbe.exec.command', 0.72],
  ]);
  const once = { ...notReady('web', { restartCount: 1, lastState: ended(137) }) };
  expect(told(look(workload({ name: 'w', spec: probed, status: once }), unhealthy('Liveness probe failed: ', 1)))).toEqual([]);
});

test('a command that is not through in time: the time it is given is said, not that it is wrong', () => {
  const probed = spec({ livenessProbe: { exec: { command: ['pg_isready'] }, timeoutSeconds: 2 } });
  const report = look(
    workload({ name: 'w', spec: probed, status: notReady('web', { restartCount: 4, lastState: ended(137) }) }),
    unhealthy('Liveness probe failed: command timed out: "pg_isready" timed out after 2s'),
  );
  expect(told(report)[0]).toContain('runs pg_isready, which is not through within 2 s (timeoutSeconds), so the container is killed');
  expect(advised(report)['PRB-010 Deployment/shop/w']).toContain(
    'give it longer (spec.template.spec.containers[1].livenessProbe.timeoutSeconds is 2)',
  );
});

test('HTTPS to a program that speaks HTTP, and the other way round; gRPC without the health service', () => {
  const http = (scheme: string): Raw => spec({ readinessProbe: { httpGet: { path: '/', port: 8080, scheme } } });
  const plain = look(
    workload({ name: 'w', spec: http('HTTPS'), status: notReady('web') }),
    unhealthy('Readiness probe failed: Get "https://10.0.0.4:8080/": http: server gave HTTP response to HTTPS client'),
  );
  expect(told(plain)[0]).toBe(
    'PRB-011 Deployment/shop/w spec.template.spec.containers[1].readinessProbe.httpGet.scheme affects w-r1-x: the readiness probe of container web speaks HTTPS, and the program HTTP',
  );
  expect(planned(plain)['PRB-011 Deployment/shop/w']?.slice(0, 2)).toEqual([
    'Ask in HTTP instead of HTTPS',
    'patch Deployment/shop/w test /spec/template/spec/containers/1/readinessProbe/httpGet/scheme "HTTPS"; replace /spec/template/spec/containers/1/readinessProbe/httpGet/scheme "HTTP"',
  ]);
  const tls = look(
    workload({ name: 'w', spec: http('HTTP'), status: notReady('web') }),
    unhealthy(String.raw`Readiness probe failed: Get "http://10.0.0.4:8080/": net/http: malformed HTTP response "\x15\x03\x01\x00\x02"`),
  );
  expect(tls.findings[0]?.params['meant']).toBe('HTTPS');
  const grpc = spec({ livenessProbe: { grpc: { port: 9000 } } });
  const unserved = look(
    workload({ kind: 'DaemonSet', name: 'd', spec: grpc, status: notReady('web', { restartCount: 2, lastState: ended(2) }) }),
    unhealthy('Liveness probe failed: service rpc error: code = Unimplemented desc = unknown service grpc.health.v1.Health'),
  );
  expect(unserved.findings.map((f) => [f.code, f.field])).toEqual([['PRB-011', 'spec.template.spec.containers[1].livenessProbe.grpc']]);
  const unwell = unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 400');
  expect(look(workload({ name: 'w', spec: http('HTTP'), status: notReady('web') }), unwell).findings.map((f) => f.code)).toEqual([
    'PRB-004',
  ]);
});

test('a gRPC probe that gets no connection at a port where the program says it listens: it speaks something else there', () => {
  const grpc = workload({ name: 'w', spec: spec({ readinessProbe: { grpc: { port: 8080 } } }), status: notReady('web') });
  const silence = unhealthy(
    'Readiness probe failed: timeout: failed to connect service "10.0.0.4:8080" within 1s: context deadline exceeded',
  );
  const codes = (...lines: string[]) =>
    examine([probeProtocolWrong], [], grpc, (probe) => (probe.type === 'podLogs' ? logs(...lines) : silence)).findings.map((f) => f.code);
  expect(codes('listening on :8080')).toEqual(['PRB-011']);
  expect(codes('listening on :9090')).toEqual([]);
  expect(codes()).toEqual([]);
});

const turned = (isReady: boolean, at: string): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: at }],
  containerStatuses: [container('web', running('2026-03-01T11:30:00Z'), { started: true, ready: isReady })],
});
const failures = (count: number, since: string, at = '2026-03-01T11:59:55Z'): Fact => ({
  ok: true,
  value: {
    events: [{ type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: context deadline exceeded', count, since, at }],
  },
});

test('ready and not ready by turns: failures with answers between them, whichever it is just now', () => {
  const probed = spec({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 } });
  for (const isReady of [true, false]) {
    const report = look(
      workload({ name: 'w', spec: probed, status: turned(isReady, '2026-03-01T11:59:50Z') }),
      failures(12, '2026-03-01T11:55:00Z'),
    );
    expect(told(report)).toEqual([
      'PRB-012 Deployment/shop/w spec.template.spec.containers[1].readinessProbe affects w-r1-x: container web of Deployment w is ready and not ready by turns: its readiness probe failed 12 times in 295 s, with answers between, while the program ran on; it is too slow for timeoutSeconds',
    ]);
    expect(advised(report)['PRB-012 Deployment/shop/w']).toContain('timeoutSeconds than 1');
  }
});

test('a kubelet that asks more often than its period: three rounds are enough', () => {
  const probed = spec({ readinessProbe: { exec: { command: ['check'] }, periodSeconds: 1, failureThreshold: 1 } });
  const objects = workload({ name: 'w', spec: probed, status: turned(false, '2026-03-01T11:59:50Z') });
  // Six failures in each five of ten seconds.
  expect(told(look(objects, failures(18, '2026-03-01T11:59:30Z')))).toHaveLength(1);
});

test('one outage that is over, a slow start, and one that changed long ago are not by turns', () => {
  const probed = spec({ readinessProbe: { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 } });
  const objects = (at: string) => workload({ name: 'w', spec: probed, status: turned(true, at) });
  // Sixty seconds of failures every five seconds: no answer between them.
  expect(told(look(objects('2026-03-01T11:59:50Z'), failures(12, '2026-03-01T11:58:55Z')))).toEqual([]);
  expect(told(look(objects('2026-03-01T11:59:50Z'), failures(3, '2026-03-01T11:50:00Z')))).toEqual([]);
  expect(look(objects('2026-03-01T11:40:00Z'), failures(12, '2026-03-01T11:30:00Z')).asked).toEqual([]);
});
