import { expect, test } from 'vitest';
import { configMap, container, ended, examine, logs, running, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { allowTheConnection } from '../remedies/allow-the-connection.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { putBackTheValue } from '../remedies/put-back-the-value.ts';
import { scaleUpAgain } from '../remedies/scale-up-again.ts';
import { asksAnotherDns } from './asks-another-dns.ts';
import { corefileBroken } from './corefile-broken.ts';
import { externalNameLeadsNowhere } from './external-name-leads-nowhere.ts';
import { gatewayLeadsNowhere } from './gateway-leads-nowhere.ts';
import { gatewayNotAccepted } from './gateway-not-accepted.ts';
import { networkPolicyDenies } from './network-policy-denies.ts';
import { noEndpointOnTheNode } from './no-endpoint-on-the-node.ts';
import { nobodyAnswersForNames } from './nobody-answers-for-names.ts';
import { peersNotNamedBeforeReady } from './peers-not-named-before-ready.ts';

type Raw = Record<string, unknown>;
const CREATED = '2026-03-01T10:00:00Z';
const meta = (name: string, namespace = 'shop', more: Raw = {}) => ({
  name,
  namespace,
  uid: `uid-${name}`,
  creationTimestamp: CREATED,
  ...more,
});
const service = (name: string, spec: Raw, namespace = 'shop'): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name, namespace),
  spec,
});
const web = (name: string, namespace = 'shop') =>
  service(name, { clusterIP: '10.96.1.1', selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] }, namespace);
const namespaces = ['shop', 'kube-system'].map((name): Raw => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
}));
const dns = service(
  'kube-dns',
  {
    clusterIP: '10.96.0.10',
    selector: { app: 'coredns' },
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53 },
    ],
  },
  'kube-system',
);
const spec = { containers: [{ name: 'app', image: 'x', ports: [{ containerPort: 8080 }] }] };
const well = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', running(), { ready: true })],
};
const failing = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', ended(1), { restartCount: 3 })],
};
const ready = (name: string, more: Raw = {}, namespace = 'shop') => workload({ name, namespace, spec: { ...spec, ...more }, status: well });
const crashing = (name: string, more: Raw = {}) => workload({ name, spec: { ...spec, ...more }, status: failing });
const policy = (name: string, app: string, more: Raw, namespace = 'shop'): Raw => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: meta(name, namespace),
  spec: { podSelector: { matchLabels: { app } }, ...more },
});

const NO_NAME = 'dial tcp: lookup backend on 10.96.0.10:53: no such host';
const TIMEOUT = 'fatal: cannot reach backend:80: i/o timeout';

test('a policy that does not list the caller is the cause of its time-outs, and is given the one rule that lacks', () => {
  const closed = policy('door', 'backend', {
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'other' } } }] }],
  });
  const objects = [...namespaces, ...crashing('caller'), ...ready('backend'), web('backend'), closed];
  const report = examine([networkPolicyDenies], [allowTheConnection], objects, () => logs(TIMEOUT));
  expect(told(report)).toEqual([
    'NET-001 NetworkPolicy/shop/door spec.ingress affects caller, caller-r1-x, backend: container app of Deployment caller cannot reach Service backend in shop (port 8080 of Deployment backend): the NetworkPolicy for what reaches Deployment backend (ingress) does not list the caller',
  ]);
  expect(planned(report)['NET-001 NetworkPolicy/shop/door']?.[1]).toBe(
    'patch NetworkPolicy/shop/door add /spec/ingress/- {"from":[{"podSelector":{"matchLabels":{"app":"caller"}}}],"ports":[{"protocol":"TCP","port":8080}]}',
  );
  const open = policy('door', 'backend', {
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'caller' } } }] }],
  });
  expect(told(examine([networkPolicyDenies], [], [...objects.slice(0, -1), open], () => logs(TIMEOUT)))).toEqual([]);
  // A refusal came from the other end: nothing stood between.
  expect(told(examine([networkPolicyDenies], [], objects, () => logs('dial tcp 10.96.1.1:80: connect: connection refused')))).toEqual([]);
});

