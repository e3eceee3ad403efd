import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { startKube } from '../../agents/host/cluster/kube-client.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Accept and never say a word, as behind a firewall that forgets; each at an address of its own. */
async function silent(count: number): Promise<readonly string[]> {
  const sockets = new Set<Socket>();
  const servers = Array.from({ length: count }, () => createServer((socket) => void sockets.add(socket.on('error', () => undefined))));
  await Promise.all(servers.map((server, n) => new Promise<void>((resolve) => server.listen(0, `127.1.0.${n + 1}`, resolve))));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });
  return servers.map((server, n) => `127.1.0.${n + 1}:${(server.address() as AddressInfo).port}`);
}

async function refusing(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('of 300 clusters 290 are dead: the ten that live are read at once, the loop is never held up, few sockets try at a time', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-dead-'));
  closing.push(() => rmSync(dir, { recursive: true, force: true }));
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }];
  const living = await Promise.all(Array.from({ length: 10 }, () => startApiServer({ objects })));
  closing.push(() => Promise.all(living.map((server) => server.close())));
  const mute = await silent(145);
  const gone = await refusing();
  // TLS, so that the silent ones are still trying when they have been accepted.
  const dead = Array.from({ length: 290 }, (_, n) => `https://${n % 2 === 0 ? (mute[n / 2] ?? '') : `127.2.0.${n % 250}:${gone}`}`);
  const servers = [...dead.slice(0, 145), ...living.map((server) => server.url), ...dead.slice(145)];
  const kubeconfig = join(dir, 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: servers.map((server, n) => ({ name: `c${n}`, cluster: { server } })),
      users: [{ name: 'u', user: { token: 'x' } }],
      contexts: servers.map((_, n) => ({ name: `c${n}`, context: { cluster: `c${n}`, user: 'u' } })),
    }),
  );
  const kube = await startKube({ env: {}, home: dir, kubeconfigPaths: [kubeconfig], log: () => undefined });
  closing.push(() => kube.close());
  await kube.stats();
  const begun = performance.now();
  const all = servers.map((_, n) => kube.connect(`c${n}`, ['Namespace']));
  const lively = await Promise.all(all.slice(145, 155));
  const took = performance.now() - begun;
  expect(lively.map((outcome) => outcome.ok)).toEqual(Array<boolean>(10).fill(true));
  const failures: string[] = [];
  for (const one of [...all.slice(0, 145), ...all.slice(155)])
    void one.then((outcome) => failures.push(outcome.ok ? 'ok' : outcome.failure.code));
  // All that refuse, and a good part of the silent ones, which take their time.
  await expect.poll(() => failures.length, { timeout: 60_000 }).toBeGreaterThan(190);
  expect(new Set(failures)).toEqual(new Set(['cluster-timeout', 'cluster-unreachable']));
  const { longestBlockMs, connecting, clusters } = await kube.stats();
  process.stderr.write(
    `300 clusters, 10 of them there: read after ${Math.round(took)} ms, longest block ${longestBlockMs} ms, ${connecting.peak} tried at once\n`,
  );
  expect(connecting.peak).toBeLessThanOrEqual(50);
  expect(clusters.filter((cluster) => cluster.objects > 0)).toHaveLength(10);
  // Generous in time, for a busy machine; a block is counted in processor time of the worker.
  expect(took).toBeLessThan(15_000);
  expect(longestBlockMs).toBeLessThan(250);
});
