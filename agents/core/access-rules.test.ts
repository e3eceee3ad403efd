import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccessRule, ruleFor } from './access-rules.ts';

const rule = (more: Partial<AccessRule>): AccessRule => ({ verbs: [], apiGroups: [], resources: [], resourceNames: [], ...more });
const patch = { verb: 'patch', group: 'apps', resource: 'deployments', name: 'web' };
const of = (...rules: AccessRule[]) => ({ rules, complete: true });

test.each<[string, Partial<AccessRule>, boolean]>([
  ['exactly', { verbs: ['get', 'patch'], apiGroups: ['apps'], resources: ['deployments'] }, true],
  ['everything', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, true],
  ['another verb', { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'] }, false],
  ['another group', { verbs: ['*'], apiGroups: [''], resources: ['deployments'] }, false],
  ['another resource', { verbs: ['*'], apiGroups: ['*'], resources: ['deployments/scale', '*/scale'] }, false],
  ['that name', { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['web'] }, true],
  ['another name', { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['api'] }, false],
])('a rule that gives %s', (_, more, gives) => expect(ruleFor(of(rule(more)), patch) !== undefined).toBe(gives));

test('a subresource is a right of its own; a rule for it in all resources gives it', () => {
  const scale = { ...patch, subresource: 'scale' };
  const all = { verbs: ['patch'], apiGroups: ['apps'] };
  expect(ruleFor(of(rule({ ...all, resources: ['deployments'] })), scale)).toBeUndefined();
  expect(ruleFor(of(rule({ ...all, resources: ['*/scale'] })), scale)).toBeDefined();
  expect(ruleFor(of(rule({ ...all, resources: ['deployments/scale'] })), scale)).toBeDefined();
});

test('a list of names gives nothing that is to be made: it has no name yet', () => {
  const named = of(rule({ verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['web'] }));
  expect(ruleFor(named, { ...patch, verb: 'create' })).toBeUndefined();
  const { name: _, ...any } = patch;
  expect(ruleFor(named, any)).toBeUndefined();
});

test('no list gives a right that each of its rules misses in one point, however they are mixed', () => {
  const word = fc.constantFrom('get', 'patch', 'list', 'apps', '', 'batch', 'deployments', 'pods', 'web', 'api');
  const words = fc.array(word, { maxLength: 4 });
  const missing = fc
    .tuple(
      words,
      words,
      words,
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('verbs', 'apiGroups', 'resources', 'resourceNames'),
    )
    .map(([verbs, apiGroups, resources, resourceNames, which]) => {
      const whole = {
        verbs: [...verbs, 'patch'],
        apiGroups: [...apiGroups, 'apps'],
        resources: [...resources, 'deployments'],
        resourceNames,
      };
      const gone = { verbs: 'patch', apiGroups: 'apps', resources: 'deployments', resourceNames: 'web' }[which];
      return { ...whole, [which]: whole[which].filter((w) => w !== gone).concat(which === 'resourceNames' ? ['other'] : []) };
    });
  fc.assert(
    fc.property(fc.array(missing, { maxLength: 6 }), (rules) => {
      expect(ruleFor(of(...rules), patch)).toBeUndefined();
    }),
  );
});
