import { expect, test } from 'vitest';
import { refKey } from '../../agents/contract/index.ts';
import { FAULTS, TEMPEST, demoApp } from './fleet.ts';

const found = (diagnosis: { incidents: readonly { rootCause: { code: string; resource: Parameters<typeof refKey>[0] } }[] }) =>
  diagnosis.incidents.map((i) => `${i.rootCause.code} ${refKey(i.rootCause.resource)}`).sort();

test('each fault of the demo is one incident with a plan; the healthy cluster is silent; the lost one says why', async () => {
  const { client } = (await demoApp()).app;
  const tempest = await client.diagnosis.run({ context: TEMPEST });
  expect(found(tempest)).toEqual(FAULTS);
  expect(tempest.incidents.map((i) => i.plans.map((p) => p.state))).toEqual(FAULTS.map(() => ['awaitingApproval']));
  expect(tempest.demo).toBe(true);
  expect(tempest.unexplained).toEqual([]);
  const harbor = await client.diagnosis.run({ context: 'demo-harbor' });
  expect(found(harbor)).toEqual([]);
  // A plan is bound to the cluster it was made for: the two must not be taken for one.
  expect(harbor.cluster.uid).not.toBe(tempest.cluster.uid);
  await expect(client.diagnosis.run({ context: 'demo-foghorn' })).rejects.toMatchObject({ data: { code: 'cluster-unreachable' } });
});

test('approve repairs and verifies; undo brings the fault back; every step is in the log, in order', async () => {
  const { client } = (await demoApp()).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const plan = incidents.find((i) => i.rootCause.code === 'SVC-001')?.plans[0];
  if (plan === undefined) throw new Error('no plan for the Service');
  await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'somebody' });
  const done = await client.plans.settled({ id: plan.id, timeoutSeconds: 60 });
  expect(done).toMatchObject({ state: 'done', decidedBy: 'somebody' });
  expect(found(await client.diagnosis.run({ context: TEMPEST }))).toEqual(FAULTS.filter((f) => !f.startsWith('SVC-001')));

  const undo = await client.plans.undo({ id: plan.id });
  expect(undo).toMatchObject({ state: 'awaitingApproval', undoes: plan.id });
  await client.plans.decide({ id: undo.id, hash: undo.hash, decision: 'approved', by: 'somebody' });
  expect(await client.plans.settled({ id: undo.id, timeoutSeconds: 60 })).toMatchObject({ state: 'done' });
  await expect.poll(async () => found(await client.diagnosis.run({ context: TEMPEST })), { timeout: 20_000 }).toEqual(FAULTS);

  const { events } = await client.events.list({});
  const story = events.filter((e) => 'plan' in e.event && e.event.plan === plan.id).map((e) => e.event.type);
  expect(story).toEqual([
    'approval.requested',
    'approval.resolved',
    'action.started',
    'action.succeeded',
    'plan.verifying',
    'plan.verified',
    'plan.settled',
  ]);
  expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
});

test('another hash, or a rejection, writes nothing', async () => {
  const { client } = (await demoApp()).app;
  const before = await client.diagnosis.run({ context: TEMPEST });
  const plan = before.incidents[0]?.plans[0];
  if (plan === undefined) throw new Error('no plan');
  await expect(
    client.plans.decide({ id: plan.id, hash: `${plan.hash.slice(0, -1)}x`, decision: 'approved', by: 'somebody' }),
  ).rejects.toMatchObject({ data: { code: 'plan-changed' } });
  const rejected = await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'rejected', by: 'somebody', reason: 'not now' });
  expect(rejected).toMatchObject({ state: 'rejected', decision: 'rejected' });
  await expect(client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'somebody' })).rejects.toMatchObject({
    data: { code: 'plan-state' },
  });
  const { events } = await client.events.list({});
  expect(events.filter((e) => e.event.type === 'action.started')).toEqual([]);
  expect(found(await client.diagnosis.run({ context: TEMPEST }))).toEqual(found(before));
});

test('an agent whose thread is killed during a diagnosis is started anew, and the diagnosis is right all the same', async () => {
  const { client, orchestrator } = (await demoApp()).app;
  await client.cluster.connect({ context: TEMPEST });
  const diagnosis = client.diagnosis.run({ context: TEMPEST });
  await orchestrator.keeper('troubleshooting')?.kill();
  expect(found(await diagnosis)).toEqual(FAULTS);
  const { agents } = await client.agents.list({});
  expect(agents[0]).toMatchObject({ id: 'troubleshooting', restarts: 1, state: 'running' });
  const { events } = await client.events.list({});
  expect(events.some((e) => e.event.type === 'agent.crashed')).toBe(true);
});
