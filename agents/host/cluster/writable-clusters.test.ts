import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Failure } from '../../contract/index.ts';
import type { WriteRequest } from '../ports/writer.ts';
import { createWriter } from './writer.ts';
import { WritableClusters } from './writable-clusters.ts';
import { scriptedServer, sendJson } from './scripted-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'writable-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a context that is marked read-only is neither written nor rehearsed, and nothing reaches its server', async () => {
  const server = await scriptedServer((_, response) => sendJson(response, { status: { allowed: true } }));
  const path = join(dir, 'config');
  const cluster = { name: 'c', cluster: { server: server.url } };
  const contexts = ['open', 'closed'].map((name) => ({ name, context: { cluster: 'c' } }));
  writeFileSync(path, JSON.stringify({ clusters: [cluster], contexts, users: [] }));
  const failure: Failure = { code: 'forbidden', message: 'closed is marked read-only here.' };
  const nobody = { id: '', headers: {}, certificate: undefined, key: undefined, renewable: false };
  const login = { credential: () => Promise.resolve({ ok: true as const, value: nobody }), refuse: () => Promise.resolve(false) };
  const sources = { env: {}, home: dir, kubeconfigPaths: [path] };
  const clusters = new WritableClusters(sources, ({ name }) => (name === 'closed' ? failure : undefined), login);
  const writer = createWriter((context) => clusters.transport(context));
  const target = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'x', name: 'y' };
  const request = { verb: 'patch' as const, target, body: [] } satisfies WriteRequest;
  const review = { verb: 'patch', group: '', resource: 'configmaps' };
  for (const ask of [
    () => writer.write('closed', request),
    () => writer.dryRun('closed', request),
    () => writer.access('closed', review),
    () => writer.read('closed', target),
  ])
    expect(await ask()).toEqual({ ok: false, failure });
  expect(server.seen).toEqual([]);
  expect(await writer.access('open', review)).toMatchObject({ ok: true });
  expect(server.seen).toHaveLength(1);
  await clusters.close();
  await server.close();
});
