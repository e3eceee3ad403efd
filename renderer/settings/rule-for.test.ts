import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AutonomySchema, type Plan } from '../../agents/contract/index.ts';
import { ruleFor, withRule } from './rule-for.ts';

const plan = {
  context: 'Prod/EU: "1"',
  agent: 'troubleshooting',
  risk: 'medium',
  actions: [
    { type: 'patch', target: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' } },
    { type: 'scale', target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' } },
  ],
} as unknown as Plan;
const read = (text: string) => AutonomySchema.parse(parse(text));

test.each([
  ['no rules at all', ''],
  ['a version alone', 'version: 1\n'],
  ['an empty list', 'version: 1\nrules: []\n'],
  ['other rules', 'version: 1\nrules:\n  - id: other\n    match: { contexts: [dev-*] }\n    give: auto\n'],
])('a rule for plans like one stands before %s, and is understood', (_what, text) => {
  const [first, ...others] = read(withRule(text, ruleFor(plan, text))).rules;
  expect(first).toMatchObject({
    match: {
      contexts: ['Prod/EU: "1"'],
      namespaces: ['shop'],
      agents: ['troubleshooting'],
      actions: ['patch', 'scale'],
      maxRisk: 'medium',
    },
    give: 'ask',
  });
  expect(others.map((r) => r.id)).toEqual(text.includes('other') ? ['other'] : []);
});

test('a second one for the same gets a name of its own', () => {
  const once = withRule('', ruleFor(plan, ''));
  const ids = read(withRule(once, ruleFor(plan, once))).rules.map((r) => r.id);
  expect(new Set(ids).size).toBe(2);
});
