import { expect, test } from 'vitest';
import { asksOpinion, isOfTopic, scopeOf } from './scope.ts';

test.each<[ReturnType<typeof scopeOf>, readonly string[]]>([
  [
    'seen',
    [
      'why is it down',
      'pods keep dying',
      'is it ok',
      'how is the cluster doing',
      'what about',
      'the namespace',
      'pods will not start',
      'tell me about',
      'the pod wont come up',
    ],
  ],
  ['toCome', ['will it crash tomorrow', 'which pod fails next', 'when is the next outage', 'how many nodes in three years']],
  ['opinion', ['is it better than nomad', 'do you like yaml', 'whose fault is the outage', 'is it wise to run databases here']],
  ['notKept', ['what did it cost last month', 'who is on call', 'which developer wrote it', 'what is the password of the database']],
  ['other', ['who can delete secrets', 'which tag runs', 'memory trend', 'list the pods']],
])('%s', (scope, questions) => {
  for (const question of questions) expect([question, scopeOf(question)]).toEqual([question, scope]);
});

test('the best way to do something is written; whether something is the best somebody would have to think', () => {
  expect(asksOpinion('best practice for probes')).toBe(false);
  expect(asksOpinion('what is the best way to drain a node?')).toBe(false);
  expect(asksOpinion('which ingress controller is the best?')).toBe(true);
});

test('who asks for one kind of thing is not told of another', () => {
  expect(isOfTopic('backup', 'POD-004 container is killed because it needs more memory')).toBe(false);
  expect(isOfTopic('registry', 'IMG-002 the image does not exist')).toBe(true);
  expect(isOfTopic('troubleshooting', 'anything')).toBe(true);
});
