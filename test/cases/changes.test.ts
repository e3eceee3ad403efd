import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '../../agents/contract/index.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { ClusterClient } from './cluster-client.ts';
import { Product } from './product.ts';

/** What a real API server says about who changed what, and what the product makes of it. Nothing runs: no replica, and a node that is only an object. */

const run = Date.now().toString(36).slice(-5);
const namespace = `changes-${run}`;
const node = `changes-${run}`;
const [deployments, nodes] = [`/apis/apps/v1/namespaces/${namespace}/deployments`, '/api/v1/nodes'];
const core = (resource: string) => `/api/v1/namespaces/${namespace}/${resource}`;
const [OLD, NEW] = [`geheim-${run}-eins`, `geheim-${run}-zwei`];

let client: ClusterClient;
let product: Product;

const patch = (path: string, manager: string, body: unknown) =>
  client.call('PATCH', `${path}?fieldManager=${manager}`, body, 'application/strategic-merge-patch+json');
const changes = async (query = '') => {
  const asked = await product.call<{ changes: Change[] }>(
    'GET',
    `/changes?context=${encodeURIComponent(client.context)}&limit=1000${query}`,
  );
  return asked.changes.filter((c) => c.resource.namespace === namespace || c.resource.name === node || c.resource.name === namespace);
};
const until = (summary: string | RegExp) =>
  expect.poll(async () => (await changes()).map((c) => c.summary), { timeout: 15_000 }).toContainEqual(expect.stringMatching(summary));

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  client = new ClusterClient(cluster.kubeconfig, cluster.contexts[0]);
  await client.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  // Of an object that is made without any field the server keeps no record of who wrote what, not later either.
  await client.call('POST', `${nodes}?fieldManager=somebody`, { metadata: { name: node, labels: { purpose: 'changes' } } });
  const containers = [{ name: 'app', image: 'quarterdeck/workload:1', env: [{ name: 'DB_PASSWORD', value: OLD }] }];
  await client.call('POST', `${deployments}?fieldManager=helm`, {
    metadata: { name: 'checkout' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'checkout' } },
      template: { metadata: { labels: { app: 'checkout' } }, spec: { containers } },
    },
  });
  await client.call('POST', `${core('configmaps')}?fieldManager=helm`, { metadata: { name: 'settings' }, data: { level: 'info' } });
  await client.call('POST', `${core('secrets')}?fieldManager=helm`, { metadata: { name: 'login' }, stringData: { password: OLD } });
  product = await Product.start(cluster.kubeconfig, client.context);
}, 900_000);

afterAll(async () => {
  await product.close();
  await client.call('DELETE', `${nodes}/${node}`);
  await client.call('DELETE', `/api/v1/namespaces/${namespace}`);
  client.close();
});

test('what was there at the first reading is told as the server remembers it', async () => {
  const found = (await changes()).filter((c) => !c.beforeKnown).map((c) => c.summary);
  for (const one of ['Deployment', 'ConfigMap', 'Secret'])
    expect(found.filter((s) => s.startsWith(`${one} ${namespace}/`))).toEqual([expect.stringMatching(/ created, by helm$/)]);
  expect(found).toContain(`Node ${node} created, by somebody`);
});

test('an image that is set: which container, from what to what, by whom, and why', async () => {
  const image = { spec: { template: { spec: { containers: [{ name: 'app', image: 'quarterdeck/workload:2' }] } } } };
  await patch(`${deployments}/checkout`, 'kubectl-set', image);
  await until(/checkout: image of container app quarterdeck\/workload:1 → quarterdeck\/workload:2, by kubectl-set$/);
  await patch(`${deployments}/checkout`, 'kubectl-annotate', { metadata: { annotations: { 'kubernetes.io/change-cause': 'release 2' } } });
  await until(/, by kubectl-set \(release 2\)$/);
  const told = await changes('&resource=deploy/checkout');
  expect(told.filter((c) => c.beforeKnown)).toMatchObject([
    { type: 'changed', by: { manager: 'kubectl-set', operation: 'Update', cause: 'release 2' }, generation: 2, count: 1 },
  ]);
  expect(Math.abs(Date.now() - Date.parse(told[0]?.at ?? ''))).toBeLessThan(30_000);
});

test('keys of a ConfigMap and of a Secret, and a variable that is a credential: that they changed, and no value', async () => {
  await patch(`${core('configmaps')}/settings`, 'vim', { data: { level: 'debug', colour: NEW } });
  await until(/settings: key level changed \(4 bytes → 5 bytes\), and key colour, by vim$/);
  await patch(`${core('secrets')}/login`, 'vault', { stringData: { password: NEW } });
  await until(new RegExp(`login: key password changed \\(${OLD.length} bytes\\), by vault$`));
  const env = [{ name: 'DB_PASSWORD', value: NEW }];
  await patch(`${deployments}/checkout`, 'kubectl-set', { spec: { template: { spec: { containers: [{ name: 'app', env }] } } } });
  await until(/variable DB_PASSWORD of container app \[masked\] → \[masked\]/);
  const text = JSON.stringify(await changes());
  for (const value of [OLD, NEW]) for (const form of [value, Buffer.from(value).toString('base64')]) expect(text).not.toContain(form);
});

test('a node that is cordoned, and objects that come and go', async () => {
  await patch(`${nodes}/${node}`, 'kubectl-cordon', { spec: { unschedulable: true } });
  await until(new RegExp(`^Node ${node}: unschedulable absent → true.*, by kubectl-cordon$`));
  await client.call('POST', `${core('services')}?fieldManager=kubectl-create`, {
    metadata: { name: 'web' },
    spec: { ports: [{ port: 80 }] },
  });
  await until(/^Service .*\/web created, by kubectl-create$/);
  await client.call('DELETE', `${core('services')}/web`);
  await until(/^Service .*\/web deleted$/);
});
