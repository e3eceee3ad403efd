import { expect, test } from 'vitest';
import { storyOf } from './story.ts';

test('a decision names who, what and why', () => {
  const event = { type: 'approval.resolved', context: 'prod', plan: 'plan-1', hash: 'h', decision: 'rejected', by: 'kim' } as const;
  expect(storyOf({ ...event, reason: 'not on Friday' })).toBe('kim rejected plan-1: not on Friday');
  expect(storyOf(event)).toBe('kim rejected plan-1');
});

test('a finding that is gone is named by its code and object, not by its fingerprint', () => {
  expect(
    storyOf({ type: 'finding.cleared', agent: 'troubleshooting', context: 'prod', fingerprint: 'SVC-001|Service/shop/cart|spec.selector' }),
  ).toBe('troubleshooting no longer finds SVC-001 in Service shop/cart');
});

test('the end of a plan is said in words', () => {
  const settled = { type: 'plan.settled', context: 'prod', plan: 'plan-1', because: 'the pods still crash' } as const;
  expect(storyOf({ ...settled, state: 'rolledBack' })).toBe('plan-1 was taken back: the pods still crash');
  expect(storyOf({ ...settled, state: 'rollbackFailed' })).toBe('plan-1 could not be taken back: the pods still crash');
});

test('one is one incident, two are two incidents', () => {
  const done = { type: 'diagnosis.completed', context: 'prod', objects: 1, durationMs: 5 } as const;
  expect(storyOf({ ...done, incidents: 1 })).toBe('prod diagnosed: 1 incident among 1 object in 5 ms');
  expect(storyOf({ ...done, incidents: 2 })).toContain('2 incidents');
});
