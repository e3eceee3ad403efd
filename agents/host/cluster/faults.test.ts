import type { ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ObjectStore } from '../../core/view.ts';
import { receiveViews } from '../view-channel.ts';
import { startKube } from './kube-client.ts';
import { type Seen, scriptedServer, sendJson, sendStatus } from './scripted-server.ts';

/** What a bad server or network may do, seen from where it counts: what an agent knows, and how often the server was asked. */

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Answer = (seen: Seen, response: ServerResponse) => void;
const config = (name: string, version = '1', more: object = {}) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version },
  ...more,
});
const list = (items: readonly unknown[], next?: string) => ({
  kind: 'List',
  metadata: { resourceVersion: '10', ...(next === undefined ? {} : { continue: next }) },
  items,
});
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const isWatch = (seen: Seen) => seen.query.get('watch') === 'true';

/** A worker that reads the ConfigMaps of a server, and an agent that knows what it is told. `server` answers for them. */
async function reading(configMaps: Answer) {
  const server = await scriptedServer((seen, response) => {
    if (seen.path === '/version') return sendJson(response, { gitVersion: 'v1.31.0' });
    if (seen.path.endsWith('/kube-system')) return sendJson(response, { metadata: { uid: 'uid' } });
    configMaps(seen, response);
  });
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-faults-'));
  const kubeconfig = join(dir, 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  const kube = await startKube({ env: {}, home: dir, kubeconfigPaths: [kubeconfig], log: () => undefined });
  const { port1, port2 } = new MessageChannel();
  const store = new ObjectStore('c');
  receiveViews(port2, (message) => {
    if (message.type !== 'changes') return;
    for (const kind of message.reset) store.clear(kind);
    for (const object of message.upserts) store.put(object);
    for (const { kind, key } of message.removes) store.remove(kind, key);
    store.setGaps(message.gaps);
  });
  kube.attach('test', ['ConfigMap'], port1);
  closing.push(
    () => rmSync(dir, { recursive: true, force: true }),
    () => server.close(),
    () => port2.close(),
    () => kube.close(),
  );
  const names = () =>
    store
      .view()
      .list('ConfigMap')
      .map((o) => o.metadata.name);
  const asked = () => server.seen.filter((s) => s.path.endsWith('/configmaps'));
  return { kube, server, store, names, asked };
}

test('a list that is cut in its middle is read again, and nothing is lost or there twice', async () => {
  let cuts = 0;
  const { kube, names } = await reading((seen, response) => {
    if (isWatch(seen)) return response.writeHead(200).flushHeaders();
    if (seen.query.get('continue') === null) return sendJson(response, list([config('a'), config('b')], 'page-2'));
    if (cuts++ < 2) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"kind":"List","metadata":{"resourceVersion":"10"},"items":[{"metadata":{"na');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    sendJson(response, list([config('c')]));
  });
  await kube.connect('c', ['ConfigMap']);
  await expect.poll(names, { timeout: 15_000 }).toEqual(['a', 'b', 'c']);
}, 20_000);

test('watches that are all answered with 410 do not become a storm, and the next good one is taken', async () => {
  let watches = 0;
  const { kube, names, asked } = await reading((seen, response) => {
    if (!isWatch(seen)) return sendJson(response, list([config('a', String(watches))]));
    response.writeHead(200);
    if (++watches <= 3) return void response.end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }));
    response.write(line('ADDED', config('after', '99')));
  });
  const begun = performance.now();
  await kube.connect('c', ['ConfigMap']);
  await expect.poll(names, { timeout: 60_000 }).toEqual(['a', 'after']);
  const seconds = (performance.now() - begun) / 1000;
  expect(asked()).toHaveLength(8);
  // Three expiries in a row: pauses that grow, and no more than a handful of requests a second at the worst.
  expect(asked().length / seconds).toBeLessThan(8);
}, 70_000);

test('errors of the server, answers that are no JSON and a login page are lived through', async () => {
  const bad: Answer[] = [
    (_seen, response) => sendStatus(response, 500, 'etcdserver: request timed out'),
    (_seen, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"List",'),
    (_seen, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>'),
  ];
  let watches = 0;
  const { kube, names } = await reading((seen, response) => {
    if (!isWatch(seen)) {
      const next = bad.shift();
      return next === undefined ? sendJson(response, list([config('a')])) : next(seen, response);
    }
    watches++;
    response.writeHead(200);
    if (watches === 1) return void response.end(`${line('ADDED', config('b', '11'))}{"type":"ADDED","object":{"meta\n`);
    response.write(line('ADDED', config(`from ${seen.query.get('resourceVersion') ?? ''}`, '12')));
  });
  void kube.connect('c', ['ConfigMap']);
  await expect.poll(names, { timeout: 30_000 }).toEqual(['a', 'b', 'from 11']);
  expect(bad).toEqual([]);
}, 40_000);

test('an object of a megabyte and a half is read, in a list and in a watch that cuts it anywhere', async () => {
  const large = (name: string, version: string) => config(name, version, { data: { notes: 'ä€😀'.repeat(180_000) } });
  let watch: ServerResponse | undefined;
  const { kube, names, store } = await reading((seen, response) => {
    if (!isWatch(seen)) return sendJson(response, list([large('listed', '1')]));
    watch = response.writeHead(200);
    response.flushHeaders();
  });
  await kube.connect('c', ['ConfigMap']);
  await expect.poll(() => watch !== undefined).toBe(true);
  const bytes = Buffer.from(line('ADDED', large('watched', '11')));
  expect(bytes.length).toBeGreaterThan(1_500_000);
  for (let at = 0; at < bytes.length; at += 99_991) watch?.write(bytes.subarray(at, at + 99_991));
  await expect.poll(names, { timeout: 15_000 }).toEqual(['listed', 'watched']);
  expect(
    store
      .view()
      .list('ConfigMap')
      .map((o) => o.data[0]?.size),
  ).toEqual([720_000, 720_000]);
}, 20_000);

test('429 with a time to wait is waited for', async () => {
  const times: number[] = [];
  const { kube, names } = await reading((seen, response) => {
    if (isWatch(seen)) return response.writeHead(200).flushHeaders();
    times.push(performance.now());
    if (times.length > 1) return sendJson(response, list([config('a')]));
    response.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' }).end('{"kind":"Status","code":429}');
  });
  await kube.connect('c', ['ConfigMap']);
  await expect.poll(names).toEqual(['a']);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
}, 20_000);
