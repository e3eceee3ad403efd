import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ActionSpec, type JsonPatchOp, RISKS, type Risk } from '../contract/index.ts';
import { riskOf, withinRisk } from './policy.ts';

const target = (kind = 'Deployment', namespace: string | undefined = 'shop') => ({
  apiVersion: 'v1',
  kind,
  name: 'checkout',
  ...(namespace === undefined ? {} : { namespace }),
});
const cluster = (kind: string) => ({ apiVersion: 'v1', kind, name: 'checkout' });
const patch = (op: JsonPatchOp, on = target()): ActionSpec => ({ type: 'patch', target: on, ops: [op] });
const risk = (action: ActionSpec, harmless = false) =>
  riskOf({ actions: [action], atLeast: 'low', protectedContext: false, harmlessDeletes: new Set(harmless ? [0] : []) });
const template = '/spec/template/spec';

test.each<[string, ActionSpec, Risk]>([
  ['scaling up', { type: 'scale', target: target(), replicas: 2 }, 'low'],
  ['stopping every pod', { type: 'scale', target: target(), replicas: 0 }, 'high'],
  ['stopping every pod by a patch', patch({ op: 'replace', path: '/spec/replicas', value: 0 }), 'high'],
  ['a new image', patch({ op: 'replace', path: `${template}/containers/0/image`, value: 'web:2' }), 'medium'],
  ['the whole object', patch({ op: 'replace', path: '', value: {} }), 'destructive'],
  ['a label', patch({ op: 'add', path: '/metadata/labels/a', value: 'b' }), 'low'],
  ['a selector', patch({ op: 'replace', path: '/spec/selector/app', value: 'b' }, target('Service')), 'medium'],
  ['a ConfigMap', patch({ op: 'replace', path: '/data/a', value: 'b' }, target('ConfigMap')), 'medium'],
  ['a Role', patch({ op: 'add', path: '/rules/0/verbs/-', value: 'get' }, target('Role')), 'high'],
  ['a finalizer', patch({ op: 'remove', path: '/metadata/finalizers' }), 'destructive'],
  ['privilege', patch({ op: 'add', path: `${template}/containers/0/securityContext`, value: { privileged: true } }), 'high'],
  ['root again', patch({ op: 'remove', path: `${template}/securityContext/runAsNonRoot` }), 'high'],
  ['a fixed user', patch({ op: 'add', path: `${template}/securityContext/runAsUser`, value: 1000 }), 'medium'],
  ['a restart', { type: 'restart-rollout', target: target() }, 'medium'],
  ['an undo', { type: 'undo-rollout', target: target(), revision: 1 }, 'medium'],
  ['a ConfigMap anew', { type: 'create', target: target('ConfigMap'), manifest: {} }, 'low'],
  ['a deletion', { type: 'delete', target: target('PersistentVolumeClaim') }, 'destructive'],
  ['a thing of the whole cluster', patch({ op: 'replace', path: '/spec/unschedulable', value: false }, cluster('Node')), 'high'],
  ['a thing of the cluster itself', { type: 'scale', target: target('Deployment', 'kube-system'), replicas: 2 }, 'high'],
])('the risk of %s', (_name, action, expected) => {
  expect(risk(action).risk).toBe(expected);
});

test('a deletion that loses nothing is less than destructive, and says so', () => {
  expect(risk({ type: 'delete', target: target('PersistentVolumeClaim') }, true)).toEqual({
    risk: 'high',
    reasons: ['deletes PersistentVolumeClaim shop/checkout, which holds no data'],
  });
  expect(risk({ type: 'delete', target: target('Pod') }, true).risk).toBe('medium');
});

test('a protected context is one level more dangerous, with its reason', () => {
  const actions: ActionSpec[] = [{ type: 'restart-rollout', target: target() }];
  expect(riskOf({ actions, atLeast: 'low', protectedContext: true })).toEqual({
    risk: 'high',
    reasons: ['replaces the pods of Deployment shop/checkout', 'the context is protected'],
  });
});

test('many changes at once are dangerous, whatever they are', () => {
  const many = (n: number) => Array.from({ length: n }, (): ActionSpec => ({ type: 'scale', target: target(), replicas: 2 }));
  expect(riskOf({ actions: many(3), atLeast: 'low', protectedContext: false }).risk).toBe('low');
  expect(riskOf({ actions: many(4), atLeast: 'low', protectedContext: false })).toEqual({ risk: 'high', reasons: ['changes 4 objects'] });
});

test('a bound set by the remedy holds, and is among the reasons', () => {
  const actions: ActionSpec[] = [{ type: 'scale', target: target(), replicas: 2 }];
  expect(riskOf({ actions, atLeast: 'high', protectedContext: false })).toEqual({
    risk: 'high',
    reasons: ['the remedy itself counts as high'],
  });
});

const ref = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constantFrom('Deployment', 'Service', 'ConfigMap', 'Pod', 'PersistentVolumeClaim', 'Role'),
  namespace: fc.constantFrom('shop', 'kube-system'),
  name: fc.constantFrom('a', 'b'),
});
const op: fc.Arbitrary<JsonPatchOp> = fc.record({
  op: fc.constant('replace' as const),
  path: fc.constantFrom('/spec/replicas', `${template}/hostNetwork`, '/metadata/finalizers', '/data/x', ''),
  value: fc.constantFrom(0, 1, true, 'x'),
});
const action: fc.Arbitrary<ActionSpec> = fc.oneof(
  fc.record({ type: fc.constant('patch' as const), target: ref, ops: fc.array(op, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('scale' as const), target: ref, replicas: fc.nat(3) }),
  fc.record({ type: fc.constantFrom('delete' as const, 'restart-rollout' as const), target: ref }),
);
const input = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 5 }),
  atLeast: fc.constantFrom(...RISKS),
  protectedContext: fc.boolean(),
  harmlessDeletes: fc.uniqueArray(fc.nat(5)).map((all) => new Set(all)),
});
const level = (r: Risk) => RISKS.indexOf(r);

test('one more action never makes a plan less dangerous', () => {
  fc.assert(
    fc.property(input, action, (plan, more) => {
      expect(level(riskOf({ ...plan, actions: [...plan.actions, more] }).risk)).toBeGreaterThanOrEqual(level(riskOf(plan).risk));
    }),
  );
});

test("the risk is never below the remedy's bound, never lower for a protected context, and never without a reason", () => {
  fc.assert(
    fc.property(input, (plan) => {
      const open = riskOf({ ...plan, protectedContext: false });
      const shut = riskOf({ ...plan, protectedContext: true });
      expect(level(open.risk)).toBeGreaterThanOrEqual(level(plan.atLeast));
      expect(level(shut.risk)).toBe(Math.min(level(open.risk) + 1, RISKS.length - 1));
      expect(open.reasons.length).toBeGreaterThan(0);
    }),
  );
});

test('what may be approved with --yes', () => {
  expect([withinRisk('medium', 'medium'), withinRisk('high', 'medium'), withinRisk('destructive', 'high')]).toEqual([true, false, false]);
});
