import { expect, test } from 'vitest';
import type { Surrounding, Surroundings } from '../../agents/contract/index.ts';
import { askOf, besideOf, shapeOf } from './graph.ts';

const thing = (id: string, steps: number, health: Surrounding['health'] = 'ok'): Surrounding => ({
  id,
  resource: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: id },
  count: 1,
  state: '',
  health,
  steps,
});
const graph = (health: Surrounding['health'] = 'ok'): Surroundings => ({
  middle: 'web',
  nodes: [thing('web', 0, health), thing('front', -2), thing('svc', -1), thing('config', 1), thing('db', 1)],
  edges: [
    { from: 'front', to: 'svc', how: 'calls' },
    { from: 'svc', to: 'web', how: 'selects' },
    { from: 'web', to: 'config', how: 'names' },
    { from: 'web', to: 'db', how: 'calls' },
  ],
  rolledUp: 0,
});

test('a state that changed is the same shape, one more thing is not, in whichever order they come', () => {
  const turned = { ...graph(), nodes: graph().nodes.toReversed(), edges: graph().edges.toReversed() };
  expect(shapeOf(graph('fail'))).toBe(shapeOf(graph()));
  expect(shapeOf(turned)).toBe(shapeOf(graph()));
  expect(askOf(turned)).toEqual(askOf(graph()));
  expect(shapeOf({ ...graph(), nodes: [...graph().nodes, thing('new', 1)] })).not.toBe(shapeOf(graph()));
});

test('what depends on the middle stands before it, what it depends on behind it', () => {
  const { children } = askOf(graph());
  const layers = Object.fromEntries(children.map((c) => [c.id, Number(c.layoutOptions['elk.partitioning.partition'])]));
  expect(layers).toEqual({ front: 0, svc: 1, web: 2, config: 3, db: 3 });
});

test('arrows follow edges where there are any', () => {
  const places = new Map([
    ['web', { x: 300, y: 100 }],
    ['svc', { x: 0, y: 220 }],
    ['front', { x: 0, y: 100 }],
    ['config', { x: 600, y: 40 }],
    ['db', { x: 600, y: 160 }],
  ]);
  const { edges } = graph();
  expect(besideOf('web', places, edges, 'left')).toBe('svc');
  expect(besideOf('web', places, edges, 'right')).toBe('config');
  expect(besideOf('config', places, edges, 'down')).toBe('db');
  expect(besideOf('front', places, edges, 'left')).toBeUndefined();
});
