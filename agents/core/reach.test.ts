import { expect, test } from 'vitest';
import { type ActionSpec, refKey } from '../contract/index.ts';
import { reachOf } from './reach.ts';
import { relationsAround } from './relations.ts';
import { at, deployed, sample, serviceFor, storeOf } from './samples.ts';

const store = storeOf(
  ...deployed('web', { replicas: 2, spec: { containers: [{ name: 'main', envFrom: [{ configMapRef: { name: 'rates' } }] }] } }),
  ...deployed('caller', { spec: { containers: [{ name: 'main', env: [{ name: 'URL', value: 'http://web:80' }] }] } }),
  serviceFor('web'),
  sample('Ingress', 'door', { spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'web' } } }] } }] } }),
  sample('PodDisruptionBudget', 'web-budget', {
    spec: { selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed: 0 },
  }),
  sample('PodDisruptionBudget', 'other', { spec: { selector: { matchLabels: { app: 'nobody' } } }, status: { disruptionsAllowed: 1 } }),
);
const reach = (...actions: ActionSpec[]) => {
  const refs = actions.map((a) => a.target);
  const { dependents, budgets, ...rest } = reachOf(store.view(), relationsAround(store.view(), refs), actions);
  return {
    ...rest,
    dependents: dependents.map((d) => `${d.steps} ${refKey(d.resource)} ${d.how}`),
    budgets: budgets.map((b) => `${b.resource.name} ${b.allows}`),
  };
};
const web = at('Deployment/shop/web');
const template: ActionSpec = { type: 'patch', target: web, ops: [{ op: 'replace', path: '/spec/template/spec/x', value: 1 }] };

test('a changed template restarts the pods; Service, Ingress and caller depend on it, each once; the budget over its pods is named', () => {
  const found = reach(template, { type: 'restart-rollout', target: web });
  expect(found.restarts).toBeGreaterThan(0);
  expect(found.dependents.toSorted()).toEqual([
    '1 Service/shop/web leads to it',
    '2 Deployment/shop/caller calls it',
    '2 Ingress/shop/door calls it',
  ]);
  expect(found.budgets).toEqual(['web-budget 0']);
});

test('what restarts nothing restarts nothing, and what uses a ConfigMap depends on it', () => {
  const label: ActionSpec = { type: 'patch', target: web, ops: [{ op: 'add', path: '/metadata/labels/a', value: 'b' }] };
  expect(reach(label)).toMatchObject({ restarts: 0, budgets: [] });
  expect(reach({ type: 'scale', target: web, replicas: 9 }).restarts).toBe(0);
  expect(reach({ type: 'scale', target: web, replicas: 0 }).restarts).toBe(reach(template).restarts);
  const rates: ActionSpec = { type: 'patch', target: at('ConfigMap/shop/rates'), ops: [{ op: 'replace', path: '/data/a', value: 'b' }] };
  expect(reach(rates).dependents[0]).toBe('1 Deployment/shop/web names it');
});

test('pods that have ended, as evicted ones have, restart no more', () => {
  const pods = reach(template).restarts;
  const [, , first] = deployed('web', { status: { phase: 'Failed', reason: 'Evicted', conditions: [] } });
  const some = storeOf(...store.view().list('Deployment'), ...store.view().list('ReplicaSet'), ...store.view().list('Pod'));
  if (first === undefined) throw new Error('no pod');
  some.put(first);
  expect(reachOf(some.view(), [], [template])).toMatchObject({ restarts: pods - 1, ready: pods - 1 });
});
