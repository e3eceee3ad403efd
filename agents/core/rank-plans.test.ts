import { expect, test } from 'vitest';
import type { Plan } from '../contract/index.ts';
import { equalsInFront, plansOfByRule, rankPlans } from './rank-plans.ts';

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

const later = '2026-03-01T12:00:01.000Z';
const two = [plan('first', { remedy: 'restart' }), plan('second', { remedy: 'raise', createdAt: later })];

test('between equally safe ones the remedy that helped against the same fault before comes first', () => {
  expect(told([...two, plan('old', { remedy: 'raise', state: 'done' })])).toEqual([
    'second: as safe as the next one, and it has helped against this fault before',
    'first: as safe as the one before it, which has helped against this fault before',
    'old',
  ]);
});

test('a remedy that was taken back, by verification or by a person, comes after one that was not', () => {
  const failed = [
    'second: as safe as the next one, which has not helped against this fault before',
    'first: as safe as the one before it, but it has not helped against this fault before',
  ];
  expect(told([...two, plan('old', { remedy: 'restart', state: 'rolledBack' })]).slice(0, 2)).toEqual(failed);
  const undone = [plan('old', { remedy: 'restart', state: 'done' }), plan('undo', { remedy: 'undo', undoes: 'old', state: 'done' })];
  expect(told([...two, ...undone]).slice(0, 2)).toEqual(failed);
});

test('what helped before does not outweigh risk; what failed without changing anything says nothing', () => {
  const risky = [
    plan('safe', { remedy: 'restart', risk: 'low' }),
    plan('risky', { remedy: 'raise' }),
    plan('old', { remedy: 'raise', state: 'done' }),
  ];
  expect(told(risky)[0]).toBe("safe: its risk is the least: low, the next one's is medium");
  expect(told([...two, plan('old', { remedy: 'restart', state: 'failed' })])[0]).toBe(
    'first: as safe as the next one, and closest to what is wrong',
  );
});

const ordered = (place: number, ...among: string[]) => ({ ordered: { place, among, by: 'Qwen' } });

test('a model’s order stands among equals, and says whose it is; it moves nothing past what is safer or helped before', () => {
  const [first, second] = [
    plan('first', ordered(2, 'first', 'second')),
    plan('second', { ...ordered(1, 'first', 'second'), createdAt: later }),
  ];
  expect(told([first, second])).toEqual([
    'second: as safe as the next one, and Qwen puts it first',
    'first: as safe as the one before it, which Qwen puts first',
  ]);
  expect(told([{ ...first, risk: 'low' }, second])[0]).toContain('first: its risk is the least');
  expect(told([{ ...first, remedy: 'x' }, second, plan('old', { remedy: 'x', state: 'done' })])[0]).toContain(
    'first: as safe as the next one, and it has helped',
  );
});

test('a model’s order is not taken where it was asked about others, nor where nobody looks', () => {
  const [first, second] = [
    plan('first', ordered(2, 'first', 'second')),
    plan('second', { ...ordered(1, 'first', 'second'), createdAt: later }),
  ];
  const third = plan('third', { createdAt: '2026-03-01T12:00:02.000Z' });
  expect(told([first, second, third])[0]).toBe('first: as safe as the next one, and closest to what is wrong');
  const mine = [first, second].map((p) => ({ ...p, incidentId: 'inc-1' }));
  expect(plansOfByRule('inc-1', mine).map((p) => p.id)).toEqual(['first', 'second']);
});

test('those in front that are as good as each other are told; where one is the best it is alone', () => {
  expect(equalsInFront([plan('a'), plan('b'), plan('c', { risk: 'high' })]).map((p) => p.id)).toEqual(['a', 'b']);
  expect(equalsInFront([plan('a', { risk: 'low' }), plan('b')]).map((p) => p.id)).toEqual(['a']);
  expect(equalsInFront([plan('a', { state: 'done' })])).toEqual([]);
});
