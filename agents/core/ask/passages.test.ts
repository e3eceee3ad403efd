import { expect, test } from 'vitest';
import { shippedAnswers } from './passages.ts';

test('what ships may say which, when and how long in any cluster; what is in this one, or is ours, it cannot know', () => {
  const looked = (question: string) => shippedAnswers(question, { intent: 'look' }, 'other');
  expect(['when does a job count as failed', 'how long does a pod get to shut down', 'which signal comes first'].map(looked)).toEqual([
    true,
    true,
    true,
  ]);
  for (const question of ['list images by size', 'how long do we keep copies of etcd', 'which pods do not need a restart'])
    expect([question, looked(question)]).toEqual([question, false]);
  expect(shippedAnswers('when does a job count as failed', { intent: 'look' }, 'toCome')).toBe(false);
});
