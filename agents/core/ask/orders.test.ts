import { expect, test } from 'vitest';
import { orderOf } from './orders.ts';

test('what is ordered for one workload', () => {
  expect(orderOf('restart cart')).toEqual({ do: 'restart' });
  expect(orderOf('Please bounce deployment/cart in shop')).toEqual({ do: 'restart' });
  expect(orderOf('scale cart to 3')).toEqual({ do: 'scale', replicas: 3 });
  expect(orderOf('can you scale the cart deployment up to five replicas')).toEqual({ do: 'scale', replicas: 5 });
  expect(orderOf('set the replicas of cart to 0')).toEqual({ do: 'scale', replicas: 0 });
});

test('a question how it is done and one of what was are no orders', () => {
  for (const question of [
    'how do I restart a deployment?',
    'restart a deployment',
    'why did cart restart',
    'did somebody scale cart to 3?',
  ])
    expect(orderOf(question)).toBeUndefined();
});

test('one that says no number, and one of what is not ordered here, are known as such', () => {
  for (const question of ['scale cart up', 'scale cart to the moon', 'scale up cart pls'])
    expect(orderOf(question)).toEqual({ do: 'scaleSomehow' });
  expect(orderOf('delete namespace shop')).toEqual({ do: 'other', verb: 'delete' });
  expect(orderOf('can you suspend nightly please')).toEqual({ do: 'other', verb: 'suspend' });
  for (const question of ['delete a pod', 'was cart deleted?', 'who drained node n-1']) expect(orderOf(question)).toBeUndefined();
});
