import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ClusterNotice } from '../ports/notices.ts';
import { startKube } from './kube-client.ts';
import { type Script, scriptedServer, sendJson, sendStatus } from './scripted-server.ts';
import { WritableClusters } from './writable-clusters.ts';
import { createWriter } from './writer.ts';

/** Reading in the worker's thread and writing in this one, with one login between them. */

const dir = mkdtempSync(join(tmpdir(), 'shared-login-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let count = 0;
/** The app's two ends over one kubeconfig whose user has a plugin; `body` says what its process does (`run` = how often it was started). */
async function bench(script: Script, body = 'answer(`token-${run}`)') {
  const [plugin, log, config] = ['mjs', 'log', 'yaml'].map((end) => join(dir, `${++count}.${end}`)) as [string, string, string];
  writeFileSync(log, '');
  writeFileSync(
    plugin,
    `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(log)}, process.pid + '\\n');
const run = readFileSync(${JSON.stringify(log)}, 'utf8').split('\\n').length - 1;
const answer = (token) => console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));
${body}
`,
  );
  const server = await scriptedServer(script);
  const write = (more: object = {}) =>
    writeFileSync(
      config,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: server.url } }],
        users: [
          {
            name: 'me',
            user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [plugin] }, ...more },
          },
        ],
        contexts: [{ name: 'prod', context: { cluster: 'c', user: 'me' } }],
      }),
    );
  write();
  const sources = { env: { PATH: process.env['PATH'] }, home: dir, kubeconfigPaths: [config] };
  const kube = await startKube({ ...sources, log: () => undefined });
  const notices: ClusterNotice[] = [];
  kube.onNotice((notice) => notices.push(notice));
  const clusters = new WritableClusters(sources, () => undefined, kube);
  closing.push(
    () => server.close(),
    () => kube.close(),
    () => clusters.close(),
  );
  const writer = createWriter((context) => clusters.transport(context));
  const access = () => writer.access('prod', { verb: 'get', group: '', resource: 'pods' });
  const pids = () => readFileSync(log, 'utf8').split('\n').slice(0, -1).map(Number);
  return { server, kube, access, notices, pids, write, runs: () => pids().length };
}
const takes =
  (token: string): Script =>
  (seen, response) => {
    if (seen.headers.authorization !== `Bearer ${token}`) sendStatus(response, 401);
    else sendJson(response, seen.method === 'POST' ? { status: { allowed: true } } : { gitVersion: 'v1.36.0' });
  };

test('twenty first calls over reading and writing together start one plugin', async () => {
  const { kube, access, runs } = await bench(takes('token-1'), 'setTimeout(() => answer(`token-${run}`), 150)');
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? kube.ping('prod') : access())));
  expect(answers.map((a) => a.ok)).toEqual(Array.from({ length: 20 }, () => true));
  expect(runs()).toBe(1);
});

test('a 401 that writing meets renews the login for both', async () => {
  const { kube, access, runs } = await bench(takes('token-2'));
  expect(await access()).toMatchObject({ ok: true, value: { allowed: true } });
  expect(await kube.ping('prod')).toMatchObject({ ok: true });
  expect(runs()).toBe(2);
});

test('a login that asks the person is told by notice, no request runs out of time over it, and disconnecting ends it', async () => {
  const body = `console.error('Open https://login.example/device and enter AB-CD'); if (run === 1) setInterval(() => {}, 1000); else answer('token-2');`;
  const { kube, notices, pids } = await bench(takes('token-2'), body);
  const connected = kube.connect('prod', []);
  await expect
    .poll(() => notices.filter((n) => n.type === 'signIn'))
    .toEqual([{ type: 'signIn', context: 'prod', user: 'me', text: 'Open https://login.example/device and enter AB-CD', done: false }]);
  await kube.disconnect('prod');
  expect(await connected).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  await expect.poll(() => alive(pids()[0])).toBe(false);
  await expect
    .poll(() => notices.filter((n) => n.type === 'signIn' && n.done))
    .toMatchObject([{ text: expect.stringContaining('was cancelled') as string }]);
  expect(await kube.ping('prod')).toMatchObject({ ok: true });
});

test('closing ends a login that waits for a person', async () => {
  const { kube, pids } = await bench(takes('x'), 'setInterval(() => {}, 1000)');
  const ping = kube.ping('prod');
  await expect.poll(() => pids().length).toBe(1);
  await kube.close();
  expect(await ping).toMatchObject({ ok: false });
  await expect.poll(() => alive(pids()[0])).toBe(false);
});

test('another user entry than the one that is meant gets nothing', async () => {
  const { kube, access, write, server } = await bench(takes('token-1'));
  expect(await access()).toMatchObject({ ok: true });
  expect(await kube.credential('prod', 'another')).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(await kube.refuse('prod', 'another', 'x')).toBe(false);
  write({ exec: null, token: 'fresh' });
  // A file that has just become shorter may be half written and is believed a little later.
  await expect.poll(access, { timeout: 5_000 }).toMatchObject({ ok: false, failure: { code: 'cluster-unauthorized' } });
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer fresh');
});

function alive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}
