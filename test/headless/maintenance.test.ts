import { expect, onTestFinished, test } from 'vitest';
import { TEMPEST, demoApp, folder } from './fleet.ts';

/** Somebody works there: found and kept, told to nobody, nothing proposed unasked, also after a restart, until it is ended. */

test('incidents in maintenance are kept and marked, without plans unless asked for, until it is ended; elsewhere all is as ever', async () => {
  const dataDir = folder();
  const first = await demoApp({ dataDir });
  const { client } = first.app;
  const reason = 'the shop moves';
  const added = await client.maintenance.add({ context: TEMPEST, scope: { namespace: 'shop' }, reason, by: 'kim' });
  expect(added).toMatchObject({ context: TEMPEST, scope: { namespace: 'shop' }, until: null, reason, by: 'kim' });
  const past = new Date(Date.now() - 1_000).toISOString();
  await expect(client.maintenance.add({ context: TEMPEST, reason, by: 'kim', until: past })).rejects.toThrow('is over already');
  await expect(client.maintenance.add({ context: 'nowhere', reason, by: 'kim' })).rejects.toThrow('nowhere');

  const told = await client.diagnosis.run({ context: TEMPEST });
  const rows = told.incidents
    .filter((i) => i.severity !== 'info')
    .map((i) => [i.rootCause.resource.namespace, i.maintenance?.reason, i.plans.length > 0]);
  expect(rows.filter(([namespace]) => namespace === 'shop')).toEqual(Array.from({ length: 3 }, () => ['shop', reason, false]));
  const elsewhere = rows.filter(([namespace]) => namespace !== 'shop');
  expect(elsewhere.length).toBeGreaterThan(0);
  expect(elsewhere.every(([, mark]) => mark === undefined)).toBe(true);
  const asked = await client.fix.run({ context: TEMPEST, by: 'kim' });
  expect(asked.plans.length).toBeGreaterThan(0);
  const plans = (await client.plans.list({ state: 'waiting' })).plans;
  const shop = told.incidents.filter((i) => i.maintenance !== undefined).map((i) => i.id);
  expect(plans.some((p) => shop.includes(p.incidentId))).toBe(true);
  await first.close();

  const second = await demoApp({ dataDir });
  const again = second.app.client;
  expect((await again.maintenance.list({})).maintenance).toEqual([{ ...added, active: true }]);
  const marked = async () => (await again.diagnosis.run({ context: TEMPEST })).incidents.filter((i) => i.maintenance !== undefined).length;
  expect(await marked()).toBe(3);
  await again.maintenance.end({ id: added.id, by: 'kim' });
  expect([await marked(), (await again.maintenance.list({})).maintenance]).toEqual([0, []]);
  await expect(again.maintenance.end({ id: added.id, by: 'kim' })).rejects.toThrow(added.id);
  const { events } = await again.events.list({ limit: 10_000 });
  expect(events.map((e) => e.event.type).filter((t) => t.startsWith('maintenance.'))).toEqual(['maintenance.added', 'maintenance.ended']);
  expect((await again.audit.verify({})).replay).toMatchObject({ same: true });
});

test('its end comes by itself, and who listens to the log hears of it', async () => {
  const { client } = (await demoApp()).app;
  await client.diagnosis.run({ context: TEMPEST });
  const heard: string[] = [];
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const stream = await client.events.stream({ since: (await client.app.info({})).lastEvent }, { signal: over.signal });
  void (async () => {
    for await (const { event } of stream) heard.push(event.type);
  })().catch(() => undefined);
  const until = new Date(Date.now() + 1_500).toISOString();
  await client.maintenance.add({ context: TEMPEST, reason: 'x', by: 'kim', until });
  const marked = async () => (await client.incidents.list({})).incidents.filter((i) => i.maintenance !== undefined).length;
  await expect.poll(marked).toBeGreaterThan(0);
  await expect.poll(marked).toBe(0);
  await expect.poll(async () => (await client.maintenance.list({})).maintenance).toEqual([]);
  await expect.poll(() => heard.filter((t) => t.startsWith('maintenance.'))).toEqual(['maintenance.added', 'maintenance.ended']);
});
