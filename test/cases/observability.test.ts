import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { AlertRules, Envelope, Incident, MetricAnswer, Plan, SignalNews } from '../../agents/contract/index.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { WORKLOAD } from '../cluster/images.ts';
import { loadInstance } from '../cluster/instance.ts';
import { NODE } from '../cluster/pki.ts';
import { type RunningPrometheus, startPrometheus } from '../cluster/prometheus.ts';
import { awaiting } from '../cluster/run.ts';
import { ClusterClient } from './cluster-client.ts';
import type { RawObject } from './conditions.ts';
import { Product } from './product.ts';

/**
 * The observability agent on a real cluster: a leak, a volume that fills, a service that became slow with a rollout, and a neighbour that is
 * noisy and well. In real seconds; the cluster is read each two seconds, as anybody may set. `QUARTERDECK_COUNTS=full` lets the noisy
 * one run for 30 minutes.
 */

const FULL = process.env['QUARTERDECK_COUNTS'] === 'full';
const NOISY_MS = FULL ? 30 * 60_000 : 0;
const AFTER_S = 70;
const run = Date.now().toString(36).slice(-5);
const NAMESPACE = `seen-${run}`;
const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-seen-'));
const rows: (readonly string[])[] = [];

let product: Product;
let client: ClusterClient;
let prometheus: RunningPrometheus;
let begun = 0;
const since = (at: number, from: number) => Math.round((at - from) / 1000);

interface Written {
  readonly name: string;
  readonly args: readonly string[];
  readonly limit?: string;
  readonly scraped?: boolean;
  readonly volumes?: readonly object[];
  readonly mounts?: readonly object[];
}

const deployment = ({ name, args, limit = '128Mi', scraped = false, volumes = [], mounts = [] }: Written): RawObject => {
  const labels = { app: name };
  const annotations = scraped ? { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' } : {};
  const container = {
    name: 'app',
    image: WORKLOAD,
    imagePullPolicy: 'IfNotPresent',
    args,
    resources: { requests: { memory: '16Mi' }, limits: { memory: limit } },
    ...(args[0] === 'serve' ? { readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 } } : {}),
    volumeMounts: mounts,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
      template: { metadata: { labels, annotations }, spec: { terminationGracePeriodSeconds: 1, containers: [container], volumes } },
    },
  } as unknown as RawObject;
};
const service = (name: string, port: number): RawObject =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port }] } }) as unknown as RawObject;
const caller = (of: string, atOnce: number): RawObject =>
  deployment({ name: `${of}-users`, args: ['http', '-at-once', `${atOnce}`, '-every', '1s', '-timeout', '10s', `http://${of}:8080/`] });
/** The same program; in the second revision it keeps nearly all connections of the database for itself. */
const orders = (idle: number): RawObject =>
  deployment({
    name: 'orders',
    scraped: true,
    args: ['serve', '-latency', '100ms', '-database', 'ledger:5432', '-idle-connections', `${idle}`],
  });

/** A small disk of its own: a tmpfs that a pod mounts on the node, given to a claim as a local volume. */
const place = `/mnt/seen-${run}`;
const disk = `mkdir -p ${place} && busybox mount -t tmpfs -o size=80m tmpfs ${place} && touch /tmp/made && trap 'busybox umount -l ${place}; rmdir ${place}; exit 0' TERM; while :; do sleep 1; done`;
const mounter = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'disk' },
  spec: {
    nodeName: NODE,
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: 'mount',
        image: WORKLOAD,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', disk],
        securityContext: { privileged: true },
        readinessProbe: { exec: { command: ['test', '-e', '/tmp/made'] }, periodSeconds: 1 },
        volumeMounts: [{ name: 'mnt', mountPath: '/mnt', mountPropagation: 'Bidirectional' }],
      },
    ],
    volumes: [{ name: 'mnt', hostPath: { path: '/mnt', type: 'DirectoryOrCreate' } }],
  },
} as unknown as RawObject;
const storage = [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: NAMESPACE },
    spec: {
      capacity: { storage: '80Mi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: NAMESPACE,
      local: { path: place },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [NODE] }] }] },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'archive' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: NAMESPACE, resources: { requests: { storage: '80Mi' } } },
  },
] as unknown as RawObject[];

