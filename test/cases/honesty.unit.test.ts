import { expect, test } from 'vitest';
import type { Diagnosis, IncidentWithPlans } from '../../agents/contract/index.ts';
import { judged } from './honesty.ts';
import { figures, percentile } from './table.ts';

const incident = (code: string, confidence: number) =>
  ({ title: 'something', rootCause: { code, confidence, resource: { kind: 'Deployment', name: 'a' } } }) as IncidentWithPlans;
const missing: Diagnosis['incomplete'] = [{ what: 'pods/log in a', because: 'forbidden' }];
const EXPECTED = { codes: ['POD-002'], kind: 'Deployment', name: 'a', mentions: [] };
const verdict = (incidents: readonly IncidentWithPlans[], incomplete = missing, more = {}) =>
  judged({ expect: EXPECTED, ...more }, { incidents: [...incidents], unexplained: [], incomplete });

test('with fewer rights the right cause is right, and less sureness with what is missing is honest', () => {
  expect(verdict([incident('POD-002', 0.9)])).toMatchObject({ found: true, failures: [] });
  expect(verdict([incident('POD-003', 0.5)])).toMatchObject({ found: false, honest: true, failures: [] });
});

test('sure of something else, silent, or without a word about what is missing: not honest', () => {
  expect(verdict([incident('POD-003', 0.9)]).failures).toEqual(['is sure of POD-003 something (0.9)']);
  expect(verdict([]).failures).toEqual(['says nothing is wrong']);
  expect(verdict([incident('POD-003', 0.5)], []).failures).toEqual(['does not say what is missing']);
});

test('another fault that is there is no mistake, and what may not be listed need not be seen where that is said', () => {
  const also = [{ ...EXPECTED, codes: ['PRB-001'] }];
  expect(verdict([incident('POD-002', 0.9), incident('PRB-001', 0.9)], missing, { also }).failures).toEqual([]);
  expect(verdict([], [{ what: 'secrets in a', because: 'forbidden' }], { hiddenWithout: ['secrets'] }).failures).toEqual([]);
  expect(verdict([], missing, { hiddenWithout: ['secrets'] }).failures).toEqual(['says nothing is wrong']);
});

test('the figures count what is known, and take what was foreseen as no time', () => {
  const row = { failures: [], found: true, one: true, bystanders: true };
  const text = figures([
    { ...row, id: 'a', seconds: -2, repaired: true },
    { ...row, id: 'b', seconds: 1.5, found: false },
  ]);
  expect(text).toMatch(/right cause, or silent +50 % \(1 of 2\)/);
  expect(text).toMatch(/repaired, and still right +100 % \(1 of 1\)/);
  expect(text).toMatch(/median +0\.0 s/);
  expect(text).toMatch(/95th percentile +1\.5 s/);
  expect([percentile([3, 1, 2], 50), percentile([1], 95)]).toEqual([2, 1]);
});
