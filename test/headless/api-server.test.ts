import { expect, onTestFinished, test } from 'vitest';
import type { RawObject } from '../../agents/host/doubles/api-server/objects.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../agents/host/doubles/api-server/server.ts';

/** The double answers as a cluster does: asked over HTTP, as everything of ours asks it. */

const namespace = (name: string): RawObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const configMap = (name: string, more: object = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', ...more },
  data: { a: '1' },
});
const deployment = (replicas = 2): RawObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas, template: { spec: { containers: [{ name: 'app', image: 'web:1' }] } } },
  status: { replicas },
});
const MAPS = '/api/v1/namespaces/shop/configmaps';
const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';

async function cluster(objects: readonly RawObject[], options: Partial<ApiServerOptions> = {}): Promise<ApiServer> {
  const server = await startApiServer({ objects: [namespace('shop'), ...objects], ...options });
  onTestFinished(() => server.close());
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a server says is looked at in many shapes.
  readonly body: { [key: string]: unknown } & {
    metadata?: { [key: string]: unknown };
    items?: RawObject[];
    spec?: { [key: string]: unknown };
  };
}

async function ask({ url }: ApiServer, method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
const names = ({ body }: Answer) => body.items?.map((o) => o.metadata.name);

/** The lines of a watch; `next` waits for one. */
async function watch({ url }: ApiServer, path: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url + path, { signal: stop.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<{ type: string; object: RawObject & { code?: number } } | undefined> => {
    for (;;) {
      const end = text.indexOf('\n');
      if (end >= 0) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        return JSON.parse(line) as { type: string; object: RawObject };
      }
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return undefined;
      text += chunk.value;
    }
  };
  return { next };
}

test('says who it is and what it serves', async () => {
  const server = await cluster([], { version: 'v1.37.9' });
  expect((await ask(server, 'GET', '/version')).body).toMatchObject({ gitVersion: 'v1.37.9' });
  const apps = await ask(server, 'GET', '/apis/apps/v1');
  expect(apps.body['resources']).toContainEqual(expect.objectContaining({ name: 'deployments', kind: 'Deployment', namespaced: true }));
  expect((await ask(server, 'GET', '/apis')).body['groups']).toContainEqual(expect.objectContaining({ name: 'discovery.k8s.io' }));
  expect(await ask(server, 'GET', '/apis/apps/v1beta1/deployments')).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
});

test('wants the token it was given', async () => {
  const server = await cluster([], { token: 'right' });
  const status = async (authorization: string) => (await fetch(`${server.url}/version`, { headers: { authorization } })).status;
  expect([await status('Bearer right'), await status('Bearer wrong'), await status('')]).toEqual([200, 401, 401]);
});

test('pages of one list are of one moment; a token that expired is answered with 410', async () => {
  const server = await cluster(['a', 'b', 'c', 'd'].map((n) => configMap(n)));
  const first = await ask(server, 'GET', `${MAPS}?limit=2`);
  expect(names(first)).toEqual(['a', 'b']);
  server.table.remove('configmaps', 'shop', 'c');
  const token = String(first.body.metadata?.['continue']);
  const second = await ask(server, 'GET', `${MAPS}?limit=2&continue=${token}`);
  expect(names(second)).toEqual(['c', 'd']);
  expect(second.body.metadata).toEqual({ resourceVersion: first.body.metadata?.['resourceVersion'] });
  const again = await ask(server, 'GET', `${MAPS}?limit=2`);
  server.faults.forget();
  const late = await ask(server, 'GET', `${MAPS}?limit=2&continue=${String(again.body.metadata?.['continue'])}`);
  expect(late).toMatchObject({ status: 410, body: { reason: 'Expired' } });
});

test.each([
  ['labelSelector=app%3Dweb', ['both', 'web']],
  ['labelSelector=app%3D%3Dweb,tier', ['both']],
  ['labelSelector=app%20in%20(web,db),tier!%3Dfront', ['web']],
  ['labelSelector=!app', ['none']],
  ['fieldSelector=metadata.name%3Dnone', ['none']],
  ['fieldSelector=metadata.name!%3Dnone,metadata.namespace%3Dshop', ['both', 'web']],
])('selects by %s', async (query, expected) => {
  const labelled = [configMap('web', { labels: { app: 'web' } }), configMap('both', { labels: { app: 'web', tier: 'front' } })];
  const server = await cluster([...labelled, configMap('none')]);
  expect(names(await ask(server, 'GET', `/api/v1/configmaps?${query}`))).toEqual(expected);
});

test('a watch goes on from a version and misses nothing; a forgotten version is an expired one', async () => {
  const server = await cluster([configMap('a')]);
  const { body } = await ask(server, 'GET', MAPS);
  server.table.put(configMap('b'));
  const { next } = await watch(server, `${MAPS}?watch=true&resourceVersion=${String(body.metadata?.['resourceVersion'])}`);
  expect(await next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  await ask(server, 'PATCH', `${MAPS}/a`, { data: { a: '2' } }, MERGE);
  expect(await next()).toMatchObject({ type: 'MODIFIED', object: { metadata: { name: 'a' }, data: { a: '2' } } });
  await ask(server, 'DELETE', `${MAPS}/b`);
  expect(await next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'b' } } });
  server.faults.forget();
  const old = await watch(server, `${MAPS}?watch=true&resourceVersion=${String(body.metadata?.['resourceVersion'])}`);
  expect(await old.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  expect(await old.next()).toBeUndefined();
});

