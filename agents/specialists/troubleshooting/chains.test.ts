import { expect, test } from 'vitest';
import { type Fact, type Probe, fingerprint } from '../../contract/index.ts';
import { foldIncidents } from '../../core/incident.ts';
import { NOW, configMap, container, ended, examine, logs, running, waiting, workload } from '../testing/cluster.ts';
import { troubleshooting } from './agent.ts';

/** Faults that lead to others, looked at with all checks: one incident a cause, whatever kinds it goes through. */

type Raw = Record<string, unknown>;
const NOTHING: Fact = { ok: false, failure: { code: 'not-found', message: 'nothing' } };
/** `Kind/name <- Kind/name, …` of each incident, and what it needs from a person. */
function incidents(
  objects: readonly Raw[],
  said: Readonly<Record<string, readonly string[]>> = {},
  events: Readonly<Record<string, Raw>> = {},
  custom: Fact = NOTHING,
) {
  const answer = (probe: Probe): Fact => {
    if (probe.type === 'podLogs') {
      const lines = said[Object.keys(said).find((name) => probe.pod.startsWith(name)) ?? ''];
      return lines === undefined ? NOTHING : logs(...lines);
    }
    if (probe.type === 'customResources') return custom;
    if (probe.type !== 'objectEvents') return NOTHING;
    const event = events[Object.keys(events).find((name) => probe.resource.name.startsWith(name)) ?? ''];
    return event === undefined ? NOTHING : ({ ok: true, value: { events: [{ type: 'Warning', count: 3, ...event }] } } as Fact);
  };
  const report = examine(troubleshooting.checks, troubleshooting.remedies, objects, answer, [{ kind: 'Role', because: 'forbidden' }]);
  return foldIncidents({
    context: 'c',
    findings: report.findings.filter((f) => f.severity !== 'info'),
    relations: report.relations,
    advice: new Map(report.advice.map((a) => [a.fingerprint, a.text])),
    planned: new Set(report.drafts.map((d) => d.fingerprint)),
    previous: [],
    now: NOW,
  }).map((i) => ({
    cause: `${i.rootCause.code} ${i.rootCause.resource.kind}/${i.rootCause.resource.name}`,
    symptoms: [...new Set(i.symptoms.map((s) => `${s.code} ${s.resource.kind}/${s.resource.name}`))].sort(),
    advice: i.advice,
    fingerprint: fingerprint({ code: i.rootCause.code, subject: i.rootCause.resource, field: i.rootCause.field }),
  }));
}
const shape = (...args: Parameters<typeof incidents>) =>
  incidents(...args)
    .map((i) => [i.cause, ...i.symptoms].join(' < '))
    .sort();

const crashed = (name: string, code = 1, reason = 'Error') => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-01T11:00:00Z' }],
  containerStatuses: [container(name, waiting('CrashLoopBackOff'), { restartCount: 8, lastState: ended(code, reason) })],
});
const service = (name: string, namespace: string, port: number, more: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, creationTimestamp: '2026-03-01T10:00:00Z' },
  spec: { clusterIP: `10.96.0.${name.length}`, selector: { app: name }, ports: [{ port, protocol: 'TCP' }], ...more },
});
const one = (name: string, image = 'r.example/app:1', more: Raw = {}): Raw => ({ containers: [{ name, image, ...more }] });

test('a webhook behind a program that crashes: what it keeps from being made is one incident with the crash', () => {
  const refusal =
    'Internal error occurred: failed calling webhook "inject.mesh.example": failed to call webhook: Post "https://injector.mesh.svc:443/inject": dial tcp 10.96.0.8:443: connect: connection refused';
  const refused = workload({ name: 'cart', spec: one('app') }).flatMap((o): Raw[] => {
    if (o['kind'] === 'Pod') return [];
    const conditions = [
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal, lastTransitionTime: '2026-03-01T11:40:00Z' },
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastTransitionTime: '2026-03-01T11:50:00Z' },
    ];
    return [{ ...o, status: { ...(o['status'] as Raw), conditions } }];
  });
  const hook: Raw = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'mesh', creationTimestamp: '2026-03-01T10:00:00Z' },
    webhooks: [
      {
        name: 'inject.mesh.example',
        clientConfig: { service: { namespace: 'mesh', name: 'injector' } },
        failurePolicy: 'Fail',
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      },
    ],
  };
  const behind = workload({ name: 'injector', namespace: 'mesh', spec: one('i'), status: crashed('i', 2) });
  const objects = [hook, service('injector', 'mesh', 443), ...behind, ...refused];
  expect(shape(objects, { injector: ['panic: invalid mesh config'] })).toEqual([
    'POD-003 Deployment/injector < ADM-002 MutatingWebhookConfiguration/mesh < DEP-001 Deployment/cart < SVC-010 Service/injector',
  ]);
});

