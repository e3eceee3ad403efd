import { expect, test } from 'vitest';
import { TEMPEST, demoApp, folder } from './fleet.ts';

/** Known and accepted: silent and without plans, also after a restart, until it is taken back or its time is over. */

test('an accepted incident is listed apart, nothing is proposed for it, and it stays so after a restart until it is taken back', async () => {
  const dataDir = folder();
  const first = await demoApp({ dataDir });
  const { client } = first.app;
  const found = await client.diagnosis.run({ context: TEMPEST });
  const meant = found.incidents.find((i) => i.rootCause.code === 'CFG-001');
  if (meant === undefined) throw new Error('the demo has no missing ConfigMap');
  expect(meant.plans.length).toBeGreaterThan(0);

  const accepted = await client.dismissals.add({ incident: meant.id, reason: 'it moves next week', by: 'kim' });
  expect(accepted).toMatchObject({ incident: meant.id, scope: 'incident', until: null, by: 'kim' });
  await expect(client.dismissals.add({ incident: meant.id, reason: 'again', by: 'kim' })).rejects.toThrow('accepted already');
  const again = await client.diagnosis.run({ context: TEMPEST });
  expect(again.incidents.map((i) => i.id)).not.toContain(meant.id);
  expect(again.dismissed).toMatchObject([{ id: meant.id, dismissed: { reason: 'it moves next week', by: 'kim' } }]);
  expect(again.incidents).toHaveLength(found.incidents.length - 1);
  const plans = (await client.plans.list({ state: 'waiting' })).plans;
  expect(plans.filter((p) => p.incidentId === meant.id)).toEqual([]);
  await first.close();

  const second = await demoApp({ dataDir });
  const after = await second.app.client.diagnosis.run({ context: TEMPEST });
  expect(after.dismissed.map((i) => i.id)).toEqual([meant.id]);
  const listed = async (state: 'open' | 'dismissed') =>
    (await second.app.client.incidents.list({ state })).incidents.some((i) => i.id === meant.id);
  expect([await listed('open'), await listed('dismissed')]).toEqual([false, true]);

  await second.app.client.dismissals.takeBack({ id: accepted.id, by: 'kim' });
  const back = await second.app.client.diagnosis.run({ context: TEMPEST });
  expect(back.incidents.find((i) => i.id === meant.id)?.plans.length).toBeGreaterThan(0);
  const { events } = await second.app.client.events.list({ limit: 10_000 });
  expect(events.map((e) => e.event.type).filter((t) => t === 'incident.dismissed' || t === 'dismissal.ended')).toEqual([
    'incident.dismissed',
    'dismissal.ended',
  ]);
});

test('its end brings it back by itself; an end that is over already is refused', async () => {
  const { client } = (await demoApp()).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const meant = incidents[0];
  if (meant === undefined) throw new Error('the demo has no incident');
  const past = new Date(Date.now() - 1_000).toISOString();
  await expect(client.dismissals.add({ incident: meant.id, reason: 'x', by: 'kim', until: past })).rejects.toThrow('is over already');
  const until = new Date(Date.now() + 1_500).toISOString();
  await client.dismissals.add({ incident: meant.id, reason: 'x', by: 'kim', until, scope: 'object' });
  expect((await client.incidents.list({})).incidents.map((i) => i.id)).not.toContain(meant.id);
  await expect.poll(async () => (await client.incidents.list({})).incidents.map((i) => i.id)).toContain(meant.id);
  expect((await client.dismissals.list({})).dismissals).toEqual([]);
});