test('a watch without a version begins with all there is, and ends when it was told to', async () => {
  const server = await cluster([configMap('a')]);
  const { next } = await watch(server, `${MAPS}?watch=true&timeoutSeconds=1`);
  expect(await next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
  expect(await next()).toBeUndefined();
});

test('a dry run answers what would be, and changes nothing', async () => {
  const server = await cluster([deployment(), configMap('a')]);
  const before = server.table.version;
  const spec = { replicas: 2, template: { spec: { containers: [{ name: 'app', image: 'web:2' }] } } };
  const patch = await ask(server, 'PATCH', `${WEB}?dryRun=All`, { spec }, MERGE);
  expect(patch).toMatchObject({ status: 200, body: { spec, metadata: { generation: 2 } } });
  expect((await ask(server, 'POST', `${MAPS}?dryRun=All`, configMap('new'))).status).toBe(201);
  expect((await ask(server, 'DELETE', `${MAPS}/a`, { dryRun: ['All'] })).status).toBe(200);
  expect(server.table.version).toBe(before);
  expect(names(await ask(server, 'GET', MAPS))).toEqual(['a']);
});

test('JSON Patch: a test that does not hold refuses all of it', async () => {
  const server = await cluster([deployment()]);
  const image = { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:2' };
  const test = (path: string, value: unknown) => ({ op: 'test', path, value });
  const stale = await ask(server, 'PATCH', WEB, [image, test('/metadata/generation', 7)], JSON_PATCH);
  expect(stale).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
  expect(server.table.get('deployments', 'shop', 'web')).toMatchObject(deployment());
  const good = await ask(server, 'PATCH', WEB, [test('/metadata/generation', 1), image], JSON_PATCH);
  expect(good).toMatchObject({ status: 200, body: { metadata: { generation: 2 } } });
  expect(await ask(server, 'PATCH', WEB, { op: 'test' }, JSON_PATCH)).toMatchObject({ status: 400 });
  expect(await ask(server, 'PATCH', WEB, {}, 'application/made-up')).toMatchObject({ status: 415 });
});

test('who changes what has changed meanwhile is refused: by version, by identity', async () => {
  const server = await cluster([configMap('a')]);
  const { body } = await ask(server, 'GET', `${MAPS}/a`);
  await ask(server, 'PATCH', `${MAPS}/a`, { data: { a: '2' } }, MERGE);
  const late = await ask(server, 'PUT', `${MAPS}/a`, body);
  expect(late).toMatchObject({
    status: 409,
    body: { reason: 'Conflict', message: expect.stringContaining('has been modified') as string },
  });
  const uid = 'of-an-earlier-one';
  expect(await ask(server, 'PATCH', `${MAPS}/a`, { metadata: { uid } }, MERGE)).toMatchObject({ status: 409 });
  expect(await ask(server, 'DELETE', `${MAPS}/a`, { preconditions: { uid } })).toMatchObject({ status: 409 });
  expect(await ask(server, 'POST', MAPS, configMap('a'))).toMatchObject({ status: 409, body: { reason: 'AlreadyExists' } });
  expect((await ask(server, 'GET', `${MAPS}/a`)).body['data']).toEqual({ a: '2' });
});

test('a status is written through its subresource alone, and is no new generation', async () => {
  const server = await cluster([deployment()]);
  const main = await ask(server, 'PATCH', WEB, { status: { replicas: 9 }, metadata: { labels: { x: 'y' } } }, MERGE);
  expect(main.body).toMatchObject({ status: { replicas: 2 }, metadata: { labels: { x: 'y' }, generation: 1 } });
  const status = await ask(server, 'PATCH', `${WEB}/status`, { status: { replicas: 9 }, spec: { replicas: 5 } }, MERGE);
  expect(status.body).toMatchObject({ status: { replicas: 9 }, spec: { replicas: 2 }, metadata: { generation: 1 } });
});

test('scale: the count alone, bound to the version, 0 left out of the answer', async () => {
  const server = await cluster([deployment()]);
  const { body } = await ask(server, 'GET', WEB);
  const metadata = { uid: body.metadata?.['uid'], resourceVersion: body.metadata?.['resourceVersion'] };
  const scaled = await ask(server, 'PATCH', `${WEB}/scale`, { metadata, spec: { replicas: 0 } }, MERGE);
  expect(scaled).toMatchObject({ status: 200, body: { kind: 'Scale', spec: {} } });
  expect(scaled.body.spec).toEqual({});
  expect(server.table.get('deployments', 'shop', 'web')).toMatchObject({ spec: { replicas: 0 }, metadata: { generation: 2 } });
  expect(await ask(server, 'PATCH', `${WEB}/scale`, { metadata, spec: { replicas: 3 } }, MERGE)).toMatchObject({ status: 409 });
  expect(await ask(server, 'PATCH', `${WEB}/scale`, { spec: { replicas: -1 } }, MERGE)).toMatchObject({ status: 422 });
});

test('a create is refused where nothing can be: no namespace, no name, another kind', async () => {
  const server = await cluster([]);
  expect(await ask(server, 'POST', '/api/v1/namespaces/gone/configmaps', configMap('a'))).toMatchObject({ status: 404 });
  expect(await ask(server, 'POST', MAPS, { ...configMap('a'), metadata: {} })).toMatchObject({ status: 422 });
  expect(await ask(server, 'POST', MAPS, { ...configMap('a'), kind: 'Secret' })).toMatchObject({ status: 400 });
});

test('what an object owned goes with it; finalizers hold it until the last is gone', async () => {
  const server = await cluster([deployment(), configMap('held', { finalizers: ['x/y'] })]);
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: server.table.get('deployments', 'shop', 'web')?.metadata.uid,
  };
  server.table.put(configMap('owned', { ownerReferences: [owner] }));
  await ask(server, 'DELETE', WEB);
  expect(names(await ask(server, 'GET', MAPS))).toEqual(['held']);
  const leaving = await ask(server, 'DELETE', `${MAPS}/held`);
  expect(leaving.body.metadata).toMatchObject({ deletionTimestamp: expect.any(String) as string });
  await ask(server, 'PATCH', `${MAPS}/held`, { metadata: { finalizers: null } }, MERGE);
  expect(names(await ask(server, 'GET', MAPS))).toEqual([]);
});

test('what is forbidden is refused and said by an access review, for a verb, a subresource, a namespace', async () => {
  const server = await cluster([deployment(), configMap('a')]);
  for (const right of ['patch/deployments/scale', 'list/configmaps in shop']) server.faults.forbidden.add(right);
  const may = async (resourceAttributes: object) =>
    (
      (await ask(server, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { resourceAttributes } })).body[
        'status'
      ] as {
        allowed: boolean;
      }
    ).allowed;
  const scale = { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop' };
  expect([await may(scale), await may({ ...scale, subresource: undefined })]).toEqual([false, true]);
  expect([
    await may({ verb: 'list', resource: 'configmaps', namespace: 'shop' }),
    await may({ verb: 'list', resource: 'configmaps' }),
  ]).toEqual([false, true]);
  expect(await ask(server, 'PATCH', `${WEB}/scale`, { spec: { replicas: 1 } }, MERGE)).toMatchObject({
    status: 403,
    body: {
      reason: 'Forbidden',
      message: expect.stringContaining('cannot patch resource "deployments/scale" in API group "apps"') as string,
    },
  });
  expect([(await ask(server, 'GET', MAPS)).status, (await ask(server, 'GET', '/api/v1/configmaps')).status]).toEqual([403, 200]);
});

test('logs: the end of them, and the words of a kubelet that has none', async () => {
  const pod: RawObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { containers: [{ name: 'app' }, { name: 'side' }] },
  };
  const server = await cluster([pod], {
    log: (_, container, previous) => (container === 'app' && !previous ? 'one\ntwo\nthree\n' : undefined),
  });
  const log = async (query: string) => (await fetch(`${server.url}/api/v1/namespaces/shop/pods/p/log?${query}`)).text();
  expect(await log('container=app')).toBe('one\ntwo\nthree\n');
  expect(await log('container=app&tailLines=2')).toBe('two\nthree\n');
  expect(await log('container=app&previous=true')).toContain('previous terminated container \\"app\\" in pod \\"p\\" not found');
  expect(await log('container=side')).toContain('is waiting to start');
  expect(await log('')).toContain('a container name must be specified');
});

test('goes wrong on demand: 429, silence, cut watches, gone and back at the same address', async () => {
  const server = await cluster([configMap('a')]);
  server.faults.tooMany = 1;
  const busy = await ask(server, 'GET', MAPS);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '1']);
  const { next } = await watch(server, `${MAPS}?watch=true&resourceVersion=${server.table.version}`);
  server.faults.cutWatches();
  await expect(next()).rejects.toThrow();
  server.faults.hang = true;
  await expect(fetch(server.url + MAPS, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
  server.faults.hang = false;
  await server.faults.down();
  await expect(ask(server, 'GET', MAPS)).rejects.toThrow();
  await server.faults.up();
  expect(names(await ask(server, 'GET', MAPS))).toEqual(['a']);
});

test('what was asked is on record', async () => {
  const server = await cluster([configMap('a')]);
  await ask(server, 'GET', MAPS);
  await ask(server, 'PATCH', `${MAPS}/a?dryRun=All`, {}, MERGE);
  expect(server.requests).toMatchObject([
    { method: 'GET', path: MAPS, dryRun: false },
    { method: 'PATCH', path: `${MAPS}/a`, dryRun: true },
  ]);
});
