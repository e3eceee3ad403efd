import { describe, expect, test } from 'vitest';
import { CONTEXT, IMAGE, appConfig, changeImage, checkout, draftOf, incident, roadBench } from '../doubles/road-bench.ts';

test('a draft becomes a plan that waits, with diff, words, undo, risk and hash; nothing is changed', async () => {
  const { cluster, propose, eventTypes, clock } = roadBench();
  const before = cluster.contents();
  const plan = await propose();
  expect(plan).toMatchObject({
    state: 'awaitingApproval',
    risk: 'medium',
    verify: ['IMG-001'],
    incidentId: 'incident-1',
    agent: 'troubleshooter',
  });
  expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(Date.parse(plan.expires) - clock.now()).toBe(30 * 60_000);
  expect(plan.actions).toHaveLength(1);
  expect(plan.actions[0]).toMatchObject({
    summary: 'Change image of container api from shop/api:1.0 to shop/api:1.1 in Deployment shop/checkout',
    undo: 'Change image of container api back to shop/api:1.0',
    inverse: [
      {
        type: 'patch',
        ops: [
          { op: 'test', path: IMAGE, value: 'shop/api:1.1' },
          { op: 'replace', path: IMAGE, value: 'shop/api:1.0' },
        ],
      },
    ],
    seen: { uid: 'uid-1', generation: 1 },
    target: { uid: 'uid-1' },
  });
  const changed = plan.actions[0]?.diff.split('\n').filter((l) => /^[-+] /.test(l));
  expect(changed?.map((l) => l.replace(/\s+/g, ' '))).toEqual(['- image: shop/api:1.0', '+ image: shop/api:1.1']);
  expect(await eventTypes()).toEqual(['plan.proposed', 'approval.requested']);
  expect(cluster.contents()).toEqual(before);
  expect(cluster.sent).toBe(0);
});

test('the same draft again is the same plan, and no news', async () => {
  const { propose, eventTypes } = roadBench();
  const first = await propose();
  expect((await propose()).id).toBe(first.id);
  expect(await eventTypes()).toEqual(['plan.proposed', 'approval.requested']);
});

test('many proposals of the same draft at once make one plan', async () => {
  const { propose, store } = roadBench();
  const plans = await Promise.all(Array.from({ length: 8 }, () => propose()));
  expect(new Set(plans.map((p) => p.id)).size).toBe(1);
  expect(await store.plans()).toHaveLength(1);
});

test('another value of the same remedy takes the place of the waiting plan', async () => {
  const { propose, road } = roadBench();
  const old = await propose();
  const next = await propose(draftOf([changeImage('shop/api:1.2')]));
  expect(next.state).toBe('awaitingApproval');
  expect(await road.settled(old.id, 0)).toMatchObject({ value: { state: 'abandoned', reason: `${next.id} takes its place` } });
});

test('of the drafts of an incident those that are gone are abandoned, alternatives live side by side', async () => {
  const { road, store, propose } = roadBench();
  await propose();
  const other = draftOf([{ type: 'scale', target: checkout, replicas: 0 }], { remedy: 'stop-it' });
  const input = { context: CONTEXT, incident, agent: 'troubleshooter' };
  const both = await road.proposeAll({ ...input, drafts: [draftOf([changeImage()]), other] });
  expect(both.map((p) => p.state)).toEqual(['awaitingApproval', 'awaitingApproval']);
  await road.proposeAll({ ...input, drafts: [other] });
  expect((await store.plans()).map((p) => [p.remedy, p.state])).toEqual([
    ['correct-image', 'abandoned'],
    ['stop-it', 'awaitingApproval'],
  ]);
  await road.abandonFor(incident.id, 'the incident is over');
  expect((await store.plans()).map((p) => p.state)).toEqual(['abandoned', 'abandoned']);
});

test('a missing right refuses the plan and is named; the same refusal is said once', async () => {
  const { cluster, propose, eventTypes, clock } = roadBench();
  cluster.denied.add('patch deployments.apps in shop');
  const plan = await propose();
  expect(plan).toMatchObject({
    state: 'refused',
    reason: 'The user of context prod needs patch deployments.apps in shop.',
    failure: { code: 'forbidden' },
  });
  await clock.turn(20_000);
  expect((await propose()).id).toBe(plan.id);
  expect(await eventTypes()).toEqual(['plan.refused']);
  cluster.denied.clear();
  await clock.turn(20_000);
  expect((await propose()).state).toBe('awaitingApproval');
});

