import { expect, test } from 'vitest';
import type { ActionSpec, Json, ResourceRef } from '../../contract/index.ts';
import { CONTEXT, appConfig, changeImage, checkout, deployment } from '../doubles/road-bench.ts';
import { SmallCluster } from '../doubles/small-cluster.ts';
import { rightWords } from '../cluster/preflight.ts';
import { actionKind } from './index.ts';
import { find } from './json-patch.ts';
import { recreatable } from './manifest.ts';
import { apiPath, servedAt } from './served.ts';

function cluster(...objects: Json[]): SmallCluster {
  const made = new SmallCluster();
  for (const object of objects) made.put(object);
  return made;
}
async function prepared(spec: ActionSpec, on: SmallCluster) {
  const outcome = await actionKind(spec).prepare(spec, CONTEXT, on);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const answer = await on.dryRun(CONTEXT, outcome.value.request);
  if (!answer.ok) throw new Error(answer.failure.message);
  const after = outcome.value.after(answer.value);
  return { ...outcome.value, after, inverse: outcome.value.inverse(after) };
}
const refusal = async (spec: ActionSpec, on: SmallCluster) => {
  const outcome = await actionKind(spec).prepare(spec, CONTEXT, on);
  return outcome.ok ? 'prepared' : outcome.failure.message;
};
const rights = (spec: ActionSpec) => actionKind(spec).needs(spec).map(rightWords);

const container = (more: { [key: string]: Json }) => ({ name: 'api', image: 'shop/api:1.0', ...more });
const withContainer = (more: { [key: string]: Json }) => {
  const d = deployment();
  return {
    ...d,
    spec: {
      ...(d['spec'] as object),
      template: {
        metadata: { labels: { app: 'checkout' } },
        spec: { containers: [container(more)], volumes: [{ name: 'conf', configMap: { name: 'x' } }] },
      },
    },
  };
};
const C = '/spec/template/spec/containers/0';

test.each<[string, ActionSpec, string, string]>([
  [
    'a nested field',
    { type: 'patch', target: checkout, ops: [{ op: 'replace', path: `${C}/resources/limits/memory`, value: '512Mi' }] },
    'Change resources.limits.memory of container api from 64Mi to 512Mi in Deployment shop/checkout',
    'Change resources.limits.memory of container api back to 64Mi',
  ],
  [
    'an environment variable',
    { type: 'patch', target: checkout, ops: [{ op: 'replace', path: `${C}/env/0/value`, value: 'debug' }] },
    'Change value of environment variable LEVEL of container api from info to debug in Deployment shop/checkout',
    'Change value of environment variable LEVEL of container api back to info',
  ],
  [
    'a removed probe',
    { type: 'patch', target: checkout, ops: [{ op: 'remove', path: `${C}/livenessProbe` }] },
    'Remove livenessProbe of container api in Deployment shop/checkout',
    'Put livenessProbe of container api back as it is now',
  ],
  [
    'an object below a named volume',
    {
      type: 'patch',
      target: checkout,
      ops: [{ op: 'replace', path: '/spec/template/spec/volumes/0/configMap/name', value: 'app-config' }],
    },
    'Change configMap.name of volume conf from x to app-config in Deployment shop/checkout',
    'Change configMap.name of volume conf back to x',
  ],
  [
    'a new label of the template',
    { type: 'patch', target: checkout, ops: [{ op: 'add', path: '/spec/template/metadata/labels/tier', value: 'web' }] },
    'Set label tier of the pod template to web in Deployment shop/checkout',
    'Remove label tier of the pod template again',
  ],
  [
    'two fields',
    {
      type: 'patch',
      target: checkout,
      ops: [
        { op: 'replace', path: `${C}/image`, value: 'b:2' },
        { op: 'add', path: '/spec/paused', value: false },
      ],
    },
    'Change image of container api from shop/api:1.0 to b:2 and set spec.paused to false in Deployment shop/checkout',
    'Change image of container api back to shop/api:1.0 and remove spec.paused again',
  ],
])('patch: %s in words', async (_, spec, summary, undo) => {
  const on = cluster(
    withContainer({
      resources: { limits: { memory: '64Mi' } },
      env: [{ name: 'LEVEL', value: 'info' }],
      livenessProbe: { httpGet: { port: 1 } },
    }),
  );
  expect(await prepared(spec, on)).toMatchObject({ summary, undo });
});

