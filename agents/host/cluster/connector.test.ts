import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TLSSocket, createSecureContext } from 'node:tls';
import { Pool } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectLimit } from './connect-limit.ts';
import { connectorOf } from './connector.ts';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import { type Pair, dataOf, selfSigned, signedBy } from './scripted-certificates.ts';
import { type Proxy, connectProxy, socksProxy } from './scripted-proxies.ts';
import { type ScriptedServer, scriptedServer, sendJson, targetOf } from './scripted-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'connector-'));
const closing: (() => Promise<unknown>)[] = [];
let server: ScriptedServer;
let names: (string | undefined | false)[] = [];

let ca: Pair, api: Pair, me: Pair, proxyPair: Pair;
beforeAll(async () => {
  ca = selfSigned(dir, 'ca');
  api = signedBy(dir, 'ca', 'api', 'DNS:api.internal');
  me = signedBy(dir, 'ca', 'me');
  proxyPair = selfSigned(dir, 'proxy', 'IP:127.0.0.1');
  const heard = (name: string, answer: (error: Error | null) => void) => {
    names.push(name);
    answer(null);
  };
  server = await scriptedServer(
    (_seen, response) => {
      const { subject } = (response.req.socket as TLSSocket).getPeerCertificate();
      sendJson(response, { ok: 1, user: subject?.CN });
    },
    { ...api, ca: ca.cert, requestCert: true, rejectUnauthorized: false, SNICallback: heard },
  );
});
afterEach(async () => {
  names = [];
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const trusted = (more: Parameters<typeof targetOf>[2] = {}) => ({
  'certificate-authority-data': dataOf(ca.cert),
  'tls-server-name': 'api.internal',
  ...more,
});
function speaker(env: Record<string, string> = {}, limit = new ConnectLimit()) {
  const dispatchers = new Dispatchers(env, limit);
  closing.push(() => dispatchers.close());
  return {
    dispatchers,
    read: (target: ReturnType<typeof targetOf>) =>
      new ClusterHttp(target, new Credentials({}), dispatchers).read({ method: 'GET', path: '/version', timeoutMs: 5_000 }),
  };
}
const keep = async (proxy: Promise<Proxy>): Promise<Proxy> => {
  const one = await proxy;
  closing.push(() => one.close());
  return one;
};
const ok = { ok: true, value: '{"ok":1}' };

test('tls-server-name is asked for by SNI and is what the certificate is checked against', async () => {
  const { read } = speaker();
  expect(await read(targetOf(server.url, {}, trusted()))).toEqual(ok);
  expect(names).toEqual(['api.internal']);
  expect(await read(targetOf(server.url, {}, trusted({ 'tls-server-name': 'other.internal' })))).toMatchObject({
    ok: false,
    failure: { code: 'cluster-untrusted', message: expect.stringContaining('is for another name') as string },
  });
  expect(await read(targetOf(server.url, {}, trusted({ 'tls-server-name': undefined })))).toMatchObject({
    ok: false,
    failure: { code: 'cluster-untrusted' },
  });
});

test('a client certificate is shown; one without its key, or an authority that is none, is said to be', async () => {
  const { read } = speaker();
  const mine = { 'client-certificate-data': dataOf(me.cert), 'client-key-data': dataOf(me.key) };
  expect(await read(targetOf(server.url, mine, trusted()))).toEqual({ ok: true, value: '{"ok":1,"user":"me"}' });
  expect(await read(targetOf(server.url, { ...mine, 'client-key-data': dataOf(ca.key) }, trusted()))).toMatchObject({
    failure: {
      code: 'cluster-unauthorized',
      message: 'Context test: its client certificate or key cannot be read, or the two do not belong together.',
    },
  });
  const broken = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----').toString('base64');
  expect(await read(targetOf(server.url, {}, trusted({ 'certificate-authority-data': broken })))).toMatchObject({
    failure: { code: 'cluster-untrusted', message: 'Context test: its certificate-authority holds no certificate that can be read.' },
  });
});

test.each([
  ['http', connectProxy, undefined],
  ['http', connectProxy, { user: 'me', password: 'p@ss word' }],
  ['socks5', socksProxy, undefined],
  ['socks5', socksProxy, { user: 'me', password: 'p@ss word' }],
] as const)('a cluster is reached through its %s proxy (%o)', async (scheme, open, login) => {
  const proxy = await keep(open(login));
  const { read } = speaker();
  const user = login === undefined ? '' : `${login.user}:${encodeURIComponent(login.password)}@`;
  expect(await read(targetOf(server.url, {}, trusted({ 'proxy-url': `${scheme}://${user}${proxy.host}` })))).toEqual(ok);
  expect(proxy.opened).toEqual([server.host]);
});

test('a proxy that is spoken to over TLS is checked by the authorities of the machine, the cluster behind it by its own', async () => {
  const proxy = await keep(connectProxy({ user: 'me', password: 'x' }, {}, { ...proxyPair }));
  const way = {
    server: new URL(server.url),
    proxy: new URL(`https://me:x@${proxy.host}`),
    tls: { context: createSecureContext({ ca: ca.cert }), servername: 'api.internal', verify: true },
  };
  const get = async (authority: Pair) => {
    const proxyContext = () => createSecureContext({ ca: authority.cert });
    const connect = connectorOf({ ...way, proxyContext }, new ConnectLimit(), new AbortController().signal);
    const pool = new Pool(server.url, { connect, allowH2: false });
    closing.push(() => pool.destroy());
    return (await pool.request({ path: '/version', method: 'GET' })).body.text();
  };
  expect(await get(proxyPair)).toBe('{"ok":1}');
  expect(proxy.opened).toEqual([server.host]);
  await expect(get(ca)).rejects.toThrow(`the proxy ${proxy.host} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)`);
});

test('a name is resolved by the proxy, and a server without TLS is reached through it too', async () => {
  const plain = await scriptedServer((_seen, response) => sendJson(response, { ok: 1 }));
  closing.push(() => plain.close());
  for (const [scheme, open] of [
    ['http', connectProxy],
    ['socks5', socksProxy],
    ['socks5h', socksProxy],
  ] as const) {
    const proxy = await keep(open(undefined, { 'cluster.invalid': '127.0.0.1' }));
    const port = plain.host.split(':')[1] ?? '';
    const target = targetOf(`http://cluster.invalid:${port}`, {}, { 'proxy-url': `${scheme}://${proxy.host}` });
    expect([scheme, await speaker().read(target)]).toEqual([scheme, ok]);
    expect(proxy.opened).toEqual([`cluster.invalid:${port}`]);
  }
});

test('HTTPS_PROXY is used, NO_PROXY is not, and a proxy of the kubeconfig wins over both', async () => {
  const port = server.host.split(':')[1] ?? '';
  const resolve = { 'api.internal': '127.0.0.1' };
  const fromEnv = await keep(connectProxy(undefined, resolve));
  const own = await keep(socksProxy(undefined, resolve));
  const url = `https://api.internal:${port}`;
  expect(await speaker({ HTTPS_PROXY: `http://${fromEnv.host}` }).read(targetOf(url, {}, trusted()))).toEqual(ok);
  expect(fromEnv.opened).toHaveLength(1);
  const without = speaker({ HTTPS_PROXY: `http://${fromEnv.host}`, NO_PROXY: 'internal' });
  expect(await without.read(targetOf(url, {}, trusted()))).toMatchObject({ ok: false });
  const configured = speaker({ HTTPS_PROXY: `http://${fromEnv.host}` });
  expect(await configured.read(targetOf(url, {}, trusted({ 'proxy-url': `socks5://${own.host}` })))).toEqual(ok);
  expect([fromEnv.opened.length, own.opened.length]).toEqual([1, 1]);
});

test('what a proxy refuses is said without its password; a dead one is told apart from a dead cluster', async () => {
  const secret = 'hunter2-secret';
  const answers: unknown[] = [];
  const plain = await scriptedServer((_seen, response) => sendJson(response, {}));
  closing.push(() => plain.close());
  for (const [scheme, open] of [
    ['http', connectProxy],
    ['socks5', socksProxy],
  ] as const) {
    const proxy = await keep(open({ user: 'me', password: 'right' }));
    const through = (login: string, at = proxy.host) => targetOf(server.url, {}, trusted({ 'proxy-url': `${scheme}://${login}${at}` }));
    const { read } = speaker();
    const [wanted, wrong] = [await read(through('')), await read(through(`me:${secret}@`))];
    expect(wanted).toMatchObject({
      failure: { code: 'cluster-unreachable', message: `Context test: the proxy ${proxy.host} asks for a user name and a password.` },
    });
    expect(wrong).toMatchObject({
      failure: { message: `Context test: the proxy ${proxy.host} does not accept the user name and password of its URL.` },
    });
    const dead = await read(through(`me:${secret}@`, '127.0.0.1:1'));
    expect(dead).toMatchObject({
      failure: { code: 'cluster-unreachable', message: 'Context test: the proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED).' },
    });
    const closed = targetOf('https://127.0.0.1:1', {}, { 'proxy-url': `${scheme}://me:right@${proxy.host}` });
    const beyond = await read(closed);
    expect(beyond).toMatchObject({ failure: { message: expect.stringContaining('would not connect to server 127.0.0.1:1') as string } });
    const noProxy = await read(through(`me:${secret}@`, plain.host));
    expect(noProxy).toMatchObject({ ok: false, failure: { code: 'cluster-unreachable' } });
    expect(noProxy).toMatchObject({
      failure: { message: expect.stringMatching(/closed the connection without a word|does not answer like a proxy/) as string },
    });
    const odd = await read(targetOf(server.url, {}, trusted({ 'proxy-url': `ftp://me:${secret}@x` })));
    expect(odd).toMatchObject({ failure: { code: 'kubeconfig-invalid', message: 'Context test: proxy-url is not the URL of a proxy.' } });
    answers.push(wanted, wrong, dead, beyond, noProxy, odd);
  }
  expect(JSON.stringify(answers)).not.toContain(secret);
});