test('a draft whose test does not fit the live object is refused with what is there', async () => {
  const { cluster, propose } = roadBench();
  cluster.edit(
    checkout,
    (o) =>
      void ((o['spec'] as never as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]!.image =
        'other:9'),
  );
  expect(await propose()).toMatchObject({
    state: 'refused',
    reason: 'image of container api in Deployment shop/checkout is other:9, the plan expects shop/api:1.0.',
  });
});

test('what the server takes but does not change is refused', async () => {
  const { propose } = roadBench();
  const same = draftOf([{ type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'old' }] }]);
  expect((await propose(same)).reason).toContain('nothing would change in ConfigMap shop/app-config');
});

test('an object that was created anew is not the one the draft means', async () => {
  const { propose } = roadBench();
  expect((await propose(draftOf([changeImage('shop/api:1.1', { ...checkout, uid: 'uid-gone' })]))).reason).toContain(
    'was deleted and created anew',
  );
});

test('a waiting plan whose object has changed is prepared anew', async () => {
  const { cluster, propose, clock, store } = roadBench();
  const old = await propose();
  cluster.edit(checkout, (o) => void ((o['spec'] as { replicas: number }).replicas = 5));
  await clock.turn(11_000);
  const next = await propose();
  expect(next.id).not.toBe(old.id);
  expect((await store.plans()).map((p) => p.state)).toEqual(['abandoned', 'awaitingApproval']);
});

test('what a person rejected is not proposed again by itself, but is when asked for', async () => {
  const { propose, road, clock } = roadBench();
  const plan = await propose();
  await road.decide({ id: plan.id, hash: plan.hash, decision: 'rejected', by: 'ana', reason: 'not today' });
  await clock.turn(60_000);
  expect(await propose()).toMatchObject({ id: plan.id, state: 'rejected', reason: 'not today', decidedBy: 'ana' });
  expect((await propose(undefined, true)).state).toBe('awaitingApproval');
});

test('a claim that never was bound is deleted and created anew; what the server cannot rehearse is said', async () => {
  const { cluster, propose } = roadBench();
  const target = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
  const manifest = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName: 'fast' },
  };
  cluster.put({ ...manifest, spec: { storageClassName: 'fsat' }, status: { phase: 'Pending' } });
  const plan = await propose(
    draftOf([
      { type: 'delete', target },
      { type: 'create', target, manifest },
    ]),
  );
  expect(plan).toMatchObject({ state: 'awaitingApproval', risk: 'high' });
  expect(plan.actions[1]?.diff).toContain(
    '# From the manifest: the server cannot rehearse this before PersistentVolumeClaim shop/data is deleted.',
  );
  expect(plan.actions[1]?.diff).toContain('+  storageClassName: fast');
  expect(plan.actions[0]?.inverse).toMatchObject([{ type: 'create', manifest: { spec: { storageClassName: 'fsat' } } }]);
});

test('what cannot be taken back raises the risk and says so', async () => {
  const { cluster, propose } = roadBench();
  const target = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
  cluster.put({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop' },
    spec: { volumeName: 'pv-1' },
    status: { phase: 'Bound' },
  });
  const plan = await propose(draftOf([{ type: 'delete', target }]));
  expect(plan.risk).toBe('destructive');
  expect(plan.riskReasons.join()).toContain('cannot be taken back: the data of its volume may be lost');
  expect(plan.actions[0]).toMatchObject({ inverse: null, undo: 'Cannot be taken back: the data of its volume may be lost' });
});

test('the hash says what would run: on another cluster, or with another value, it is another one', async () => {
  const [a, b, c] = [roadBench(), roadBench(), roadBench()];
  b.marks.clusterUid = 'cluster-2';
  const hashes = [(await a.propose()).hash, (await b.propose()).hash, (await c.propose(draftOf([changeImage('shop/api:1.2')]))).hash];
  expect(new Set(hashes).size).toBe(3);
});

test('a context that cannot be connected gets a refused plan, not a waiting one', async () => {
  const { marks, propose } = roadBench();
  marks.clusterUid = undefined;
  expect(await propose()).toMatchObject({ state: 'refused', failure: { code: 'cluster-unreachable' } });
});

test('a change of a Secret, whose old value nobody keeps, is never a small thing', async () => {
  const { cluster, propose } = roadBench();
  const target = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  cluster.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: { user: 'YQ==' } });
  const plan = await propose(draftOf([{ type: 'patch', target, ops: [{ op: 'remove', path: '/data/user' }] }]));
  expect(plan).toMatchObject({ state: 'awaitingApproval', risk: 'high' });
  expect(plan.actions[0]?.diff).toContain('[masked, 4 characters');
  expect(plan.actions[0]?.diff).not.toContain('YQ==');
});

