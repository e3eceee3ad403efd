import { expect, test } from 'vitest';
import type { MapPart } from '../../agents/contract/index.ts';
import { FleetModel, keyOf } from './fleet-model.ts';
import { groupsOf, plotsOf } from './fleet-plots.ts';
import { type MapBox, podRect, rectIn, roomOf, rootRect, walk } from './geometry.ts';
import { gridOf, layOut, weightOf } from './layout.ts';
import { type MadeWorkload, madeFleet, madePart, madeRow } from './made-fleet.ts';

const ASPECT = 1.6;
const boxesOf = (...parts: readonly MapPart[]): MapBox[] => {
  const model = new FleetModel();
  for (const part of parts) model.take(part);
  return layOut(
    plotsOf(
      groupsOf(
        [...new Set(parts.map((p) => p.context))].map((c) => madeRow(c)),
        model,
      ),
    ),
    ASPECT,
  );
};
/** Where everything is on a screen, by key. */
const placesOf = (boxes: readonly MapBox[]): Map<string, string> => {
  const places = new Map<string, string>();
  walk(boxes, rootRect({ x: 0, y: 0, zoom: 1 }, { w: 1600, h: 1000 }), (box, { x, y, w, h }) => {
    places.set(box.item.key, [x, y, w, h].map((v) => v.toFixed(3)).join(' '));
    return true;
  });
  return places;
};
const some: readonly MadeWorkload[] = Array.from({ length: 60 }, (_, i) => ({
  namespace: `ns-${i % 7}`,
  name: `app-${i}`,
  pods: '0'.repeat(1 + ((i * 5) % 23)),
}));
const change = (name: string, to: Partial<MadeWorkload>) => some.map((w) => (w.name === name ? { ...w, ...to } : w));
const moved = (before: Map<string, string>, after: Map<string, string>) =>
  [...before].filter(([key, place]) => after.get(key) !== place).map(([key]) => key);

test('everything is inside of what it is in, nothing lies on anything else, and the room is used up', () => {
  const check = (boxes: readonly MapBox[]) => {
    let area = 0;
    for (const [i, a] of boxes.entries()) {
      area += a.w * a.h;
      expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(a.x + a.w, a.y + a.h)).toBeLessThanOrEqual(1 + 1e-9);
      for (const b of boxes.slice(i + 1)) {
        const apart = a.x + a.w <= b.x + 1e-9 || b.x + b.w <= a.x + 1e-9 || a.y + a.h <= b.y + 1e-9 || b.y + b.h <= a.y + 1e-9;
        expect(apart).toBe(true);
      }
      if (a.children.length > 0) check(a.children);
    }
    expect(area).toBeCloseTo(1, 6);
  };
  check(boxesOf(...madeFleet(9, 12, 4, 20)));
});

test('the same input has the same places, in the order of names, in whichever order it was heard', () => {
  const parts = madeFleet(5, 6, 3, 12);
  const once = placesOf(boxesOf(...parts));
  expect(placesOf(boxesOf(...parts))).toEqual(once);
  const turned = boxesOf(...parts.toReversed().map((p) => madePart(p.context, workloadsOf(p).toReversed())));
  expect(placesOf(turned)).toEqual(once);
  const order = boxesOf(...parts).map((b) => b.item.key);
  expect(order).toEqual([...order].sort());
});

const workloadsOf = (part: MapPart): MadeWorkload[] =>
  part.name.map((name, i) => ({ namespace: part.namespaces[part.in[i] ?? 0] ?? '', name, pods: part.podHealth[i] ?? '' }));

test('nothing moves because a status changed, nor while a rollout has more pods than are meant to be', () => {
  const before = placesOf(boxesOf(madePart('c', some)));
  const app = some[20] as MadeWorkload;
  const meant = app.pods.length;
  const broken = change(app.name, { pods: '3'.repeat(meant), health: 3, state: `0/${meant} ready` });
  expect(moved(before, placesOf(boxesOf(madePart('c', broken))))).toEqual([]);
  const rolling = change(app.name, { pods: '0'.repeat(meant) + '11', state: `${meant - 1}/${meant} ready` });
  expect(moved(before, placesOf(boxesOf(madePart('c', rolling))))).toEqual([]);
});

