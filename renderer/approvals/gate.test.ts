import { expect, test } from 'vitest';
import { type Gate, type GateKey, OPEN, press } from './gate.ts';

const armed = (typed = ''): Gate => ({ at: 'armed', typed });

test('Enter decides nothing unless something was armed', () => {
  expect(press(OPEN, 'Enter', undefined)).toEqual({ gate: OPEN });
  expect(press({ at: 'rejecting', reason: '  ' }, 'Enter', undefined).decide).toBeUndefined();
});

test('A then Enter approves; A then Escape then Enter does not', () => {
  const { gate } = press(OPEN, 'a', undefined);
  expect(press(gate, 'Enter', undefined)).toEqual({ gate: OPEN, decide: 'approved' });
  expect(press(press(gate, 'Escape', undefined).gate, 'Enter', undefined).decide).toBeUndefined();
});

test('a protected context wants its very name', () => {
  for (const typed of ['', 'pro', 'Prod', 'prod '] as const) expect(press(armed(typed), 'Enter', 'prod').decide).toBeUndefined();
  expect(press(armed('prod'), 'Enter', 'prod').decide).toBe('approved');
});

test('a rejection wants a reason', () => {
  expect(press({ at: 'rejecting', reason: 'not now' }, 'Enter', undefined)).toEqual({ gate: OPEN, decide: 'rejected' });
});

test('no run of keys without A approves', () => {
  const keys: GateKey[] = ['r', 'Enter', 'Escape'];
  let gates: Gate[] = [OPEN];
  for (let round = 0; round < 5; round++)
    gates = gates.flatMap((gate) =>
      keys.map((key) => {
        const answer = press(gate, key, undefined);
        expect(answer.decide).not.toBe('approved');
        return answer.gate;
      }),
    );
});
