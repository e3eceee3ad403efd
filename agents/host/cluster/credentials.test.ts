import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import type { ExecEntry } from './kubeconfig-file.ts';
import { scriptedPlugin } from './scripted-plugin.ts';
import { scriptedServer, sendJson, sendStatus, targetOf } from './scripted-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'plugins-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const plugin = (body?: string, more?: Partial<ExecEntry>) => scriptedPlugin(dir, body, more);
const env = { PATH: process.env['PATH'] };

test('twenty first calls at once start one plugin process, and it is told how it was called', async () => {
  const { exec, runs, info } = plugin('setTimeout(() => answer({ token: "t" }), 100)');
  const credentials = new Credentials(env);
  const target = targetOf('https://c:6443', { exec });
  const answers = await Promise.all(Array.from({ length: 20 }, () => credentials.get(target)));
  expect(answers.every((a) => a.ok && a.value.headers['authorization'] === 'Bearer t')).toBe(true);
  expect(runs()).toBe(1);
  expect(info()).toEqual({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: { interactive: false } });
});

test('a plugin that asks for it is told the cluster, and runs once for each', async () => {
  const { exec, runs, info } = plugin('', { provideClusterInfo: true });
  const credentials = new Credentials(env);
  const other = targetOf('https://other:6443', { exec });
  await credentials.get(targetOf('https://c:6443', { exec }));
  await credentials.get({ ...other, context: { ...other.context, cluster: 'other' } });
  expect(runs()).toBe(2);
  expect(info()).toMatchObject({ spec: { cluster: { server: 'https://other:6443' } } });
});

test('an answer is used until it expires', async () => {
  const body =
    'answer({ token: `token-${run}`, expirationTimestamp: new Date(Date.now() + (run === 1 ? -1000 : 3_600_000)).toISOString() })';
  const { exec, runs } = plugin(body);
  const credentials = new Credentials(env, { paceMs: 0 });
  const target = targetOf('https://c:6443', { exec });
  await credentials.get(target);
  for (let i = 0; i < 3; i++) {
    const answer = await credentials.get(target);
    expect(answer.ok && answer.value.headers['authorization']).toBe('Bearer token-2');
  }
  expect(runs()).toBe(2);
});

test('a 401 has the plugin run again, once for all requests that met it, and the requests succeed', async () => {
  const server = await scriptedServer((seen, response) =>
    seen.headers.authorization === 'Bearer token-2' ? sendJson(response, { ok: 1 }) : sendStatus(response, 401),
  );
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const { exec, runs } = plugin();
  const http = new ClusterHttp(targetOf(server.url, { exec }), new Credentials(env), dispatchers);
  const answers = await Promise.all(Array.from({ length: 10 }, () => http.read({ method: 'GET', path: '/version' })));
  expect(answers).toEqual(Array.from({ length: 10 }, () => ({ ok: true, value: '{"ok":1}' })));
  expect(runs()).toBe(2);
});

test('a plugin whose every answer is refused is left alone after the second, until a person asks again', async () => {
  const server = await scriptedServer((_seen, response) => sendStatus(response, 401));
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const { exec, runs } = plugin();
  const credentials = new Credentials(env, { paceMs: 0 });
  const target = targetOf(server.url, { exec });
  const http = new ClusterHttp(target, credentials, dispatchers);
  for (let i = 0; i < 5; i++)
    expect(await http.read({ method: 'GET', path: '/version' })).toMatchObject({ ok: false, failure: { code: 'cluster-unauthorized' } });
  expect(runs()).toBe(2);
  await credentials.forgive(target);
  await http.read({ method: 'GET', path: '/version' });
  expect(runs()).toBeGreaterThan(2);
});

test('a static token that is refused is said to be, after one request', async () => {
  const server = await scriptedServer((_seen, response) => sendStatus(response, 401));
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const http = new ClusterHttp(targetOf(server.url, { token: 'x' }), new Credentials({}), dispatchers);
  expect(await http.read({ method: 'GET', path: '/version' })).toMatchObject({ ok: false, failure: { code: 'cluster-unauthorized' } });
  expect(server.seen).toHaveLength(1);
});

test('a plugin that is not installed says how to install it; one that fails says what it said', async () => {
  const absent = targetOf('https://c:6443', { exec: plugin('', { command: 'no-such-plugin-here', installHint: 'brew install it' }).exec });
  expect(await new Credentials(env).get(absent)).toEqual({
    ok: false,
    failure: {
      code: 'cluster-unauthorized',
      message: 'Context test: the credential plugin no-such-plugin-here is not installed, or not on the PATH.',
      hint: 'brew install it',
    },
  });
  const body = 'console.error("session expired; token=abcdef123456"); process.exit(3)';
  const failing = await new Credentials(env).get(targetOf('https://c:6443', { exec: plugin(body).exec }));
  expect(!failing.ok && failing.failure.message).toContain('ended with status 3. It says: session expired; token=[masked]');
});

