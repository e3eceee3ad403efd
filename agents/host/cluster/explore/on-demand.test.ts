import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { LogSelectionSchema, type LogItem } from '../../../contract/index.ts';
import { Credentials } from '../credentials.ts';
import { Dispatchers } from '../dispatchers.ts';
import { ClusterHttp } from '../http.ts';
import { type Script, type ScriptedServer, scriptedServer, sendJson, sendStatus, targetOf } from '../scripted-server.ts';
import { ReadOnlyTransport } from '../transport.ts';
import { streamLogs } from './log-stream.ts';
import { OnDemand } from './on-demand.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connect(script: Script): Promise<{ server: ScriptedServer; transport: ReadOnlyTransport; onDemand: OnDemand }> {
  const server = await scriptedServer(script);
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const transport = new ReadOnlyTransport(new ClusterHttp(targetOf(server.url), new Credentials({}), dispatchers));
  return { server, transport, onDemand: new OnDemand(transport) };
}

const resource = (name: string, kind: string, more: object = {}) => ({
  resource: name,
  responseKind: { kind },
  scope: 'Namespaced',
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list'],
  ...more,
});
const AGGREGATED: Readonly<Record<string, object>> = {
  '/api': {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        versions: [
          {
            version: 'v1',
            resources: [resource('pods', 'Pod', { shortNames: ['po'] }), resource('secrets', 'Secret'), resource('events', 'Event')],
          },
        ],
      },
    ],
  },
  '/apis': {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: 'apps' },
        versions: [{ version: 'v1', resources: [resource('deployments', 'Deployment', { shortNames: ['deploy'] })] }],
      },
      {
        metadata: { name: 'example.com' },
        versions: [
          { version: 'v2', resources: [resource('widgets', 'Widget', { scope: 'Cluster' })] },
          { version: 'v1', resources: [resource('widgets', 'Widget'), resource('deployments', 'Deployment')] },
        ],
      },
      { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }] },
    ],
  },
};
const discovering =
  (more: Script): Script =>
  (seen, response) => {
    const found = AGGREGATED[seen.path];
    if (found === undefined) return more(seen, response);
    sendJson(response, found);
  };

test('kinds are found as kubectl finds them, custom ones in the version the server prefers', async () => {
  const { server, onDemand } = await connect(discovering((_seen, response) => sendStatus(response, 404, 'no')));
  const find = async (word: string) => {
    const found = await onDemand.discovery.find(word);
    return found.ok ? `${found.value.apiVersion} ${found.value.resource} ${found.value.namespaced}` : found.failure.hint;
  };
  expect(
    await Promise.all(['po', 'Deployment', 'deploy', 'deployments.example.com', 'widget', 'widgets.v2.example.com'].map(find)),
  ).toEqual([
    'v1 pods true',
    'apps/v1 deployments true',
    'apps/v1 deployments true',
    'example.com/v1 deployments true',
    'example.com/v2 widgets false',
    'example.com/v2 widgets false',
  ]);
  expect(server.seen).toHaveLength(2);
  expect(await find('deploymnet')).toBe('Did you mean deployments?');
  const all = await onDemand.discovery.all();
  expect(all.ok && all.value.incomplete).toEqual([{ what: 'API metrics.k8s.io/v1beta1', because: 'the server behind it does not answer' }]);
});

test('a server without aggregated discovery is asked group by group; one that fails is a gap', async () => {
  const classic: Readonly<Record<string, object>> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      groups: ['apps/v1', 'broken.example/v1'].map((groupVersion) => ({
        name: groupVersion.split('/')[0],
        versions: [{ groupVersion }],
        preferredVersion: { groupVersion },
      })),
    },
    '/api/v1': {
      resources: [
        { name: 'pods', singularName: 'pod', kind: 'Pod', namespaced: true, verbs: ['list'] },
        { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
      ],
    },
    '/apis/apps/v1': {
      resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'], shortNames: ['deploy'] }],
    },
  };
  const { onDemand } = await connect((seen, response) => {
    const found = classic[seen.path];
    if (found === undefined) sendStatus(response, 503, 'the server is currently unable to handle the request');
    else sendJson(response, found);
  });
  const all = await onDemand.discovery.all();
  expect(all.ok && all.value.kinds.map((k) => k.resource)).toEqual(['pods', 'deployments']);
  expect(all.ok && all.value.incomplete.map((i) => i.what)).toEqual(['API broken.example/v1']);
});

