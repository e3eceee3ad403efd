import { expect, test } from 'vitest';
import { examine, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { letGo } from '../remedies/let-go.ts';
import { restoreCalledService } from '../remedies/restore-called-service.ts';
import { apiServiceUnavailable } from './api-service-unavailable.ts';
import { conversionWebhookUnavailable } from './conversion-webhook-unavailable.ts';
import { namesNotAccepted } from './names-not-accepted.ts';

type Raw = Record<string, unknown>;
const LONG_AGO = '2026-03-01T11:50:00Z';
const look = (...objects: Raw[]) =>
  examine([apiServiceUnavailable, conversionWebhookUnavailable, namesNotAccepted], [restoreCalledService, letGo], objects);
const api = (
  status: string,
  reason: string,
  since = LONG_AGO,
  service: Raw | undefined = { namespace: 'sky', name: 'stars', port: 443 },
): Raw => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.stars.example.com', creationTimestamp: LONG_AGO },
  spec: { group: 'stars.example.com', version: 'v1', ...(service === undefined ? {} : { service }) },
  status: { conditions: [{ type: 'Available', status, reason, message: 'it says why', lastTransitionTime: since }] },
});
const service: Raw = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'stars', namespace: 'sky' },
  spec: { selector: { app: 'stars' }, ports: [{ port: 443 }] },
};
const behind = (replicas: number, status: Raw) =>
  workload({ name: 'stars', namespace: 'sky', spec: { containers: [{ name: 's', image: 's' }] }, status }).flatMap((o) =>
    o['kind'] === 'Deployment' ? [{ ...o, spec: { ...(o['spec'] as Raw), replicas } }] : replicas === 0 && o['kind'] === 'Pod' ? [] : [o],
  );
const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

test('what serves it is scaled to zero: there is the fault, and the repair', () => {
  const report = look(api('False', 'MissingEndpoints'), service, ...behind(0, {}));
  expect(told(report)).toEqual([
    'API-001 Deployment/sky/stars spec.replicas affects v1.stars.example.com, stars: Deployment sky/stars is scaled to zero, and APIService v1.stars.example.com is answered by it through Service sky/stars',
  ]);
  expect(planned(report)['API-001 Deployment/sky/stars']).toEqual(['Scale Deployment stars from 0 to 1', 'scale Deployment/sky/stars']);
});

test('pods that are not ready have a cause of their own: less sure', () => {
  expect(look(api('False', 'MissingEndpoints'), service, ...behind(1, {})).findings.map((f) => [f.subject.kind, f.confidence])).toEqual([
    ['APIService', 0.65],
  ]);
  const odd = look(api('False', 'FailedDiscoveryCheck'), service, ...behind(1, READY));
  expect(told(odd)[0]).toContain('APIService v1.stars.example.com is not available: it says why');
});

test('silent where it is available, was so a moment ago, or is served by the API server itself', () => {
  expect(told(look(api('True', 'Passed'), service, ...behind(1, READY)))).toEqual([]);
  expect(told(look(api('False', 'MissingEndpoints', '2026-03-01T11:59:52Z'), service, ...behind(1, {})))).toEqual([]);
  const local = api('True', 'Local');
  expect(told(look({ ...local, spec: { group: 'apps', version: 'v1', service: null } }))).toEqual([]);
});

const crd = (name: string, names: Raw, more: Raw = {}, conditions: Raw[] = []): Raw => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name, creationTimestamp: LONG_AGO },
  spec: {
    group: 'zoo.example.com',
    names,
    versions: [
      { name: 'v1', served: true, storage: true },
      { name: 'v2', served: true, storage: false },
    ],
    ...more,
  },
  status: { storedVersions: ['v1'], conditions },
});
const webhook = (called: Raw): Raw => ({ conversion: { strategy: 'Webhook', webhook: { clientConfig: { service: called } } } });

test('a conversion whose Service is gone; of one version only it is a remark; one without a webhook is none', () => {
  const at = webhook({ namespace: 'zoo', name: 'translator' });
  const report = look(crd('cats.zoo.example.com', { kind: 'Cat', plural: 'cats' }, at));
  expect(told(report)[0]).toContain(
    'API-002 CustomResourceDefinition/cats.zoo.example.com spec.conversion.webhook.clientConfig.service.name',
  );
  expect(report.findings[0]?.severity).toBe('high');
  expect(Object.values(advised(report))[0]).toContain('Restore Service zoo/translator');
  const one = crd(
    'dogs.zoo.example.com',
    { kind: 'Dog', plural: 'dogs' },
    { ...at, versions: [{ name: 'v1', served: true, storage: true }] },
  );
  expect(look(one).findings.map((f) => f.severity)).toEqual(['low']);
  expect(told(look(crd('owls.zoo.example.com', { kind: 'Owl', plural: 'owls' }, { conversion: { strategy: 'None' } })))).toEqual([]);
});

test('a definition whose names another one has is not served', () => {
  const bad = [{ type: 'NamesAccepted', status: 'False', reason: 'PluralConflict', message: '"cats" is already in use' }];
  const report = look(
    crd('cats.zoo.example.com', { kind: 'Cat', plural: 'cats' }),
    crd('kitties.zoo.example.com', { kind: 'Cat', plural: 'kitties' }, {}, bad),
  );
  expect(told(report)).toEqual([
    'API-003 CustomResourceDefinition/kitties.zoo.example.com spec.names: CustomResourceDefinition kitties.zoo.example.com is not served: "cats" is already in use; cats.zoo.example.com has them',
  ]);
  const coming = [{ type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }];
  expect(told(look(crd('new.zoo.example.com', { kind: 'New', plural: 'new' }, {}, coming)))).toEqual([]);
});
