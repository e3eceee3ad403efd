import { expect, test } from 'vitest';
import type { ActionSpec, Json } from '../../contract/index.ts';
import { find } from '../actions/json-patch.ts';
import { IMAGE, type RoadBench, appConfig, changeImage, checkout, deployment, draftOf, roadBench } from '../doubles/road-bench.ts';

const image = (bench: RoadBench) => find(bench.cluster.peek(checkout) ?? null, IMAGE);
const mode: ActionSpec = { type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] };
const spec = (o: { [key: string]: Json }) => o['spec'] as { replicas: number; template: { spec: { containers: { image: string }[] } } };

async function approved(bench: RoadBench, draft = draftOf([changeImage()])) {
  const plan = await bench.propose(draft);
  const decided = await bench.approve(plan);
  if (!decided.ok) throw new Error(decided.failure.message);
  return decided.value;
}
async function end(bench: RoadBench, id: string) {
  const settled = await bench.clock.until(bench.road.settled(id, 3_600_000));
  if (!settled.ok) throw new Error(settled.failure.message);
  return settled.value;
}

test('the whole road, in the order of its events, each key in the log before its request leaves', async () => {
  const bench = roadBench();
  const seen: string[][] = [];
  bench.cluster.onWrite = () => {
    void bench.eventTypes().then((types) => seen.push(types));
    return undefined;
  };
  const plan = await bench.carryOut();
  expect(plan).toMatchObject({ state: 'done', decision: 'approved', decidedBy: 'ana', reason: 'IMG-001 is gone, for 10 s' });
  expect(await bench.eventTypes()).toEqual([
    'plan.proposed',
    'approval.requested',
    'approval.resolved',
    'action.started',
    'action.succeeded',
    'plan.verifying',
    'plan.verified',
    'plan.settled',
  ]);
  expect(seen.map((types) => types.at(-1))).toEqual(['action.started']);
  expect(bench.cluster.writes).toHaveLength(1);
  expect(bench.cluster.writes[0]?.body).toMatchObject([
    { op: 'test', path: '/metadata/uid', value: 'uid-1' },
    { op: 'test', path: '/metadata/generation', value: 1 },
    { op: 'test', path: IMAGE },
    { op: 'replace', path: IMAGE, value: 'shop/api:1.1' },
  ]);
  expect(bench.judged()).toEqual([]);
});

test('decide answers as soon as the plan is on its way', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => 'neverAnswered';
  expect(await approved(bench)).toMatchObject({ state: 'acting', decision: 'approved' });
  expect(await bench.clock.until(bench.road.settled('plan-1', 5_000))).toMatchObject({ value: { state: 'acting' } });
});

test('good news must last: a break begins the time anew', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  await bench.clock.turn(9_000);
  bench.say({ holds: false, because: 'it crashed again' });
  await bench.clock.turn(5_000);
  bench.say({ holds: true, because: 'well' });
  await bench.clock.turn(9_999);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  await bench.clock.turn(1);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'done', reason: 'well, for 10 s' } });
});

test('no verdict at all is no good news: the change is taken back', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  const { id } = await approved(bench);
  const plan = await end(bench, id);
  expect(plan).toMatchObject({
    state: 'rolledBack',
    reason: 'not well after 130 s: the agent troubleshooter has not given a verdict. Everything was put back as it was.',
  });
  expect(bench.cluster.contents()).toEqual(before);
  expect((await bench.eventTypes()).slice(-4)).toEqual(['plan.rollingBack', 'action.started', 'action.succeeded', 'plan.settled']);
});

test('a rollout may take as long as it says itself', async () => {
  const bench = roadBench();
  bench.cluster.edit(checkout, (o) => Object.assign(o['spec'] as object, { progressDeadlineSeconds: 600 }));
  const { id } = await approved(bench);
  await bench.clock.turn(609_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  await bench.clock.turn(2_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'rolledBack' } });
});

