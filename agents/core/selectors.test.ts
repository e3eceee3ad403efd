import fc from 'fast-check';
import { expect, test } from 'vitest';
import { project } from '../contract/index.ts';
import { matchesLabels, matchesNodeTerms, matchesRequirement, matchesSelector, tolerates } from './selectors.ts';

const requirement = (operator: string, values: string[] = []) => ({ key: 'zone', operator, values });

test.each([
  ['In', ['a'], { zone: 'a' }, true],
  ['In', ['a'], {}, false],
  ['NotIn', ['a'], {}, true],
  ['NotIn', ['a'], { zone: 'a' }, false],
  ['Exists', [], { zone: '' }, true],
  ['Exists', [], {}, false],
  ['DoesNotExist', [], {}, true],
  ['Gt', ['4'], { zone: '5' }, true],
  ['Gt', ['4'], { zone: '' }, false],
  ['Lt', ['4'], { zone: 'three' }, false],
  ['Lt', ['4'], { zone: '3' }, true],
  ['Near', ['4'], { zone: '4' }, false],
])('%s %j on %j: %s', (operator, values, labels, expected) => {
  expect(matchesRequirement(requirement(operator, values), labels as Record<string, string>)).toBe(expected);
});

test('labels are what the object has itself, not what every object inherits', () => {
  expect(matchesRequirement({ key: 'constructor', operator: 'Exists', values: [] }, {})).toBe(false);
});

const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'zone'), fc.constantFrom('a', 'b'));

test('matchLabels and the same as In requirements say the same', () => {
  fc.assert(
    fc.property(labels, labels, (selector, on) => {
      const matchExpressions = Object.entries(selector).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
      expect(matchesSelector({ matchLabels: {}, matchExpressions }, on)).toBe(matchesLabels(selector, on));
    }),
  );
});

test('one more label on the object never unmatches plain labels; one more in the selector never matches more', () => {
  fc.assert(
    fc.property(labels, labels, labels, (selector, on, more) => {
      if (matchesLabels(selector, on)) expect(matchesLabels(selector, { ...more, ...on })).toBe(true);
      if (!matchesLabels(selector, on)) expect(matchesLabels({ ...selector, extra: 'x' }, on)).toBe(false);
    }),
  );
});

test('a missing selector matches nothing, an empty one everything', () => {
  expect([
    matchesSelector(undefined, {}),
    matchesSelector(null, {}),
    matchesSelector({ matchLabels: {}, matchExpressions: [] }, {}),
  ]).toEqual([false, false, true]);
});

test('node terms are alternatives; an empty term and an empty list match no node', () => {
  const node = project('Node', { metadata: { name: 'n1', labels: { zone: 'a' } } });
  const term = (operator: string, values: string[]) => ({ matchExpressions: [requirement(operator, values)], matchFields: [] });
  expect(matchesNodeTerms([term('In', ['b']), term('In', ['a'])], node)).toBe(true);
  expect(matchesNodeTerms([term('In', ['b'])], node)).toBe(false);
  expect(matchesNodeTerms([], node)).toBe(false);
  expect(matchesNodeTerms([{ matchExpressions: [], matchFields: [] }], node)).toBe(false);
  const byName = { matchExpressions: [], matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] };
  expect(matchesNodeTerms([byName], node)).toBe(true);
});

const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
test.each([
  [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }, true],
  [{ key: 'gpu', value: 'yes' }, true],
  [{ key: 'gpu', value: 'no' }, false],
  [{ key: 'gpu', operator: 'Exists' }, true],
  [{ operator: 'Exists' }, true],
  [{ operator: 'Exists', effect: 'NoExecute' }, false],
  [{ key: 'ssd', operator: 'Exists' }, false],
])('%j tolerates the taint: %s', (toleration, expected) => {
  expect(tolerates([toleration], taint)).toBe(expected);
});
