import { expect, test } from 'vitest';
import type { Change, Fact, Probe } from '../../../contract/index.ts';
import { container, ended, examine, waiting, workload } from '../../testing/cluster.ts';
import { planned, told } from '../../testing/told.ts';
import { scaleUpAgain } from '../remedies/scale-up-again.ts';
import { stopTheActor } from '../remedies/stop-the-actor.ts';
import { scaledToZero } from './scaled-to-zero.ts';
import { valueKeptUndone } from './value-kept-undone.ts';

type Raw = Record<string, unknown>;

/** Without pods, as a controller leaves it that was scaled to zero. */
function asleep(name: string, namespace = 'shop', kind: 'Deployment' | 'StatefulSet' = 'Deployment', annotations: Raw = {}): Raw[] {
  const spec = { containers: [{ name: 'app', image: 'a:1' }] };
  return workload({ kind, name, namespace, spec })
    .filter((o) => o['kind'] !== 'Pod')
    .map((o) => ({
      ...o,
      ...(o['kind'] === kind ? { metadata: { ...(o['metadata'] as Raw), annotations } } : {}),
      spec: { ...(o['spec'] as Raw), replicas: 0 },
    }));
}
const service = (name: string, namespace = 'shop', more: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...more },
});
const CRASHES = { containerStatuses: [container('app', waiting('CrashLoopBackOff'), { lastState: ended(1), restartCount: 3 })] };
const READY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};
const caller = (env: Raw[], status: Raw, namespace = 'front', kind: 'Deployment' | 'StatefulSet' = 'Deployment') =>
  workload({ kind, name: 'web', namespace, spec: { containers: [{ name: 'app', image: 'w:1', env }] }, status });

const change = (at: string, manager: string, from: string, to: string, path = 'spec.replicas'): Change => ({
  id: at,
  context: 'test',
  at,
  seenAt: at,
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'stock' },
  type: 'changed',
  by: { manager },
  fields: [{ path, from, to, words: `${path} ${from} → ${to}` }],
  beforeKnown: true,
  summary: `${manager} changed ${path} ${from} → ${to}`,
  count: 1,
});
const answering =
  (changes: readonly Change[] = [], log: readonly string[] = []) =>
  (probe: Probe): Fact =>
    probe.type === 'changes'
      ? { ok: true, value: { changes: probe.resource.name === 'stock' ? [...changes] : [] } }
      : probe.type === 'podLogs'
        ? { ok: true, value: { lines: [...log], truncated: false } }
        : { ok: false, failure: { code: 'not-found', message: 'nothing' } };
const look = (objects: readonly Raw[], answer = answering()) =>
  examine([scaledToZero, valueKeptUndone], [scaleUpAgain, stopTheActor], objects, answer);
const causes = (objects: readonly Raw[], answer = answering()) => told(look(objects, answer)).map((line) => line.split(':')[0]);

test('a caller in another namespace that fails names it in its environment; the record knows how many there were', () => {
  const env = [{ name: 'STOCK_URL', value: 'http://stock.shop:80/v1' }];
  const report = look(
    [...asleep('stock'), service('stock'), ...caller(env, CRASHES)],
    answering([change('2026-03-01T11:50:00Z', 'kubectl-scale', '3', '0')]),
  );
  expect(told(report)).toEqual([
    'SCL-001 Deployment/shop/stock spec.replicas affects stock, web, web-r1-x: it is scaled to zero, and Deployment web depends on its Service stock; it had 3 before',
  ]);
  expect(planned(report)).toEqual({ 'SCL-001 Deployment/shop/stock': ['Scale Deployment stock back to 3', 'scale Deployment/shop/stock'] });
});

test.each([
  ['its name', 'fatal: cannot reach stock.shop:80: dial tcp: lookup stock.shop: no such host'],
  ['its cluster IP', 'panic: dial tcp 10.96.7.7:80: connect: connection refused'],
])('a caller whose last log lines name it by %s', (_, line) => {
  const objects = [
    ...asleep('stock', 'shop', 'StatefulSet'),
    service('stock', 'shop', { clusterIP: '10.96.7.7' }),
    ...caller([], CRASHES, 'front', 'StatefulSet'),
  ];
  const report = look(objects, answering([], ['starting', line]));
  expect(told(report)).toEqual([
    'SCL-001 StatefulSet/shop/stock spec.replicas affects stock, web, web-0: it is scaled to zero, and StatefulSet web depends on its Service stock',
  ]);
  expect(report.findings[0]?.evidence).toContainEqual(expect.objectContaining({ kind: 'log', text: line }));
  expect(causes(objects)).toEqual([]);
});

test('an Ingress that sends to it is as good as a caller; without one, or with callers that are well, it is a choice', () => {
  const env = [{ name: 'STOCK_URL', value: 'http://stock.shop' }];
  const zero = [...asleep('stock'), service('stock')];
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'door', namespace: 'shop' },
    spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'stock', port: { number: 80 } } } }] } }] },
  };
  expect(causes([...zero, ingress])).toEqual(['SCL-001 Deployment/shop/stock spec.replicas affects stock, door']);
  expect(causes([...zero, ...caller(env, READY)])).toEqual([]);
  expect(causes(zero)).toEqual([]);
  expect(
    causes([...asleep('stock', 'shop', 'Deployment', { 'shop.example/why': 'closed for the season' }), service('stock'), ingress]),
  ).toEqual([]);
});