test('an egress policy without port 53 is why a name does not resolve; DNS is let through on UDP and TCP', () => {
  const lanes = policy('lanes', 'caller', {
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: { matchLabels: { app: 'backend' } } }] }],
  });
  const objects = [
    ...namespaces,
    dns,
    ...ready('coredns', {}, 'kube-system'),
    ...crashing('caller'),
    ...ready('backend'),
    web('backend'),
    lanes,
  ];
  const report = examine([networkPolicyDenies], [allowTheConnection], objects, () => logs(NO_NAME));
  expect(told(report)[0]).toContain(
    "cannot reach the cluster's DNS (kube-dns, port 53): the NetworkPolicy for what leaves its pods (egress) does not list it",
  );
  expect(planned(report)['NET-001 NetworkPolicy/shop/lanes']?.[1]).toBe(
    'patch NetworkPolicy/shop/lanes add /spec/egress/- {"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"app":"coredns"}}}],"ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}',
  );
});

test('another name server, the node of its own, or the wrong policy on the network of the node', () => {
  const objects = [...namespaces, dns, ...ready('coredns', {}, 'kube-system'), ...ready('backend'), web('backend')];
  const of = (more: Raw) => {
    const report = examine([asksAnotherDns], [correctValue], [...objects, ...crashing('caller', more)], () => logs(NO_NAME));
    return planned(report)['DNS-001 Deployment/shop/caller']?.[0];
  };
  expect(of({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'] } })).toBe(
    'Set dnsPolicy of Deployment caller to ClusterFirst instead of None',
  );
  expect(of({ dnsPolicy: 'Default' })).toBe('Set dnsPolicy of Deployment caller to ClusterFirst instead of Default');
  expect(of({ hostNetwork: true, dnsPolicy: 'ClusterFirst' })).toBe(
    'Set dnsPolicy of Deployment caller to ClusterFirstWithHostNet instead of ClusterFirst',
  );
  expect([of({ dnsPolicy: 'ClusterFirst' }), of({ dnsPolicy: 'None', dnsConfig: { nameservers: ['10.96.0.10'] } })]).toEqual([
    undefined,
    undefined,
  ]);
});

test('a DNS that is scaled to zero is the cause, one whose pods fail is told of, one that is ready is not', () => {
  const scaled = ready('coredns', {}, 'kube-system')
    .filter((o) => o['kind'] !== 'Pod')
    .map((o) => ({ ...o, spec: { ...(o['spec'] as Raw), replicas: 0 } }));
  const zero = examine([nobodyAnswersForNames], [scaleUpAgain], [...namespaces, dns, ...scaled, ...crashing('caller')], () =>
    logs(NO_NAME),
  );
  expect(told(zero)).toEqual([
    'DNS-002 Deployment/kube-system/coredns spec.replicas affects kube-dns, caller, caller-r1-x: it is scaled to zero, so nobody answers for the names of the cluster (Service kube-dns)',
  ]);
  expect(planned(zero)['DNS-002 Deployment/kube-system/coredns']).toEqual([
    'Scale Deployment coredns back to 2',
    'scale Deployment/kube-system/coredns',
  ]);
  const down = workload({ name: 'coredns', namespace: 'kube-system', spec, status: failing });
  expect(told(examine([nobodyAnswersForNames], [], [...namespaces, dns, ...down]), 'symptom')).toHaveLength(1);
  const up = examine([nobodyAnswersForNames], [], [...namespaces, dns, ...ready('coredns', {}, 'kube-system')]);
  expect(up.findings).toEqual([]);
});

test('a Corefile that cannot be read is the fault of its ConfigMap', () => {
  const mounted = { containers: [{ name: 'app', image: 'x' }], volumes: [{ name: 'c', configMap: { name: 'names' } }] };
  const objects = [...workload({ name: 'resolver', spec: mounted, status: failing }), configMap('names', { Corefile: '.:53 {' })];
  const report = examine([corefileBroken], [putBackTheValue], objects, () =>
    logs('plugin/forward: x', "/etc/coredns/Corefile:7 - Error during parsing: Unknown directive 'forwrad'"),
  );
  expect(told(report)).toEqual([
    "DNS-003 ConfigMap/shop/names data[Corefile] affects resolver, resolver-r1-x: Corefile in ConfigMap names cannot be read, line 7: Unknown directive 'forwrad'; Deployment resolver does not start with it",
  ]);
  expect(advised(report)['DNS-003 ConfigMap/shop/names']).toContain('put back what was in ConfigMap names under Corefile');
});

test('an ExternalName of nothing, of an address, of a Service that is there, and of a host outside', () => {
  const external = (name: string, externalName: string) => service(name, { type: 'ExternalName', externalName });
  const report = examine(
    [externalNameLeadsNowhere],
    [correctValue],
    [
      web('backend'),
      external('a', 'bakcend.shop.svc.cluster.local'),
      external('b', '10.0.0.9'),
      external('c', 'backend.shop.svc.cluster.local'),
      external('d', 'api.example.test'),
      external('e', 'backend.shop.svc.cluster.locl'),
      external('f', 'backend.shop.svc.corp.example'),
    ],
  );
  expect(told(report)).toEqual([
    'SVC-012 Service/shop/a spec.externalName: externalName bakcend.shop.svc.cluster.local stands for Service bakcend in shop, which does not exist; was backend.shop.svc.cluster.local meant?',
    'SVC-012 Service/shop/b spec.externalName: externalName 10.0.0.9 is an address, not a name, so the Service does not resolve',
    'SVC-012 Service/shop/e spec.externalName: externalName backend.shop.svc.cluster.locl ends in cluster.locl, a domain that nobody answers for; was backend.shop.svc.cluster.local meant?',
  ]);
  expect(planned(report)['SVC-012 Service/shop/a']?.[0]).toBe(
    'Set externalName of Service a to backend.shop.svc.cluster.local instead of bakcend.shop.svc.cluster.local',
  );
});

test('traffic that stays on the node, called from a node without an endpoint', () => {
  const slice = (nodeName: string): Raw => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta('backend-1', 'shop', { labels: { 'kubernetes.io/service-name': 'backend' } }),
    endpoints: [{ addresses: ['10.0.0.1'], nodeName, conditions: { ready: true } }],
  });
  const local = service('backend', { internalTrafficPolicy: 'Local', selector: { app: 'backend' }, ports: [{ port: 80 }] });
  const caller = ready('caller', { containers: [{ name: 'app', image: 'x', env: [{ name: 'BACKEND_HOST', value: 'backend' }] }] });
  const report = examine([noEndpointOnTheNode], [correctValue], [local, slice('node-2'), ...caller]);
  expect(told(report)[0]).toContain(
    'internalTrafficPolicy is Local and endpoints are only on node-2, so Deployment caller on node-1 reaches nobody',
  );
  expect(planned(report)['SVC-013 Service/shop/backend']?.[0]).toBe(
    'Set internalTrafficPolicy of Service backend to Cluster instead of Local',
  );
  expect(told(examine([noEndpointOnTheNode], [], [local, slice('node-1'), ...caller]))).toEqual([]);
});

