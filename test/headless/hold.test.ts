import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdPath } from '../../agents/host/autonomy/hold.ts';
import { TEMPEST, demoApp, folder } from './fleet.ts';

/** The red stop, in the whole app: by command, by hand, over a restart. */

test('held: no plan is made and none approved, by nobody; also after a restart; after the release it goes on by itself', async () => {
  const dataDir = folder();
  const first = await demoApp({ dataDir });
  const { client } = first.app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const plan = incidents.flatMap((i) => i.plans).find((p) => p.state === 'awaitingApproval');
  if (plan === undefined) throw new Error('the demo proposes nothing');
  expect(await client.hold.get({})).toMatchObject({ held: false });
  await client.hold.set({ by: 'kim', reason: 'the network is changed' });
  const yes = { id: plan.id, hash: plan.hash, decision: 'approved' as const, by: 'ana', typedContext: TEMPEST };
  await expect(client.plans.decide(yes)).rejects.toThrow('All agents are held');
  await first.close();

  const second = await demoApp({ dataDir });
  const again = second.app.client;
  expect(await again.hold.get({})).toMatchObject({ held: true, by: 'kim', reason: 'the network is changed' });
  const before = (await again.plans.list({ state: 'all' })).plans.length;
  const found = await again.diagnosis.run({ context: TEMPEST });
  expect(found.incidents.length).toBe(incidents.length);
  expect((await again.plans.list({ state: 'all' })).plans).toHaveLength(before);
  await expect(again.plans.decide(yes)).rejects.toThrow('All agents are held');

  await again.hold.release({ by: 'lee' });
  await expect.poll(async () => (await again.plans.list({ state: 'waiting' })).plans.length).toBeGreaterThan(0);
  const { events } = await again.events.list({ limit: 10_000 });
  const said = events.map((e) => e.event).filter((e) => e.type === 'agents.held' || e.type === 'agents.released');
  expect(said).toEqual([
    { type: 'agents.held', by: 'kim', reason: 'the network is changed' },
    { type: 'agents.released', by: 'lee' },
  ]);
});

test('a file put there by hand holds at once', async () => {
  const dataDir = folder();
  const { client } = (await demoApp({ dataDir })).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const plan = incidents.flatMap((i) => i.plans).find((p) => p.state === 'awaitingApproval');
  if (plan === undefined) throw new Error('the demo proposes nothing');
  writeFileSync(holdPath(dataDir), '');
  const yes = { id: plan.id, hash: plan.hash, decision: 'approved' as const, by: 'ana', typedContext: TEMPEST };
  await expect(client.plans.decide(yes)).rejects.toThrow('All agents are held');
});
