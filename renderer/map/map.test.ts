import { expect, test } from 'vitest';
import { find } from './find.ts';
import { FleetModel, keyOf, partsOfKey, podsOf } from './fleet-model.ts';
import { type Placed, groupsOf, plotsOf } from './fleet-plots.ts';
import { HOME, type MapBox, clampView, hitAt, nearestIn, rectOf, viewOf, zoomAt } from './geometry.ts';
import { homeFinder } from './homes.ts';
import { layOut } from './layout.ts';
import { type MadeWorkload, madePart, madeRow } from './made-fleet.ts';
import { pinsOf, placesOf, reachOf } from './marks.ts';
import { twinRows } from './twin-rows.ts';
import { podWords } from './words.ts';

const size = { w: 1200, h: 800 };
const shop: readonly MadeWorkload[] = [
  { namespace: 'shop', name: 'web', pods: '003' },
  { namespace: 'shop', name: 'db', kind: 'StatefulSet', pods: '00' },
  { namespace: 'ops', name: 'cron', kind: 'CronJob', pods: '', state: 'Scheduled' },
];
function made(workloads: readonly MadeWorkload[] = shop, contexts: readonly string[] = ['one', 'two']) {
  const model = new FleetModel();
  for (const context of contexts) model.take(madePart(context, workloads));
  const groups = groupsOf(
    contexts.map((c) => madeRow(c)),
    model,
  );
  const boxes: readonly MapBox[] = layOut(plotsOf(groups), size.w / size.h);
  const pathOf = (key: string, within = boxes): MapBox[] => {
    for (const box of within) {
      if (box.item.key === key) return [box];
      const rest = pathOf(key, box.children);
      if (rest.length > 0) return [box, ...rest];
    }
    return [];
  };
  return { model, groups, boxes, pathOf };
}

test('what changed is new, what did not is the same object, and counts follow', () => {
  const { model } = made();
  const [ops, before] = model.cluster('one')?.namespaces ?? [];
  expect(model.cluster('one')?.counts).toEqual([4, 0, 0, 1, 0]);
  const shape = model.shape;
  model.take(madePart('one', [{ namespace: 'shop', name: 'web', pods: '000' }], { whole: false }));
  const after = model.cluster('one');
  expect(after?.namespaces[0]).toBe(ops);
  expect(after?.namespaces[1]).not.toBe(before);
  expect(after?.namespaces[1]?.workloads.find((w) => w.name === 'db')).toBe(before?.workloads.find((w) => w.name === 'db'));
  expect(after?.counts).toEqual([5, 0, 0, 0, 0]);
  expect(model.shape).toBe(shape);
  model.take({ ...madePart('one', []), whole: false, gone: ['shop/Deployment/web'] });
  expect(model.cluster('one')?.counts).toEqual([2, 0, 0, 0, 0]);
  expect(model.shape).toBeGreaterThan(shape);
  expect(model.cluster('two')?.counts).toEqual([4, 0, 0, 1, 0]);
});

test('names of pods are kept where a part leaves them out', () => {
  const { model } = made();
  const part = madePart('one', [{ namespace: 'shop', name: 'web', pods: '300' }], { whole: false });
  model.take({ ...part, pods: [null], podState: ['OOMKilled'] });
  const web = model.cluster('one')?.namespaces[1]?.workloads.find((w) => w.name === 'web');
  expect(web && podsOf(web)).toEqual([
    { name: 'web-0', health: 3, state: 'OOMKilled' },
    { name: 'web-1', health: 0, state: '' },
    { name: 'web-2', health: 0, state: '' },
  ]);
});

test('a key stands for one place, whatever names are made of', () => {
  const parts = ['a/b', 'c%2F', '🚢', ''];
  expect(partsOfKey(keyOf(...parts))).toEqual(parts);
});

test('what is at a point is what is drawn there, down to the pod', () => {
  const { boxes, pathOf } = made();
  const key = keyOf('one', 'shop', 'Deployment', 'web');
  const view = viewOf(pathOf(key), size);
  const rect = rectOf(pathOf(key), view, size);
  const hit = hitAt(boxes, view, size, rect.x + rect.w / 2, rect.y + rect.h - 6);
  expect(hit?.path.map((b) => b.item.key)).toEqual([keyOf('one'), keyOf('one', 'shop'), key]);
  expect(hit?.pod).toBeDefined();
  expect(hitAt(boxes, HOME, size, -5, 10)).toBeUndefined();
});

test('what is under the pointer stays there while one zooms in and out', () => {
  const { boxes } = made();
  const [px, py] = [700, 300];
  let view = HOME;
  const what = () => hitAt(boxes, view, size, px, py)?.path.at(-1)?.item.key;
  const first = what();
  for (let i = 0; i < 12; i++) {
    view = zoomAt(boxes, view, size, px, py, 1.3);
    expect(what()).toBe(first);
  }
  for (let i = 0; i < 20; i++) view = zoomAt(boxes, view, size, px, py, 1 / 1.3);
  expect(view).toEqual(HOME);
});

