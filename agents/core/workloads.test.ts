import { expect, test } from 'vitest';
import { deployed, sample, storeOf } from './samples.ts';
import { workloadOf, workloads } from './workloads.ts';

const owner = (kind: string, name: string) => [{ apiVersion: 'v1', kind, name, uid: `${kind}-${name}`, controller: true }];
const spec = { containers: [{ name: 'main' }] };

test('a Deployment is one workload with its pods; those of older revisions are not current', () => {
  const objects = deployed('web', { replicas: 2 });
  const old = sample('ReplicaSet', 'web-0', {
    metadata: { ownerReferences: owner('Deployment', 'web'), annotations: { 'deployment.kubernetes.io/revision': '0' } },
    spec: { replicas: 1 },
  });
  const leftover = sample('Pod', 'web-0-0', { metadata: { ownerReferences: owner('ReplicaSet', 'web-0') }, spec });
  const [web, ...rest] = workloads(storeOf(objects, old, leftover).view());
  expect(rest).toEqual([]);
  expect(web?.ref).toMatchObject({ kind: 'Deployment', namespace: 'shop', name: 'web' });
  expect(web?.pods.map((p) => p.metadata.name)).toEqual(['web-0-0', 'web-1-0', 'web-1-1']);
  expect(web?.currentPods.map((p) => p.metadata.name)).toEqual(['web-1-0', 'web-1-1']);
  expect([web?.desired, web?.specPath, web?.replicaSets.length]).toEqual([2, 'spec.template.spec', 2]);
});

test('the workload of a pod is found through its owners, and a bare pod is its own', () => {
  const view = storeOf(deployed('web'), sample('Pod', 'bare', { spec })).view<'Pod'>();
  const of = (name: string) => {
    const pod = view.get('Pod', 'shop', name);
    return pod === undefined ? undefined : workloadOf(view as never, pod)?.ref.kind;
  };
  expect([of('web-1-0'), of('bare')]).toEqual(['Deployment', 'Pod']);
});

test('an owner of the same name that is another object is no owner', () => {
  const stray = sample('Pod', 'stray', {
    metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'an-earlier-one' }] },
    spec,
  });
  const kinds = workloads(storeOf(deployed('web', { replicas: 0 }), stray).view()).map((w) => w.ref.kind);
  expect(kinds).toEqual(['Deployment', 'Pod']);
});

test('objects that own each other are taken, not followed for ever', () => {
  const a = sample('Job', 'a', { metadata: { ownerReferences: owner('Job', 'b') }, spec: { template: { spec } } });
  const b = sample('Job', 'b', { metadata: { ownerReferences: owner('Job', 'a') }, spec: { template: { spec } } });
  expect(workloads(storeOf(a, b).view()).length).toBeGreaterThan(0);
});

test('a Job of a CronJob belongs to it', () => {
  const cron = sample('CronJob', 'nightly', { spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec } } } } });
  const job = sample('Job', 'nightly-1', { metadata: { ownerReferences: owner('CronJob', 'nightly') }, spec: { template: { spec } } });
  const pod = sample('Pod', 'nightly-1-x', { metadata: { ownerReferences: owner('Job', 'nightly-1') }, spec });
  const [nightly, ...rest] = workloads(storeOf(cron, job, pod).view());
  expect(rest).toEqual([]);
  expect([nightly?.ref.kind, nightly?.pods.length, nightly?.specPath]).toEqual(['CronJob', 1, 'spec.jobTemplate.spec.template.spec']);
});

test('the workloads of one namespace', () => {
  const view = storeOf(deployed('web'), deployed('front', { namespace: 'edge' })).view();
  const names = (namespace?: string) => workloads(view, namespace).map((w) => w.name);
  expect([names('edge'), names('shop'), names('none'), names()]).toEqual([['front'], ['web'], [], ['front', 'web']]);
});

test('between a change of the template and its ReplicaSet no pod is current; after an undo those of the older one are', () => {
  const image = (name: string) => ({ template: { spec: { containers: [{ name: 'main', image: name }] } } });
  const set = (name: string, revision: string, tag: string) =>
    sample('ReplicaSet', name, {
      metadata: { ownerReferences: owner('Deployment', 'web'), annotations: { 'deployment.kubernetes.io/revision': revision } },
      spec: image(tag),
    });
  const pod = (set: string) => sample('Pod', `${set}-0`, { metadata: { ownerReferences: owner('ReplicaSet', set) }, spec });
  const seen = (tag: string, more: object = {}) => {
    const web = sample('Deployment', 'web', { spec: { ...image(tag), ...more }, status: { observedGeneration: 1 } });
    const [found] = workloads(storeOf(web, set('web-1', '1', 'app:1'), set('web-2', '2', 'app:2'), pod('web-1'), pod('web-2')).view());
    return found?.currentPods.map((p) => p.metadata.name);
  };
  expect([seen('app:2'), seen('app:1'), seen('app:3'), seen('app:3', { paused: true })]).toEqual([
    ['web-2-0'],
    ['web-1-0'],
    [],
    ['web-2-0'],
  ]);
});

test('a pod whose Job has been deleted goes with it: it is no workload of its own', () => {
  const left = sample('Pod', 'nightly-x', { metadata: { ownerReferences: owner('Job', 'nightly') }, spec });
  const custom = sample('Pod', 'own-x', { metadata: { ownerReferences: owner('Database', 'own') }, spec });
  expect(workloads(storeOf([left, custom]).view()).map((w) => w.name)).toEqual(['own-x']);
});

test('the pods of a DaemonSet that is behind are told apart by their images, where its status counts as many', () => {
  const images = (pods: readonly string[], updated: number) => {
    const set = sample('DaemonSet', 'agent', {
      spec: { template: { spec: { containers: [{ name: 'a', image: 'a:2' }] } } },
      status: { desiredNumberScheduled: pods.length, updatedNumberScheduled: updated },
    });
    const all = pods.map((image, i) =>
      sample('Pod', `agent-${i}`, {
        metadata: { ownerReferences: owner('DaemonSet', 'agent') },
        spec: { containers: [{ name: 'a', image }] },
      }),
    );
    const view = storeOf([set], ...all).view();
    return workloads(view).flatMap((w) => w.currentPods.map((p) => p.metadata.name));
  };
  expect(images(['a:2', 'a:1'], 1)).toEqual(['agent-0']);
  expect(images(['a:1', 'a:1'], 2)).toEqual(['agent-0', 'agent-1']);
  expect(images(['mirror/a:2', 'mirror/a:1'], 1)).toEqual(['agent-0', 'agent-1']);
});