test("patch: the server is asked to test identity, state and the remedy's own values in the moment of writing", async () => {
  const { request } = await prepared(changeImage(), cluster(deployment()));
  expect(request).toMatchObject({ verb: 'patch', contentType: 'application/json-patch+json' });
  expect((request.body as Json[]).slice(0, 2)).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'uid-1' },
    { op: 'test', path: '/metadata/generation', value: 1 },
  ]);
  const plain = await prepared(
    { type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] },
    cluster({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app-config', namespace: 'shop' }, data: { mode: 'old' } }),
  );
  expect((plain.request.body as Json[])[1]).toMatchObject({ op: 'test', path: '/metadata/resourceVersion' });
});

test('patch: values of a Secret are in no words, and cannot be taken back', async () => {
  const target: ResourceRef = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  const on = cluster({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: { password: 'aHVudGVyMg==' } });
  const done = await prepared({ type: 'patch', target, ops: [{ op: 'replace', path: '/data/password', value: 'bmV3' }] }, on);
  expect(done.inverse).toBeNull();
  expect(done.summary).toBe('Change key password in Secret shop/db');
  expect(`${done.summary} ${done.undo}`).not.toMatch(/aHVu|bmV3/);
  const wrong = await refusal({ type: 'patch', target, ops: [{ op: 'test', path: '/data/password', value: 'c2VjcmV0' }] }, on);
  expect(wrong).not.toMatch(/aHVu|c2Vj/);
});

test('patch: a credential in a variable is in no words', async () => {
  const path = '/spec/template/spec/containers/0/env/0/value';
  const holding = deployment();
  const container = find(holding, '/spec/template/spec/containers/0') as { [key: string]: Json };
  container['env'] = [{ name: 'DB_PASSWORD', value: 'hunter2 old' }];
  const done = await prepared({ type: 'patch', target: checkout, ops: [{ op: 'replace', path, value: 'hunter2 new' }] }, cluster(holding));
  expect(done.summary).toContain('variable DB_PASSWORD of container api from [masked] to [masked]');
  const wrong = await refusal({ type: 'patch', target: checkout, ops: [{ op: 'test', path, value: 'hunter2 not' }] }, cluster(holding));
  expect(`${done.summary} ${done.undo} ${wrong}`).not.toContain('hunter2');
});

test('scale: through the subresource, bound to the version, back to the old count', async () => {
  const spec: ActionSpec = { type: 'scale', target: checkout, replicas: 0 };
  const done = await prepared(spec, cluster(deployment()));
  expect(done.request).toMatchObject({
    subresource: 'scale',
    body: { metadata: { uid: 'uid-1', resourceVersion: '101' }, spec: { replicas: 0 } },
  });
  expect(find(done.after, '/spec/replicas')).toBe(0);
  expect(done).toMatchObject({
    summary: 'Scale Deployment shop/checkout from 2 replicas to 0',
    undo: 'Scale back to 2 replicas',
    inverse: [{ type: 'scale', replicas: 2 }],
  });
  expect(rights(spec)).toEqual(['get deployments.apps in shop', 'patch deployments/scale.apps in shop']);
  expect(await refusal({ ...spec, replicas: 2 }, cluster(deployment()))).toBe('Deployment shop/checkout has 2 replicas already.');
  expect(await refusal({ type: 'scale', target: appConfig, replicas: 1 }, cluster())).toContain('cannot be scaled');
});

test('restart-rollout: the same text each time, so that what is shown is what is sent', async () => {
  const spec: ActionSpec = { type: 'restart-rollout', target: checkout };
  const on = cluster(deployment());
  const [one, two] = [await prepared(spec, on), await prepared(spec, on)];
  expect(one.request).toEqual(two.request);
  expect(find(one.after, '/spec/template/metadata/annotations')).toEqual({ 'quarterdeck.dev/restarted-generation': '1' });
  expect(one.inverse).toEqual([]);
  await on.write(CONTEXT, one.request);
  expect(find((await prepared(spec, on)).after, '/spec/template/metadata/annotations')).toEqual({
    'quarterdeck.dev/restarted-generation': '2',
  });
  on.edit(checkout, (o) => Object.assign(o['spec'] as object, { paused: true }));
  expect(await refusal(spec, on)).toContain('is paused');
});

const replicaSet = (revision: number, image: string, owner = 'uid-1'): Json => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `checkout-${revision}`,
    namespace: 'shop',
    labels: { app: 'checkout', 'pod-template-hash': `h${revision}` },
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ kind: 'Deployment', name: 'checkout', uid: owner, controller: true }],
  },
  spec: {
    template: {
      metadata: { labels: { app: 'checkout', 'pod-template-hash': `h${revision}` } },
      spec: { containers: [{ name: 'api', image }] },
    },
  },
});