const apply = async (...objects: RawObject[]) => {
  for (const object of objects) await client.apply(object, NAMESPACE);
};
interface PodSeen {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state: { readonly running?: { readonly startedAt: string } };
      readonly lastState: { readonly terminated?: { readonly reason: string; readonly startedAt: string; readonly finishedAt: string } };
    }[];
  };
}
const pods = async (app: string): Promise<readonly PodSeen[]> => {
  const list = await client.call('GET', `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app%3D${app}`);
  return (list?.['items'] ?? []) as readonly PodSeen[];
};
const ready = (pod: PodSeen | undefined) => pod?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

const ask = async (query: string): Promise<number> => {
  const { series } = await product.call<MetricAnswer>(
    'GET',
    `/metrics/query?${new URLSearchParams({ context: client.context, query }).toString()}`,
  );
  return Number(series[0]?.values[0] ?? Number.NaN);
};
const latency = () => ask(`workload_latency_seconds{namespace="${NAMESPACE}",workload="Deployment/orders",quantile="mean"}`);
const opened = (name: string, code: RegExp): { incident: Incident; at: number } | undefined =>
  product
    .opened(NAMESPACE)
    .find(({ incident: { rootCause, symptoms } }) =>
      [rootCause, ...symptoms].some((told) => told.resource.name === name && code.test(told.code)),
    );
/** The tests run beside each other, and wait for a cluster: a condition that does not come is named. */
async function until(what: string, ms: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await awaiting(condition, ms, 500))) throw new Error(`not within ${ms / 1000} s: ${what}`);
}
const awaitOpened = async (name: string, code: RegExp, ms: number) => {
  await until(`${code.source} of ${name}`, ms, () => opened(name, code) !== undefined);
  return opened(name, code)!;
};
const events = async (): Promise<readonly Envelope[]> =>
  (await product.call<{ events: Envelope[] }>('GET', '/events/list?since=0&limit=10000')).events;

beforeAll(async () => {
  const known = await clusterStatus();
  const cluster = known.ready ? known : await up();
  const instance = loadInstance();
  if (instance === undefined) throw new Error('the test cluster is not there');
  client = new ClusterClient(cluster.kubeconfig, cluster.contexts[0]);
  prometheus = await startPrometheus(instance, dir);
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } } as RawObject, NAMESPACE);
  await apply(mounter);
  const mounted = async () => ready((await client.call('GET', `/api/v1/namespaces/${NAMESPACE}/pods/disk`)) as unknown as PodSeen);
  if (!(await awaiting(mounted, 60_000, 500))) throw new Error('the disk could not be made');
  product = await Product.start(cluster.kubeconfig, client.context);
  await product.call('POST', '/metrics/prometheus', { context: client.context, url: prometheus.url });
  await product.call('POST', '/metrics/pace', { context: client.context, everySeconds: 2 });
  const mounts = [{ name: 'data', mountPath: '/data' }];
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'archive' } }];
  await apply(
    ...storage,
    deployment({ name: 'cart', args: ['serve', '-leak-mib', '2', '-after', `${AFTER_S}s`], limit: '336Mi' }),
    deployment({ name: 'scribe', args: ['serve', '-fill', '/data', '-fill-kib', '512', '-after', `${AFTER_S}s`], mounts, volumes }),
    deployment({ name: 'ledger', args: ['db', '-connections', '30'] }),
    service('ledger', 5432),
    orders(0),
    service('orders', 8080),
    caller('orders', 15),
    deployment({
      name: 'bazaar',
      scraped: true,
      args: ['serve', '-latency', '60ms', '-jitter', '0.5', '-error-rate', '0.02', '-burn', '0.1'],
    }),
    service('bazaar', 8080),
    caller('bazaar', 6),
  );
  begun = Date.now();
});

