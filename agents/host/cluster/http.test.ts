import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { proxyFromEnv } from './proxy-choice.ts';
import { type Script, type ScriptedServer, scriptedServer, sendJson, sendStatus, targetOf } from './scripted-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(script: Script, tls?: Parameters<typeof scriptedServer>[1]): Promise<ScriptedServer> {
  const server = await scriptedServer(script, tls);
  closing.push(() => server.close());
  return server;
}
function speak(target: KubeTarget): ClusterHttp {
  const dispatchers = new Dispatchers({});
  closing.unshift(() => dispatchers.close());
  return new ClusterHttp(target, new Credentials({}), dispatchers);
}
const read = (target: KubeTarget, path = '/version', timeoutMs = 5_000) => speak(target).read({ method: 'GET', path, timeoutMs });

// ---- certificates, made by the machine's openssl ------------------------------------------------------------------------

const dir = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const openssl = spawnSync('openssl', ['version']).status === 0;
const file = (name: string) => join(dir, name);
const pem = (name: string) => readFileSync(file(name), 'utf8');
const data = (name: string) => Buffer.from(pem(name)).toString('base64');
function make(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
function authority(name: string): void {
  make('req', '-x509', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '10');
}
function certificate(name: string, days: string, names = 'IP:127.0.0.1'): void {
  writeFileSync(file(`${name}.ext`), `subjectAltName=${names}`);
  make('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-extfile', `${name}.ext`];
  make('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
}
if (openssl) {
  authority('ca');
  authority('other-ca');
  certificate('server', '10');
  certificate('old-server', '-1');
  certificate('named-server', '10', 'DNS:api.example');
  certificate('me', '10', 'DNS:me');
  certificate('old-me', '-1', 'DNS:me');
}
const tls = (name: string) => ({ key: pem(`${name}.key`), cert: pem(`${name}.pem`) });
const fine: Script = (_seen, response) => sendJson(response, { gitVersion: 'v1.37.0' });

test.skipIf(!openssl)('a server whose authority the kubeconfig names is trusted, from data and from a file', async () => {
  const server = await serve(fine, tls('server'));
  for (const cluster of [{ 'certificate-authority-data': data('ca.pem') }, { 'certificate-authority': file('ca.pem') }])
    expect(await read(targetOf(server.url, {}, cluster))).toEqual({ ok: true, value: '{"gitVersion":"v1.37.0"}' });
});

test.skipIf(!openssl)('a server signed by another authority is untrusted; with insecure-skip-tls-verify it is not asked', async () => {
  const server = await serve(fine, tls('server'));
  const wrong = await read(targetOf(server.url, {}, { 'certificate-authority-data': data('other-ca.pem') }));
  expect(wrong).toMatchObject({ ok: false, failure: { code: 'cluster-untrusted' } });
  expect(!wrong.ok && wrong.failure.message).toContain(`Context test: the certificate of server ${server.host} is signed by an authority`);
  expect(!wrong.ok && wrong.failure.hint).toContain('certificate-authority-data');
  expect(await read(targetOf(server.url, {}, { 'insecure-skip-tls-verify': true }))).toMatchObject({ ok: true });
});

test.skipIf(!openssl)('a certificate for another name is untrusted until tls-server-name names it', async () => {
  const server = await serve(fine, tls('named-server'));
  const ca = { 'certificate-authority-data': data('ca.pem') };
  expect(await read(targetOf(server.url, {}, ca))).toMatchObject({
    ok: false,
    failure: { code: 'cluster-untrusted', hint: expect.stringContaining('tls-server-name') as string },
  });
  expect(await read(targetOf(server.url, {}, { ...ca, 'tls-server-name': 'api.example' }))).toMatchObject({ ok: true });
});

test.skipIf(!openssl)("an expired certificate says whose it is and since when, the server's and the client's", async () => {
  const old = await serve(fine, tls('old-server'));
  const ca = { 'certificate-authority-data': data('ca.pem') };
  const server = await read(targetOf(old.url, {}, ca));
  expect(server).toMatchObject({ ok: false, failure: { code: 'cluster-certificate-expired' } });
  expect(!server.ok && server.failure.message).toMatch(
    /certificate of server 127\.0\.0\.1:\d+ \(CN=old-server\) expired on \d{4}-\d\d-\d\dT/,
  );

  const user = { 'client-certificate-data': data('old-me.pem'), 'client-key-data': data('old-me.key') };
  const client = await read(targetOf(old.url, user, ca));
  expect(client).toMatchObject({ ok: false, failure: { code: 'cluster-certificate-expired' } });
  expect(!client.ok && client.failure.message).toMatch(/client certificate of user me expired on \d{4}-\d\d-\d\dT/);
});

test.skipIf(!openssl)('a client certificate is shown to the server; without one the server refuses', async () => {
  const server = await serve(fine, { ...tls('server'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true });
  const ca = { 'certificate-authority-data': data('ca.pem') };
  const user = { 'client-certificate': file('me.pem'), 'client-key': file('me.key') };
  expect(await read(targetOf(server.url, user, ca))).toMatchObject({ ok: true });
  // API servers ask for a certificate without insisting; one that insists just hangs up.
  expect(await read(targetOf(server.url, {}, ca))).toMatchObject({ ok: false, failure: { code: 'cluster-unreachable' } });
});

test.skipIf(!openssl)('a hundred requests reuse their connection', async () => {
  const server = await serve(fine, tls('server'));
  const http = speak(targetOf(server.url, {}, { 'certificate-authority-data': data('ca.pem') }));
  for (let i = 0; i < 100; i++) await http.read({ method: 'GET', path: '/version' });
  expect(server.seen).toHaveLength(100);
  // A second one may be opened while the end of an answer is still on its way up.
  expect(server.connections()).toBeLessThanOrEqual(2);
});

// ---- no answer ----------------------------------------------------------------------------------------------------------

async function listening(onSocket: (server: Server) => void): Promise<string> {
  const server = createServer();
  onSocket(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${port}`;
}

test('a port on which nothing listens is unreachable, and the message names context and server', async () => {
  const server = await scriptedServer(fine);
  await server.close();
  expect(await read(targetOf(server.url))).toEqual({
    ok: false,
    failure: {
      code: 'cluster-unreachable',
      message: `Context test: server ${server.host} refused the connection: nothing listens there.`,
      hint: 'Start the cluster, or correct server: in the kubeconfig.',
    },
  });
});

test('a name that does not exist is unreachable', async () => {
  const answer = await read(targetOf('https://no-such-host.invalid:6443'));
  expect(answer).toMatchObject({ ok: false, failure: { code: 'cluster-unreachable' } });
  expect(!answer.ok && answer.failure.message).toContain('no-such-host.invalid:6443 cannot be resolved');
});

test('a server that takes the connection and never answers is a timeout, before and in the middle of an answer', async () => {
  const host = await listening((server) => server.on('connection', (socket) => socket.on('error', () => undefined)));
  const silent = await read(targetOf(`http://${host}`), '/version', 200);
  expect(silent).toMatchObject({ ok: false, failure: { code: 'cluster-timeout' } });
  expect(!silent.ok && silent.failure.message).toBe(`Context test: server ${host} did not answer within 0.2 s.`);

  const half = await serve((_seen, response) => response.writeHead(200).write('{"half":'));
  expect(await read(targetOf(half.url), '/version', 200)).toMatchObject({ ok: false, failure: { code: 'cluster-timeout' } });
});

test('a server that closes without an answer is unreachable, one that speaks no TLS is said to', async () => {
  const host = await listening((server) => server.on('connection', (socket) => socket.on('error', () => undefined).destroy()));
  expect(await read(targetOf(`http://${host}`))).toMatchObject({ ok: false, failure: { code: 'cluster-unreachable' } });
  const plain = await serve(fine);
  const answer = await read(targetOf(plain.url.replace('http:', 'https:'), {}, { 'insecure-skip-tls-verify': true }));
  expect(answer).toMatchObject({ ok: false, failure: { code: 'cluster-untrusted' } });
  expect(!answer.ok && answer.failure.message).toContain('does not speak TLS');
});

// ---- answers that say no ------------------------------------------------------------------------------------------------

test.each([
  [400, 'invalid'],
  [401, 'cluster-unauthorized'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [422, 'invalid'],
  [500, 'cluster-refused'],
  [503, 'cluster-refused'],
  [504, 'cluster-timeout'],
  [302, 'cluster-refused'],
])('status %i is %s', async (status, code) => {
  const server = await serve((_seen, response) => sendStatus(response, status, 'because'));
  expect(await read(targetOf(server.url))).toMatchObject({ ok: false, failure: { code } });
});

test('forbidden names verb, resource and namespace', async () => {
  const server = await serve((_seen, response) => sendStatus(response, 403, 'User "me" cannot'));
  const http = speak(targetOf(server.url, { token: 'hunter2' }));
  const asked = async (path: string, query = {}) => {
    const answer = await http.read({ method: 'GET', path, query });
    return answer.ok ? '' : (answer.failure.message.split(' The server')[0] ?? '');
  };
  expect(await asked('/api/v1/namespaces/shop/secrets')).toBe('Context test: forbidden: needs list secrets in namespace shop.');
  expect(await asked('/apis/apps/v1/deployments', { watch: true })).toBe('Context test: forbidden: needs watch deployments.apps.');
  expect(await asked('/api/v1/namespaces/shop/pods/web-1/log')).toBe(
    'Context test: forbidden: needs get pods/log "web-1" in namespace shop.',
  );
  expect(await asked('/api/v1/namespaces/kube-system')).toBe('Context test: forbidden: needs get namespaces "kube-system".');
});

test('what an admission webhook, a quota or Pod Security refuses is no lack of rights', async () => {
  const server = await serve((_seen, response) => sendStatus(response, 403, 'pods "x" is forbidden: exceeded quota: small'));
  expect(await read(targetOf(server.url))).toMatchObject({ ok: false, failure: { code: 'admission-refused' } });
});

test('a 429 is waited for as long as the server asks, and given up where that is too long or a write', async () => {
  let first = true;
  const server = await serve((seen, response) => {
    if (seen.method === 'GET' && seen.path === '/api/v1/pods' && !first) return sendJson(response, {});
    first = false;
    sendStatus(response, 429, 'slow down', { 'retry-after': seen.path === '/api/v1/nodes' ? '600' : '1' });
  });
  const http = speak(targetOf(server.url));
  const started = performance.now();
  expect(await http.read({ method: 'GET', path: '/api/v1/pods' })).toEqual({ ok: true, value: '{}' });
  expect(performance.now() - started).toBeGreaterThan(950);
  expect(await http.read({ method: 'GET', path: '/api/v1/nodes' })).toMatchObject({
    ok: false,
    failure: { code: 'too-many-requests', hint: 'Try again in 600 s.' },
  });
  expect(await http.read({ method: 'POST', path: '/api/v1/pods', body: '{}' })).toMatchObject({
    ok: false,
    failure: { code: 'too-many-requests' },
  });
  expect(server.seen).toHaveLength(4);
});

test('no failure repeats a token, a password or what a server echoes of them', async () => {
  const secret = 'c2VjcmV0LXRva2VuLTEyMzQ1';
  const server = await serve((seen, response) => sendStatus(response, 401, `bad header: ${seen.headers.authorization ?? ''}`));
  for (const user of [{ token: secret }, { username: 'me', password: secret }]) {
    const answer = await read(targetOf(server.url, user));
    expect(answer).toMatchObject({ ok: false });
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(JSON.stringify(answer)).not.toContain(Buffer.from(`me:${secret}`).toString('base64'));
  }
});

test('impersonation of the kubeconfig is sent, each group on its own line', async () => {
  const server = await serve(fine);
  await read(targetOf(server.url, { as: 'auditor', 'as-groups': ['a', 'b,c'], 'as-uid': '7' }));
  expect(server.seen[0]?.headers).toMatchObject({ 'impersonate-user': 'auditor', 'impersonate-uid': '7', 'impersonate-group': 'a, b,c' });
});

test('proxies of the environment are used as Go does: not for loopback, not for what NO_PROXY names', () => {
  const env = { HTTPS_PROXY: 'proxy:3128', NO_PROXY: '.corp.example,10.0.0.0/8,exact.example' };
  const through = (server: string) => proxyFromEnv(new URL(server), env) !== undefined;
  expect(['https://api.example', 'https://11.0.0.1:6443'].map(through)).toEqual([true, true]);
  expect(
    ['https://127.0.0.1:6443', 'https://localhost', 'https://a.corp.example', 'https://10.9.8.7', 'https://exact.example'].map(through),
  ).toEqual([false, false, false, false, false]);
});