test('a table has the columns of the server; a server that makes none gives names and ages', async () => {
  const { server, onDemand } = await connect(
    discovering((seen, response) => {
      if (seen.path === '/apis/example.com/v2/widgets')
        return sendJson(response, {
          kind: 'Table',
          metadata: { continue: 'more', remainingItemCount: 7 },
          columnDefinitions: [
            { name: 'Name', type: 'string' },
            { name: 'Colour', type: 'string', priority: 1 },
          ],
          rows: [{ cells: ['w1', 'red'], object: { metadata: { name: 'w1', uid: 'u1' } } }],
        });
      sendJson(response, {
        kind: 'PodList',
        metadata: {},
        items: [{ metadata: { name: 'p', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' } }],
      });
    }),
  );
  const widgets = await onDemand.table({ kind: 'widget', limit: 1, labels: 'a=b', name: 'w1' });
  expect(
    widgets.ok && [widgets.value.rows[0]?.cells, widgets.value.next, widgets.value.remaining, widgets.value.columns[1]?.priority],
  ).toEqual([['w1', 'red'], 'more', 7, 1]);
  const asked = server.seen.at(-1);
  expect(['limit', 'labelSelector', 'fieldSelector', 'includeObject'].map((q) => asked?.query.get(q))).toEqual([
    '1',
    'a=b',
    'metadata.name=w1',
    'Metadata',
  ]);
  expect(asked?.headers.accept).toContain('as=Table');
  const pods = await onDemand.table({ kind: 'pods', namespace: 'shop', limit: 10 });
  expect(pods.ok && pods.value.rows[0]?.cells).toEqual(['p', '2026-01-01T00:00:00Z']);
});

test('a whole Secret comes without its values', async () => {
  const { onDemand } = await connect(
    discovering((_seen, response) =>
      sendJson(response, {
        kind: 'Secret',
        metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'aHVudGVyMg==' } },
        data: { password: 'aHVudGVyMg==' },
      }),
    ),
  );
  const secret = await onDemand.object({ kind: 'secret', namespace: 'shop', name: 's' });
  expect(secret.ok).toBe(true);
  expect(JSON.stringify(secret)).not.toContain('aHVudGVyMg==');
});

const pod = (name: string, run = 'run-1') => ({
  kind: 'Pod',
  metadata: { name, uid: `uid-${name}` },
  spec: { containers: [{ name: 'app' }] },
  status: { containerStatuses: [{ name: 'app', containerID: run, restartCount: 0 }] },
});
const at = (second: number, n = 0) => `2026-11-20T08:15:${String(second).padStart(2, '0')}.${String(n).padStart(9, '0')}Z`;

/** Streams until `enough` says so. */
async function read(
  transport: ReadOnlyTransport,
  onDemand: OnDemand,
  asked: object,
  enough: (items: readonly LogItem[]) => boolean = () => false,
) {
  const stop = new AbortController();
  const items: LogItem[] = [];
  const failure = await streamLogs({
    transport,
    discovery: onDemand.discovery,
    selection: LogSelectionSchema.parse({ context: 'c', namespace: 'shop', ...asked }),
    signal: stop.signal,
    write: (item) => {
      items.push(item);
      if (enough(items)) stop.abort();
      return Promise.resolve(!stop.signal.aborted);
    },
  });
  const lines = items.flatMap((i) => (i.type === 'lines' ? i.lines.map((l) => `${l.pod} ${l.line}`) : []));
  return { failure, lines, notes: items.flatMap((i) => (i.type === 'note' ? [`${i.pod}: ${i.text}`] : [])) };
}

test('the logs of a workload’s pods are one log in the order of time; a pod that has none yet is a note', async () => {
  const { server, transport, onDemand } = await connect(
    discovering((seen, response) => {
      if (seen.path.endsWith('/deployments/web')) return sendJson(response, { spec: { selector: { matchLabels: { app: 'web' } } } });
      if (seen.path === '/api/v1/namespaces/shop/pods') return sendJson(response, { items: [pod('a'), pod('b'), pod('new')] });
      if (seen.path.includes('/new/'))
        return sendStatus(response, 400, 'container "app" in pod "new" is waiting to start: ContainerCreating');
      const odd = seen.path.includes('/b/') ? 1 : 0;
      response.writeHead(200).end([0, 2, 4].map((s) => `${at(s + odd)} line ${s + odd}\n`).join(''));
    }),
  );
  const { lines, notes, failure } = await read(transport, onDemand, { targets: ['deploy/web'], tailLines: 10 });
  expect(failure).toBeUndefined();
  expect(lines).toEqual([0, 1, 2, 3, 4, 5].map((n) => `${n % 2 === 0 ? 'a' : 'b'} line ${n}`));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain('ContainerCreating');
  expect(server.seen.find((s) => s.path === '/api/v1/namespaces/shop/pods')?.query.get('labelSelector')).toBe('app=web');
});

test('a container that restarts while it is followed goes on without a line lost or said twice', async () => {
  let run = 'run-1';
  let opened = 0;
  const { server, transport, onDemand } = await connect(
    discovering((seen, response: ServerResponse) => {
      if (seen.path.endsWith('/pods/a')) return sendJson(response, pod('a', run));
      opened++;
      response.writeHead(200);
      if (opened === 1) {
        response.end(`${at(1)} one\n${at(2, 5)} two\n${at(2, 5)} two again\n`);
        run = 'run-2';
        return;
      }
      // The server only knows whole seconds: it says again what was in that second.
      response.write(`${at(2, 5)} two\n${at(2, 5)} two again\n${at(2, 9)} three\n${at(9)} four\n`);
    }),
  );
  const { lines } = await read(transport, onDemand, { targets: ['a'], follow: true }, (items) => JSON.stringify(items).includes('four'));
  expect(lines).toEqual(['a one', 'a two', 'a two again', 'a three', 'a four']);
  expect(server.seen.filter((s) => s.path.endsWith('/log'))[1]?.query.get('sinceTime')).toBe('2026-11-20T08:15:02Z');
});

test('what has no logs is refused in words', async () => {
  const { transport, onDemand } = await connect(
    discovering((seen, response) =>
      seen.path.endsWith('/widgets/w') ? sendJson(response, { spec: {} }) : sendStatus(response, 404, 'pods "x" not found'),
    ),
  );
  expect((await read(transport, onDemand, { targets: ['widget/w'] })).failure?.message).toBe(
    'Widget w in shop selects no pods, so it has no logs.',
  );
  expect((await read(transport, onDemand, { targets: ['x'] })).failure?.code).toBe('not-found');
  expect((await read(transport, onDemand, { targets: ['x'], container: '(' })).failure?.code).toBe('bad-input');
  expect((await read(transport, onDemand, {})).failure?.code).toBe('bad-input');
});