afterAll(async () => {
  for (const row of rows) process.stdout.write(`${row.join('  ')}\n`);
  prometheus?.close();
  await product?.close();
  await client?.delete('Namespace', NAMESPACE);
  await client?.delete('PersistentVolume', NAMESPACE);
  client?.close();
  rmSync(dir, { recursive: true, force: true });
});

test.concurrent(
  'a leak is told before the kernel ends it, with its Deployment; how far off the time was is printed',
  async () => {
    const { incident, at } = await awaitOpened('cart', /^OBS-001$/, 260_000);
    const started = Date.parse((await pods('cart'))[0]?.status.containerStatuses?.[0]?.state.running?.startedAt ?? '');
    const onset = started + AFTER_S * 1000;
    expect(incident.rootCause.resource).toMatchObject({ kind: 'Deployment', name: 'cart', namespace: NAMESPACE });
    const told: { at: number; exhaustsAt: number }[] = [];
    const look = async () => {
      const news = await product.call<SignalNews>('GET', `/signals?${new URLSearchParams({ context: client.context }).toString()}`);
      const one = news.runningOut.find(
        (r) =>
          r.signal === 'workload_memory_bytes_max' && r.labels['workload'] === 'Deployment/cart' && r.labels['namespace'] === NAMESPACE,
      );
      if (one !== undefined) told.push({ at: Date.now(), exhaustsAt: Date.parse(one.exhaustsAt) });
      return (await pods('cart')).find((pod) => pod.status.containerStatuses?.[0]?.lastState.terminated?.reason === 'OOMKilled');
    };
    let killed: PodSeen | undefined;
    await until('the kernel ends it', 240_000, async () => (killed = await look()) !== undefined);
    const end = Date.parse(killed?.status.containerStatuses?.[0]?.lastState.terminated?.finishedAt ?? '');
    const [first, last] = [told[0], told.at(-1)];
    rows.push([
      'leak:',
      `told ${since(at, onset)} s after it began, ${since(end, at)} s before the kill;`,
      `the first forecast was off by ${first === undefined ? '?' : since(first.exhaustsAt, end)} s at ${first === undefined ? '?' : since(end, first.at)} s ahead,`,
      `the last by ${last === undefined ? '?' : since(last.exhaustsAt, end)} s`,
    ]);
    expect(at).toBeLessThan(end);
    expect(Math.abs(first!.exhaustsAt - end)).toBeLessThan(60_000);
  },
  500_000,
);

test.concurrent(
  'a volume that fills is told before it is full, with its claim and who writes there',
  async () => {
    const { incident, at } = await awaitOpened('archive', /^OBS-002$/, 260_000);
    const started = Date.parse((await pods('scribe'))[0]?.status.containerStatuses?.[0]?.state.running?.startedAt ?? '');
    const onset = started + AFTER_S * 1000;
    expect(incident.rootCause.resource).toMatchObject({ kind: 'PersistentVolumeClaim', name: 'archive' });
    expect(incident.affects).toContainEqual(expect.objectContaining({ kind: 'Deployment', name: 'scribe' }));
    rows.push(['volume:', `told ${since(at, onset)} s after it began, ${since(onset + (80 * 1024 * 1000) / 512, at)} s before it is full`]);
  },
  500_000,
);

