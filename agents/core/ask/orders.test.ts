import { expect, test } from 'vitest';
import { orderOf } from './orders.ts';

test('what is ordered for one workload', () => {
  expect(orderOf('restart cart')).toEqual({ do: 'restart' });
  expect(orderOf('Please bounce deployment/cart in shop')).toEqual({ do: 'restart' });
  expect(orderOf('scale cart to 3')).toEqual({ do: 'scale', replicas: 3 });
  expect(orderOf('can you scale the cart deployment up to five replicas')).toEqual({ do: 'scale', replicas: 5 });
  expect(orderOf('set the replicas of cart to 0')).toEqual({ do: 'scale', replicas: 0 });
});

test('a question how it is done, one of what was, and one that says no number are no orders', () => {
  for (const question of [
    'how do I restart a deployment?',
    'restart a deployment',
    'why did cart restart',
    'did somebody scale cart to 3?',
    'scale cart up',
    'scale cart to the moon',
  ])
    expect(orderOf(question)).toBeUndefined();
});