test('an aggregated API behind a program that crashes, and the autoscaler that waits for it, are one incident', () => {
  const condition = (type: string, reason: string) => ({
    type,
    status: 'False',
    reason,
    message: reason,
    lastTransitionTime: '2026-03-01T11:00:00Z',
  });
  const api: Raw = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.custom.metrics.k8s.io' },
    spec: { group: 'custom.metrics.k8s.io', version: 'v1beta1', service: { namespace: 'obs', name: 'adapter', port: 443 } },
    status: { conditions: [condition('Available', 'MissingEndpoints')] },
  };
  const hpa: Raw = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'worker', namespace: 'shop' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'worker' }, maxReplicas: 5, metrics: [{ type: 'Pods' }] },
    status: { conditions: [condition('ScalingActive', 'FailedGetPodsMetric')] },
  };
  const ready = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('w', running(), { ready: true })],
  };
  const objects = [
    api,
    hpa,
    service('adapter', 'obs', 443),
    ...workload({ name: 'worker', spec: one('w'), status: ready }),
    ...workload({ name: 'adapter', namespace: 'obs', spec: one('a'), status: crashed('a') }),
  ];
  expect(shape(objects, { adapter: ['unable to load discovery config: yaml: line 12: mapping values are not allowed'] })).toEqual([
    'POD-003 Deployment/adapter < API-001 APIService/v1beta1.custom.metrics.k8s.io < HPA-003 HorizontalPodAutoscaler/worker < SVC-010 Service/adapter',
  ]);
});

