import { expect, test } from 'vitest';
import { AutonomySchema, type AutonomyState } from '../../agents/contract/index.ts';
import { autonomyWords } from './autonomy-words.ts';

const state = (rules: object[]): AutonomyState => ({
  path: '/rules',
  version: 'abc',
  text: 'x',
  rules: AutonomySchema.parse({ version: 1, rules }),
  problem: null,
});
const short = (autonomy: AutonomyState | undefined, held = false) => autonomyWords(autonomy, held).short;

test('what the agents may do is said as it is, the stop before everything else', () => {
  expect(short(state([]))).toBe('Agents ask for everything');
  expect(short(state([{ id: 'a', give: 'ask' }]))).toBe('Agents ask for everything');
  expect(short(state([{ id: 'a', give: 'auto' }]))).toBe('Agents ask, or act by 1 rule');
  expect(short(state([{ id: 'a', give: 'observe' }]))).toBe('Agents ask, or only show');
  expect(short(state([{ id: 'a', give: 'auto' }]), true)).toBe('All agents are held');
  expect(autonomyWords({ ...state([]), rules: null, problem: 'line 3: no' }, false)).toEqual({
    short: 'The rules cannot be read',
    long: 'Nothing can be approved: line 3: no',
    bad: true,
  });
});
