import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { meshSubsetEmpty } from './mesh-subset-empty.ts';

type Raw = Record<string, unknown>;
const mesh = (kind: string, name: string, spec: Raw, namespace = 'shop'): Raw => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});
const route = (subset: string | undefined, host = 'tea', weight?: number): Raw =>
  mesh('VirtualService', 'tea', {
    hosts: ['tea'],
    http: [{ route: [{ destination: { host, subset }, ...(weight === undefined ? {} : { weight }) }] }],
  });
const rule = (names: readonly string[], host = 'tea', labels: Raw = { app: 'tea' }): Raw =>
  mesh('DestinationRule', 'tea', { host, subsets: names.map((name) => ({ name, labels })) });
const TEA: Raw[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'tea', namespace: 'shop' },
    spec: { selector: { app: 'tea' }, ports: [{ port: 80 }] },
  },
  ...workload({ name: 'tea', spec: { containers: [{ name: 'app', image: 'a' }] } }),
];
const look = (...objects: Raw[]) => examine([meshSubsetEmpty], [correctValue], [...TEA, ...objects]);

test('a subset that no rule defines: the one that is nearly called so is offered', () => {
  const report = look(route('canari'), rule(['stable', 'canary']));
  expect(told(report)).toEqual([
    'MSH-001 VirtualService/shop/tea spec.http[0].route[0].destination.subset affects tea: subset canari of tea, to which it routes, is not defined, so what is sent there is answered with 503; DestinationRule tea defines stable and canary',
  ]);
  expect(planned(report)['MSH-001 VirtualService/shop/tea']?.[1]).toBe(
    'patch VirtualService/shop/tea test /spec/http/0/route/0/destination/subset "canari"; replace /spec/http/0/route/0/destination/subset "canary"',
  );
});

test('where nothing like it is defined, or no rule is for the host, a person defines it', () => {
  expect(advised(look(route('v2'), rule(['stable'])))['MSH-001 VirtualService/shop/tea']).toContain(
    'define subset v2 in DestinationRule tea',
  );
  expect(told(look(route('v2')))[0]).toContain('no DestinationRule is for that host');
  expect(told(look(route('v2'), rule(['v2'], 'coffee')))[0]).toContain('no DestinationRule is for that host');
});

test('a subset whose labels no workload has', () => {
  expect(told(look(route('v2'), rule(['v2'], 'tea', { version: 'v2' })))[0]).toContain(
    'has no pods: none behind Service tea has version=v2',
  );
});

test.each([
  ['is defined', [route('v2'), rule(['v2'])]],
  ['is defined by a rule that writes the host in full', [route('v2'), rule(['v2'], 'tea.shop.svc.cluster.local')]],
  ['is defined by a rule for many hosts', [route('v2', 'tea.shop.svc.cluster.local'), rule(['v2'], '*.shop')]],
  ['gets nothing', [route('v2', 'tea', 0)]],
  ['is not named', [route(undefined)]],
])('silent where the subset %s', (_, objects) => {
  expect(look(...objects).findings).toEqual([]);
});
