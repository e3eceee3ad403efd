import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { startDemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import { startApp } from '../../agents/host/wiring.ts';
import { TEMPEST, folder } from './fleet.ts';

/** What changed in a cluster, from the watch to the command line: real worker, real SQLite, real sockets. */

const bin = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');

async function watched() {
  const dir = folder();
  const fleet = await startDemoFleet({ dir: join(dir, 'fleet') });
  onTestFinished(() => fleet.close());
  const dataDir = join(dir, 'data');
  const started = await startApp({ dataDir, kubeconfigPaths: [fleet.kubeconfig], demo: false, env: {}, home: dir, log: () => undefined });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  const server = fleet.servers[TEMPEST];
  if (server === undefined) throw new Error('no such cluster');
  const { client } = started.value.app;
  await client.cluster.connect({ context: TEMPEST });
  return { dir, dataDir, fleet, running: started.value, client, server };
}

const wrote = (manager: string, fields: object) => ({
  managedFields: [
    { manager, operation: 'Update', time: `${new Date().toISOString().slice(0, 19)}Z`, fieldsType: 'FieldsV1', fieldsV1: fields },
  ],
});

/** A Secret as somebody puts it there, again and again with other values. */
const secret = (server: ApiServer, data: Record<string, string>) =>
  server.table.put({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'login', namespace: 'shop', ...wrote('vault', { 'f:data': {} }) },
    type: 'Opaque',
    data,
  } as never);

test('a change of somebody else is told with who and what; values of a Secret are nowhere in it, nor in the file', async () => {
  const { dataDir, client, server, running } = await watched();
  const values = ['geheim-eins-4711', 'geheim-zwei-4712'].map((v) => Buffer.from(v).toString('base64'));
  secret(server, { password: values[0] ?? '', user: 'cm9vdA==' });
  secret(server, { password: values[1] ?? '', user: 'cm9vdA==' });
  const list = async () => (await client.changes.list({ context: TEMPEST, resource: 'secret/login', namespace: 'shop' })).changes;
  await expect.poll(async () => (await list()).length, { timeout: 10_000 }).toBe(2);
  const [changed, created] = await list();
  expect([created?.type, created?.by?.manager]).toEqual(['created', 'vault']);
  expect(changed).toMatchObject({
    context: TEMPEST,
    type: 'changed',
    by: { manager: 'vault', operation: 'Update' },
    fields: [{ path: 'data[password]', from: '16 bytes', to: '16 bytes', words: 'key password changed (16 bytes)' }],
    beforeKnown: true,
    summary: 'Secret shop/login: key password changed (16 bytes), by vault',
  });
  await expect(client.changes.list({ resource: 'mood/blue' })).rejects.toThrow('"mood/blue" names no object');
  const later = new Date(Date.now() + 60_000).toISOString();
  expect((await client.changes.list({ context: TEMPEST, since: later })).changes).toEqual([]);
  await running.close();
  for (const file of readdirSync(dataDir, { withFileTypes: true }).filter((f) => f.isFile())) {
    const text = readFileSync(join(dataDir, file.name), 'latin1');
    for (const value of [...values, 'geheim-eins-4711', 'geheim-zwei-4712']) expect(text.includes(value), file.name).toBe(false);
  }
});

test('on the command line: with its context on every line, and as last known when the cluster is gone', async () => {
  const { dir, dataDir, fleet, running, server } = await watched();
  server.table.put({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'tune\u001bd', namespace: 'shop', ...wrote('vim', { 'f:data': { 'f:level': {} } }) },
    data: { level: 'debug' },
  } as never);
  const list = async () => (await running.app.client.changes.list({ context: TEMPEST })).changes;
  await expect.poll(async () => (await list()).some((c) => c.by?.manager === 'vim'), { timeout: 10_000 }).toBe(true);
  await running.close();
  const kubeconfig = join(dir, 'copy');
  writeFileSync(kubeconfig, readFileSync(fleet.kubeconfig, 'utf8'));
  await fleet.close();

  const quarterdeck = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const all = [bin, 'changes', '--kubeconfig', kubeconfig, '--data-dir', dataDir, '--context', TEMPEST, ...args];
      const child = spawn(process.execPath, all, { env: { ...process.env, HOME: dir, KUBECONFIG: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
      onTestFinished(() => void child.kill());
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      child.stderr.on('data', (chunk) => (err += String(chunk)));
      child.on('close', (code) => resolve({ code, out, err }));
    });
  const table = await quarterdeck('-n', 'shop');
  expect([table.code, table.err]).toEqual([3, expect.stringContaining(TEMPEST)]);
  const [heads, ...lines] = table.out.trimEnd().split('\n');
  expect(heads).toMatch(/^WHEN +CONTEXT +CHANGE$/);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toContain(TEMPEST);
  expect(table.out).toContain('ConfigMap shop/tune\\x1bd created, by vim');
  const wide = await quarterdeck('-o', 'wide', '--since', '2h');
  for (const line of wide.out.trimEnd().split('\n')) expect(line).toMatch(new RegExp(`^${TEMPEST}  `));
  const json = JSON.parse((await quarterdeck('configmap/none', '-o', 'json')).out) as { changes: unknown[] };
  expect(json.changes).toEqual([]);
  expect(await quarterdeck('--since', 'soon')).toMatchObject({
    code: 2,
    err: expect.stringContaining('neither a time nor a span') as string,
  });
});
