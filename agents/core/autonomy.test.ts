import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Action, type AutonomyRules, AutonomySchema, GIVES, type Plan, RISKS, type Rule } from '../contract/index.ts';
import { AUTOMATIC_KINDS, type RuledPlan, type Surroundings, autonomyOf } from './autonomy.ts';

const NOW = Date.parse('2026-03-04T10:00:00Z');
const rules = (...list: (Partial<Rule> & { id: string; give: Rule['give'] })[]): AutonomyRules =>
  AutonomySchema.parse({ version: 1, rules: list });
const action = (name = 'web', more: Partial<Action> & { kind?: string; namespace?: string } = {}): Action => {
  const { kind = 'Deployment', namespace = 'shop', ...rest } = more;
  const target = { apiVersion: 'apps/v1', kind, namespace, name };
  const spec = { type: 'scale' as const, target, replicas: 2 };
  return { type: 'scale', target, summary: 's', diff: '', undo: 'u', spec, inverse: [spec], seen: null, ...rest };
};
const plan = (more: Partial<RuledPlan> = {}): RuledPlan => ({
  id: 'plan-1',
  context: 'staging-eu',
  agent: 'troubleshooter',
  risk: 'low',
  incidentId: 'inc-1',
  managedBy: [],
  actions: [action()],
  ...more,
});
const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  now: NOW,
  version: 'v',
  isProtected: false,
  isReadOnly: false,
  group: null,
  labels: () => ({}),
  plans: [],
  ...more,
});
const AUTO = rules({ id: 'small', give: 'auto' });
const done = (id: string, more: Partial<Plan> = {}): Plan =>
  ({ ...plan(), id, state: 'done', decidedBy: 'rule:small', decidedAt: '2026-03-04T09:30:00Z', ...more }) as Plan;

test('without rules a person is asked for everything', () => {
  expect(autonomyOf(plan(), rules(), around())).toEqual({
    give: 'ask',
    rule: null,
    people: 1,
    version: 'v',
    because: 'no rule speaks of it',
  });
});

test('the first rule that matches counts, each part of a match must hold', () => {
  const give = (match: Rule['match'], more: Partial<RuledPlan> = {}, beside: Partial<Surroundings> = {}) =>
    autonomyOf(plan(more), rules({ id: 'a', give: 'auto', match }, { id: 'rest', give: 'observe' }), around(beside)).rule;
  expect(
    give({ contexts: ['staging-*'], namespaces: ['sh*p'], agents: ['troubleshooter'], actions: ['scale'], kinds: ['Deployment'] }),
  ).toBe('a');
  expect(give({ contexts: ['staging'] })).toBe('rest');
  expect(give({ contexts: ['s.*'] })).toBe('rest');
  expect(give({ namespaces: ['other'] })).toBe('rest');
  expect(give({ actions: ['patch'] })).toBe('rest');
  expect(give({ groups: ['test'] })).toBe('rest');
  expect(give({ groups: ['test'] }, {}, { group: 'test' })).toBe('a');
  expect(give({}, { risk: 'medium' })).toBe('rest');
  expect(give({ maxRisk: 'medium' }, { risk: 'medium' })).toBe('a');
  expect(give({ window: { days: ['wed'], from: '09:00', to: '11:00', timezone: 'UTC' } })).toBe('a');
  expect(give({ window: { days: ['thu'], from: '09:00', to: '11:00', timezone: 'UTC' } })).toBe('rest');
});

test('labels that cannot be read match what is strict and not what is automatic', () => {
  const list = rules(
    { id: 'guard', give: 'observe', match: { labels: { tier: 'gold' } } },
    { id: 'small', give: 'auto', match: { labels: { auto: 'yes' } } },
  );
  const of = (labels: Record<string, string> | undefined) => autonomyOf(plan(), list, around({ labels: () => labels })).rule;
  expect([of({ tier: 'gold', auto: 'yes' }), of({ auto: 'yes' }), of({}), of(undefined)]).toEqual(['guard', 'small', null, 'guard']);
});

