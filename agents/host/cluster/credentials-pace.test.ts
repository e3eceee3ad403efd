import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import { scriptedPlugin } from './scripted-plugin.ts';
import { scriptedServer, sendStatus, targetOf } from './scripted-server.ts';
import { ServerClocks } from './server-clock.ts';

/** How often a login runs: clocks that are off, servers that disagree, contexts that come and go. */

const dir = mkdtempSync(join(tmpdir(), 'pace-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const plugin = (body?: string) => scriptedPlugin(dir, body);
const env = { PATH: process.env['PATH'] };

const far = 'https://c:6443';
const ended = (ms: number) => `answer({ token: \`token-\${run}\`, expirationTimestamp: new Date(Date.now() + ${ms}).toISOString() })`;

test('an answer that had ended already when it came is used all the same, and starts no plugin per request', async () => {
  const { exec, runs } = plugin(ended(-3_600_000));
  const credentials = new Credentials(env);
  const target = targetOf(far, { exec });
  for (let i = 0; i < 20; i++) expect(await credentials.get(target)).toMatchObject({ ok: true });
  expect(runs()).toBe(1);
  expect(credentials.doubts(target)).toContain('it had ended already when it came: check that clock');
});

test('after the pace it runs again, and where the clock of the server is known, its answer counts by that', async () => {
  const { exec, runs } = plugin(ended(-60_000));
  const credentials = new Credentials(env, { paceMs: 30 });
  const target = targetOf(far, { exec });
  await credentials.get(target);
  await expect.poll(async () => (await credentials.get(target), runs())).toBe(2);
  const clocks = new ServerClocks();
  clocks.heard(far, new Date(Date.now() - 3_600_000).toUTCString());
  const knowing = new Credentials(env, { paceMs: 0, clocks });
  const before = runs();
  for (let i = 0; i < 5; i++) await knowing.get(target);
  expect(runs() - before).toBe(1);
});

test('a refused login says that the clocks differ, by the Date of the answer', async () => {
  const server = await scriptedServer((_seen, response) =>
    sendStatus(response, 401, '', { date: new Date(Date.now() + 3_660_000).toUTCString() }),
  );
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  const credentials = new Credentials(env, { clocks: dispatchers.clocks });
  const http = new ClusterHttp(targetOf(server.url, { exec: plugin().exec }), credentials, dispatchers);
  const sentence = `The clock of this machine is 61 min behind that of server ${server.host}: set it right.`;
  for (let i = 0; i < 2; i++)
    expect(await http.read({ method: 'GET', path: '/version' })).toMatchObject({
      failure: { message: expect.stringContaining(sentence) as string },
    });
});

test('one of several servers that refuses what the others take starts no plugin per request either', async () => {
  const { exec, runs } = plugin();
  const credentials = new Credentials(env);
  const target = targetOf(far, { exec });
  for (let i = 0; i < 10; i++) {
    const answer = await credentials.get(target);
    if (answer.ok) await credentials.refuse(target, answer.value);
    credentials.accepted(target);
  }
  expect(runs()).toBe(2);
});

test('a login ends when the last context that waits for it is disconnected, and is not held against it', async () => {
  const { exec, runs } = plugin('if (run === 1) setInterval(() => {}, 1000); else answer({ token: "t" })');
  const credentials = new Credentials(env);
  const [a, b] = [targetOf(far, { exec }, {}, 'a'), targetOf(far, { exec }, {}, 'b')];
  const waiting = [credentials.get(a), credentials.get(b)];
  await expect.poll(runs).toBe(1);
  credentials.leave('a');
  expect(credentials.isWaiting(a)).toBe(true);
  credentials.leave('b');
  expect((await Promise.all(waiting)).map((w) => !w.ok && [w.failure.code, w.failure.message.split(' the login')[0]])).toEqual([
    ['cancelled', 'Context a:'],
    ['cancelled', 'Context b:'],
  ]);
  expect(await credentials.get(a)).toMatchObject({ ok: true });
  expect(runs()).toBe(2);
});

test('a login goes on for the contexts that still wait when one of them is disconnected', async () => {
  const gate = join(dir, 'gate');
  const { exec, runs } = plugin(
    `import { existsSync } from 'node:fs'; const timer = setInterval(() => existsSync(${JSON.stringify(gate)}) && (clearInterval(timer), answer({ token: 't' })), 20);`,
  );
  const credentials = new Credentials(env);
  const waiting = ['a', 'b'].map((name) => credentials.get(targetOf(far, { exec }, {}, name)));
  await expect.poll(runs).toBe(1);
  credentials.leave('a');
  writeFileSync(gate, '');
  expect(await waiting[1]).toMatchObject({ ok: true, value: { headers: { authorization: 'Bearer t' } } });
});

test('what the kubeconfig no longer says is forgotten, a login under way included', async () => {
  const { exec, runs } = plugin('if (run === 1) setInterval(() => {}, 1000); else answer({ token: "t" })');
  const credentials = new Credentials(env);
  const target = targetOf(far, { exec });
  const waiting = credentials.get(target);
  await expect.poll(runs).toBe(1);
  credentials.forget(target);
  expect(await waiting).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  expect(await credentials.get(target)).toMatchObject({ ok: true });
});
