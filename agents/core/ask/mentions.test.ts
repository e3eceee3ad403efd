import { expect, test } from 'vitest';
import { mentionsIn } from './mentions.ts';

const KINDS: Readonly<Record<string, string>> = {
  deploy: 'Deployment',
  deployment: 'Deployment',
  svc: 'Service',
  service: 'Service',
  pod: 'Pod',
  pods: 'Pod',
  node: 'Node',
  namespace: 'Namespace',
  secret: 'Secret',
};
const at = (kind: string, namespace: string | undefined, name: string) => ({ kind, namespace, name });
const OBJECTS = [
  at('Namespace', undefined, 'shop'),
  at('Namespace', undefined, 'office'),
  at('Deployment', 'shop', 'checkout'),
  at('Service', 'shop', 'checkout'),
  at('Deployment', 'office', 'mail'),
  at('Node', undefined, 'worker-3'),
  at('Service', 'shop', 'error'),
];
const of = (question: string) => mentionsIn(question, OBJECTS, (word) => KINDS[word]);
const none = { exact: [], objects: [], namespaces: [], taken: [], unknown: [] };

test('a name by itself means all that are called so; with a kind, that one; a namespace behind "in"', () => {
  expect(of('why does checkout crash?')).toEqual({ ...none, objects: [OBJECTS[2], OBJECTS[3]] });
  expect(of('is deploy/checkout in shop well?')).toEqual({
    ...none,
    exact: [{ kind: 'Deployment', name: 'checkout' }],
    namespaces: ['shop'],
  });
  expect(of('what is the service checkout doing')).toEqual({ ...none, exact: [{ kind: 'Service', name: 'checkout' }] });
  expect(of('what is wrong in office')).toEqual({ ...none, namespaces: ['office'] });
  expect(of('node worker-3 went NotReady')).toEqual({ ...none, exact: [{ kind: 'Node', name: 'worker-3' }] });
  expect(of('the checkout pods keep crashing')).toEqual({ ...none, objects: [OBJECTS[2], OBJECTS[3]] });
});

test('a slip is taken for the name it is near to, and said; a plain word never is a name', () => {
  expect(of('why is chekout down')).toEqual({
    ...none,
    objects: [OBJECTS[2], OBJECTS[3]],
    taken: [{ said: 'chekout', meant: 'checkout' }],
  });
  expect(of('is there an error in the cluster')).toEqual(none);
  expect(of('main cause of the outage')).toEqual(none);
});

test('a namespace or an object that is not there is told from a word of the language', () => {
  expect(of('what is wrong in namespace shoop')).toEqual({ ...none, namespaces: ['shoop'] });
  expect(of('why does billing-api-7f4 hang')).toEqual({ ...none, unknown: ['billing-api-7f4'] });
  expect(of('what happened to pod/web-1')).toEqual({ ...none, exact: [{ kind: 'Pod', name: 'web-1' }] });
});
