import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsPage, nodesOf } from './metrics-pages.ts';
import { type PodVersion, podOf } from './pods.ts';
import { deploymentsOf, replicaSetsOf } from './workloads.ts';

/**
 * Many clusters of many pods on one loopback port, cluster N under `/c/N`: version, namespaces, the Deployments and ReplicaSets of the
 * pods, and the pods by list (pages), watch (bookmarks, time limit, 410 for what is too old), WatchList, 429 on demand, and churn. A process of its own, so that the reader's
 * memory and loop are the reader's. Objects are made when they are sent.
 */

export interface FleetStart {
  readonly clusters: number;
  readonly podsEach: number;
  /** Without it the server is one of before WatchList: v1.31. */
  readonly streams: boolean;
}
export type ToFleet =
  /** With `turns` every so manyth change takes a pod's readiness, or gives it back; else only what no list shows changes. */
  | { readonly type: 'churn'; readonly perSecond: number; readonly seconds: number; readonly turns?: number }
  /** The next so many reads of pods are answered with 429. */
  | { readonly type: 'busy'; readonly times: number }
  | { readonly type: 'counts' };
export interface FleetCounts {
  readonly type: 'counts';
  /** TLS handshakes, requests, watches begun, since the last time asked. */
  readonly connections: number;
  readonly requests: number;
  readonly watches: number;
}
export type FromFleet =
  | { readonly type: 'ready'; readonly url: string; readonly ca: string }
  | FleetCounts
  | { readonly type: 'churned'; readonly changes: number };

const HISTORY = 50_000;
const BOOKMARK_MS = 60_000;
const start = JSON.parse(process.argv[2] ?? '{}') as FleetStart;

interface Watch {
  readonly response: ServerResponse;
  resourceVersion: number;
}
interface Cluster {
  readonly id: number;
  version: number;
  readonly changed: Map<number, PodVersion>;
  readonly history: { readonly version: number; readonly pod: number }[];
  readonly watches: Set<Watch>;
}
const BEGIN = 1_000_000;
const clusters: Cluster[] = Array.from({ length: start.clusters }, (_, id) => ({
  id,
  version: BEGIN + start.podsEach,
  changed: new Map(),
  history: [],
  watches: new Set(),
}));
let counts = { connections: 0, requests: 0, watches: 0 };
let busy = 0;

const json = (cluster: Cluster, n: number): string =>
  JSON.stringify(podOf(cluster.id, n, cluster.changed.get(n) ?? { resourceVersion: BEGIN + n, restarts: 0, at: undefined }));
/** Lists are asked for again and again while nothing changes: their text is kept. */
const pages = new Map<string, Buffer>();

function list(cluster: Cluster, query: URLSearchParams, response: ServerResponse): void {
  const limit = Number(query.get('limit') ?? 0) || start.podsEach;
  const [from = 0, at = cluster.version] = (query.get('continue') ?? '').split('.').filter(Boolean).map(Number);
  const to = Math.min(start.podsEach, from + limit);
  const key = `${cluster.id} ${from} ${to} ${cluster.version}`;
  let page = start.clusters === 1 ? pages.get(key) : undefined;
  if (page === undefined) {
    const items = Array.from({ length: to - from }, (_, i) => json(cluster, from + i));
    const more = to < start.podsEach ? `,"continue":"${to}.${at}","remainingItemCount":${start.podsEach - to}` : '';
    page = Buffer.from(`{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"${at}"${more}},"items":[${items.join()}]}`);
    if (start.clusters === 1) pages.set(key, page);
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': page.length }).end(page);
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });

async function watch(cluster: Cluster, query: URLSearchParams, response: ServerResponse): Promise<void> {
  counts.watches++;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const line = (type: string, object: string) => response.write(`{"type":"${type}","object":${object}}\n`);
  const bookmark = (marks: string) =>
    line('BOOKMARK', `{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"${cluster.version}"${marks}}}`);
  const own: Watch = { response, resourceVersion: cluster.version };
  if (query.get('sendInitialEvents') === 'true') {
    for (let n = 0; n < start.podsEach && !response.destroyed; n++) if (!line('ADDED', json(cluster, n))) await drained(response);
    bookmark(',"annotations":{"k8s.io/initial-events-end":"true"}');
  } else {
    own.resourceVersion = Number(query.get('resourceVersion') ?? 0);
    const oldest = cluster.history[0]?.version ?? cluster.version + 1;
    if (own.resourceVersion < oldest - 1) {
      line('ERROR', '{"kind":"Status","status":"Failure","code":410,"reason":"Expired","message":"too old resource version"}');
      response.end();
      return;
    }
  }
  for (const { version, pod } of cluster.history) if (version > own.resourceVersion) line('MODIFIED', json(cluster, pod));
  own.resourceVersion = cluster.version;
  cluster.watches.add(own);
  const marks = query.get('allowWatchBookmarks') === 'true' ? setInterval(() => bookmark(''), BOOKMARK_MS) : undefined;
  const end = setTimeout(() => response.end(), Number(query.get('timeoutSeconds') ?? 300) * 1000);
  response.on('close', () => {
    clearInterval(marks);
    clearTimeout(end);
    cluster.watches.delete(own);
  });
}