test('one more pod moves nothing around its workload in most cases, one more workload nothing outside its namespace', () => {
  const before = placesOf(boxesOf(madePart('c', some)));
  const still = some.filter((w) => {
    const more = '0'.repeat(w.pods.length + 1);
    return (
      moved(before, placesOf(boxesOf(madePart('c', change(w.name, { pods: more, state: `${more.length}/${more.length} ready` })))))
        .length === 0
    );
  });
  expect(still.length / some.length).toBeGreaterThan(0.6);
  const added = placesOf(boxesOf(madePart('c', [...some, { namespace: 'ns-3', name: 'zz-new', pods: '00' }])));
  const within = `${keyOf('c', 'ns-3')}/`;
  expect(moved(before, added).filter((key) => !key.startsWith(within))).toEqual([]);
});

test('nothing is a sliver, however many there are beside it', () => {
  for (let count = 1; count < 400; count += 7) {
    const boxes = layOut(
      Array.from({ length: count }, (_, i) => ({ item: i, size: 1 + ((i * 13) % 9), children: [] })),
      ASPECT,
    );
    for (const { aspect } of boxes) expect(Math.max(aspect, 1 / aspect)).toBeLessThan(count < 9 ? 9 : 6);
  }
});

test('size follows the square root, in steps; what is empty is smaller than anything, and there', () => {
  expect(weightOf(0)).toBeLessThan(weightOf(1) / 2);
  expect(weightOf(0)).toBeGreaterThan(weightOf(1) / 5);
  expect(weightOf(10_000) / weightOf(100)).toBeCloseTo(10, -1);
  expect(weightOf(100)).toBe(weightOf(103));
  for (let n = 1; n < 2_000; n++) expect(weightOf(n + 1)).toBeGreaterThanOrEqual(weightOf(n));
});

test('a grid holds all its pods, nearly square, and the last row is not empty', () => {
  for (const aspect of [0.2, 0.7, 1, 1.6, 6])
    for (const count of [1, 2, 3, 7, 24, 120, 10_000]) {
      const { columns, rows } = gridOf(count, aspect);
      expect(columns * rows).toBeGreaterThanOrEqual(count);
      expect(columns * (rows - 1)).toBeLessThan(count);
      const cell = aspect / columns / (1 / rows);
      if (count > 24) expect(Math.max(cell, 1 / cell)).toBeLessThan(2);
    }
});

test('10,000 namespaces and names of any kind have places of their own', () => {
  const boxes = boxesOf(...madeFleet(1, 10_000, 1, 3));
  expect(boxes[0]?.children.length).toBe(10_000);
  const odd = ['a/b', 'a%2Fb', '🚢', 'x'.repeat(253), 'סל'].map((name) => ({ namespace: 'n', name, pods: '0' }));
  expect(placesOf(boxesOf(madePart('c', odd))).size).toBe(2 + odd.length);
});

test('pods lie within the room of their workload', () => {
  const [cluster] = boxesOf(madePart('c', [{ namespace: 'n', name: 'w', pods: '0'.repeat(17) }]));
  const workload = cluster?.children[0]?.children[0];
  if (workload === undefined) throw new Error('there is no workload');
  const room = roomOf('workload', rectIn({ x: 0, y: 0, w: 300, h: 200 }, workload));
  for (let n = 0; n < 17; n++) {
    const { x, y, w, h } = podRect(room, workload, 17, n);
    expect(x).toBeGreaterThanOrEqual(room.x - 1e-6);
    expect(y + h).toBeLessThanOrEqual(room.y + room.h + 1e-6);
    expect(Math.min(w, h)).toBeGreaterThan(5);
  }
});
