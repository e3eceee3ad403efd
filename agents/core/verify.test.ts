import { expect, test } from 'vitest';
import type { Finding, KubeObject } from '../contract/index.ts';
import { at, deployed, finding, sample, serviceFor, storeOf } from './samples.ts';
import { type JudgeTask, judge, knownKey } from './verify.ts';

const FIELD = 'spec.template.spec.containers[0].image';
const cause = (more: Partial<Finding> = {}) => finding('IMG-001', 'Deployment/web', { field: FIELD, ...more });
const task = (more: Partial<JudgeTask> = {}): JudgeTask => ({
  plan: 'plan-1',
  context: 'prod',
  agent: 'troubleshooting',
  codes: ['IMG-001'],
  subject: at('Deployment/web'),
  field: FIELD,
  targets: [at('Deployment/web')],
  known: [knownKey(cause())],
  ...more,
});
const judged = (store: ReturnType<typeof storeOf>, findings: readonly Finding[] = [], more: Partial<JudgeTask> = {}) =>
  judge({ task: task(more), findings, view: store.view() });
/** The Deployment of a sample with another status. */
const rolling = (status: object, metadata: object = {}) => {
  const [object, ...rest] = deployed('web', { replicas: 2 });
  const { spec } = object as KubeObject<'Deployment'>;
  return storeOf(sample('Deployment', 'web', { metadata: { generation: 2, ...metadata }, spec, status }), rest);
};
const full = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

test('gone and rolled out: it holds', () => {
  expect(judged(rolling(full))).toEqual({ holds: true, hopeless: false, because: 'IMG-001 gone, Deployment shop/web is well' });
});

test.each([
  ['the code is still there', full, [cause()], /^IMG-001 is still there/],
  ['the controller has not seen the change', { ...full, observedGeneration: 1 }, [], /has not seen the change/],
  ['new pods are missing', { ...full, updatedReplicas: 1 }, [], /1 of 2 replicas are of the new revision/],
  ['old pods are left', { ...full, replicas: 3 }, [], /pods of the old revision/],
  ['new pods are not available', { ...full, availableReplicas: 1 }, [], /1 of 2 replicas are available/],
])('it does not hold while %s', (_name, status, findings, because) => {
  const verdict = judged(rolling(status), findings);
  expect([verdict.holds, verdict.hopeless]).toEqual([false, false]);
  expect(verdict.because).toMatch(because);
});

test('silence proves nothing: without the object nothing holds', () => {
  expect(judged(storeOf()).because).toBe('Deployment shop/web is not there');
  const blind = storeOf();
  blind.setGaps([{ kind: 'Deployment', because: 'forbidden' }]);
  expect(judged(blind).because).toBe('Deployment shop/web cannot be judged: deployments cannot be read');
});

test('a new grave cause in the target is hopeless', () => {
  const verdict = judged(rolling({ ...full, availableReplicas: 0 }), [finding('OOM-001', 'Deployment/web')]);
  expect(verdict).toEqual({ holds: false, hopeless: true, because: 'a new fault appeared: OOM-001, OOM-001 of Deployment/web' });
});

test.each<[string, Finding]>([
  ['known before', finding('OOM-001', 'Deployment/web')],
  ['known before in another field', finding('OOM-001', 'Deployment/web', { field: 'elsewhere' })],
  ['mild', finding('OOM-002', 'Deployment/web', { severity: 'medium' })],
  ['not sure', finding('OOM-002', 'Deployment/web', { confidence: 0.5 })],
  ['a symptom', finding('OOM-002', 'Deployment/web', { role: 'symptom' })],
  ['in another object', finding('OOM-002', 'Deployment/cart')],
])('a cause that is %s makes nothing hopeless', (_name, other) => {
  const known = [knownKey(cause()), knownKey(finding('OOM-001', 'Deployment/web'))];
  expect(judged(rolling({ ...full, availableReplicas: 0 }), [other], { known }).hopeless).toBe(false);
});

test('a second fault that was there before does not make a right repair be taken back', () => {
  const other = finding('PRB-001', 'Deployment/web', { message: 'the probe asks the wrong port' });
  const known = [knownKey(cause()), knownKey(other)];
  const verdict = judged(rolling({ ...full, availableReplicas: 0 }), [other], { known });
  expect(verdict).toEqual({
    holds: true,
    hopeless: false,
    because: 'IMG-001 gone; Deployment shop/web is still held up by PRB-001: the probe asks the wrong port',
  });
  expect(judged(rolling({ ...full, observedGeneration: 1 }), [other], { known }).holds).toBe(false);
});

test('the same code in another field is the other fault, where it was known; where it was not, it is this one', () => {
  const sidecar = cause({ field: 'spec.template.spec.containers[1].image' });
  const down = rolling({ ...full, availableReplicas: 0 });
  expect(judged(down, [sidecar], { known: [knownKey(cause()), knownKey(sidecar)] }).holds).toBe(true);
  expect(judged(down, [sidecar]).because).toMatch(/^IMG-001 is still there/);
  expect(judged(down, [sidecar], { field: undefined, known: [knownKey(sidecar)] }).because).toMatch(/^IMG-001 is still there/);
});

type Objects = readonly (KubeObject | readonly KubeObject[])[];
const only = (...refs: string[]): Partial<JudgeTask> => ({ subject: at(refs[0] ?? ''), field: undefined, targets: refs.map(at) });

