import { expect, test } from 'vitest';
import { pickNamed } from './named-objects.ts';

const all = [
  { name: 'web', namespace: 'shop' },
  { name: 'web', namespace: 'mall' },
  { name: 'checkout', namespace: 'shop' },
  { name: 'checkout-worker', namespace: 'shop' },
  { name: 'payments-7d9f-abc', namespace: 'shop' },
];
const pick = (kind: string, name: string, namespaces: readonly string[] = []) => pickNamed({ kind, name, namespaces }, all, 'context prod');
const refused = (outcome: ReturnType<typeof pick>) => (outcome.ok ? outcome.value : [outcome.failure.message, outcome.failure.hint]);
const hint = (outcome: ReturnType<typeof pick>) => (outcome.ok ? undefined : outcome.failure.hint);

test('the exact name wins over those that begin with it', () => {
  expect(refused(pick('Deployment', 'checkout'))).toEqual(all[2]);
  expect(refused(pick('Pod', 'checkout'))).toEqual(all[2]);
  expect(refused(pick('Deployment', 'web', ['mall']))).toEqual(all[1]);
});

test('the beginning of a name is enough for a pod, of which nobody knows the end', () => {
  expect(refused(pick('Pod', 'payments'))).toEqual(all[4]);
  expect(refused(pick('Deployment', 'payments'))).toEqual([
    'There is no Deployment payments.',
    'Did you mean deployment/payments-7d9f-abc?',
  ]);
});

test('where several fit it asks which, and lists them as they would be typed', () => {
  expect(refused(pick('Deployment', 'web'))).toEqual([
    '2 objects are called deployment/web; which one do you mean?',
    '  deployment/web -n mall\n  deployment/web -n shop',
  ]);
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `web-${i}`, namespace: 'shop' }));
  const outcome = pickNamed({ kind: 'Pod', name: 'web', namespaces: [] }, many, 'context prod');
  expect(outcome.ok ? '' : outcome.failure.message).toBe('40 of kind Pod have names that begin with web; which one do you mean?');
  expect(outcome.ok ? '' : outcome.failure.hint).toMatch(/and 28 more$/);
});

test('the wrong namespace is said with the right one, a slip with the name that was meant', () => {
  expect(refused(pick('Deployment', 'checkout', ['mall']))).toEqual([
    'There is no Deployment checkout in namespace mall.',
    'There is one in namespace shop: deployment/checkout -n shop',
  ]);
  expect(hint(pick('Deployment', 'chekcout', ['shop']))).toBe('Did you mean deployment/checkout?');
  expect(hint(pick('Deployment', 'chekcout', ['mall']))).toBe('Did you mean deployment/checkout in namespace shop?');
  expect(hint(pick('Deployment', 'ledger'))).toBe('5 of kind Deployment were looked at in context prod.');
});