test('peers that look for each other before they are ready', () => {
  const headless = service('peers', { clusterIP: 'None', selector: { app: 'quorum' }, ports: [{ port: 80 }] });
  const set = workload({ kind: 'StatefulSet', name: 'quorum', spec, status: failing }).map((o) =>
    o['kind'] === 'StatefulSet' ? { ...o, spec: { ...(o['spec'] as Raw), serviceName: 'peers' } } : o,
  );
  const line = 'fatal: lookup quorum-1.peers on 10.96.0.10:53: no such host';
  const report = examine([peersNotNamedBeforeReady], [correctValue], [headless, ...set], () => logs(line));
  expect(planned(report)['SVC-014 Service/shop/peers']).toEqual([
    'Set publishNotReadyAddresses of Service peers to true',
    'patch Service/shop/peers add /spec/publishNotReadyAddresses true',
  ]);
  expect(told(examine([peersNotNamedBeforeReady], [], [headless, ...set], () => logs(NO_NAME)))).toEqual([]);
});

test('gateways and routes that name what is not there, and what a controller does not accept', () => {
  const api = 'gateway.networking.k8s.io/v1';
  const klass: Raw = {
    apiVersion: api,
    kind: 'GatewayClass',
    metadata: { name: 'edge', creationTimestamp: CREATED },
    spec: { controllerName: 'example.test/edge' },
  };
  const gateway = (name: string, gatewayClassName: string, status: Raw = {}): Raw => ({
    apiVersion: api,
    kind: 'Gateway',
    metadata: meta(name),
    spec: { gatewayClassName, listeners: [] },
    status,
  });
  const route = (name: string, parent: string, backend: Raw): Raw => ({
    apiVersion: api,
    kind: 'HTTPRoute',
    metadata: meta(name),
    spec: { parentRefs: [{ name: parent }], rules: [{ backendRefs: [backend] }] },
  });
  const report = examine(
    [gatewayLeadsNowhere, gatewayNotAccepted],
    [correctValue],
    [
      klass,
      web('backend'),
      gateway('front', 'edge'),
      gateway('lost', 'edeg'),
      gateway('clash', 'edge', {
        listeners: [
          {
            name: 'web',
            conditions: [
              { type: 'Programmed', status: 'False', reason: 'Invalid', message: 'it cannot be made', lastTransitionTime: CREATED },
              { type: 'Accepted', status: 'False', reason: 'PortUnavailable', message: 'port 80 is taken', lastTransitionTime: CREATED },
            ],
          },
        ],
      }),
      route('good', 'front', { name: 'backend', port: 80 }),
      route('a', 'frnot', { name: 'backend', port: 80 }),
      route('b', 'front', { name: 'bakcend', port: 80 }),
      route('c', 'front', { name: 'backend', port: 8080 }),
      {
        ...route('far', 'front', { name: 'cart', namespace: 'stock', port: 80 }),
        status: {
          parents: [
            {
              parentRef: { name: 'front' },
              conditions: [
                { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted', message: 'not permitted', lastTransitionTime: CREATED },
              ],
            },
          ],
        },
      },
      { apiVersion: 'v1', kind: 'Service', metadata: { ...meta('cart'), namespace: 'stock' }, spec: { ports: [{ port: 80 }] } },
    ],
  );
  expect(Object.values(planned(report)).map((p) => p[0])).toEqual([
    'Set gatewayClassName of Gateway lost to edge instead of edeg',
    'Set name of HTTPRoute a to front instead of frnot',
    'Set name of HTTPRoute b to backend instead of bakcend',
    'Set port of HTTPRoute c to 80 instead of 8080',
  ]);
  expect(told(report, 'symptom')).toEqual([
    'GTW-002 Gateway/shop/clash status.conditions[Accepted]: Accepted is False for listener web (PortUnavailable): port 80 is taken',
    'GTW-002 HTTPRoute/shop/far status.conditions[ResolvedRefs]: ResolvedRefs is False for Gateway front (RefNotPermitted): not permitted',
  ]);
  expect(Object.values(advised(report))).toEqual([
    'correct what its controller says: port 80 is taken',
    'create a ReferenceGrant in namespace stock that lets a HTTPRoute of namespace shop refer to what it names, or keep both in one namespace',
  ]);
});