test('a plugin that never ends is ended, one that says nonsense or nothing useful is refused', async () => {
  const hanging = new Credentials(env, { limits: { silentMs: 300 } });
  const late = await hanging.get(targetOf('https://c:6443', { exec: plugin('setInterval(() => {}, 1000)').exec }));
  expect(!late.ok && late.failure.message).toContain('did not finish within 0.3 s');
  for (const body of ['console.log("hello")', 'answer({})', 'answer({ clientCertificateData: "x" })']) {
    const answer = await new Credentials(env).get(targetOf('https://c:6443', { exec: plugin(body).exec }));
    expect([body, answer.ok ? 'ok' : answer.failure.code]).toEqual([body, 'cluster-unauthorized']);
  }
});

test('a failure of a plugin is remembered, so that it does not run for every request', async () => {
  const { exec, runs } = plugin('process.exit(1)');
  const credentials = new Credentials(env);
  const target = targetOf('https://c:6443', { exec });
  for (let i = 0; i < 5; i++) expect((await credentials.get(target)).ok).toBe(false);
  expect(runs()).toBe(1);
});

test('contexts that share a user share its plugin, and each failure names its own context', async () => {
  const { exec, runs } = plugin('process.exit(1)');
  const credentials = new Credentials(env);
  const names = ['arn:aws:eks:eu-west-1:1:cluster/a', 'b'];
  const answers = await Promise.all(names.map((name) => credentials.get(targetOf('https://c:6443', { exec }, {}, name))));
  expect(answers.map((a) => !a.ok && a.failure.message.split(' the credential')[0])).toEqual(names.map((name) => `Context ${name}:`));
  expect(runs()).toBe(1);
});

test('token files are read again when what was in them is refused', async () => {
  const tokenFile = join(dir, 'token');
  writeFileSync(tokenFile, 'first\n');
  const server = await scriptedServer((seen, response) =>
    seen.headers.authorization === 'Bearer second' ? sendJson(response, {}) : sendStatus(response, 401),
  );
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const credentials = new Credentials({});
  const target = targetOf(server.url, { tokenFile });
  expect(await credentials.get(target)).toMatchObject({ ok: true, value: { headers: { authorization: 'Bearer first' } } });
  writeFileSync(tokenFile, 'second\n');
  expect(await new ClusterHttp(target, credentials, dispatchers).read({ method: 'GET', path: '/version' })).toMatchObject({ ok: true });
});

test('a user name and a password, a missing token file and a removed auth-provider', async () => {
  const of = (user: Parameters<typeof targetOf>[1]) => new Credentials({}).get(targetOf('https://c:6443', user));
  expect(await of({ username: 'a', password: 'b' })).toMatchObject({ ok: true, value: { headers: { authorization: 'Basic YTpi' } } });
  expect(await of({ tokenFile: join(dir, 'absent') })).toMatchObject({ ok: false, failure: { code: 'cluster-unauthorized' } });
  expect(await of({ 'auth-provider': { name: 'gcp' } })).toMatchObject({ ok: false, failure: { code: 'cluster-unauthorized' } });
});

test('impersonation: user, uid, groups and extra with odd names; without a user it is refused, not left out', async () => {
  const server = await scriptedServer((_seen, response) => sendJson(response, {}));
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const user = {
    as: 'auditor',
    'as-uid': '7',
    'as-groups': ['a', 'b'],
    'as-user-extra': { 'acme.example/Reason(s)': ['x y', 'z'], scopes: ['read'] },
  };
  const read = (u: Parameters<typeof targetOf>[1]) =>
    new ClusterHttp(targetOf(server.url, u), new Credentials({}), dispatchers).read({ method: 'GET', path: '/version' });
  expect(await read({ token: 't', ...user })).toMatchObject({ ok: true });
  expect(server.seen[0]?.headers).toMatchObject({
    authorization: 'Bearer t',
    'impersonate-user': 'auditor',
    'impersonate-uid': '7',
    'impersonate-group': 'a, b',
    'impersonate-extra-acme.example%2freason%28s%29': 'x y, z',
    'impersonate-extra-scopes': 'read',
  });
  expect(await read({ token: 't', 'as-groups': ['system:masters'] })).toMatchObject({
    ok: false,
    failure: { code: 'cluster-unauthorized' },
  });
  expect(server.seen).toHaveLength(1);
});