test('what is good when the time is up gets the rest of its time', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(125_000);
  bench.say({ holds: true, because: 'well' });
  expect(await end(bench, id)).toMatchObject({ state: 'done' });
});

test('a hopeless verdict takes the change back at once', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(1_000);
  bench.say({ hopeless: true, because: 'a new fault appeared: POD-004' });
  await bench.clock.turn(0);
  expect(await bench.road.settled(id, 0)).toMatchObject({
    value: { state: 'rolledBack', reason: expect.stringContaining('a new fault appeared: POD-004') },
  });
  expect(image(bench)).toBe('shop/api:1.0');
});

test('good news about a cluster that cannot be read is not enough', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  bench.cluster.down = true;
  await bench.clock.turn(300_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  bench.cluster.down = false;
  expect(await end(bench, id)).toMatchObject({ state: 'done' });
});

test('while the cluster cannot be reached the time of a plan does not run out', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.down = true;
  await bench.clock.turn(400_000);
  expect(await bench.road.settled(id, 0)).toMatchObject({ value: { state: 'verifying' } });
  bench.cluster.down = false;
  bench.say({ holds: true, because: 'well' });
  expect((await end(bench, id)).state).toBe('done');
});

test('a cluster that stays away is not waited for without end', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.down = true;
  expect(await end(bench, id)).toMatchObject({ state: 'rollbackFailed', reason: expect.stringContaining('A person must look at it.') });
});

test('while a plan is on its way its incident gets no other', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  expect(
    (await bench.propose(draftOf([{ type: 'scale', target: { ...checkout, name: 'other' }, replicas: 1 }], { remedy: 'other' }))).id,
  ).toBe(id);
});

test('when the second action fails the first is taken back', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  bench.cluster.onWrite = (request) =>
    request.target.kind === 'ConfigMap' && bench.cluster.sent === 2
      ? { code: 'admission-refused', message: 'a policy says no' }
      : undefined;
  const { id } = await approved(bench, draftOf([changeImage(), mode]));
  const plan = await end(bench, id);
  expect(plan).toMatchObject({ state: 'rolledBack', reason: 'a policy says no. Everything was put back as it was.' });
  expect(bench.cluster.contents()).toEqual(before);
  expect(bench.cluster.writes.map((w) => w.target.kind)).toEqual(['Deployment', 'Deployment']);
});

test('actions are taken back in reverse order', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  const { id } = await approved(bench, draftOf([changeImage(), mode]));
  await bench.clock.turn(0);
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.writes.map((w) => w.target.kind)).toEqual(['Deployment', 'ConfigMap', 'ConfigMap', 'Deployment']);
  expect(bench.cluster.contents()).toEqual(before);
});

test('a change of a label, which raises no generation, is taken back too', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  const { id } = await approved(
    bench,
    draftOf([{ type: 'patch', target: checkout, ops: [{ op: 'add', path: '/metadata/labels/tier', value: 'web' }] }]),
  );
  await bench.clock.turn(0);
  expect(bench.cluster.contents()).not.toEqual(before);
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.contents()).toEqual(before);
});

test('two actions on one object: the second expects what the first left', async () => {
  const bench = roadBench();
  const { id } = await approved(bench, draftOf([changeImage(), { type: 'scale', target: checkout, replicas: 0 }]));
  await bench.clock.turn(0);
  expect(bench.cluster.writes).toHaveLength(2);
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.peek(checkout)).toMatchObject({ spec: deployment()['spec'] });
});

test('after a scaling, whose answer knows no generation, the next action expects what the object shows', async () => {
  const bench = roadBench();
  const append = bench.store.appendWithPlan;
  bench.store.appendWithPlan = async (events, plan) => {
    const stored = await append(events, plan);
    // The controller writes the status between the two actions.
    if (events.some((e) => e.type === 'action.succeeded')) bench.cluster.edit(checkout, (o) => void (o['status'] = { readyReplicas: 1 }));
    return stored;
  };
  const { id } = await approved(bench, draftOf([{ type: 'scale', target: checkout, replicas: 5 }, changeImage()]));
  await bench.clock.turn(0);
  expect(bench.cluster.writes).toHaveLength(2);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
});