test('undo-rollout: the template of that revision without its hash, and back', async () => {
  const spec: ActionSpec = { type: 'undo-rollout', target: checkout, revision: 1 };
  const on = cluster(deployment(), replicaSet(1, 'shop/api:0.9'), replicaSet(2, 'shop/api:1.0'));
  const done = await prepared(spec, on);
  expect(done.summary).toBe('Put revision 1 of Deployment shop/checkout back (shop/api:0.9 instead of shop/api:1.0)');
  expect(find(done.after, '/spec/template')).toEqual({
    metadata: { labels: { app: 'checkout' } },
    spec: { containers: [{ name: 'api', image: 'shop/api:0.9' }] },
  });
  await on.write(CONTEXT, done.request);
  const [inverse] = done.inverse ?? [];
  if (inverse === undefined) throw new Error('no inverse');
  await on.write(CONTEXT, (await prepared(inverse, on)).request);
  expect(on.peek(checkout)).toMatchObject({ spec: deployment()['spec'] });
  expect(await refusal({ ...spec, revision: 2 }, on)).toBe('Deployment shop/checkout has the template of revision 2 already.');
  expect(await refusal({ ...spec, revision: 7 }, on)).toBe('Deployment shop/checkout has no revision 7 any more; there are 1, 2.');
  expect(rights(spec)).toContain('list replicasets.apps in shop');
});

test('undo-rollout: it is taken back by its number, which keeps no value of the template, and only while the template is what it left', async () => {
  const numbered = deployment() as { [key: string]: Json };
  const live = {
    ...numbered,
    metadata: { ...(numbered['metadata'] as object), annotations: { 'deployment.kubernetes.io/revision': '2' } },
  };
  const on = cluster(live as Json, replicaSet(1, 'shop/api:0.9'), replicaSet(2, 'shop/api:1.0'));
  const done = await prepared({ type: 'undo-rollout', target: checkout, revision: 1 }, on);
  const [inverse] = done.inverse ?? [];
  expect(inverse).toMatchObject({ type: 'undo-rollout', revision: 2 });
  expect(JSON.stringify(inverse)).not.toContain('shop/api');
  if (inverse === undefined) throw new Error('no inverse');
  expect(await refusal(inverse, on)).toMatch(/is not the one that was set/);
  await on.write(CONTEXT, done.request);
  const back = await prepared(inverse, on);
  on.edit(checkout, (o) => void Object.assign(o['spec'] as object, { template: { spec: { containers: [{ name: 'api', image: 'x' }] } } }));
  expect(await refusal(inverse, on)).toMatch(/is not the one that was set/);
  expect(find(back.after, '/spec/template/spec/containers/0/image')).toBe('shop/api:1.0');
});

test('undo-rollout: a ReplicaSet of another Deployment with the same labels does not count', async () => {
  const on = cluster(deployment(), replicaSet(1, 'evil:1', 'uid-other'));
  expect(await refusal({ type: 'undo-rollout', target: checkout, revision: 1 }, on)).toContain(
    'has no revision 1 any more; there are none',
  );
});

test('create: what it names and nothing else, never over something that is there', async () => {
  const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app-config', labels: { a: 'b' } }, data: { k: 'v' } };
  const spec: ActionSpec = { type: 'create', target: appConfig, manifest };
  const done = await prepared(spec, cluster());
  expect(done.request.body).toEqual({ ...manifest, metadata: { name: 'app-config', namespace: 'shop', labels: { a: 'b' } } });
  expect(done.inverse).toMatchObject([{ type: 'delete', target: appConfig }]);
  expect(await refusal({ ...spec, manifest: { ...manifest, kind: 'ClusterRoleBinding' } }, cluster())).toContain(
    "The manifest's kind is not that of ConfigMap shop/app-config",
  );
  expect(await refusal({ ...spec, manifest: { ...manifest, metadata: { name: 'other' } } }, cluster())).toContain(
    "The manifest's metadata is not that of",
  );
  expect(
    await refusal({ ...spec, manifest: { ...manifest, metadata: { name: 'app-config', namespace: 'kube-system' } } }, cluster()),
  ).toContain('metadata is not that of');
  expect(await refusal(spec, cluster({ ...manifest, metadata: { name: 'app-config', namespace: 'shop' } }))).toBe(
    'ConfigMap shop/app-config is there already.',
  );
  expect(rights(spec)).toEqual(['get configmaps in shop', 'create configmaps in shop']);
});

const owned = (kind: string, more: object = {}): Json => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'v1',
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  ...more,
});