test('of several targets the strictest answer holds; two people are stricter than one', () => {
  const two = plan({ actions: [action('web'), action('db', { namespace: 'data' })] });
  const data = { namespaces: ['data'] };
  const of = (...list: Parameters<typeof rules>) => autonomyOf(two, rules(...list), around());
  expect(of({ id: 'd', give: 'observe', match: data }, { id: 'r', give: 'auto' })).toMatchObject({ give: 'observe', rule: 'd' });
  expect(of({ id: 'd', give: 'ask', people: 2, match: data }, { id: 'r', give: 'ask' })).toMatchObject({
    give: 'ask',
    people: 2,
    rule: 'd',
  });
  expect(of({ id: 'r', give: 'auto' })).toMatchObject({ give: 'auto', rule: 'r' });
});

test('never automatic, each with its reason', () => {
  const because = (p: Partial<RuledPlan>, beside: Partial<Surroundings> = {}, list = AUTO) => {
    const { give, because: why } = autonomyOf(plan(p), list, around(beside));
    return `${give}: ${why}`;
  };
  expect(because({}, { isProtected: true })).toBe('ask: the context staging-eu is protected');
  expect(because({}, { isReadOnly: true })).toBe('ask: the context staging-eu is read-only');
  expect(because({ undoes: 'plan-0' })).toMatch(/^ask: it takes back/);
  expect(because({ proposedBy: 'ann' })).toMatch(/^ask: ann made it/);
  expect(because({ actions: ['a', 'b', 'c'].map((n) => action(n)) })).toBe('ask: it changes 3 objects, more than 2');
  expect(because({ actions: [action('web', { inverse: null })] })).toMatch(/^ask: nothing could take back/);
  expect(because({ actions: [action('web', { type: 'delete' })] })).toMatch(/^ask: it deletes/);
  expect(because({ actions: [action('r', { kind: 'RoleBinding' })] })).toMatch(/^ask: a RoleBinding is not among/);
  expect(because({ actions: [action('dns', { namespace: 'kube-system' })] })).toMatch(/part of the cluster itself/);
  const flux = { resource: action().target, by: 'Flux' as const, name: 'Kustomization flux/shop', putsBack: true, because: 'label' };
  expect(because({ managedBy: [flux] })).toMatch(/^ask: Deployment shop\/web comes from Flux/);
  expect(because({ managedBy: [{ ...flux, by: 'a person', putsBack: false }] })).toMatch(/by hand$/);
  expect(because({ managedBy: [{ ...flux, by: 'Helm', putsBack: false }] })).toBe('auto: rule small gives auto');
  expect(because({})).toBe('auto: rule small gives auto');
});

test('quiet hours, budgets, and what did not help last time: a person is asked', () => {
  const of = (list: AutonomyRules, beside: Partial<Surroundings>) => autonomyOf(plan(), list, around(beside)).because;
  const quiet = { ...AUTO, quietHours: [{ from: '22:00', to: '11:00', timezone: 'UTC', contexts: ['staging-*'] }] };
  expect(of(quiet, {})).toMatch(/quiet hours/);
  expect(of(AUTO, { plans: [done('p1'), done('p2')] })).toMatch(/was changed 2 times within an hour/);
  expect(of(AUTO, { plans: [done('p1', { decidedAt: '2026-03-04T08:00:00Z' }), done('p2')] })).toBe('rule small gives auto');
  const elsewhere = Array.from({ length: 6 }, (_, i) => done(`p${i}`, { actions: [action(`other-${i}`)] }));
  expect(of(AUTO, { plans: elsewhere })).toMatch(/^6 automatic changes were made in staging-eu/);
  expect(of(AUTO, { plans: elsewhere.map((p) => ({ ...p, context: 'another' })) })).toBe('rule small gives auto');
  const bad = done('p1', { state: 'rolledBack', decidedAt: '2026-03-01T00:00:00Z' });
  expect(of(AUTO, { plans: [bad] })).toMatch(/\(p1\) did not help/);
  expect(of(AUTO, { plans: [bad, done('p2', { decidedBy: 'kim', state: 'rejected', decidedAt: '2026-03-02T00:00:00Z' })] })).toBe(
    'rule small gives auto',
  );
});