test('an object somebody changes between two actions stops the plan', async () => {
  const bench = roadBench();
  bench.cluster.put(deployment('cart'));
  const cart = { ...checkout, name: 'cart' };
  bench.cluster.onWrite = (_, nth) => {
    if (nth === 1) bench.cluster.edit(cart, (o) => void (spec(o).replicas = 7));
    return undefined;
  };
  const { id } = await approved(bench, draftOf([changeImage(), changeImage('shop/api:1.1', cart)]));
  expect(await end(bench, id)).toMatchObject({
    state: 'rolledBack',
    reason: expect.stringContaining('Deployment shop/cart has changed since the plan was approved'),
  });
  expect(find(bench.cluster.peek(cart) ?? null, '/spec/replicas')).toBe(7);
});

test('a first action that is refused changes nothing, and says so', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => ({ code: 'forbidden', message: 'needs patch' });
  const { id } = await approved(bench);
  expect(await end(bench, id)).toMatchObject({
    state: 'failed',
    reason: 'Nothing was changed: needs patch',
    failure: { code: 'forbidden' },
  });
  expect(bench.cluster.writes).toEqual([]);
  expect((await bench.eventTypes()).slice(-2)).toEqual(['action.failed', 'plan.settled']);
});

test('an object that changes in the last moment is refused by the server, and named by us', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => {
    bench.cluster.edit(checkout, (o) => void (spec(o).replicas = 7));
    return undefined;
  };
  const { id } = await approved(bench);
  expect(await end(bench, id)).toMatchObject({ state: 'failed', failure: { code: 'plan-drifted' } });
  expect(bench.cluster.writes).toEqual([]);
});

test('a conflict is no answer: the same request is sent again under the same key', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = (_, nth) => (nth < 3 ? { code: nth === 1 ? 'conflict' : 'too-many-requests', message: 'again' } : undefined);
  const { id } = await approved(bench);
  await bench.clock.turn(5_000);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
  expect(bench.cluster.sent).toBe(3);
  expect(bench.cluster.writes).toHaveLength(1);
  expect((await bench.eventTypes()).filter((t) => t === 'action.started')).toHaveLength(1);
});

test.each(['lostAfter'] as const)('an answer that got lost after the change is looked up, not sent again (%s)', async (fault) => {
  const bench = roadBench();
  bench.cluster.onWrite = (_, nth) => (nth === 1 ? fault : undefined);
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.say({ holds: true });
  expect((await end(bench, id)).state).toBe('done');
  expect(bench.cluster.sent).toBe(1);
});

test.each(['lostBefore', 'throws'] as const)('a request that got lost changed nothing (%s)', async (fault) => {
  const bench = roadBench();
  bench.cluster.onWrite = () => fault;
  const { id } = await approved(bench);
  expect((await end(bench, id)).state).toBe('failed');
  expect(bench.cluster.sent).toBe(1);
  expect(image(bench)).toBe('shop/api:1.0');
});

test('an answer that got lost, and a cluster that is gone then: loud, because nobody knows', async () => {
  const bench = roadBench();
  bench.cluster.onWrite = () => {
    bench.cluster.down = true;
    return 'lostAfter';
  };
  const { id } = await approved(bench);
  const plan = await end(bench, id);
  expect(plan.state).toBe('rollbackFailed');
  expect(plan.reason).toContain('it is not known whether it was changed');
  expect(bench.log.join()).toContain('error plan-1 could not be taken back completely');
  expect(bench.cluster.sent).toBe(1);
});