test('a canary that is given no share of the traffic misses nobody; one that is given some, or that a header leads to, does', () => {
  const sends = (of: Raw) => causes([...asleep('stock'), service('stock'), of]);
  const canary = (said: Raw) =>
    sends({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'door',
        namespace: 'shop',
        annotations: Object.fromEntries(Object.entries(said).map(([k, v]) => [`nginx.ingress.kubernetes.io/${k}`, v])),
      },
      spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'stock', port: { number: 80 } } } }] } }] },
    });
  const missed = ['SCL-001 Deployment/shop/stock spec.replicas affects stock, door'];
  expect(canary({ canary: 'true', 'canary-weight': '0' })).toEqual([]);
  expect(canary({ canary: 'true', 'canary-weight': '10' })).toEqual(missed);
  expect(canary({ canary: 'true', 'canary-by-header': 'x-early' })).toEqual(missed);
  const route = (weight: number) =>
    sends({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'door', namespace: 'shop' },
      spec: { rules: [{ backendRefs: [{ name: 'stock', port: 80, weight }] }] },
    });
  expect(route(0)).toEqual([]);
  expect(route(1)).toEqual(missed);
});

const CRON = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'saver', namespace: 'ops' },
  spec: {
    schedule: '* * * * *',
    jobTemplate: {
      spec: {
        template: { spec: { containers: [{ name: 'k', image: 'k:1', command: ['kubectl', 'scale', 'deploy/stock', '--replicas=0'] }] } },
      },
    },
  },
};
const FIGHT = ['11:58', '11:57', '11:56', '11:55', '11:54'].map((t, i) =>
  i % 2 === 0 ? change(`2026-03-01T${t}:00Z`, 'kubectl-scale', '2', '0') : change(`2026-03-01T${t}:00Z`, 'dashboard', '0', '2'),
);

test('where a CronJob scales it to zero each time somebody scales it up, the CronJob is the cause', () => {
  const env = [{ name: 'STOCK_URL', value: 'http://stock.shop' }];
  const zero = [...asleep('stock'), service('stock'), ...caller(env, CRASHES)];
  const report = look([...zero, CRON], answering(FIGHT));
  expect(told(report)).toEqual([
    'DEP-003 CronJob/ops/saver - affects stock, stock: CronJob saver (as kubectl-scale) has set spec.replicas of Deployment stock to 0 again 2 times after dashboard had set it to 2; stop one of the two before anything is changed here',
  ]);
  expect(planned(report)).toEqual({
    'DEP-003 CronJob/ops/saver': ['Suspend CronJob saver', 'patch CronJob/ops/saver add /spec/suspend true'],
  });
  expect(causes(zero, answering(FIGHT))).toEqual(['DEP-003 Deployment/shop/stock spec.replicas affects stock']);
  expect(causes([...zero, { ...CRON, spec: { ...CRON.spec, suspend: true } }], answering(FIGHT))).toEqual([
    'SCL-001 Deployment/shop/stock spec.replicas affects stock, web, web-r1-x',
  ]);
});

test('one correction, or one hand alone that scales up and down, is no contest', () => {
  const alone = FIGHT.map((c) => ({ ...c, by: { manager: 'autoscaler' } }));
  for (const changes of [FIGHT.slice(2), alone, [], FIGHT.map((c) => ({ ...c, by: null }))])
    expect(causes([...asleep('stock'), CRON], answering(changes))).toEqual([]);
});

test('an autoscaler that puts the replicas back into its bounds again and again has somebody against it', () => {
  const hpa = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { minReplicas: 3, maxReplicas: 9, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    status: { currentReplicas: 3, desiredReplicas: 3, lastScaleTime: '2026-03-01T11:58:00Z' },
  };
  const says = (count: number, message: string, of: Raw = hpa) =>
    told(
      look([of], (probe) =>
        probe.type === 'objectEvents'
          ? { ok: true, value: { events: [{ type: 'Normal', reason: 'SuccessfulRescale', message, count, at: '2026-03-01T11:58:00Z' }] } }
          : { ok: false, failure: { code: 'not-found', message: '' } },
      ),
    );
  const below = 'New size: 3; reason: Current number of replicas below Spec.MinReplicas';
  expect(says(6, below)).toEqual([
    'DEP-003 HorizontalPodAutoscaler/shop/web spec.scaleTargetRef affects web: somebody keeps setting the replicas of Deployment web outside 3 to 9, and the autoscaler has put them back 6 times; leave spec.replicas out of what is applied, or change the bounds',
  ]);
  expect(says(2, below)).toEqual([]);
  expect(says(9, 'New size: 4; reason: cpu resource utilization (percentage of request) above target')).toEqual([]);
  expect(says(6, below, { ...hpa, status: { ...hpa.status, lastScaleTime: '2026-03-01T09:00:00Z' } })).toEqual([]);
});
