import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { answering, refused } from '../../testing/refused.ts';
import { planned, told } from '../../testing/told.ts';
import { keepWithinLimitRange } from '../remedies/keep-within-limit-range.ts';
import { limitRangeRefuses } from './limit-range-refuses.ts';

const range = (limits: unknown[], name = 'bounds') => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name, namespace: 'shop' },
  spec: { limits },
});
const said = (rule: string) => `pods "x" is forbidden: ${rule}`;
const container = (name: string, requests: object, limits?: object) => ({
  name,
  image: 'a',
  resources: { requests, ...(limits === undefined ? {} : { limits }) },
});
const look = (objects: Parameters<typeof examine>[2], event?: string) =>
  examine([limitRangeRefuses], [keepWithinLimitRange], objects, answering(event === undefined ? {} : { event }));

test('a limit above the maximum, in the second container: the nearest value that is allowed', () => {
  const spec = { containers: [container('app', { cpu: '100m' }, { cpu: '200m' }), container('side', { cpu: '1' }, { cpu: '4' })] };
  const words = said('maximum cpu usage per Container is 500m, but limit is 4');
  const report = look([range([{ type: 'Container', max: { cpu: '500m' } }]), ...refused({ name: 'web', spec }, words)]);
  expect(told(report)).toEqual([
    'QTA-003 Deployment/shop/web spec.template.spec.containers[1].resources.limits.cpu affects web-r1: 1 pod cannot be created: the cpu limit of container side is 4, and LimitRange bounds allows at most 500m',
  ]);
  expect(planned(report)).toEqual({
    'QTA-003 Deployment/shop/web': [
      'Change cpu limit of side from 4 to 500m and cpu request of side from 1 to 500m',
      'patch Deployment/shop/web test /spec/template/spec/containers/1/resources/limits/cpu "4"; replace /spec/template/spec/containers/1/resources/limits/cpu "500m"; test /spec/template/spec/containers/1/resources/requests/cpu "1"; replace /spec/template/spec/containers/1/resources/requests/cpu "500m"',
    ],
  });
});

test('an init container below the minimum, of a StatefulSet that says so only in its events', () => {
  const spec = { initContainers: [container('seed', { memory: '8Mi' })], containers: [container('db', { memory: '128Mi' })] };
  const words = said('minimum memory usage per Container is 64Mi, but request is 8Mi');
  const report = look(
    [range([{ type: 'Container', min: { memory: '64Mi' } }]), ...refused({ kind: 'StatefulSet', name: 'db', spec }, '')],
    words,
  );
  expect(told(report).map((t) => t.split(': ')[0])).toEqual([
    'QTA-003 StatefulSet/shop/db spec.template.spec.initContainers[0].resources.requests.memory',
  ]);
  expect(planned(report)['QTA-003 StatefulSet/shop/db']?.[1]).toContain(
    'replace /spec/template/spec/initContainers/0/resources/requests/memory "64Mi"',
  );
});

test('a default limit below the request that is written; a ratio that is too large', () => {
  const rules = [
    { type: 'Container', default: { memory: '64Mi' }, defaultRequest: { memory: '64Mi' }, maxLimitRequestRatio: { cpu: '2' } },
  ];
  const spec = { containers: [container('app', { memory: '100Mi', cpu: '100m' }, { cpu: '1' })] };
  const words =
    'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "100Mi": must be less than or equal to memory limit of 64Mi';
  const report = look([range(rules), ...refused({ kind: 'DaemonSet', name: 'agent', spec }, '')].map(wanted), words);
  expect(told(report)[0]).toContain(
    'asks for 100Mi of memory and writes no limit, and the default limit of LimitRange bounds is only 64Mi',
  );
  expect(told(report)[0]).toContain('the cpu limit of container app is 10 times its request, and LimitRange bounds allows at most 2 times');
  const [, patch] = planned(report)['QTA-003 DaemonSet/shop/agent'] ?? [];
  expect(patch).toContain('add /spec/template/spec/containers/0/resources/limits/memory "100Mi"');
  expect(patch).toContain('replace /spec/template/spec/containers/0/resources/requests/cpu "500m"');
});

test('a rule about the whole pod of several containers is for a person to share out', () => {
  const spec = { containers: [container('a', {}, { memory: '1Gi' }), container('b', {}, { memory: '1Gi' })] };
  const words = said('maximum memory usage per Pod is 1Gi, but limit is 2147483648');
  const report = look([range([{ type: 'Pod', max: { memory: '1Gi' } }]), ...refused({ name: 'web', spec }, words)]);
  expect(told(report)[0]).toContain('the memory limit of the pod is 2Gi, and LimitRange bounds allows at most 1Gi');
  expect(planned(report)).toEqual({});
  expect(report.advice[0]?.text).toContain('memory limits');
});

test('silent for what keeps the rules, and for a rule that was changed since', () => {
  const spec = { containers: [container('app', { cpu: '100m' }, { cpu: '200m' })] };
  const objects = [
    range([{ type: 'Container', max: { cpu: '1' } }]),
    ...refused({ name: 'web', spec }, said('maximum cpu usage per Container is 100m, but limit is 200m')),
  ];
  expect(told(look(objects))).toEqual([]);
});

/** Gives a DaemonSet the node its pod is wanted on. */
function wanted(object: Record<string, unknown>) {
  return object['kind'] === 'DaemonSet' ? { ...object, status: { desiredNumberScheduled: 1 } } : object;
}