test('a place that was gone to fills the screen, and the map never leaves it', () => {
  const { pathOf } = made();
  for (const key of [keyOf('one'), keyOf('two', 'shop'), keyOf('two', 'shop', 'Deployment', 'web')]) {
    const view = viewOf(pathOf(key), size);
    const { x, y, w, h } = rectOf(pathOf(key), view, size);
    expect(Math.max(w / size.w, h / size.h)).toBeGreaterThan(0.85);
    expect(Math.min(x, y)).toBeGreaterThan(-20);
    expect(x + w).toBeLessThan(size.w + 20);
    expect(y + h).toBeLessThan(size.h + 20);
  }
  expect(clampView({ x: 500, y: -9_000, zoom: 2 }, size)).toEqual({ x: 0, y: -800, zoom: 2 });
});

test('the neighbour in a direction is the one that lies there', () => {
  const at = (x: number, y: number) => ({ rect: { x, y, w: 10, h: 10 }, of: `${x},${y}` });
  const all = [at(0, 0), at(20, 0), at(0, 20), at(20, 22), at(60, 60)];
  const from = { x: 0, y: 0, w: 10, h: 10 };
  expect(nearestIn(from, all, 'right')).toBe('20,0');
  expect(nearestIn(from, all, 'down')).toBe('0,20');
  expect(nearestIn(from, all, 'left')).toBeUndefined();
});

test('typing finds clusters, namespaces, workloads and pods, those that begin so first', () => {
  const { groups } = made();
  const names = (words: string) => find(groups, words, 20).map((f) => `${f.kind} ${f.name}`);
  expect(names('web')).toEqual([
    'Deployment web',
    'Deployment web',
    'Pod web-0',
    'Pod web-1',
    'Pod web-2',
    'Pod web-0',
    'Pod web-1',
    'Pod web-2',
  ]);
  expect(names('eb-1')).toEqual(['Pod web-1', 'Pod web-1']);
  expect(names('two')).toEqual(['Cluster two']);
  expect(names('  ')).toEqual([]);
  expect(find(groups, 'web', 3)).toHaveLength(3);
});

test('incidents and plans are pinned on what they are about, as far in as it is known', () => {
  const home = homeFinder(made().groups);
  const ref = (kind: string, name: string, namespace?: string) => ({
    apiVersion: 'v1',
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const at = (...r: Parameters<typeof ref>) => placesOf('one', ref(...r), home).at(-1);
  expect(at('Deployment', 'web', 'shop')).toBe(keyOf('one', 'shop', 'Deployment', 'web'));
  expect(at('Pod', 'web-2', 'shop')).toBe(keyOf('one', 'shop', 'Deployment', 'web'));
  expect(at('ReplicaSet', 'web-7d9f', 'shop')).toBe(keyOf('one', 'shop', 'Deployment', 'web'));
  expect(at('Service', 'web', 'shop')).toBe(keyOf('one', 'shop'));
  expect(at('Namespace', 'shop')).toBe(keyOf('one', 'shop'));
  expect(at('Node', 'node-1')).toBe(keyOf('one'));
  expect(at('Deployment', 'unheard-of', 'shop')).toBe(keyOf('one', 'shop'));
  expect(pinsOf([], [], home)).toEqual([]);
});

test('a plan paints its targets, what depends on them, and what a budget forbids', () => {
  const home = homeFinder(made().groups);
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const plan = (allows: number, restarts = 3) =>
    ({
      context: 'one',
      actions: [{ target }],
      reach: {
        restarts,
        ready: 3,
        dependents: [{ resource: { ...target, kind: 'StatefulSet', name: 'db' }, how: 'calls it', steps: 1 }],
        more: 0,
        budgets: [{ resource: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace: 'shop', name: 'web' }, allows }],
      },
    }) as unknown as Parameters<typeof reachOf>[0];
  const web = keyOf('one', 'shop', 'Deployment', 'web');
  const reach = reachOf(plan(0), home);
  expect([[...reach.targets], [...reach.dependents], [...reach.forbidden]]).toEqual([
    [web],
    [keyOf('one', 'shop', 'StatefulSet', 'db')],
    [web],
  ]);
  expect(reachOf(plan(1), home).forbidden.size).toBe(0);
  expect(reachOf(plan(0, 0), home).forbidden.size).toBe(0);
});

test('the list has the order of the map, unfolds, and sifts with what things are in', () => {
  const { groups, boxes } = made();
  const names = (opened: readonly string[], typed = '') =>
    twinRows(groups, new Set(opened), typed).map((r) => `${'  '.repeat(r.depth - 1)}${r.name}`);
  expect(names([])).toEqual(['one', 'two']);
  expect(names([keyOf('one'), keyOf('one', 'shop')])).toEqual(['one', '  ops', '  shop', '    db', '    web', 'two']);
  expect(names([], 'web-1')).toEqual(['one', '  shop', '    web', '      web-1', 'two', '  shop', '    web', '      web-1']);
  expect(names([], 'nothing')).toEqual([]);
  const order = (all: readonly MapBox[]): Placed[] => all.flatMap((b) => [b.item, ...order(b.children)]);
  const opened = new Set(order(boxes).map((i) => i.key));
  const rows = twinRows(groups, opened, '').filter((r) => r.pod === undefined);
  expect(rows.map((r) => r.id)).toEqual(order(boxes).map((i) => i.key));
});

test('states are said in words, worst first', () => {
  expect(podWords([4, 1, 0, 2, 0])).toBe('7 pods: 2 broken, 1 changing');
  expect(podWords([1, 0, 0, 0, 0])).toBe('1 pod, all well');
  expect(podWords([0, 0, 0, 0, 0])).toBe('no pods');
});
