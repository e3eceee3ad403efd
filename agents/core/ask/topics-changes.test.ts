import { expect, test } from 'vitest';
import type { Change } from '../../contract/index.ts';
import { changesAsked } from './topics-changes.ts';

const change = (type: Change['type'], path = '', manager = 'kubectl-set'): Change => ({
  id: 'change-1',
  context: 'c',
  at: '2026-11-30T12:00:00.000Z',
  seenAt: '2026-11-30T12:00:00.000Z',
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  type,
  by: { manager },
  fields: path === '' ? [] : [{ path, from: null, to: null, words: path }],
  beforeKnown: true,
  summary: 'Deployment shop/cart',
  count: 1,
});
const image = change('changed', 'spec.template.spec.containers[app].image');
const replicas = change('changed', 'spec.replicas');

test('what was done to it is what is asked for', () => {
  const meant = (question: string, all = [image, replicas, change('deleted')]) => all.filter(changesAsked(question).isMeant);
  expect(meant('what changed today')).toHaveLength(3);
  expect(meant('was anything deleted today')).toEqual([change('deleted')]);
  expect(meant('who scaled cart')).toEqual([replicas]);
  expect(meant('when was cart last deployed')).toEqual([image]);
});

test('who wrote it, where one is named; the newest alone, where the last is asked for', () => {
  const argo = changesAsked('what did argocd change today');
  expect([argo.by, argo.isMeant(image), argo.isMeant(change('changed', '', 'argocd-controller'))]).toEqual(['argocd', false, true]);
  expect(changesAsked('what did we change today').by).toBeUndefined();
  expect([changesAsked('when was cart last deployed').last, changesAsked('what changed in the last hour').last]).toEqual([true, false]);
});
