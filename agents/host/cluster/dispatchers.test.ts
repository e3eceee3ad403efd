import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectLimit } from './connect-limit.ts';
import { Dispatchers } from './dispatchers.ts';
import { selfSigned } from './scripted-certificates.ts';
import { type ScriptedServer, scriptedServer, sendJson, targetOf } from './scripted-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'dispatchers-'));
const closing: (() => Promise<unknown>)[] = [];
let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer((_seen, response) => sendJson(response, { ok: 1 }), { ...selfSigned(dir, 'api') });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const credential = { id: '1', headers: {}, certificate: undefined, key: undefined, renewable: false };
function speaker(limit = new ConnectLimit()): Dispatchers {
  const dispatchers = new Dispatchers({}, limit);
  closing.push(() => dispatchers.close());
  return dispatchers;
}

test('a hundred reads, one after the other or at once, make at most two TLS connections; streams and pings have their own', async () => {
  const before = server.connections();
  const dispatchers = speaker();
  const target = targetOf(server.url, {}, { 'insecure-skip-tls-verify': true });
  const get = async (use: 'read' | 'stream' | 'ping') => {
    const dispatcher = await dispatchers.of(target, credential, use);
    if (!dispatcher.ok) throw new Error(dispatcher.failure.message);
    const { body } = await dispatcher.value.request({ origin: server.url, path: '/version', method: 'GET' });
    return body.text();
  };
  for (let i = 0; i < 50; i++) await get('read');
  await Promise.all(Array.from({ length: 50 }, () => get('read')));
  expect(server.connections() - before).toBe(2);
  await get('ping');
  expect(server.connections() - before).toBe(3);
  await Promise.all(Array.from({ length: 5 }, () => get('stream')));
  expect(server.connections() - before).toBe(8);
});

test('a ping is answered while both connections for reads wait for a slow answer', async () => {
  let release: (() => void)[] = [];
  const slow = await scriptedServer((seen, response) => {
    if (seen.path === '/slow') release.push(() => sendJson(response, {}));
    else sendJson(response, { ok: 1 });
  });
  closing.push(() => slow.close());
  const dispatchers = speaker();
  const target = targetOf(slow.url);
  const get = async (use: 'read' | 'ping', path: string) => {
    const dispatcher = await dispatchers.of(target, credential, use);
    if (!dispatcher.ok) throw new Error(dispatcher.failure.message);
    return (await dispatcher.value.request({ origin: slow.url, path, method: 'GET' })).body.text();
  };
  const lists = [get('read', '/slow'), get('read', '/slow')];
  await slow.arrived(2);
  expect(await get('ping', '/version')).toBe('{"ok":1}');
  for (const one of release) one();
  release = [];
  await Promise.all(lists);
});

test('of 300 clusters 260 refuse and 30 are silent: never more than the limit are tried at once, and the living answer before the dead ran out', async () => {
  // A listener that never says a word in the handshake is as silent as a packet filter.
  const silent = createServer((socket) => void socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, '0.0.0.0', resolve));
  let most = 0;
  const open = new Set<unknown>();
  silent.on('connection', (socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on('close', () => open.delete(socket));
  });
  const { port } = silent.address() as AddressInfo;
  const limit = new ConnectLimit({ most: 20 });
  const dispatchers = speaker(limit);
  closing.push(() => new Promise((resolve) => silent.close(resolve)));
  const ask = async (name: string, url: string) => {
    const target = { ...targetOf(url, {}, { 'insecure-skip-tls-verify': true }, name), userKey: name };
    const dispatcher = await dispatchers.of(target, credential, 'read');
    if (!dispatcher.ok) throw new Error(dispatcher.failure.message);
    return dispatcher.value.request({ origin: url, path: '/version', method: 'GET', signal: AbortSignal.timeout(20_000) });
  };
  const begun = performance.now();
  // Every one has an address of its own in 127.0.0.0/8: to the limit these are so many clusters.
  const dead = Array.from({ length: 260 }, (_, i) => ask(`dead-${i}`, `https://127.0.2.${i % 250}:${1 + i}`).catch((e: unknown) => e));
  const silentOnes = Array.from({ length: 30 }, (_, i) => ask(`silent-${i}`, `https://127.0.0.${i + 2}:${port}`).catch((e: unknown) => e));
  const living = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(`live-${i}`, server.url)));
  const ms = performance.now() - begun;
  expect(living.map((answer) => answer.statusCode)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(ms).toBeLessThan(5_000);
  expect(limit.counts.peak).toBeLessThanOrEqual(20);
  // Seen from the server, which hears of a closing a moment later.
  expect(most).toBeLessThanOrEqual(25);
  await dispatchers.close();
  // Nothing goes on trying after that.
  await expect.poll(() => limit.counts).toMatchObject({ trying: 0, waiting: 0 });
  await Promise.all([...dead, ...silentOnes]);
});
