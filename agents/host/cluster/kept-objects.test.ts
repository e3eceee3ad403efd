import { expect, test } from 'vitest';
import { Packer } from '../packing.ts';
import { KeptObjects } from './kept-objects.ts';
import { projectObject } from './projecting.ts';

/** What is told of an object to those who keep objects, and to those who record what became of them. */
function kept() {
  const told: string[] = [];
  const objects = new KeptObjects('ConfigMap', new Packer(), {
    changed: (key) => told.push(`${key} changed`),
    observed: (key, before, after) => {
      const gone = after === undefined ? 'is gone' : 'is another';
      told.push(`${key} ${before() === undefined ? 'is new' : gone}`);
    },
  });
  const put = (name: string, resourceVersion = '1', more: object = {}) => {
    const raw = { metadata: { name, namespace: name === 'b' ? 'billing' : 'shop', uid: name, resourceVersion }, ...more };
    objects.put(projectObject('ConfigMap', raw), raw);
  };
  const news = () => told.splice(0);
  objects.begin();
  for (const name of ['a', 'b', 'c']) put(name);
  objects.end();
  expect(news()).toHaveLength(6);
  return { objects, put, news };
}

test('what a pass does not name is gone', () => {
  const { objects, put, news } = kept();
  objects.begin();
  put('a');
  put('b', '2');
  objects.end();
  expect(news()).toEqual(['billing/b is another', 'billing/b changed', 'shop/c is gone', 'shop/c changed']);
});

test('a pass over one namespace proves nothing of the others: they are not kept, and not said to be gone', () => {
  const { objects, put, news } = kept();
  objects.begin();
  put('a');
  objects.end('shop');
  expect(news()).toEqual(['billing/b changed', 'shop/c is gone', 'shop/c changed']);
  expect(objects.size).toBe(1);
});

test('what may not be read any more, or cannot be understood, is not said to be gone', () => {
  const { objects, put, news } = kept();
  put('a', '2', { data: 'no map' });
  expect(news()).toEqual(['shop/a changed']);
  objects.clear();
  expect(news()).toEqual(['billing/b changed', 'shop/c changed']);
});