test.concurrent(
  'a service that a rollout made slow: noticed, tied to the revision, the line of its database found, the way back approved, and back in numbers',
  async () => {
    await until('it answers within 0.2 s', 90_000, async () => (await latency()) < 0.2);
    const calm = await latency();
    const counted = `count_over_time(workload_latency_seconds{namespace="${NAMESPACE}",workload="Deployment/orders",quantile="mean"}[10m])`;
    await until('it is known for a while', 180_000, async () => (await ask(counted)) > 26);
    const scraped = async () =>
      prometheus.scrape(
        NAMESPACE,
        (await pods('orders')).map((pod) => pod.metadata.name),
      );
    await apply(orders(29));
    const onset = Date.now();
    const { incident, at } = await awaitOpened('orders', /^OBS-010$/, 200_000);
    const slow = await latency();
    await scraped();
    const text = JSON.stringify(await product.incidents(NAMESPACE));
    expect(text).toContain('revision 2');
    expect(text).toContain('FATAL: sorry, too many clients already');
    expect(slow).toBeGreaterThan(5 * calm);
    let plan: Plan | undefined;
    const waiting = async () => {
      const all = (await product.incidents(NAMESPACE)).flatMap((i) => i.plans);
      plan = all.find(
        (p) => p.state === 'awaitingApproval' && p.actions.some((a) => a.type === 'undo-rollout' && a.target.name === 'orders'),
      );
      return plan !== undefined;
    };
    await until('a plan waits', 60_000, waiting);
    const ofOrders = (part: string) => `sum(rate(http_request_duration_seconds_${part}{namespace="${NAMESPACE}",pod=~"orders-.+"}[30s]))`;
    const byPrometheus = async () => (await prometheus.ask(`${ofOrders('sum')} / ${ofOrders('count')}`))[0] ?? 0;
    let said = 0;
    await until('Prometheus agrees', 40_000, async () => (said = await byPrometheus()) > 5 * calm);
    const approvedAt = Date.now();
    await product.approve(plan!);
    const settled = await product.settled(plan!, 280);
    expect(settled.state).toBe('done');
    const back = await latency();
    expect(back).toBeLessThan(2 * calm);
    const log = await events();
    const told = log.flatMap(({ event }) =>
      'resource' in event && 'context' in event && event.type === 'performance.degraded' && event.resource.namespace === NAMESPACE
        ? [event]
        : [],
    );
    expect(told).toMatchObject([
      { resource: { name: 'orders' }, score: expect.any(Number) as number, silentWhen: expect.stringContaining('four readings') as string },
    ]);
    expect(incident.rootCause).toMatchObject({ code: 'CHG-001', resource: { name: 'orders' } });
    const asked = log.flatMap(({ event }) =>
      event.type === 'consultation.asked' && event.context === client.context ? [`${event.by} ${event.name}`] : [],
    );
    expect(asked).toContain('troubleshooting documentation.similarIncidents');
    expect(asked).toContain('host observability.verifyMetrics');
    const verified = log.flatMap(({ event }) => (event.type === 'plan.verified' && event.plan === plan!.id ? [event.because] : []));
    expect(verified.join(' ')).toMatch(/back to what it was: .*workload_latency_seconds/);
    const rules = await product.call<AlertRules>('GET', `/signals/rules?${new URLSearchParams({ incident: incident.id }).toString()}`);
    const groups = (parse(rules.text) as { spec: object }).spec;
    writeFileSync(join(dir, 'rules.yaml'), stringify(groups));
    const checked = execFileSync('promtool', ['check', 'rules', join(dir, 'rules.yaml')]).toString();
    expect(checked).toMatch(/SUCCESS: [1-9]/);
    rows.push([
      'rollout:',
      `${Math.round(calm * 1000)} ms before, ${Math.round(slow * 1000)} ms after (Prometheus says ${Math.round(said * 1000)} ms), told ${since(at, onset)} s after the rollout;`,
      `back at ${Math.round(back * 1000)} ms, verified ${since(Date.now(), approvedAt)} s after it was approved: ${verified.join(' ')}`,
    ]);
  },
  700_000,
);

test.concurrent(
  'a neighbour that is noisy and well stays silent',
  async () => {
    const until = () => Math.max(begun + NOISY_MS, begun + 200_000);
    while (Date.now() < until()) {
      expect(opened('bazaar', /^OBS-/)?.incident.title).toBeUndefined();
      await pause(2_000);
    }
    const judged = await ask(
      `count_over_time(workload_latency_seconds{namespace="${NAMESPACE}",workload="Deployment/bazaar",quantile="mean"}[1h])`,
    );
    rows.push(['noisy:', `silent for ${since(Date.now(), begun)} s, ${judged} values judged`]);
    expect(judged).toBeGreaterThan(60);
  },
  NOISY_MS + 400_000,
);
