import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiServer } from '../../agents/host/doubles/api-server/server.ts';
import { startDemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import { startApp } from '../../agents/host/wiring.ts';
import { TEMPEST, folder } from './fleet.ts';

/** What the product asks of a cluster, seen from the cluster's side. */

/** A question in the form of a POST: it changes nothing. */
const ACCESS_REVIEW = /selfsubject(access|rules)reviews$/;
const changes = (server: ApiServer) =>
  server.requests.filter((r) => r.method !== 'GET' && !r.dryRun && !ACCESS_REVIEW.test(r.path)).map((r) => `${r.method} ${r.path}`);

async function watched() {
  const dir = folder();
  const fleet = await startDemoFleet({ dir: join(dir, 'fleet') });
  onTestFinished(() => fleet.close());
  const started = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [fleet.kubeconfig],
    demo: false,
    env: {},
    home: dir,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  const server = fleet.servers[TEMPEST];
  if (server === undefined) throw new Error('no such cluster');
  return { client: started.value.app.client, server };
}

test('diagnosing and rejecting write nothing; approving writes once, what was approved', async () => {
  const { client, server } = await watched();
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const planOf = (code: string) => {
    const plan = incidents.find((i) => i.rootCause.code === code)?.plans[0];
    if (plan === undefined) throw new Error(`no plan for ${code}`);
    return plan;
  };
  const [rejected, approved] = [planOf('CFG-001'), planOf('SVC-001')];
  await client.plans.decide({ id: rejected.id, hash: rejected.hash, decision: 'rejected', by: 'somebody', reason: 'not now' });
  expect(server.requests.some((r) => r.method === 'PATCH' && r.dryRun)).toBe(true);
  expect(changes(server)).toEqual([]);
  await client.plans.decide({ id: approved.id, hash: approved.hash, decision: 'approved', by: 'somebody' });
  expect(await client.plans.settled({ id: approved.id, timeoutSeconds: 60 })).toMatchObject({ state: 'done' });
  expect(changes(server)).toEqual(['PATCH /api/v1/namespaces/shop/services/cart']);
});

test('a namespace that there is not is said, with the one that is meant, and is not taken for a healthy one', async () => {
  const { client } = await watched();
  await expect(client.diagnosis.run({ context: TEMPEST, namespaces: ['shop', 'shpo'] })).rejects.toMatchObject({
    data: { code: 'not-found', message: `There is no namespace shpo in context ${TEMPEST}.`, hint: 'Did you mean shop?' },
  });
});

test('where writing is forbidden no plan is offered for approval, and the missing right is named', async () => {
  const { client, server } = await watched();
  server.faults.forbidden.add('patch/services');
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  expect(incidents.find((i) => i.rootCause.code === 'SVC-001')?.plans.filter((p) => p.state === 'awaitingApproval')).toEqual([]);
  const { plans } = await client.plans.list({ context: TEMPEST });
  expect(JSON.stringify(plans.filter((p) => p.state !== 'awaitingApproval'))).toContain('patch services');
  expect(changes(server)).toEqual([]);
});

test('a fault that comes while all watches are cut is seen when they are back', async () => {
  const { client, server } = await watched();
  const codes = async () => (await client.diagnosis.run({ context: TEMPEST })).incidents.map((i) => i.rootCause.code).sort();
  const before = await codes();
  server.faults.cutWatches();
  server.faults.forget();
  const service = server.table.get('services', 'shop', 'cart');
  if (service === undefined) throw new Error('no Service');
  server.table.put({ ...service, spec: { ...service.spec, selector: { app: 'cart' } } });
  await expect.poll(codes, { timeout: 20_000 }).toEqual(before.filter((c) => c !== 'SVC-001'));
});

test('the kubeconfig of the demo is for its user alone; its token is a new one each time, and is asked for', async () => {
  const fleets = [await startDemoFleet({ dir: folder() }), await startDemoFleet({ dir: folder() })];
  for (const fleet of fleets) onTestFinished(() => fleet.close());
  expect(fleets.map((f) => statSync(f.kubeconfig).mode & 0o777)).toEqual([0o600, 0o600]);
  const tokens = fleets.map((f) => /token: (\S+)/.exec(readFileSync(f.kubeconfig, 'utf8'))?.[1]);
  const status = async (token: string | undefined) =>
    (await fetch(`${fleets[0]?.servers[TEMPEST]?.url ?? ''}/version`, { headers: { authorization: `Bearer ${token ?? ''}` } })).status;
  expect([await status(tokens[0]), await status(tokens[1]), await status('')]).toEqual([200, 401, 401]);
});
