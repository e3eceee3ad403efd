import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { examine } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { troubleshooting } from '../agent.ts';

/** Manifests as people write them; `namespace` is added as reading files adds it. */
function look(text: string): readonly string[] {
  const objects = parseAllDocuments(text).map((d) => {
    const object = d.toJS() as Record<string, unknown>;
    return { ...object, metadata: { namespace: 'shop', ...(object['metadata'] as object) } };
  });
  return told(examine(troubleshooting.manifestChecks ?? [], [], objects));
}

interface Parts {
  readonly kind?: string;
  readonly labels?: string;
  readonly container?: string;
  readonly pod?: string;
  readonly spec?: string;
}
const workload = ({ kind = 'Deployment', labels = 'app: web', container = '', pod = '', spec = '' }: Parts = {}) => `
kind: ${kind}
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }${spec}
  template:
    metadata: { labels: { ${labels} } }
    spec:
      ${pod}
      containers:
        - name: app
          image: web:1
          ports: [{ name: http, containerPort: 8080 }]
          ${container}
`;
const other = (kind: string, name: string, more = '') => `---\nkind: ${kind}\nmetadata: { name: ${name} }\n${more}\n`;

test('what fits together is silent, and so is what may be elsewhere', () => {
  const whole = workload({
    container: 'envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: made-by-an-operator } }]',
    pod: 'serviceAccountName: web-runner',
  });
  const service = other('Service', 'web', 'spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }');
  const far = other('Service', 'mail', 'spec: { selector: { app: mail }, ports: [{ port: 25 }] }');
  expect(look(whole + other('ConfigMap', 'settings', 'data: { a: b }') + service + far)).toEqual([]);
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet'])('a misspelt name beside its unused twin is told (%s)', (kind) => {
  const named = workload({ kind, container: 'envFrom: [{ configMapRef: { name: setings } }]' });
  expect(look(named + other('ConfigMap', 'settings'))).toEqual([
    `FIL-001 ${kind}/shop/web spec.template.spec.containers[0].envFrom[0].configMapRef.name: it names ConfigMap setings, which is not in these files; settings is, and nothing names it: did you mean settings?`,
  ]);
  // The twin has a user of its own, or is another name altogether.
  const both = workload({ kind, container: 'envFrom: [{ configMapRef: { name: setings } }, { configMapRef: { name: settings } }]' });
  expect(look(both + other('ConfigMap', 'settings'))).toEqual([]);
  expect(look(named + other('ConfigMap', 'settings-of-the-mail'))).toEqual([]);
});

test('so are those of claims, accounts, Services and workloads', () => {
  const pod = 'serviceAccountName: web-runer\n      volumes: [{ name: data, persistentVolumeClaim: { claimName: web-dtaa } }]';
  const all =
    workload({ pod }) +
    other('ServiceAccount', 'web-runner') +
    other('PersistentVolumeClaim', 'web-data', 'spec: {}') +
    other('Service', 'shopfront', 'spec: { ports: [{ port: 80 }] }') +
    other('Ingress', 'in', 'spec: { defaultBackend: { service: { name: shopfornt, port: { number: 80 } } } }') +
    other('HorizontalPodAutoscaler', 'scaler', 'spec: { maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: wbe } }');
  expect(look(all).map((t) => t.replace(/.*did you mean /, ''))).toEqual(['web-data?', 'web-runner?', 'shopfront?', 'web?']);
});

test('a key that the ConfigMap in the files lacks is told, unless it may be absent', () => {
  const key = (more: string) =>
    workload({ container: `env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: db-hots${more} } } }]` });
  const settings = other('ConfigMap', 'settings', 'data: { db-host: x }');
  expect(look(key('') + settings)).toEqual([
    'FIL-002 Deployment/shop/web spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.key: ConfigMap settings in these files has no key db-hots, needed for variable A of container app; did you mean db-host?',
  ]);
  expect(look(key(', optional: true') + settings)).toEqual([]);
});

test('a Service that misses its workload, or a port of it, is told', () => {
  const service = (selector: string, port: string) =>
    other('Service', 'web', `spec: { selector: { ${selector} }, ports: [{ port: 80, targetPort: ${port} }] }`);
  expect(look(workload() + service('app: wbe', 'http'))).toEqual([
    'FIL-003 Service/shop/web spec.selector.app: it selects app=wbe, which no workload in these files carries; the pods of Deployment shop/web carry app=web',
  ]);
  expect(look(workload() + service('app: web', 'htpp'))).toEqual([
    'FIL-003 Service/shop/web spec.ports[0].targetPort: targetPort htpp is no port name of Deployment shop/web; did you mean http?',
  ]);
});