test('a lost first request of two, unknown at first, is taken back when the cluster shows it happened', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  let reads = 0;
  const read = bench.cluster.read;
  bench.cluster.onWrite = (_, nth) => (nth === 1 ? 'lostAfter' : undefined);
  bench.cluster.read = (context, ref) => {
    // Unreadable just long enough for the looking-up to give up.
    const hidden = bench.cluster.sent === 1 && ++reads <= 5;
    return hidden ? Promise.resolve({ ok: false, failure: { code: 'cluster-timeout', message: 'no answer' } }) : read(context, ref);
  };
  const { id } = await approved(bench);
  const plan = await end(bench, id);
  expect(plan.state).toBe('rolledBack');
  expect(bench.cluster.contents()).toEqual(before);
});

test('a value somebody set since is not overwritten when taking back: loud', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'hotfix:2'));
  bench.say({ hopeless: true, because: 'worse' });
  const plan = await end(bench, id);
  expect(plan.state).toBe('rollbackFailed');
  expect(plan.reason).toContain('image of container api in Deployment shop/checkout is hotfix:2, the plan expects shop/api:1.1');
  expect(image(bench)).toBe('hotfix:2');
});

test('a count somebody set since is not scaled back over', async () => {
  const bench = roadBench();
  const { id } = await approved(bench, draftOf([{ type: 'scale', target: checkout, replicas: 3 }]));
  await bench.clock.turn(0);
  bench.cluster.edit(checkout, (o) => void (spec(o).replicas = 9));
  bench.say({ hopeless: true });
  expect(await end(bench, id)).toMatchObject({ state: 'rollbackFailed', failure: { code: 'plan-drifted' } });
  expect(find(bench.cluster.peek(checkout) ?? null, '/spec/replicas')).toBe(9);
});

test('what somebody has put back already needs no taking back', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'shop/api:1.0'));
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.writes).toHaveLength(1);
});

test('taking back waits for a network that comes back', async () => {
  const bench = roadBench();
  const { id } = await approved(bench);
  await bench.clock.turn(0);
  bench.cluster.down = true;
  bench.say({ hopeless: true });
  await bench.clock.turn(2_000);
  bench.cluster.down = false;
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(image(bench)).toBe('shop/api:1.0');
});

const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
const manifest = (storageClassName: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop' },
  spec: { storageClassName },
});
const recreate = draftOf([
  { type: 'delete', target: claim },
  { type: 'create', target: claim, manifest: manifest('fast') },
]);

test('delete and create wait for each other, and are taken back in the same way', async () => {
  const bench = roadBench();
  bench.cluster.put({ ...manifest('fsat'), status: { phase: 'Pending' } });
  const key = 'PersistentVolumeClaim/shop/data';
  bench.cluster.held.add(key);
  const { id } = await approved(bench, recreate);
  await bench.clock.turn(3_000);
  expect(bench.cluster.writes.map((w) => w.verb)).toEqual(['delete']);
  bench.cluster.held.delete(key);
  bench.cluster.remove(claim);
  await bench.clock.turn(3_000);
  expect(bench.cluster.writes.map((w) => w.verb)).toEqual(['delete', 'create']);
  bench.say({ hopeless: true });
  expect((await end(bench, id)).state).toBe('rolledBack');
  expect(bench.cluster.writes.map((w) => w.verb)).toEqual(['delete', 'create', 'delete', 'create']);
  expect(find(bench.cluster.peek(claim) ?? null, '/spec/storageClassName')).toBe('fsat');
});

test('an object that is deleted but held ends the plan in words', async () => {
  const bench = roadBench();
  bench.cluster.put({
    ...manifest('fsat'),
    metadata: { name: 'data', namespace: 'shop', finalizers: ['kubernetes.io/pvc-protection'] },
    status: { phase: 'Pending' },
  });
  bench.cluster.held.add('PersistentVolumeClaim/shop/data');
  const { id } = await approved(bench, recreate);
  const plan = await end(bench, id);
  expect(plan.state).toBe('rollbackFailed');
  expect(plan.reason).toContain('not gone after 60 s: it waits for kubernetes.io/pvc-protection');
  expect(bench.cluster.sent).toBe(1);
});

