import { expect, test } from 'vitest';
import { ObjectTable, type RawObject } from './objects.ts';
import { rollOut } from './roll-out.ts';

const START = Date.parse('2026-03-01T08:00:00Z');

function deployment(more: object = {}, image = 'web:1'): RawObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template, ...more },
  };
}

/** A Deployment whose pods are ready when `ready` says so of their image; time is the test's. */
function played(first: RawObject) {
  const table = new ObjectTable();
  table.put(first);
  let now = START;
  const live = () => table.get('deployments', 'shop', 'web') as RawObject;
  const imageOf = (pod: RawObject) => (pod.spec as { containers: { image: string }[] }).containers[0]?.image ?? '';
  return {
    table,
    live,
    images: () => table.of('Pod').map(imageOf).sort(),
    step: (ms = 1_000, ready: (image: string) => boolean = () => true) => {
      now += ms;
      for (const pod of table.of('Pod'))
        table.put({
          ...pod,
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready(imageOf(pod)) ? 'True' : 'False' }] },
        });
      rollOut(live(), table, now);
    },
    put: (next: RawObject) => table.put({ ...live(), spec: { ...next.spec } }),
    condition: (type: string) => (live().status?.['conditions'] as { type: string }[]).find((c) => c.type === type),
  };
}

test('never fewer than enough serve, never more than the surge are made', () => {
  const play = played(deployment());
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({}, 'web:2'));
  const seen: [number, number][] = [];
  for (let i = 0; i < 12; i++) {
    play.step();
    seen.push([play.images().length, Number(play.live().status?.['availableReplicas'])]);
  }
  expect(play.images()).toEqual(Array(4).fill('web:2'));
  expect(Math.max(...seen.map(([all]) => all))).toBeLessThanOrEqual(5);
  expect(Math.min(...seen.map(([, serving]) => serving))).toBeGreaterThanOrEqual(3);
  expect(play.condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
});

test('a new revision that does not come up stops after the surge, and is late after the deadline', () => {
  const play = played(deployment({ replicas: 2 }));
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({ replicas: 2 }, 'web:2'));
  const old = (image: string) => image === 'web:1';
  for (let i = 0; i < 4; i++) play.step(1_000, old);
  expect(play.images()).toEqual(['web:1', 'web:1', 'web:2']);
  expect(play.condition('Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
  play.step(700_000, old);
  expect(play.condition('Progressing')).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
  expect(play.condition('Available')).toMatchObject({ status: 'True' });
});

test('an earlier revision that is put back is not late from the start', () => {
  const play = played(deployment());
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({}, 'web:2'));
  for (let i = 0; i < 12; i++) play.step();
  play.step(86_400_000);
  play.put(deployment());
  play.step(1_000, (image) => image === 'web:2');
  expect(play.condition('Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
  for (let i = 0; i < 12; i++) play.step();
  expect(play.images()).toEqual(Array(4).fill('web:1'));
  expect(play.live().metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3' });
  expect(play.table.of('ReplicaSet')).toHaveLength(2);
});

test('pods that serve nobody make way first', () => {
  const play = played(deployment({ replicas: 2 }, 'broken:1'));
  const works = (image: string) => image === 'web:2';
  for (let i = 0; i < 3; i++) play.step(1_000, works);
  play.put(deployment({ replicas: 2 }, 'web:2'));
  for (let i = 0; i < 6; i++) play.step(1_000, works);
  expect(play.images()).toEqual(['web:2', 'web:2']);
});

test('Recreate: nothing new before all of the old are gone', () => {
  const play = played(deployment({ strategy: { type: 'Recreate' } }));
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({ strategy: { type: 'Recreate' } }, 'web:2'));
  const seen: string[][] = [];
  for (let i = 0; i < 4; i++) {
    play.step();
    seen.push(play.images());
  }
  expect(seen.every((images) => new Set(images).size < 2)).toBe(true);
  expect(seen.at(-1)).toEqual(Array(4).fill('web:2'));
});

test('while it is paused a new template is no new revision', () => {
  const play = played(deployment());
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({ paused: true }, 'web:2'));
  for (let i = 0; i < 3; i++) play.step();
  expect(play.images()).toEqual(Array(4).fill('web:1'));
  play.put(deployment({}, 'web:2'));
  for (let i = 0; i < 12; i++) play.step();
  expect(play.images()).toEqual(Array(4).fill('web:2'));
});

test('a restart by annotation is a new revision; so is nothing else but the template', () => {
  const play = played(deployment());
  for (let i = 0; i < 3; i++) play.step();
  const names = () => play.table.of('Pod').map((p) => p.metadata.name);
  const before = names();
  play.put(deployment({ replicas: 4, minReadySeconds: 1 }));
  for (let i = 0; i < 3; i++) play.step();
  expect(names()).toEqual(before);
  const template = {
    metadata: { labels: { app: 'web' }, annotations: { again: '1' } },
    spec: { containers: [{ name: 'app', image: 'web:1' }] },
  };
  play.put(deployment({ template }));
  for (let i = 0; i < 12; i++) play.step();
  expect(names().filter((n) => before.includes(n))).toEqual([]);
  expect(play.table.of('Pod').every((p) => p.metadata.annotations?.['again'] === '1')).toBe(true);
});

test('scaled down to nothing it is complete', () => {
  const play = played(deployment());
  for (let i = 0; i < 3; i++) play.step();
  play.put(deployment({ replicas: 0 }));
  for (let i = 0; i < 2; i++) play.step();
  expect(play.images()).toEqual([]);
  expect(play.live().status).toMatchObject({ replicas: 0, observedGeneration: play.live().metadata.generation });
});
