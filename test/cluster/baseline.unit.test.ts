import { describe, expect, it } from 'vitest';
import type { Obj } from './api.ts';
import { type Baseline, content, keyOf } from './baseline.ts';
import type { Kind } from './kinds.ts';
import { isForeign } from './reset.ts';

const kind = (resource: string, group = '/api/v1'): Kind => ({ group, resource, kind: resource, namespaced: true, wholesale: true });
const object = (name: string, namespace?: string, more: Partial<Obj['metadata']> = {}): Obj => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...more },
});
const maps = kind('configmaps');
const coredns = object('coredns', 'kube-system');
const baseline: Baseline = new Map([[keyOf(maps, coredns), coredns]]);

describe('what a reset removes', () => {
  it.each<[string, Kind, Obj, boolean]>([
    ['what was there at the start', maps, coredns, false],
    ['what a test put into kube-system', maps, object('junk', 'kube-system'), true],
    [
      'what a controller owns in kube-system',
      kind('pods'),
      object('coredns-1', 'kube-system', { ownerReferences: [{ controller: true }] }),
      false,
    ],
    ['anything in a namespace of a test', maps, object('kube-root-ca.crt', 'shop'), true],
    ['a namespace of a test', kind('namespaces'), object('shop'), true],
    ['the default namespace', kind('namespaces'), object('default'), false],
    ['the default account', kind('serviceaccounts'), object('default', 'default'), false],
    ['another account', kind('serviceaccounts'), object('ci', 'default'), true],
    ["the API's own Service", kind('services'), object('kubernetes', 'default'), false],
    ['a cluster role of a test', kind('clusterroles'), object('mine'), true],
    [
      'a bootstrapped cluster role',
      kind('clusterroles'),
      object('edit', undefined, { labels: { 'kubernetes.io/bootstrapping': 'x' } }),
      false,
    ],
    ['a class of a test', kind('priorityclasses'), object('vip'), true],
    ['a fake node', kind('nodes'), object('fake-1'), true],
  ])('%s', (_, what, it, expected) => {
    expect(isForeign(what, it, baseline)).toBe(expected);
  });

  it('leaves kube-system alone where the start was not recorded', () => {
    expect(isForeign(maps, object('coredns', 'kube-system'), new Map())).toBe(false);
    expect(isForeign(kind('nodes'), object('node-1'), new Map())).toBe(false);
  });
});

describe('what counts as changed', () => {
  const was: Obj = {
    metadata: { name: 'a', resourceVersion: '1', annotations: { 'deployment.kubernetes.io/revision': '1' } },
    spec: { b: 1, a: 2 },
  };

  it('is not what the server writes, nor the order of fields', () => {
    const is: Obj = {
      metadata: { name: 'a', resourceVersion: '9', annotations: { 'deployment.kubernetes.io/revision': '4' } },
      spec: { a: 2, b: 1 },
      status: {},
    };
    expect(content(is)).toBe(content(was));
  });

  it.each<[string, Obj]>([
    ['a field', { ...was, spec: { b: 1, a: 3 } }],
    ['a label', { ...was, metadata: { ...was.metadata, labels: { x: 'y' } } }],
    ['an annotation', { ...was, metadata: { ...was.metadata, annotations: { x: 'y' } } }],
    ['a finalizer', { ...was, metadata: { ...was.metadata, finalizers: ['x/y'] } }],
  ])('is %s', (_, is) => {
    expect(content(is)).not.toBe(content(was));
  });
});
