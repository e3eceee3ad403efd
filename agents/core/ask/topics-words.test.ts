import { expect, test } from 'vitest';
import { plainly } from './topics-words.ts';

test('kinds are written in one word, as the API has them, and common slips are mended', () => {
  expect(plainly('which service account does cart use')).toBe('which serviceaccount does cart use');
  expect(plainly('list network policies and config-maps')).toBe('list networkpolicies and configmaps');
  expect(plainly('persistent volume claims')).toBe('persistentvolumeclaims');
  expect(plainly('wich pods, and who is on call')).toBe('which pods, and who is oncall');
  expect(plainly('pvcs in shop')).toBe('persistentvolumeclaims in shop');
  expect(plainly('the service cart')).toBe('the service cart');
});