test.each<[string, Json, string, boolean]>([
  ['a Service', owned('Service', { spec: { clusterIP: '10.0.0.9' } }), 'Create Service shop/x again from the manifest it has now', true],
  [
    'a bound claim',
    owned('PersistentVolumeClaim', { status: { phase: 'Bound' } }),
    'Cannot be taken back: the data of its volume may be lost',
    false,
  ],
  [
    'a claim that waits',
    owned('PersistentVolumeClaim', { status: { phase: 'Pending' } }),
    'Create PersistentVolumeClaim shop/x again from the manifest it has now',
    true,
  ],
  ['a Secret', owned('Secret', { data: { k: 'dg==' } }), 'Cannot be taken back: Quarterdeck does not keep the values of Secrets', false],
  ['a Job', owned('Job', { spec: {} }), 'Create Job shop/x again from the manifest it has now, which runs the job again', true],
])('delete: how %s is taken back', async (_, object, undo, possible) => {
  const target = { apiVersion: String(find(object, '/apiVersion')), kind: String(find(object, '/kind')), namespace: 'shop', name: 'x' };
  const done = await prepared({ type: 'delete', target }, cluster(object));
  expect(done.undo).toBe(undo);
  expect(done.inverse !== null).toBe(possible);
  expect(JSON.stringify(done.inverse)).not.toContain('dg==');
  expect(done.request.body).toMatchObject({ preconditions: { uid: 'uid-1' }, propagationPolicy: 'Background' });
});

test('delete: a pod its controller replaces needs no taking back', async () => {
  const object = owned('Pod', {
    metadata: { name: 'x', namespace: 'shop', ownerReferences: [{ kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }] },
  });
  const done = await prepared({ type: 'delete', target: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'x' } }, cluster(object));
  expect(done).toMatchObject({ inverse: [], undo: 'Nothing to take back: its controller makes a new one' });
});

test('a manifest to create again is without what server, scheduler and controllers wrote', () => {
  const meta = {
    name: 'x',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '1',
    generation: 3,
    creationTimestamp: 't',
    managedFields: [],
    labels: { a: 'b' },
  };
  expect(recreatable({ kind: 'Service', metadata: meta, spec: { clusterIP: '10.0.0.9' }, status: {} })).toEqual({
    kind: 'Service',
    metadata: { name: 'x', namespace: 'shop', labels: { a: 'b' } },
    spec: { clusterIP: '10.0.0.9' },
  });
  expect(recreatable({ kind: 'Pod', metadata: meta, spec: { nodeName: 'n', containers: [] } })).toMatchObject({ spec: { containers: [] } });
  expect(recreatable({ kind: 'Pod', metadata: meta, spec: { nodeName: 'n', containers: [] } })['spec']).not.toHaveProperty('nodeName');
  const claim = recreatable({
    kind: 'PersistentVolumeClaim',
    metadata: { ...meta, annotations: { 'pv.kubernetes.io/bind-completed': 'yes', keep: 'me' } },
    spec: { volumeName: 'pv', storageClassName: 's' },
  });
  expect(claim).toMatchObject({ metadata: { annotations: { keep: 'me' } }, spec: { storageClassName: 's' } });
  expect(JSON.stringify(claim)).not.toMatch(/pv\.kubernetes|volumeName/);
  const labels = { 'batch.kubernetes.io/controller-uid': 'u', 'controller-uid': 'u', 'job-name': 'x', app: 'a' };
  expect(
    recreatable({
      kind: 'Job',
      metadata: { ...meta, labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: {} } },
    }),
  ).toEqual({
    kind: 'Job',
    metadata: { name: 'x', namespace: 'shop', labels: { app: 'a' } },
    spec: { template: { metadata: { labels: { app: 'a' } }, spec: {} } },
  });
});

test('where kinds are served: group, plural, scope; a kind of another group is not ours', () => {
  expect(apiPath(checkout)).toBe('/apis/apps/v1/namespaces/shop/deployments/checkout');
  expect(apiPath(checkout, 'scale')).toBe('/apis/apps/v1/namespaces/shop/deployments/checkout/scale');
  expect(apiPath({ apiVersion: 'v1', kind: 'Node', name: 'n 1/../x' })).toBe('/api/v1/nodes/n%201%2F..%2Fx');
  expect(apiPath({ apiVersion: 'v1', kind: 'Pod', name: 'no-namespace' })).toBeUndefined();
  expect(servedAt({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' })).toBeUndefined();
  expect(servedAt({ apiVersion: 'v1', kind: 'Unheard' })).toBeUndefined();
});
