import { expect, test } from 'vitest';
import type { ActionSpec, Json } from '../../contract/index.ts';
import { find } from '../actions/json-patch.ts';
import { IMAGE, type RoadBench, appConfig, changeImage, checkout, draftOf, roadBench, approved, end } from '../doubles/road-bench.ts';

const image = (bench: RoadBench) => find(bench.cluster.peek(checkout) ?? null, IMAGE);
const mode: ActionSpec = { type: 'patch', target: appConfig, ops: [{ op: 'replace', path: '/data/mode', value: 'new' }] };
const spec = (o: { [key: string]: Json }) => o['spec'] as { replicas: number; template: { spec: { containers: { image: string }[] } } };

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

/** An undo that has been approved, its requests sent. */
async function undoing(bench: RoadBench, draft = draftOf([changeImage(), mode])) {
  const done = await bench.carryOut(draft);
  const undo = await bench.road.undo(done.id);
  if (!undo.ok) throw new Error(undo.failure.message);
  await bench.approve(undo.value);
  await bench.clock.turn(0);
  return undo.value;
}
const observed = (bench: RoadBench, ready: number) =>
  bench.cluster.edit(checkout, (o) => {
    const { generation } = o['metadata'] as { generation: number };
    o['status'] = { observedGeneration: generation, readyReplicas: ready };
  });

test('an undo is done when what it put back has stood for its time, and the words say what that is', async () => {
  const bench = roadBench();
  const { id } = await undoing(bench);
  const begun = bench.clock.now();
  const plan = await end(bench, id);
  expect(plan).toMatchObject({
    state: 'done',
    reason:
      'image of container api of Deployment shop/checkout is shop/api:1.0; key mode of ConfigMap shop/app-config is old (0 of 2 pods of Deployment shop/checkout ready), for 5 s',
  });
  expect(bench.clock.now() - begun).toBe(5_000);
});

test('a controller that puts the change there again is told from an undo that holds', async () => {
  const bench = roadBench();
  const { id } = await undoing(bench);
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'shop/api:1.1'));
  expect(await end(bench, id)).toMatchObject({
    state: 'rolledBack',
    reason: expect.stringContaining(
      'image of container api of Deployment shop/checkout is shop/api:1.1, where shop/api:1.0 was put back',
    ) as string,
  });
});

test('an undo that somebody changes otherwise meanwhile is for a person: nothing of theirs is written over', async () => {
  const bench = roadBench();
  const { id } = await undoing(bench, draftOf([changeImage()]));
  await bench.clock.turn(3_000);
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'hotfix:2'));
  expect((await end(bench, id)).state).toBe('rollbackFailed');
  expect(image(bench)).toBe('hotfix:2');
});

test('until its controller has taken it up an undo is not done, and one that never does ends in words', async () => {
  const bench = roadBench();
  observed(bench, 2);
  const { id } = await undoing(bench, draftOf([changeImage()]));
  await bench.clock.turn(60_000);
  expect((await bench.store.plan(id))?.state).toBe('verifying');
  observed(bench, 1);
  expect(await end(bench, id)).toMatchObject({ state: 'done', reason: expect.stringContaining('1 of 2 pods') as string });

  const other = roadBench();
  observed(other, 2);
  const stuck = await undoing(other, draftOf([changeImage()]));
  expect(await end(other, stuck.id)).toMatchObject({
    reason: expect.stringContaining('not so after 120 s: the controller of Deployment shop/checkout has not taken it up') as string,
  });
});

test('an undo waits for a cluster that is away, and after a restart goes on being looked at', async () => {
  const bench = roadBench();
  const { id } = await undoing(bench, draftOf([changeImage()]));
  bench.cluster.down = true;
  await bench.clock.turn(300_000);
  expect((await bench.store.plan(id))?.state).toBe('verifying');
  const next = bench.restart();
  await next.road.recover();
  next.cluster.down = false;
  expect((await end(next, id)).state).toBe('done');
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
        'Use the image that exists cannot be taken back as a whole: image of container api of Deployment shop/checkout is hotfix:2; the plan left shop/api:1.1, before it was shop/api:1.0.',
      hint: 'Somebody has changed it since; decide what it should be.',
    },
  });
  expect(await bench.road.undo('plan-none')).toMatchObject({ failure: { code: 'plan-unknown' } });
});

test('a count that was changed since is not taken back', async () => {
  const bench = roadBench();
  const done = await bench.carryOut(draftOf([{ type: 'scale', target: checkout, replicas: 3 }]));
  bench.cluster.edit(checkout, (o) => void (spec(o).replicas = 9));
  expect(await bench.road.undo(done.id)).toMatchObject({
    failure: {
      code: 'plan-drifted',
      message: expect.stringContaining('replicas of Deployment shop/checkout is 9; the plan left 3, before it was 2'),
    },
  });
});

test('of a plan whose objects somebody changed, what is untouched can be taken back alone', async () => {
  const bench = roadBench();
  const done = await bench.carryOut(draftOf([changeImage(), mode]));
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'hotfix:2'));
  expect(await bench.road.compare(done.id)).toEqual({
    ok: true,
    value: [
      { target: expect.objectContaining(appConfig), field: 'key mode', was: 'old', left: 'new', now: 'new', state: 'asLeft' },
      {
        target: expect.objectContaining(checkout),
        field: 'image of container api',
        was: 'shop/api:1.0',
        left: 'shop/api:1.1',
        now: 'hotfix:2',
        state: 'changed',
      },
    ],
  });
  expect(await bench.road.undo(done.id)).toMatchObject({ ok: false, failure: { hint: expect.stringContaining('--untouched') } });
  const undo = await bench.road.undo(done.id, true);
  if (!undo.ok) throw new Error(undo.failure.message);
  await bench.approve(undo.value);
  expect((await end(bench, undo.value.id)).state).toBe('done');
  expect([image(bench), find(bench.cluster.peek(appConfig) ?? null, '/data/mode')]).toEqual(['hotfix:2', 'old']);
});

test('what is as before already needs no way back, and what is gone has none', async () => {
  const bench = roadBench();
  const done = await bench.carryOut(draftOf([changeImage(), mode]));
  bench.cluster.edit(checkout, (o) => void (spec(o).template.spec.containers[0]!.image = 'shop/api:1.0'));
  bench.cluster.remove(appConfig);
  const compared = await bench.road.compare(done.id);
  expect(compared.ok && compared.value.map((f) => f.state)).toEqual(['gone', 'asBefore']);
  expect(await bench.road.undo(done.id, true)).toMatchObject({ failure: { message: expect.stringContaining('Nothing of') } });
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
