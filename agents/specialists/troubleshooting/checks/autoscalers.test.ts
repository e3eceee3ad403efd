import { expect, test } from 'vitest';
import { container, examine, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { autoscalerAtItsMaximum } from './autoscaler-at-its-maximum.ts';
import { autoscalerSeesNoMetrics } from './autoscaler-sees-no-metrics.ts';
import { autoscalerTargetMissing } from './autoscaler-target-missing.ts';
import { autoscalerWithoutRequests } from './autoscaler-without-requests.ts';

type Raw = Record<string, unknown>;
const CHECKS = [autoscalerTargetMissing, autoscalerWithoutRequests, autoscalerSeesNoMetrics, autoscalerAtItsMaximum];

const READY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};
const web = (resources: Raw, kind: 'Deployment' | 'StatefulSet' = 'Deployment', sidecar: Raw = { requests: { cpu: '5m' } }) =>
  workload({
    kind,
    name: 'web',
    spec: {
      containers: [
        { name: 'app', image: 'a', resources },
        { name: 'log', image: 'l', resources: sidecar },
      ],
    },
    status: READY,
  });
const hpa = (target: Raw = {}, conditions: Raw[] = [], more: Raw = {}, name = 'scaler'): Raw => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', ...target },
    maxReplicas: 4,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
  },
  status: { conditions, ...more },
});
const condition = (type: string, status: string, reason: string, message: string, lastTransitionTime = '2026-03-01T11:00:00Z') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime,
});
const BLIND = condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'the server could not find the requested resource');
const METRICS = (status: string): Raw => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: { group: 'metrics.k8s.io', version: 'v1beta1' },
  status: { conditions: [{ type: 'Available', status }] },
});
const SET = { requests: { cpu: '10m' } };

test('an autoscaler that scales, whose requests are set or follow from limits or a LimitRange, is well', () => {
  const range = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'd', namespace: 'shop' },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '1' } }] },
  };
  const active = [condition('ScalingActive', 'True', 'ValidMetricFound', ''), condition('ScalingLimited', 'True', 'TooFewReplicas', '')];
  for (const objects of [
    [...web(SET), hpa({}, active)],
    [...web({ limits: { cpu: '1' } }), hpa({}, active)],
    [...web({}).filter((o) => o['kind'] !== 'Pod'), range, hpa()],
    [hpa({ kind: 'Fleet', apiVersion: 'games.example/v1' })],
  ])
    expect(examine(CHECKS, [], [...objects, METRICS('True')]).findings).toEqual([]);
});

test('a target that is not there: a near name, another kind, or nothing like it', () => {
  const near = examine(CHECKS, [correctValue], [...web(SET), hpa({ name: 'wbe' })]);
  expect(told(near)).toEqual([
    'HPA-001 HorizontalPodAutoscaler/shop/scaler spec.scaleTargetRef.name: Deployment wbe, which the autoscaler is to scale, does not exist; was web meant?',
  ]);
  expect(Object.values(planned(near))[0]?.[1]).toContain('test /spec/scaleTargetRef/name "wbe"; replace /spec/scaleTargetRef/name "web"');
  const kind = examine(CHECKS, [correctValue], [...web(SET, 'StatefulSet'), hpa()]);
  expect(Object.values(planned(kind))[0]?.[1]).toContain('replace /spec/scaleTargetRef/kind "StatefulSet"');
  const nothing = examine(CHECKS, [correctValue], [...web(SET), hpa({ name: 'checkout-backend' })]);
  expect(Object.values(advised(nothing))[0]).toContain('point the autoscaler to a workload that exists');
});

test.each(['Deployment', 'StatefulSet'] as const)('a second container of a %s without a request', (kind) => {
  const report = examine(CHECKS, [correctValue], [...web(SET, kind, {}), hpa({ kind }, [BLIND]), METRICS('True')]);
  expect(told(report)).toEqual([
    `HPA-002 ${kind}/shop/web spec.template.spec.containers[1].resources.requests affects scaler: HorizontalPodAutoscaler scaler is to keep cpu at 60 % of the request, and container log of ${kind} web requests none, so it cannot scale`,
  ]);
  expect(Object.values(advised(report))[0]).toContain('cpu');
});

test('nobody serves metrics: one cause for all autoscalers; an API that is down, or its own words, are a symptom', () => {
  const two = [...web(SET), hpa({}, [BLIND]), hpa({}, [BLIND], {}, 'other')];
  expect(told(examine(CHECKS, [], two))).toEqual([
    'HPA-003 HorizontalPodAutoscaler/shop/other - affects scaler: the autoscaler gets no metrics: nothing serves metrics.k8s.io in this cluster; so it is with scaler',
  ]);
  const down = examine(CHECKS, [], [...two, METRICS('False')]);
  expect(told(down)).toEqual([]);
  expect(told(down, 'symptom')).toHaveLength(2);
  const fresh = condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics yet', '2026-03-01T11:59:30Z');
  expect(examine(CHECKS, [], [...web(SET), hpa({}, [fresh]), METRICS('True')]).findings).toEqual([]);
});

test('at its maximum and over its target for long, not for a moment and not within the tolerance', () => {
  const at = (since: string, use: number) =>
    told(
      examine(
        CHECKS,
        [],
        [
          ...web(SET),
          hpa(
            {},
            [
              condition(
                'ScalingLimited',
                'True',
                'TooManyReplicas',
                'the desired replica count is more than the maximum replica count',
                since,
              ),
            ],
            {
              currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: use } } }],
            },
          ),
        ],
      ),
    );
  expect(at('2026-03-01T11:00:00Z', 140)[0]).toContain(
    'at its maximum of 4 since 2026-03-01T11:00:00.000Z and would go higher (cpu 140 % of 60 %)',
  );
  expect(at('2026-03-01T11:58:00Z', 140)).toEqual([]);
  expect(at('2026-03-01T11:00:00Z', 62)).toEqual([]);
});