const isWatch = ({ searchParams }: URL): boolean => ['true', '1'].includes(searchParams.get('watch') ?? '');

function answer(request: IncomingMessage, response: ServerResponse): void {
  counts.requests++;
  const url = new URL(request.url ?? '/', 'https://fleet');
  const [, , id = '', ...rest] = url.pathname.split('/');
  const cluster = clusters[Number(id)];
  const path = `/${rest.join('/')}`;
  const say = (status: number, body: object, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  if (cluster === undefined) return say(404, { kind: 'Status', code: 404 });
  if (path === '/version')
    return say(200, { major: '1', minor: start.streams ? '37' : '31', gitVersion: start.streams ? 'v1.37.2' : 'v1.31.4' });
  if (path === '/api/v1/namespaces/kube-system')
    return say(200, { kind: 'Namespace', metadata: { name: 'kube-system', uid: `fleet-${id}` } });
  const owners =
    path === '/apis/apps/v1/deployments'
      ? deploymentsOf
      : path === '/apis/apps/v1/replicasets'
        ? replicaSetsOf
        : path === '/api/v1/nodes'
          ? nodesOf
          : undefined;
  if (owners !== undefined) {
    const items = owners(cluster.id, start.podsEach);
    if (!isWatch(url)) return say(200, { metadata: { resourceVersion: String(BEGIN) }, items });
    // Nothing about them ever changes.
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (url.searchParams.get('sendInitialEvents') !== 'true') return;
    for (const object of items) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    const metadata = { resourceVersion: String(BEGIN), annotations: { 'k8s.io/initial-events-end': 'true' } };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    return;
  }
  const page = metricsPage(cluster.id, start.podsEach, path);
  if (page !== undefined) return void response.writeHead(200, { 'content-type': 'application/json' }).end(page);
  if (path !== '/api/v1/pods') return say(404, { kind: 'Status', code: 404, message: `no ${path}` });
  if (busy > 0) {
    busy--;
    return say(429, { kind: 'Status', code: 429, message: 'too many requests' }, { 'retry-after': '1' });
  }
  if (isWatch(url)) void watch(cluster, url.searchParams, response);
  else list(cluster, url.searchParams, response);
}

/** Changes pods of all clusters in turn, evenly in time, and tells their watches. */
function churn(perSecond: number, seconds: number, turns = Infinity): void {
  const begun = Date.now();
  const all = perSecond * seconds;
  let made = 0;
  const timer = setInterval(() => {
    const due = Math.min(all, Math.floor(((Date.now() - begun) / 1000) * perSecond));
    for (; made < due; made++) {
      const cluster = clusters[made % clusters.length] as Cluster;
      const pod = (made * 7919) % start.podsEach;
      const { restarts = 0, unready = false } = cluster.changed.get(pod) ?? {};
      const version = ++cluster.version;
      const turned = made % turns === 0 ? !unready : unready;
      cluster.changed.set(pod, { resourceVersion: version, restarts: restarts + 1, at: Date.now(), unready: turned });
      cluster.history.push({ version, pod });
      if (cluster.history.length > HISTORY) cluster.history.splice(0, HISTORY / 10);
      const text = `{"type":"MODIFIED","object":${json(cluster, pod)}}\n`;
      for (const { response } of cluster.watches) response.write(text);
    }
    if (made < all) return;
    clearInterval(timer);
    process.send?.({ type: 'churned', changes: made } satisfies FromFleet);
  }, 5);
}

const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-fleet-'));
const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
const made =
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=fleet -addext subjectAltName=IP:127.0.0.1';
execFileSync('openssl', [...made.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
const ca = readFileSync(cert, 'utf8');
const server = createServer({ key: readFileSync(key), cert: ca }, answer);
rmSync(dir, { recursive: true });
server.keepAliveTimeout = 60_000;
server.on('secureConnection', () => counts.connections++);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'ready', url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca } satisfies FromFleet);
});
process.on('message', (message: ToFleet) => {
  switch (message.type) {
    case 'churn':
      churn(message.perSecond, message.seconds, message.turns);
      return;
    case 'busy':
      busy = message.times;
      return;
    case 'counts':
      process.send?.({ type: 'counts', ...counts } satisfies FromFleet);
      counts = { connections: 0, requests: 0, watches: 0 };
      return;
  }
});
process.on('disconnect', () => process.exit(0));