test('a Service is well when a pod it selects is ready and an endpoint is', () => {
  const slice = (ready: boolean) =>
    sample('EndpointSlice', 'web-x', {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
    });
  const verdict = (...objects: Objects) => judged(storeOf(...objects), [], only('Service/web')).holds;
  expect(verdict(serviceFor('web'), deployed('web'), slice(true))).toBe(true);
  expect(verdict(serviceFor('web'), deployed('web'), slice(false))).toBe(false);
  expect(verdict(serviceFor('web', 'wbe'), deployed('web'), slice(true))).toBe(false);
  expect(verdict(serviceFor('web'), deployed('web', { ready: false }))).toBe(false);
  expect(verdict(sample('Service', 'web', { spec: { type: 'ExternalName', externalName: 'x.example' } }))).toBe(true);
});

test('a Service whose pods are held up by what was known before was repaired all the same; by what nobody knew it was not', () => {
  const probe = finding('PRB-001', 'Deployment/web', { message: 'the probe asks the wrong path' });
  const known = [knownKey(probe)];
  const verdict = (objects: Objects, findings: readonly Finding[], more: Partial<JudgeTask> = {}) =>
    judged(storeOf(...objects), findings, { ...only('Service/web'), known, ...more });
  const down = deployed('web', { ready: false });
  expect(verdict([serviceFor('web'), down], [probe])).toEqual({
    holds: true,
    hopeless: false,
    because: 'IMG-001 gone; Service shop/web is still held up by PRB-001: the probe asks the wrong path',
  });
  // A new fault behind it, none at all, pods of somebody else, and a workload beside that nothing known keeps down.
  expect(verdict([serviceFor('web'), down], [probe], { known: [] }).holds).toBe(false);
  expect(verdict([serviceFor('web'), down], []).holds).toBe(false);
  expect(verdict([serviceFor('web', 'wbe'), down], [probe]).holds).toBe(false);
  const cart = deployed('cart', { ready: false, spec: {} }).map(
    (o) => ({ ...o, metadata: { ...o.metadata, labels: { ...o.metadata.labels, app: 'web' } } }) as KubeObject,
  );
  expect(verdict([serviceFor('web'), down, cart], [probe]).holds).toBe(false);
});

test('a claim is well when it is bound and those who use it are', () => {
  const claim = (phase: string) => sample('PersistentVolumeClaim', 'data', { spec: {}, status: { phase } });
  const user = (ready: boolean) =>
    deployed('web', { ready, spec: { containers: [], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] } });
  const verdict = (...objects: Objects) => judged(storeOf(...objects), [], only('PersistentVolumeClaim/data'));
  expect(verdict(claim('Pending')).because).toBe('PersistentVolumeClaim shop/data is Pending');
  expect(verdict(claim('Bound'), user(false)).because).toBe('Deployment shop/web: 0 of 1 replicas are available');
  expect(verdict(claim('Bound'), user(true)).holds).toBe(true);
});

test('a ConfigMap that is there again holds only when its readers are well, unless something else is known to ail them', () => {
  const map = sample('ConfigMap', 'app', { data: {} });
  const reader = deployed('web', { ready: false, spec: { containers: [{ name: 'main', envFrom: [{ configMapRef: { name: 'app' } }] }] } });
  expect(judged(storeOf(map, reader), [], only('ConfigMap/app')).holds).toBe(false);
  expect(judged(storeOf(map, reader), [finding('OOM-001', 'Deployment/web')], only('ConfigMap/app')).holds).toBe(true);
});

test('other workloads and nodes', () => {
  const spec = { containers: [] };
  const set = (status: object) =>
    sample('StatefulSet', 'db', { metadata: { generation: 2 }, spec: { replicas: 2, template: { spec } }, status });
  const verdict = (object: KubeObject, ref: string) => judged(storeOf(object), [], only(ref)).because;
  const done = { observedGeneration: 2, replicas: 2, readyReplicas: 2, updatedReplicas: 2, currentRevision: 'b', updateRevision: 'b' };
  expect(verdict(set(done), 'StatefulSet/db')).toMatch(/is well$/);
  expect(verdict(set({ ...done, currentRevision: 'a', updatedReplicas: 1 }), 'StatefulSet/db')).toMatch(/1 of 2 replicas are of the new/);
  expect(verdict(set({ ...done, readyReplicas: 1 }), 'StatefulSet/db')).toMatch(/1 of 2 replicas are ready/);
  const daemon = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 };
  expect(verdict(sample('DaemonSet', 'log', { spec: { template: { spec } }, status: daemon }), 'DaemonSet/log')).toMatch(/2 of 3 pods are/);
  const pod = (metadata: object, type: string) =>
    sample('Pod', 'p', { metadata, spec, status: { phase: 'Running', conditions: [{ type, status: 'True' }] } });
  expect(verdict(pod({}, 'Ready'), 'Pod/p')).toMatch(/is well$/);
  expect(verdict(pod({}, 'Initialized'), 'Pod/p')).toBe('Pod shop/p is not ready');
  expect(verdict(pod({ deletionTimestamp: '2026-03-01T11:00:00Z' }, 'Ready'), 'Pod/p')).toBe('Pod shop/p is terminating');
  expect(verdict(sample('Node', 'n1'), 'Node/n1')).toBe('Node n1 is not Ready');
});
