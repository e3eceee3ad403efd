import { expect, test } from 'vitest';
import type { Json } from '../contract/index.ts';
import { managersOf } from './managed-by.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const IMAGE = '/spec/template/spec/containers/1/image';
const deployment = (metadata: { [key: string]: Json } = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { name: 'side', image: 's' },
          { name: 'app', image: 'a' },
        ],
      },
    },
  },
});
const names = (metadata: { [key: string]: Json }, paths = [IMAGE]) =>
  managersOf(deployment(metadata), paths, NOW).map((m) => `${m.by}: ${m.name}${m.putsBack ? ' puts back' : ''}`);

test('GitOps tools, Helm and operators are known by what they write', () => {
  expect(names({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } })).toEqual(
    ['Flux: Kustomization flux-system/apps puts back'],
  );
  expect(
    names({
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'shop' },
      annotations: { 'meta.helm.sh/release-name': 'web' },
    }),
  ).toEqual(['Flux: HelmRelease shop/web puts back']);
  expect(names({ annotations: { 'argocd.argoproj.io/tracking-id': 'shop-app:apps/Deployment:shop/web' } })).toEqual([
    'Argo CD: Application shop-app puts back',
  ]);
  expect(names({ labels: { 'app.kubernetes.io/instance': 'web' } })).toEqual([]);
  expect(
    names({
      labels: { 'app.kubernetes.io/instance': 'web' },
      managedFields: [{ manager: 'argocd-controller', operation: 'Apply', time: '2026-01-01T00:00:00Z', fieldsV1: {} }],
    }),
  ).toEqual(['Argo CD: Application web puts back']);
  expect(names({ annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' } })).toEqual([
    'Helm: release shop/web',
  ]);
  const owner = (apiVersion: string, controller = true) => ({ ownerReferences: [{ apiVersion, kind: 'Shop', name: 's', controller }] });
  expect(names(owner('shops.example.com/v1'))).toEqual(['an operator: Shop s puts back']);
  expect(names(owner('apps/v1'))).toEqual([]);
  expect(names(owner('shops.example.com/v1', false))).toEqual([]);
  expect(managersOf(null, [''], NOW)).toEqual([]);
});

test('a change by hand counts where it was of these fields, and lately', () => {
  const edit = (time: string, manager = 'kubectl-edit', more: object = {}): { [key: string]: Json } => ({
    managedFields: [
      {
        manager,
        operation: 'Update',
        time,
        fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {} } } } } } },
        ...more,
      },
    ],
  });
  const recent = '2026-03-01T11:45:00Z';
  expect(names(edit(recent))).toEqual(['a person: kubectl-edit']);
  expect(names(edit('2026-03-01T10:00:00Z'))).toEqual([]);
  expect(names(edit(recent, 'kube-controller-manager'))).toEqual([]);
  expect(names(edit(recent, 'quarterdeck'))).toEqual([]);
  expect(names(edit(recent), ['/spec/template/spec/containers/0/image'])).toEqual([]);
  expect(names(edit(recent), ['/spec/replicas'])).toEqual([]);
  expect(names(edit(recent), ['/spec/template'])).toEqual(['a person: kubectl-edit']);
  expect(names(edit(recent, 'kubectl-edit', { subresource: 'status' }))).toEqual([]);
});