test('a log that cannot be written stops everything: nothing is sent', async () => {
  const bench = roadBench();
  const append = bench.store.appendWithPlan;
  const plan = await bench.propose();
  bench.store.appendWithPlan = (events, p) =>
    events.some((e) => e.type === 'action.started') ? Promise.reject(fullDisk) : append(events, p);
  expect((await bench.approve(plan)).ok).toBe(true);
  expect(await end(bench, plan.id)).toMatchObject({ state: 'needsReview', failure: { code: 'data-dir-full' } });
  expect(bench.cluster.sent).toBe(0);
});

test('a decision that cannot be recorded is none', async () => {
  const bench = roadBench();
  const plan = await bench.propose();
  const append = bench.store.appendWithPlan;
  bench.store.appendWithPlan = () => Promise.reject(fullDisk);
  expect(await bench.approve(plan)).toMatchObject({ ok: false, failure: { code: 'data-dir-full' } });
  bench.store.appendWithPlan = append;
  expect(bench.cluster.sent).toBe(0);
  expect((await bench.approve(plan)).ok).toBe(true);
});

const fullDisk = await import('../store/failures.ts').then(({ StoreError, fullFailure }) => new StoreError(fullFailure('/data')));

test('a done plan is taken back by a plan that waits for its own yes', async () => {
  const bench = roadBench();
  const before = bench.cluster.contents();
  const done = await bench.carryOut(draftOf([changeImage(), mode]));
  const undo = await bench.road.undo(done.id);
  if (!undo.ok) throw new Error(undo.failure.message);
  expect(undo.value).toMatchObject({
    state: 'awaitingApproval',
    undoes: done.id,
    title: 'Take back: Use the image that exists',
    verify: [],
  });
  expect(undo.value.actions.map((a) => a.target.kind)).toEqual(['ConfigMap', 'Deployment']);
  expect(await bench.road.undo(done.id)).toMatchObject({ value: { id: undo.value.id } });
  await bench.approve(undo.value);
  expect((await end(bench, undo.value.id)).state).toBe('done');
  expect(bench.cluster.contents()).toEqual(before);
  expect(await bench.road.undo(done.id)).toMatchObject({ ok: false, failure: { code: 'plan-state' } });
});

test('an undo says what has changed since, and changes nothing', async () => {
  const bench = roadBench();
  const done = await bench.carryOut();
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'hotfix:2'));
  expect(await bench.road.undo(done.id)).toMatchObject({
    ok: false,
    failure: {
      code: 'plan-drifted',
      message:
        'Use the image that exists cannot be taken back: image of container api in Deployment shop/checkout is hotfix:2, the plan expects shop/api:1.1.',
    },
  });
  expect(await bench.road.undo('plan-none')).toMatchObject({ failure: { code: 'plan-unknown' } });
});

test('a count that was changed since is not taken back', async () => {
  const bench = roadBench();
  const done = await bench.carryOut(draftOf([{ type: 'scale', target: checkout, replicas: 3 }]));
  bench.cluster.edit(checkout, (o) => void (spec(o).replicas = 9));
  expect(await bench.road.undo(done.id)).toMatchObject({
    failure: { code: 'plan-drifted', message: 'Deployment shop/checkout has 9 replicas now, the plan had set 3.' },
  });
});

test('what a plan created is deleted by its undo, and only that very object', async () => {
  const bench = roadBench();
  const target = { ...appConfig, name: 'extra' };
  const done = await bench.carryOut(
    draftOf([
      {
        type: 'create',
        target,
        manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra', namespace: 'shop' }, data: { a: '1' } },
      },
    ]),
  );
  expect(done.actions[0]?.inverse).toMatchObject([
    { type: 'delete', target: { uid: find(bench.cluster.peek(target) ?? null, '/metadata/uid') } },
  ]);
  bench.cluster.remove(target);
  bench.cluster.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra', namespace: 'shop' }, data: { a: 'theirs' } });
  expect(await bench.road.undo(done.id)).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('was deleted and created anew') },
  });
});