test('who cannot ask for names suffers from what keeps the DNS from being ready; who is told that there is no such name does not', () => {
  const dns = service('kube-dns', 'kube-system', 53, { selector: { app: 'coredns' }, ports: [{ port: 53, protocol: 'UDP' }] });
  const objects = (line: string) =>
    shape(
      [
        dns,
        ...workload({ name: 'coredns', namespace: 'kube-system', spec: one('coredns'), status: crashed('coredns') }),
        ...workload({ name: 'catalog', spec: one('app'), status: crashed('app', 2) }),
        service('db', 'shop', 5432, { selector: { app: 'db' } }),
        ...workload({ name: 'db', spec: one('db'), status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
      ],
      { coredns: ['[FATAL] plugin/loop: Loop detected for zone "."'], catalog: [line] },
    );
  expect(objects('panic: lookup db on 10.96.0.8:53: read udp 10.0.0.9:4->10.96.0.8:53: read: connection refused')).toEqual([
    'POD-003 Deployment/coredns < DNS-002 Deployment/coredns < POD-003 Deployment/catalog < SVC-010 Service/kube-dns',
  ]);
  expect(objects('division by zero').map((i) => i.split(' < ')[0])).toEqual(['POD-003 Deployment/catalog', 'POD-003 Deployment/coredns']);
});

test('a volume whose driver does not run on the node: the DaemonSet of the driver is at fault where its pod there is not well', () => {
  const message =
    'kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ebs.example.com not found in the list of registered CSI drivers';
  const waits = workload({
    name: 'mongo',
    spec: one('m'),
    status: { conditions: [], containerStatuses: [container('m', waiting('ContainerCreating'))] },
  });
  const driver = (status: Raw, folder = '/var/lib/kubelet/plugins/ebs.example.com/') =>
    workload({
      kind: 'DaemonSet',
      name: 'storage-node',
      namespace: 'kube-system',
      spec: { ...one('plugin'), volumes: [{ name: 'socket', hostPath: { path: folder } }] },
      status,
    });
  const events = { mongo: { reason: 'FailedMount', message } };
  expect(shape([...waits, ...driver(crashed('plugin'))], { 'storage-node': ['no instance metadata'] }, events)).toEqual([
    'POD-003 DaemonSet/storage-node < VOL-011 Deployment/mongo',
  ]);
  // Another driver's trouble is another incident.
  expect(
    shape([...waits, ...driver(crashed('plugin'), '/var/lib/kubelet/plugins/nfs/')], { 'storage-node': ['no metadata'] }, events),
  ).toEqual(['POD-003 DaemonSet/storage-node', 'VOL-011 Deployment/mongo']);
});

test('a subPath that is no file keeps the runtime from mounting it: the name is the cause', () => {
  const spec = {
    containers: [
      { name: 'nginx', image: 'n', volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/nginx.conf', subPath: 'nginx.conf' }] },
    ],
    volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
  };
  const said = 'error mounting "/var/lib/kubelet/x/0" to rootfs at "/etc/nginx/nginx.conf": create mountpoint: not a directory';
  const status = (files: Raw) => [
    configMap('conf', files),
    ...workload({
      name: 'web',
      spec,
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          container('nginx', waiting('CrashLoopBackOff'), { restartCount: 4, lastState: ended(128, 'StartError', said) }),
        ],
      },
    }),
  ];
  expect(shape(status({ 'default.conf': '' }))).toEqual(['CFG-011 Deployment/web < POD-017 Deployment/web']);
  expect(shape(status({ 'nginx.conf': '' }))).toEqual(['POD-017 Deployment/web']);
});

test('an account that is refused explains the crash, also where the roles cannot be read; a plan for the cause leaves no advice of a symptom', () => {
  const line =
    '{"kind":"Status","message":"pods \\"job-7\\" is forbidden: User \\"system:serviceaccount:shop:reaper\\" cannot delete resource \\"pods\\" in API group \\"\\" in the namespace \\"shop\\"","code":403}';
  const account: Raw = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reaper', namespace: 'shop' } };
  const objects = [account, ...workload({ name: 'reaper', spec: { serviceAccountName: 'reaper', ...one('r') }, status: crashed('r') })];
  expect(shape(objects, { reaper: [line, 'ApiException: (403)'] })).toEqual(['RBC-003 ServiceAccount/reaper < POD-003 Deployment/reaper']);
  const misspelt = [
    ...workload({
      name: 'front',
      spec: one('f', 'f', { env: [{ name: 'CACHE', value: 'cashe:6379' }] }),
      status: crashed('f'),
    }),
    service('cache', 'shop', 6379),
    ...workload({ name: 'cache', spec: one('c'), status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
  ];
  const [incident] = incidents(misspelt, { front: ['dial tcp: lookup cashe on 10.96.0.10:53: no such host'] });
  expect([incident?.cause, incident?.symptoms, incident?.advice]).toEqual([
    'SVC-011 Deployment/front',
    ['POD-003 Deployment/front'],
    undefined,
  ]);
});

test('a custom resource that should have made a Secret is why it is not there, and what keeps its operator from it is why it could not', () => {
  const kind = (plural: string, names: string, group: string): Raw => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind: names, plural },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { properties: { status: { properties: { conditions: { type: 'array' } } } } } },
        },
      ],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  });
  const pay = workload({
    name: 'pay',
    spec: one('p', 'p', { envFrom: [{ secretRef: { name: 'stripe' } }] }),
    status: {
      phase: 'Pending',
      conditions: [],
      containerStatuses: [container('p', waiting('CreateContainerConfigError', 'secret "stripe" not found'))],
    },
  });
  const pending = service('pay', 'shop', 80);
  const unwell = (name: string, secret?: string): Fact => {
    const condition = { type: 'Ready', status: 'False', reason: 'SyncError', message: 'access denied', at: '2026-03-01T11:00:00.000Z' };
    const object = { name, namespace: 'shop', uid: name, suspended: false, leaving: false, over: false, conditions: [condition] };
    return { ok: true, value: { objects: [{ ...object, ...(secret === undefined ? {} : { secret }) }], truncated: false } };
  };
  const external = kind('externalsecrets', 'ExternalSecret', 'secrets.example');
  // By its own name where no target is written.
  for (const fact of [unwell('stripe'), unwell('other', 'stripe')])
    expect(shape([external, pending, ...pay], {}, {}, fact)).toEqual([
      `CRX-001 ExternalSecret/${fact.ok && 'objects' in fact.value ? (fact.value.objects[0] as { name: string }).name : ''} < CFG-002 Deployment/pay < SVC-010 Service/pay`,
    ]);
  // One that makes another Secret, or a kind that makes none, leaves the missing name to who names it.
  expect(shape([external, ...pay], {}, {}, unwell('other', 'another'))).toEqual(['CFG-002 Deployment/pay', 'CRX-001 ExternalSecret/other']);
  expect(shape([kind('wells', 'Well', 'farm.example'), ...pay], {}, {}, unwell('stripe', 'stripe'))).toEqual([
    'CFG-002 Deployment/pay',
    'CRX-001 Well/stripe',
  ]);
  const hook: Raw = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'guard', creationTimestamp: '2026-03-01T10:00:00Z' },
    webhooks: [
      {
        name: 'guard.secrets.example',
        clientConfig: { service: { namespace: 'ops', name: 'guard' } },
        failurePolicy: 'Fail',
        rules: [{ operations: ['*'], apiGroups: ['secrets.example'], apiVersions: ['v1'], resources: ['*'] }],
      },
    ],
  };
  expect(shape([external, hook, ...pay], {}, {}, unwell('stripe'))).toEqual([
    'ADM-002 ValidatingWebhookConfiguration/guard < CFG-002 Deployment/pay < CRX-001 ExternalSecret/stripe',
  ]);
});

