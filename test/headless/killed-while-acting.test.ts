import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Diagnosis, Plan } from '../../agents/contract/index.ts';
import { startDemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import { TEMPEST, folder } from './fleet.ts';

const bin = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');

/** The product as a process of its own, and its REST API. */
async function serve(
  kubeconfig: string,
  dataDir: string,
): Promise<{ child: ChildProcess; call<T>(method: string, path: string, body?: object): Promise<T> }> {
  const child = spawn(process.execPath, [bin, 'serve', '-o', 'json', '-q', '--kubeconfig', kubeconfig, '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await new Promise<string[]>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (l) => done([l]));
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}`)));
  });
  const { link } = JSON.parse(line ?? '') as { link: string };
  const { origin, hash } = new URL(link);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  return {
    child,
    call: async (method, path, body) => {
      const answer = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return (await answer.json()) as never;
    },
  };
}

test('killed while a change is under way: after the next start the plan needs review, and nothing is sent twice', async () => {
  const fleet = await startDemoFleet({ dir: folder() });
  onTestFinished(() => fleet.close());
  const cluster = fleet.servers[TEMPEST];
  if (cluster === undefined) throw new Error('the fleet has no such cluster');
  const dataDir = folder();
  const writes = () => cluster.requests.filter((r) => r.method === 'PATCH' && !r.dryRun && r.path.endsWith('/services/cart')).length;

  const first = await serve(fleet.kubeconfig, dataDir);
  const { incidents } = await first.call<Diagnosis>('POST', '/diagnosis', { context: TEMPEST });
  const plan = incidents.find((i) => i.rootCause.code === 'SVC-001')?.plans[0];
  if (plan === undefined) throw new Error('no plan for the Service');
  cluster.faults.stalled.add('services');
  void first.call('POST', `/plans/${plan.id}/decide`, { hash: plan.hash, decision: 'approved', by: 'somebody' }).catch(() => undefined);
  await expect.poll(writes, { timeout: 20_000 }).toBe(1);
  const gone = new Promise((done) => first.child.once('exit', done));
  first.child.kill('SIGKILL');
  await gone;
  cluster.faults.stalled.clear();

  const second = await serve(fleet.kubeconfig, dataDir);
  const read = () => second.call<Plan>('GET', `/plans/${plan.id}`);
  // What was on its way is looked at while the app starts, which may be up before.
  await expect.poll(async () => (await read()).state, { timeout: 10_000 }).not.toBe('acting');
  const after = await read();
  expect(after).toMatchObject({ state: 'needsReview', decidedBy: 'somebody' });
  expect(after.reason).toMatch(/Service/);
  await second.call('POST', '/diagnosis', { context: TEMPEST });
  expect(writes()).toBe(1);
});
