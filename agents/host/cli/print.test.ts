import { expect, test } from 'vitest';
import { EXIT, Refusal, exitOf, failureOf } from './exit.ts';
import { age, columns, plain } from './print.ts';

test('columns are as wide as their widest cell, the last one is not padded', () => {
  expect(
    columns(
      ['name', 'note'],
      [
        ['a', 'first'],
        ['longer-name', ''],
      ],
    ),
  ).toBe('NAME          NOTE\na             first\nlonger-name');
});

test('control characters of cluster text are shown and not obeyed', () => {
  expect(plain('a\u001b[31mred\u0007\u009b')).toBe('a\\x1b[31mred\\x07\\x9b');
});

test.each([
  [4_000, '4 s'],
  [59_400, '59 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%i milliseconds are %s', (ms, words) => expect(age(new Date(1_000_000).toISOString(), 1_000_000 + ms)).toBe(words));

test('exit states are those that scripts rely on', () => {
  expect(exitOf('cluster-unreachable')).toBe(EXIT.cluster);
  expect(exitOf('cluster-unauthorized')).toBe(EXIT.cluster);
  expect(exitOf('forbidden')).toBe(EXIT.cluster);
  expect(exitOf('plan-drifted')).toBe(EXIT.notApplied);
  expect(exitOf('confirmation-needed')).toBe(EXIT.notApplied);
  expect(exitOf('context-unknown')).toBe(EXIT.usage);
});

test('the failure inside what was thrown is found; a broken expectation has words and no stack', () => {
  const failure = { code: 'not-found' as const, message: 'There is no such thing.' };
  expect(failureOf(new Refusal(failure))).toEqual(failure);
  expect(failureOf({ data: failure })).toEqual(failure);
  expect(failureOf(new Error('odd'))).toEqual({ code: 'internal', message: 'odd' });
});
