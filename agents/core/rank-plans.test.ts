import { expect, test } from 'vitest';
import type { Plan } from '../contract/index.ts';
import { rankPlans } from './rank-plans.ts';

const plan = (id: string, more: Partial<Plan> & { irreversible?: boolean } = {}): Plan => {
  const { irreversible = false, ...rest } = more;
  return {
    id,
    risk: 'medium',
    state: 'awaitingApproval',
    createdAt: '2026-03-01T12:00:00.000Z',
    actions: [{ inverse: irreversible ? null : [] }],
    ...rest,
  } as unknown as Plan;
};
const told = (plans: readonly Plan[]) => rankPlans(plans).map((p) => `${p.id}${p.rank === undefined ? '' : `: ${p.rank.because}`}`);

test('the least risk first, then what can be taken back, then as proposed; what cannot be chosen comes last', () => {
  expect(
    told([
      plan('broad', { risk: 'high' }),
      plan('final', { irreversible: true }),
      plan('refused', { state: 'refused', risk: 'low' }),
      plan('precise'),
      plan('second', { createdAt: '2026-03-01T12:00:01.000Z' }),
    ]),
  ).toEqual([
    'precise: as safe as the next one, and closest to what is wrong',
    'second: as safe as the one before it, which is closer to what is wrong',
    'final: it cannot be taken back',
    'broad: its risk is high, more than medium',
    'refused',
  ]);
});

test('the first says why it is the first; a single one says nothing', () => {
  expect(told([plan('a', { risk: 'low' }), plan('b')])[0]).toBe("a: its risk is the least: low, the next one's is medium");
  expect(told([plan('a'), plan('b', { irreversible: true })])[0]).toBe('a: it can be taken back, the next one cannot');
  expect(told([plan('a'), plan('b', { state: 'done' })])).toEqual(['a', 'b']);
});
