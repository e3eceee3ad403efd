import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A cluster of many pods that are asked for on demand, as a process of its own: its kinds, tables of pods in pages as an API server makes
 * them, and logs of talking pods, so many lines a second as the arguments say.
 */

export interface DailyStart {
  readonly pods: number;
  readonly talkers: number;
  /** Of all of them together. */
  readonly linesPerSecond: number;
}
export type FromDaily = { readonly type: 'ready'; readonly url: string } | { readonly type: 'said'; readonly lines: number };

const start = JSON.parse(process.argv[2] ?? '{}') as DailyStart;
const TICK_MS = 50;

const COLUMNS = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'].map((name, i) => ({
  name,
  type: 'string',
  format: name === 'Name' ? 'name' : '',
  description: `${name} of the pod, in a sentence that is as long as those of the server are.`,
  priority: i > 4 ? 1 : 0,
}));
const NAMES = ['checkout', 'cart', 'payments', 'catalogue', 'search', 'mail'];
const nameOf = (n: number) => `${NAMES[n % NAMES.length] ?? ''}-${((n * 7_919) % 100_000).toString(36)}-${n.toString(36)}`;
const rowOf = (n: number) => ({
  cells: [
    nameOf(n),
    n % 50 === 0 ? '0/1' : '1/1',
    n % 50 === 0 ? 'CrashLoopBackOff' : 'Running',
    n % 50 === 0 ? `${n % 90} (5m ago)` : '0',
    `${n % 400}d`,
    `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    `node-${n % 200}`,
    '<none>',
    '<none>',
  ],
  object: {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { name: nameOf(n), namespace: `team-${n % 40}`, uid: `u${n}` },
  },
});
const pages = new Map<string, string>();

function tablePage(query: URLSearchParams): string {
  const limit = Number(query.get('limit') ?? 0) || start.pods;
  const from = Number(query.get('continue') ?? 0);
  const key = `${from} ${limit}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const to = Math.min(start.pods, from + limit);
  const metadata = { resourceVersion: '1', ...(to < start.pods ? { continue: String(to), remainingItemCount: start.pods - to } : {}) };
  const rows = Array.from({ length: to - from }, (_, i) => rowOf(from + i));
  const text = JSON.stringify({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: COLUMNS, rows });
  pages.set(key, text);
  return text;
}

const talker = (n: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `talker-${n}`, namespace: 'team-0', uid: `t${n}`, labels: { app: 'talker' } },
  spec: { containers: [{ name: 'app' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'app', containerID: `c${n}`, restartCount: 0 }] },
});

let said = 0;

/** Evenly in time, as much as the reader takes. */
function talk(response: ServerResponse, n: number): void {
  response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
  const each = start.linesPerSecond / start.talkers;
  const begun = Date.now();
  let mine = 0;
  let full = false;
  response.on('drain', () => (full = false));
  const timer = setInterval(() => {
    if (full) return;
    const due = Math.floor(((Date.now() - begun) / 1000) * each);
    const stamp = new Date().toISOString().slice(0, -1);
    let text = '';
    for (; mine < due; mine++, said++)
      text += `${stamp}${String(mine % 1_000_000).padStart(6, '0')}Z level=info pod=${n} request=${mine} path=/api/v1/carts/${mine % 977} status=${mine % 31 === 0 ? 500 : 200} took=${mine % 250}ms\n`;
    if (text !== '') full = !response.write(text);
  }, TICK_MS);
  response.on('close', () => clearInterval(timer));
}

const kind = (resource: string, name: string, namespaced: boolean) => ({
  resource,
  responseKind: { group: '', version: 'v1', kind: name },
  scope: namespaced ? 'Namespaced' : 'Cluster',
  singularResource: name.toLowerCase(),
  verbs: ['get', 'list', 'watch'],
});
const DISCOVERY = {
  '/api': {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: '' },
        versions: [{ version: 'v1', resources: [kind('pods', 'Pod', true), kind('namespaces', 'Namespace', false)] }],
      },
    ],
  },
  '/apis': { kind: 'APIGroupDiscoveryList', items: [] },
} as const;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://daily');
  const json = (body: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  const log = /^\/api\/v1\/namespaces\/team-0\/pods\/talker-(\d+)\/log$/.exec(url.pathname);
  if (log !== null) return talk(response, Number(log[1]));
  switch (url.pathname) {
    case '/version':
      return json({ major: '1', minor: '37', gitVersion: 'v1.37.2' });
    case '/api':
    case '/apis':
      return json(DISCOVERY[url.pathname]);
    case '/api/v1/namespaces/kube-system':
      return json({ kind: 'Namespace', metadata: { name: 'kube-system', uid: 'daily' } });
    case '/api/v1/namespaces/team-0/pods':
      return json({ kind: 'PodList', items: Array.from({ length: start.talkers }, (_, n) => talker(n)) });
    case '/api/v1/pods':
      if (request.headers.accept?.includes('as=Table') === true) return json(tablePage(url.searchParams));
      return json({ kind: 'Status', code: 404, message: 'nothing is watched here' }, 404);
    default:
      return json({ kind: 'Status', code: 404, message: `no ${url.pathname}` }, 404);
  }
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } satisfies FromDaily),
);
process.on('message', () => process.send?.({ type: 'said', lines: said } satisfies FromDaily));
process.on('disconnect', () => process.exit(0));
