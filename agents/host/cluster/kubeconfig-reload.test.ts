import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ClusterNotice } from '../ports/notices.ts';
import { type KubeClient, startKube } from './kube-client.ts';
import { type Script, type ScriptedServer, scriptedServer, sendJson, sendStatus } from './scripted-server.ts';

/** The kube worker notices by itself what happens to kubeconfigs, and what is connected follows. */

const dir = mkdtempSync(join(tmpdir(), 'kubeconfig-reload-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const SOON = { timeout: 6_000, interval: 20 };
let files = 0;
const freshPath = (): string => join(dir, `config-${++files}`);

interface One {
  readonly server: string;
  readonly token: string;
}
const config = (contexts: Readonly<Record<string, One>>): string =>
  JSON.stringify({
    clusters: Object.entries(contexts).map(([name, { server }]) => ({ name, cluster: { server } })),
    users: Object.entries(contexts).map(([name, { token }]) => ({ name, user: { token } })),
    contexts: Object.keys(contexts).map((name) => ({ name, context: { cluster: name, user: name } })),
  });

/** A cluster that knows one token at a time and keeps its watches open. */
async function cluster(): Promise<ScriptedServer & { accept(token: string): void; readonly watches: () => readonly string[] }> {
  let good = 'one';
  const watches: string[] = [];
  const script: Script = (seen, response) => {
    const token = seen.headers.authorization ?? '';
    if (token !== `Bearer ${good}`) return sendStatus(response, 401);
    if (seen.path === '/version') return sendJson(response, { gitVersion: 'v1.31.0' });
    if (seen.path === '/api/v1/namespaces/kube-system') return sendJson(response, { metadata: { name: 'kube-system', uid: 'uid' } });
    if (seen.query.get('watch') === 'true') {
      watches.push(token);
      response.once('close', () => watches.splice(watches.indexOf(token), 1));
      response.writeHead(200);
      return response.flushHeaders();
    }
    sendJson(response, { kind: 'List', metadata: { resourceVersion: '1' }, items: [] });
  };
  const server = await scriptedServer(script);
  closing.push(() => server.close());
  return { ...server, accept: (token) => void (good = token), watches: () => watches };
}

async function start(path: string, env: Record<string, string> = {}): Promise<{ kube: KubeClient; notices: ClusterNotice[] }> {
  const kube = await startKube({ env, home: dir, kubeconfigPaths: [path], log: () => undefined });
  closing.push(() => kube.close());
  const notices: ClusterNotice[] = [];
  kube.onNotice((notice) => notices.push(notice));
  return { kube, notices };
}
const changes = (notices: readonly ClusterNotice[]) => notices.filter((n) => n.type === 'kubeconfigChanged');

test('a changed token ends the session that uses the old one at once and begins anew; the other contexts keep their watches', async () => {
  const [a, b] = [await cluster(), await cluster()];
  const path = freshPath();
  writeFileSync(path, config({ a: { server: a.url, token: 'one' }, b: { server: b.url, token: 'one' } }));
  const { kube, notices } = await start(path);
  expect(await kube.connect('a', ['Pod'])).toMatchObject({ ok: true });
  expect(await kube.connect('b', ['Pod'])).toMatchObject({ ok: true });
  await expect.poll(() => [a.watches(), b.watches()], SOON).toEqual([['Bearer one'], ['Bearer one']]);
  const before = b.seen.length;
  a.accept('two');
  const from = performance.now();
  writeFileSync(path, config({ a: { server: a.url, token: 'two' }, b: { server: b.url, token: 'one' } }));
  await expect.poll(() => a.watches(), SOON).toEqual(['Bearer two']);
  expect(performance.now() - from).toBeLessThan(3_000);
  expect(changes(notices)).toEqual([{ type: 'kubeconfigChanged', added: [], removed: [], changed: ['a'], problems: 0 }]);
  expect(b.watches()).toEqual(['Bearer one']);
  expect(b.seen.length).toBe(before);
  // Nothing is asked with the old token any more.
  const count = a.seen.filter((s) => s.headers.authorization === 'Bearer one').length;
  await kube.get('a', '/api/v1/pods');
  expect(a.seen.filter((s) => s.headers.authorization === 'Bearer one').length).toBe(count);
});

test('a file that is written anew with the same contents disturbs nothing, however it is laid out', async () => {
  const a = await cluster();
  const path = freshPath();
  const text = config({ a: { server: a.url, token: 'one' } });
  writeFileSync(path, text);
  const { kube, notices } = await start(path);
  await kube.connect('a', ['Pod']);
  await expect.poll(() => a.watches().length, SOON).toBe(1);
  const [before, connections] = [a.seen.length, a.connections()];
  writeFileSync(`${path}.new`, JSON.stringify(JSON.parse(text), null, 2));
  renameSync(`${path}.new`, path);
  await kube.kubeconfig();
  writeFileSync(path, `# touched\n${text}`);
  await kube.kubeconfig();
  expect(await kube.connect('a', ['Pod'])).toMatchObject({ ok: true });
  expect([a.seen.length, a.connections(), a.watches().length, changes(notices)[0]?.changed ?? []]).toEqual([before, connections, 1, []]);
});

test('a context that vanishes is disconnected with the reason, and connected again when it comes back', async () => {
  const [a, b] = [await cluster(), await cluster()];
  const path = freshPath();
  const both = config({ a: { server: a.url, token: 'one' }, b: { server: b.url, token: 'one' } });
  writeFileSync(path, both);
  const { kube, notices } = await start(path);
  await kube.connect('a', ['Pod']);
  await expect.poll(() => a.watches().length, SOON).toBe(1);
  writeFileSync(path, config({ b: { server: b.url, token: 'one' } }));
  await expect.poll(() => a.watches().length, SOON).toBe(0);
  const gone = () => notices.find((n) => n.type === 'offline' && n.context === 'a');
  await expect.poll(gone, SOON).toMatchObject({ failure: { code: 'context-unknown', message: expect.stringContaining(path) as string } });
  expect(await kube.connect('a', ['Pod'])).toMatchObject({ ok: false, failure: { code: 'context-unknown' } });
  writeFileSync(path, both);
  await expect.poll(() => a.watches().length, SOON).toBe(1);
  expect(b.seen).toEqual([]);
});

test('a context that comes to mean another server leaves the old one', async () => {
  const [old, now] = [await cluster(), await cluster()];
  const path = freshPath();
  writeFileSync(path, config({ a: { server: old.url, token: 'one' } }));
  const { kube } = await start(path);
  await kube.connect('a', ['Pod']);
  await expect.poll(() => old.watches().length, SOON).toBe(1);
  writeFileSync(path, config({ a: { server: now.url, token: 'one' } }));
  await expect.poll(() => [old.watches().length, now.watches().length], SOON).toEqual([0, 1]);
});

test('a context that is shown by another name, because a second file has one of its name, is watched on under that name', async () => {
  const a = await cluster();
  const folder = freshPath();
  mkdirSync(folder);
  writeFileSync(join(folder, 'east'), config({ prod: { server: a.url, token: 'one' } }));
  const { kube, notices } = await start(folder);
  await kube.connect('prod', ['Pod']);
  await expect.poll(() => a.watches().length, SOON).toBe(1);
  writeFileSync(join(folder, 'west'), config({ prod: { server: 'https://west.example', token: 't' } }));
  await expect.poll(() => notices.find((n) => n.type === 'synced' && n.context === 'east/prod'), SOON).toBeDefined();
  expect(notices.find((n) => n.type === 'offline' && n.context === 'prod')).toMatchObject({
    failure: { code: 'context-unknown', hint: 'Use east/prod.' },
  });
  await expect.poll(() => a.watches().length, SOON).toBe(1);
});

test('a request that is under way when the credentials change is ended, not carried on with the old ones', async () => {
  const path = freshPath();
  const server = await scriptedServer((seen, response) => {
    if (seen.path === '/version') sendJson(response, { gitVersion: 'v1.31.0' });
  });
  closing.push(() => server.close());
  writeFileSync(path, config({ a: { server: server.url, token: 'one' } }));
  const { kube } = await start(path);
  const asked = kube.get('a', '/api/v1/pods');
  await server.arrived(1);
  writeFileSync(path, config({ a: { server: server.url, token: 'two' } }));
  expect(await asked).toMatchObject({
    ok: false,
    failure: { code: 'cancelled', message: expect.stringContaining('kubeconfig') as string },
  });
});

test('while a file is broken what is connected stays so; a file that appears where there was none is read', async () => {
  const a = await cluster();
  const path = freshPath();
  const { kube, notices } = await start(path);
  expect((await kube.kubeconfig()).problems).toMatchObject([{ failure: { code: 'kubeconfig-missing' } }]);
  const text = config({ a: { server: a.url, token: 'one' } });
  writeFileSync(path, text);
  await expect.poll(() => changes(notices)[0], SOON).toMatchObject({ added: ['a'] });
  await kube.connect('a', ['Pod']);
  await expect.poll(() => a.watches().length, SOON).toBe(1);
  writeFileSync(path, text.slice(0, 40));
  await expect.poll(() => changes(notices).at(-1)?.problems, SOON).toBe(1);
  expect([a.watches().length, (await kube.kubeconfig()).contexts.length]).toEqual([1, 1]);
  writeFileSync(path, text);
  await expect.poll(() => changes(notices).at(-1)?.problems, SOON).toBe(0);
  expect(a.watches().length).toBe(1);
});

test('a file put into a folder, and one taken out of it, are noticed', async () => {
  const folder = freshPath();
  mkdirSync(folder);
  const { kube, notices } = await start(folder);
  await kube.kubeconfig();
  const from = performance.now();
  writeFileSync(join(folder, 'new.yaml'), config({ n: { server: 'https://n.example', token: 't' } }));
  await expect.poll(() => changes(notices).at(-1)?.added, SOON).toEqual(['n']);
  expect(performance.now() - from).toBeLessThan(2_500);
  unlinkSync(join(folder, 'new.yaml'));
  await expect.poll(() => changes(notices).at(-1)?.removed, SOON).toEqual(['n']);
});

test('reading 2,000 contexts, from one file or from 2,000, makes no connection and runs no plugin', async () => {
  const server = await scriptedServer((_, response) => sendJson(response, {}));
  closing.push(() => server.close());
  const mark = join(dir, 'plugin-ran');
  const plugin = join(dir, 'plugin.sh');
  writeFileSync(plugin, `#!/bin/sh\ntouch ${mark}\necho '{}'\n`);
  chmodSync(plugin, 0o755);
  const text = (from: number, to: number): string => {
    const all = Array.from({ length: to - from }, (_, i) => from + i);
    return JSON.stringify({
      'current-context': `c${from}`,
      clusters: all.map((i) => ({ name: `c${i}`, cluster: { server: server.url } })),
      users: all.map((i) => ({ name: `c${i}`, user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin } } })),
      contexts: all.map((i) => ({ name: `c${i}`, context: { cluster: `c${i}`, user: `c${i}` } })),
    });
  };
  const file = freshPath();
  writeFileSync(file, text(0, 2_000));
  const folder = freshPath();
  mkdirSync(folder);
  for (let i = 0; i < 2_000; i++) writeFileSync(join(folder, `c${i}`), text(i, i + 1));
  for (const path of [file, folder]) {
    const { kube } = await start(path);
    expect((await kube.kubeconfig()).contexts).toHaveLength(2_000);
    expect((await kube.kubeconfig()).contexts).toHaveLength(2_000);
  }
  expect([server.connections(), existsSync(mark)]).toEqual([0, false]);
  // What would leave the traces does leave them when somebody asks.
  const { kube } = await start(file);
  await kube.ping('c7');
  expect(existsSync(mark)).toBe(true);
});