test('what the API server would refuse is told before it does', () => {
  expect(look(workload({ labels: 'app: wbe' }))).toEqual([
    'FIL-004 Deployment/shop/web spec.selector: its selector wants app=web, and its own pods would carry app=wbe: the two must fit',
  ]);
  expect(
    look(workload({ container: 'volumeMounts: [{ name: dta, mountPath: /data }]', pod: 'volumes: [{ name: data, emptyDir: {} }]' })),
  ).toEqual([
    'FIL-004 Deployment/shop/web spec.template.spec.containers[0].volumeMounts[0].name: container app mounts the volume dta, which the pod does not have; did you mean data?',
  ]);
  expect(look(workload({ container: 'resources: { requests: { memory: 2Gi }, limits: { memory: 512Mi } }' }))).toEqual([
    'FIL-004 Deployment/shop/web spec.template.spec.containers[0].resources.requests.memory: container app requests 2Gi of memory, more than its limit of 512Mi',
  ]);
  expect(look(workload({ pod: 'initContainers: [{ name: app, image: x }]' }))).toEqual([
    'FIL-004 Deployment/shop/web spec.template.spec.initContainers[0].name: two containers are called app: give one another name',
  ]);
  const claims = '\n  volumeClaimTemplates: [{ metadata: { name: data }, spec: {} }]';
  expect(look(workload({ kind: 'StatefulSet', spec: claims, container: 'volumeMounts: [{ name: data, mountPath: /data }]' }))).toEqual([]);
});

test.each([
  ['Job', '', 'it says no restart policy, which means Always; of the pods of a Job say OnFailure or Never'],
  ['CronJob', '', 'it says no restart policy, which means Always; of the pods of a CronJob say OnFailure or Never'],
  ['Deployment', 'restartPolicy: Never', 'it says restart policy Never; of the pods of a Deployment only Always will do'],
])('so is the restart policy of a %s', (kind, pod, said) => {
  const text =
    kind === 'CronJob'
      ? `kind: CronJob\nmetadata: { name: web }\nspec: { schedule: '0 1 * * *', jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: b }] } } } } }`
      : workload({ kind, pod });
  expect(look(text).map((t) => t.replace(/^.*restartPolicy: /, ''))).toEqual([said]);
  expect(look(text.replace('restartPolicy: Never', 'restartPolicy: Always')).length).toBe(kind === 'Deployment' ? 0 : 1);
});

test('so is what has one name, path or way twice, and an autoscaler that wants more than it may have', () => {
  const messages = (text: string) => look(text).map((t) => t.replace(/^.*?: /, ''));
  const volumes = 'volumes: [{ name: data, emptyDir: {} }, { name: data, emptyDir: {} }]';
  expect(messages(workload({ pod: volumes }))).toEqual(['two volumes are called data: give one another name']);
  const mounts = 'volumeMounts: [{ name: data, mountPath: /data }, { name: more, mountPath: /data }]';
  expect(messages(workload({ pod: 'volumes: [{ name: data, emptyDir: {} }, { name: more, emptyDir: {} }]', container: mounts }))).toEqual([
    'container app mounts two volumes at /data: give one another path',
  ]);
  const variable = 'env: [{ name: A, value: b, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]';
  expect(messages(workload({ container: variable }))).toEqual([
    'variable A of container app has a value and says where another comes from: keep one of them',
  ]);
  const scaler = (least: number) =>
    other(
      'HorizontalPodAutoscaler',
      'web',
      `spec: { minReplicas: ${least}, maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: web } }`,
    );
  expect(messages(scaler(5))).toEqual([
    'it is never to have fewer than 5 pods and never more than 3: make minReplicas at most maxReplicas',
  ]);
  expect(messages(scaler(3))).toEqual([]);
  const budget = 'spec: { minAvailable: 1, maxUnavailable: 1, selector: { matchLabels: { app: web } } }';
  expect(messages(other('PodDisruptionBudget', 'web', budget))).toEqual(['it has both minAvailable and maxUnavailable: keep one of them']);
});

test('a probe that asks a port by a name its container does not give is told; a number may be anything', () => {
  const probe = (port: string) => look(workload({ container: `readinessProbe: { httpGet: { path: /, port: ${port} } }` }));
  expect(probe('htpp')).toEqual([
    'FIL-005 Deployment/shop/web spec.template.spec.containers[0].readinessProbe.httpGet.port: the readiness probe of container app asks the port htpp, which the container does not name; did you mean http?',
  ]);
  expect([probe('http'), probe('9999'), probe('"9999"')]).toEqual([[], [], []]);
});
