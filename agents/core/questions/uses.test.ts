import { expect, test } from 'vitest';
import type { Envelope } from '../../contract/index.ts';
import { usesIn } from './uses.ts';

const answered = (more: object): Envelope =>
  ({
    event: {
      ...{ type: 'model.answered', id: 'ask-1', question: 'explain', model: 'small', where: 'local', outcome: 'shown', because: null },
      ...{ hash: '', text: '', inputTokens: 100, outputTokens: 10, tookMs: 500, cost: 0, ...more },
    },
  }) as Envelope;

test('answers are added up by model and kind; what cost most comes first; other entries do not count', () => {
  const uses = usesIn([
    answered({}),
    { event: { type: 'model.asked', id: 'ask-1', model: 'small', question: 'explain' } } as Envelope,
    answered({ outcome: 'refused' }),
    answered({ model: 'large', where: 'remote', cost: 0.25, tookMs: 2_000 }),
    answered({ question: 'summarise', outcome: 'failed', inputTokens: 0, outputTokens: 0 }),
    answered({ model: 'large', where: 'remote', cost: 0.5 }),
  ]);
  expect(uses).toEqual([
    {
      ...{ model: 'large', where: 'remote', question: 'explain', shown: 2, refused: 0, failed: 0 },
      ...{ inputTokens: 200, outputTokens: 20, tookMs: 2_500, cost: 0.75 },
    },
    {
      ...{ model: 'small', where: 'local', question: 'explain', shown: 1, refused: 1, failed: 0 },
      ...{ inputTokens: 200, outputTokens: 20, tookMs: 1_000, cost: 0 },
    },
    {
      ...{ model: 'small', where: 'local', question: 'summarise', shown: 0, refused: 0, failed: 1 },
      ...{ inputTokens: 0, outputTokens: 0, tookMs: 500, cost: 0 },
    },
  ]);
});