test('a node without its network, and a cluster without its scheduler: the program that should do it is at fault', () => {
  const node: Raw = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', creationTimestamp: '2026-03-01T07:00:00Z' },
    spec: {},
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'KubeletNotReady',
          message: 'container runtime network not ready: cni plugin not initialized',
          lastTransitionTime: '2026-03-01T11:00:00Z',
        },
      ],
    },
  };
  const net = (path: string) =>
    workload({
      kind: 'DaemonSet',
      name: 'net',
      namespace: 'kube-system',
      spec: { ...one('net'), volumes: [{ name: 'conf', hostPath: { path } }] },
      status: crashed('net'),
    });
  const said = { net: ['failed to acquire lease: pod cidr not assigned'] };
  expect(shape([node, ...net('/etc/cni/net.d')], said)).toEqual(['POD-003 DaemonSet/net < NOD-001 Node/node-1']);
  expect(shape([node, ...net('/var/log')], said)).toEqual(['NOD-001 Node/node-1 < POD-003 DaemonSet/net']);
  const scheduler = workload({ kind: 'Pod', name: 'kube-scheduler', namespace: 'kube-system', spec: one('s'), status: crashed('s') }).map(
    (o): Raw => ({ ...o, metadata: { ...(o['metadata'] as Raw), labels: { component: 'kube-scheduler' } } }),
  );
  const waits = workload({ name: 'web', spec: one('w'), status: { phase: 'Pending', conditions: [] } }).map((o): Raw =>
    o['kind'] === 'Pod' ? { ...o, spec: one('w') } : o,
  );
  expect(shape([...scheduler, ...waits], { 'kube-scheduler': ['unable to load config file'] })).toEqual([
    'POD-003 Pod/kube-scheduler < SCH-017 Pod/kube-scheduler',
  ]);
});

const unplaced = {
  phase: 'Pending',
  conditions: [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no', lastTransitionTime: '2026-03-01T11:00:00Z' },
  ],
};
const pluginOf = (resource: string, status: Raw) => [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: {}, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } } },
  ...workload({
    kind: 'DaemonSet',
    name: 'acme-plugin',
    namespace: 'kube-system',
    spec: { ...one('plugin'), volumes: [{ name: 'd', hostPath: { path: '/var/lib/kubelet/device-plugins' } }] },
    status,
  }),
  ...workload({
    name: 'train',
    spec: { nodeName: undefined, containers: [{ name: 'app', image: 'a', resources: { limits: { [resource]: '1' } } }] },
    status: unplaced,
  }),
];

test('a device plugin that crashes and the pods that lack its resource are one incident; one that runs is not to blame', () => {
  expect(shape(pluginOf('acme.example/gpu', crashed('plugin')), { 'acme-plugin': ['FATAL no driver'] })).toEqual([
    'POD-003 DaemonSet/acme-plugin < SCH-005 Deployment/train < SCH-010 Deployment/train',
  ]);
  const ready = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container('plugin', running(), { ready: true })],
  };
  expect(shape(pluginOf('acme.example/gpu', ready))).toEqual(['SCH-005 Deployment/train < SCH-010 Deployment/train']);
});

const stored = (controller: Raw, status: Raw) => [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'ssd.acme.example',
    volumeBindingMode: 'Immediate',
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: 'data',
      namespace: 'shop',
      creationTimestamp: '2026-03-01T11:00:00Z',
      annotations: { 'volume.kubernetes.io/storage-provisioner': 'ssd.acme.example' },
    },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  },
  ...workload({ name: 'controller', namespace: 'storage', spec: controller, status }),
  ...workload({
    name: 'db',
    spec: { nodeName: undefined, ...one('db'), volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] },
    status: unplaced,
  }),
];
const csi = {
  containers: [
    { name: 'driver', image: 'r.example/acme-ssd:1' },
    { name: 'csi-provisioner', image: 'r.example/sig/csi-provisioner:v5' },
  ],
};

test.each([
  ['the sidecar of CSI', csi, { controller: ['FATAL no credentials'] }],
  [
    'the name of the provisioner',
    one('driver', 'a', { args: ['--provisioner=ssd.acme.example'] }),
    { controller: ['FATAL no credentials'] },
  ],
])('a controller of volumes that crashes, known by %s, and the claims that wait for it are one incident', (_, spec, log) => {
  expect(shape(stored(spec, crashed('driver')), log)[0]).toMatch(
    /^POD-003 Deployment\/controller < (?:SCH-\d+ Deployment\/db < )?VOL-007 StorageClass\/fast/,
  );
  expect(shape(stored(spec, crashed('driver')), log)).toHaveLength(1);
});

test('a program that makes no volumes is not to blame for a claim that waits', () => {
  const both = shape(stored(one('driver'), crashed('driver')), { controller: ['FATAL no credentials'] });
  expect(both.map((i) => i.split(' < ')[0])).toEqual(['POD-003 Deployment/controller', 'VOL-007 StorageClass/fast']);
});