test('the copy of a Secret that kubectl keeps in an annotation is in no part of a plan that takes it away', async () => {
  const { cluster, propose } = roadBench();
  const target = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"user":"Y2FuYXJ5"}}', note: 'Y2FuYXJ5' };
  cluster.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop', annotations } });
  const plan = await propose(draftOf([{ type: 'patch', target, ops: [{ op: 'remove', path: '/metadata/annotations' }] }]));
  expect(plan.actions[0]?.inverse).toBeNull();
  expect(JSON.stringify([plan.actions[0]?.inverse, plan.actions[0]?.summary])).not.toContain('Y2FuYXJ5');
});

test('a plan that would carry a value of a Secret is refused, once, and the value is kept nowhere', async () => {
  const { cluster, propose, store } = roadBench();
  const target = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  cluster.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: { user: 'YQ==' } });
  const draft = draftOf([{ type: 'patch', target, ops: [{ op: 'replace', path: '/data/user', value: 'Y2FuYXJ5' }] }]);
  const plan = await propose(draft);
  expect(plan).toMatchObject({
    state: 'refused',
    reason: 'The plan would carry a value of Secret shop/db, and Quarterdeck keeps no values of Secrets.',
  });
  expect((await propose(draft)).id).toBe(plan.id);
  expect(JSON.stringify([await store.plans(), await store.events(0, 100)])).not.toMatch(/Y2FuYXJ5|YQ==/);
});

test('a change that Argo CD would put back is no small thing, says so, and comes with a patch for its source', async () => {
  const { cluster, propose } = roadBench();
  const draft = draftOf([{ type: 'scale', target: checkout, replicas: 3 }]);
  expect((await propose(draft)).risk).toBe('low');
  cluster.edit(checkout, (o) => {
    const meta = o['metadata'] as { [key: string]: unknown };
    meta['annotations'] = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/checkout' };
  });
  const plan = await propose({ ...draft, remedy: 'again' });
  expect(plan).toMatchObject({
    risk: 'medium',
    riskReasons: ['Deployment shop/checkout comes from Argo CD (Application shop), which would put it back'],
    managedBy: [{ by: 'Argo CD', name: 'Application shop', putsBack: true }],
  });
  expect(plan.sourcePatch).toContain('path: /spec/replicas');
});

test('no answer to "may we?" is no', async () => {
  const { cluster, propose } = roadBench();
  cluster.access = () => Promise.resolve({ ok: false, failure: { code: 'cluster-timeout', message: 'no answer' } });
  expect(await propose()).toMatchObject({ state: 'refused', failure: { code: 'cluster-timeout' } });
});

describe('many rights in one namespace are asked for with one question', () => {
  const draft = draftOf([
    { type: 'scale', target: checkout, replicas: 3 },
    { type: 'patch', target: appConfig, ops: [{ op: 'add', path: '/data/mode', value: 'new' }] },
  ]);
  const counted = () => {
    const bench = roadBench();
    const { cluster } = bench;
    const asked: string[] = [];
    const { access, rules } = cluster;
    cluster.access = (context, review) => (asked.push(`${review.verb} ${review.resource}`), access(context, review));
    cluster.rules = (context, namespace) => (asked.push(`all in ${namespace}`), rules(context, namespace));
    return { ...bench, asked };
  };

  test('the list that gives all of them is enough', async () => {
    const { propose, asked } = counted();
    const plan = await propose(draft);
    expect(asked).toEqual(['all in shop']);
    expect(plan.state).toBe('awaitingApproval');
    expect(plan.permissions).toContainEqual({
      right: 'patch deployments/scale.apps in shop',
      allowed: true,
      because: 'by the roles of this user in shop',
    });
  });

  test('what it does not give is asked for by itself, and said with its reason where it is missing', async () => {
    const { propose, asked, cluster } = counted();
    cluster.rules = () =>
      Promise.resolve({
        ok: true,
        value: { rules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'], resourceNames: [] }], complete: true },
      });
    cluster.denied.add('patch configmaps in shop');
    const plan = await propose(draft);
    expect(asked.sort()).toEqual(['patch configmaps', 'patch deployments']);
    expect(plan).toMatchObject({ state: 'refused', failure: { code: 'forbidden' } });
    expect(plan.reason).toContain('patch configmaps in shop');
  });

  test('a list that cannot be had costs nothing but the question', async () => {
    const { propose, asked, cluster } = counted();
    cluster.rules = () => Promise.resolve({ ok: false, failure: { code: 'cluster-timeout', message: 'no answer' } });
    expect((await propose(draft)).state).toBe('awaitingApproval');
    expect(asked).toHaveLength(4);
  });
});
