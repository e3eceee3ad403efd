import { expect, onTestFinished, test } from 'vitest';
import { PatternDatabase } from './pattern-database.ts';

const DAY = 86_400_000;

test('rows are kept by cluster and workload, written over, taken away, forgotten, and let go after a month', () => {
  const db = new PatternDatabase(':memory:');
  onTestFinished(() => db.close());
  db.keep(
    'one',
    'shop/Deployment/web',
    [
      { id: '', data: '{"read":[]}' },
      { id: 't-1', data: '{"a":1}' },
      { id: 't-2', data: '{"a":2}' },
    ],
    DAY,
  );
  db.keep('one', 'shop/Deployment/cart', [{ id: 't-1', data: '{"a":3}' }], 20 * DAY);
  db.keep('two', 'shop/Deployment/web', [{ id: 't-1', data: '{"a":4}' }], 20 * DAY);
  db.keep(
    'one',
    'shop/Deployment/web',
    [
      { id: 't-1', data: '{"a":5}' },
      { id: 't-2', data: '' },
    ],
    DAY,
  );
  expect(db.of('one', 'shop/Deployment/web')).toEqual([
    { id: '', data: '{"read":[]}' },
    { id: 't-1', data: '{"a":5}' },
  ]);
  db.tidy(32 * DAY);
  expect([db.of('one', 'shop/Deployment/web'), db.of('one', 'shop/Deployment/cart').length]).toEqual([[], 1]);
  db.keep('one', 'shop/Deployment/cart', [{ id: '', data: '{"read":[]}' }], 20 * DAY);
  expect(db.forget('one')).toBe(1);
  expect(db.of('one', 'shop/Deployment/cart')).toEqual([]);
  expect(db.of('two', 'shop/Deployment/web')).toEqual([{ id: 't-1', data: '{"a":4}' }]);
});
