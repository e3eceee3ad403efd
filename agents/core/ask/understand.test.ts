import { expect, test } from 'vitest';
import { classify } from './classify.ts';
import { understand } from './understand.ts';

const of = (question: string, hasThread = false) => understand(question, classify(question), hasThread);

test('a question about a cluster looks at it; one about how, or what something means, is answered from what is written', () => {
  for (const q of ['why does checkout crash?', 'what is wrong in shop', 'is deploy/web ok', 'explain what is wrong with the api'])
    expect([q, of(q).intent]).toEqual([q, 'look']);
  for (const q of [
    'how do I drain a node?',
    'what does FailedScheduling mean',
    'what is a finalizer',
    'is there a runbook for full disks',
    'best practice for probes',
  ])
    expect([q, of(q).intent]).toEqual([q, 'how']);
  for (const q of ['resume a paused deployment', 'roll back a release', 'put a node back into service', 'kubectl apply conflict'])
    expect([q, of(q).intent]).toEqual([q, 'how']);
  for (const q of ['resume the rollout of web', 'roll back web', 'fix a pod in shop']) expect([q, of(q).intent]).not.toEqual([q, 'how']);
  for (const q of ['have we seen this before?', 'what helped last time', 'did this ever happen before'])
    expect([q, of(q).intent]).toEqual([q, 'past']);
  for (const q of ['fix it', 'restart the payment pods', 'roll back web']) expect([q, of(q).intent]).toEqual([q, 'repair']);
});

test('what points back needs something to point at', () => {
  for (const q of ['and why?', 'how do you know that?', 'why'])
    expect([q, of(q, true).intent, of(q, true).pointsBack]).toEqual([q, 'why', true]);
  expect(of('what about the other one?', true)).toMatchObject({ intent: 'other', pointsBack: true });
  expect(of('fix it', true)).toMatchObject({ intent: 'repair', pointsBack: true });
  expect(of('how do I prevent it?', true)).toMatchObject({ intent: 'how', pointsBack: true });
  expect(of('and why?').pointsBack).toBe(false);
  expect(of('why does the checkout deployment in shop crash?', true)).toMatchObject({ intent: 'look', pointsBack: false });
});

test('incidents, plans and codes are named by their ids', () => {
  expect(of('what about inc-4f2k9d0a1b')).toMatchObject({ incident: 'inc-4f2k9d0a1b', pointsBack: false });
  expect(of('go ahead with plan-7f3k2m9q0d')).toMatchObject({ plan: 'plan-7f3k2m9q0d', intent: 'repair' });
  expect(of('what does svc-001 mean')).toMatchObject({ code: 'SVC-001', intent: 'how' });
});