const arbitraryAction = fc
  .record({
    kind: fc.constantFrom(
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Job',
      'CronJob',
      'Service',
      'Secret',
      'ClusterRole',
      'Node',
      'PersistentVolumeClaim',
    ),
    namespace: fc.constantFrom('shop', 'shop', 'data', 'data', 'kube-system', undefined),
    name: fc.constantFrom('a', 'b', 'c'),
    type: fc.constantFrom('patch', 'patch', 'scale', 'scale', 'delete', 'create'),
    final: fc.constantFrom(false, false, false, false, true),
  })
  .map(({ final, kind, namespace, name, type }): Action => {
    const made = action(name, { kind, type: type as 'patch', ...(final ? { inverse: null } : {}) });
    const { namespace: _, ...bare } = made.target;
    return { ...made, target: namespace === undefined ? bare : { ...bare, namespace } };
  });
const seldom = fc.constantFrom(false, false, false, true);
const arbitraryRule = fc.record({
  give: fc.constantFrom('auto', 'auto', 'auto', ...GIVES),
  people: fc.constantFrom(1 as const, 2 as const),
  match: fc.record(
    {
      contexts: fc.constantFrom('*', 'staging-*', 'prod').map((p) => [p]),
      namespaces: fc.constantFrom('*', 'shop', 'kube-*').map((p) => [p]),
      maxRisk: fc.constantFrom(...RISKS),
      actions: fc.constantFrom('*', 'scale', 'delete').map((p) => [p]),
      labels: fc.constantFrom({ a: 'b' }),
    },
    { requiredKeys: [] },
  ),
});

test('no rules, however many, make the floor give way', () => {
  let automatic = 0;
  const arbitraryPlan = fc.record({
    actions: fc.array(arbitraryAction, { minLength: 1, maxLength: 3 }),
    risk: fc.constantFrom('low', 'low', ...RISKS),
    undoes: fc.constantFrom(undefined, undefined, undefined, 'plan-0'),
  });
  fc.assert(
    fc.property(
      fc.array(arbitraryRule, { maxLength: 6 }),
      arbitraryPlan,
      seldom,
      seldom,
      (list, { undoes, ...p }, isProtected, isReadOnly) => {
        const given = rules(...list.map((r, i) => ({ ...r, id: `r${i}` })));
        const ruled = plan({ ...p, ...(undoes === undefined ? {} : { undoes }) });
        const { give, rule, because } = autonomyOf(ruled, given, around({ isProtected, isReadOnly, labels: () => ({ a: 'b' }) }));
        expect(because).not.toBe('');
        if (give !== 'auto') return;
        automatic++;
        expect([isProtected, isReadOnly, ruled.undoes]).toEqual([false, false, undefined]);
        expect(new Set(ruled.actions.map((a) => JSON.stringify(a.target))).size).toBeLessThanOrEqual(given.mostObjects);
        for (const a of ruled.actions) {
          expect([
            a.inverse !== null,
            a.type !== 'delete',
            AUTOMATIC_KINDS.has(a.target.kind),
            a.target.namespace?.startsWith('kube-'),
          ]).toEqual([true, true, true, false]);
        }
        const by = given.rules.find((r) => r.id === rule);
        expect(by?.give).toBe('auto');
        expect(RISKS.indexOf(ruled.risk)).toBeLessThanOrEqual(RISKS.indexOf(by?.match.maxRisk ?? 'low'));
      },
    ),
    { numRuns: 3_000 },
  );
  expect(automatic).toBeGreaterThan(20);
});
