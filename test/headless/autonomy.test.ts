import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { autonomyPath } from '../../agents/host/autonomy/autonomy-book.ts';
import { type App } from '../../agents/host/app.ts';
import { TEMPEST, demoApp, folder } from './fleet.ts';

/** Rules instead of people, in the whole app, on the demo fleet. */

const small = `version: 1
rules:
  - id: small
    match: { contexts: ["${TEMPEST}"], namespaces: [shop], maxRisk: medium }
    give: auto
mostObjects: 3
budgets: { perClusterPerHour: 50, perWorkloadPerHour: 50 }
`;
const events = async ({ client }: App) => (await client.events.list({ limit: 10_000 })).events.map((e) => e.event);
const byRule = async (app: App) => (await events(app)).flatMap((e) => (e.type === 'approval.resolved' && e.by === 'rule:small' ? [e] : []));

test('what a rule gives is repaired unattended and the entry names rule and version; the rest waits; edits by hand are in the log', async () => {
  const dataDir = folder();
  const { app } = await demoApp({ dataDir });
  const { client } = app;
  await client.diagnosis.run({ context: TEMPEST });
  const waiting = (await client.plans.list({ state: 'waiting' })).plans;
  expect(waiting.every((p) => p.autonomy?.give === 'ask' && p.autonomy.rule === null)).toBe(true);

  const checked = await client.autonomy.check({ text: small });
  const given = checked.plans.filter((p) => p.then.give === 'auto').map((p) => p.id);
  expect(given.length).toBeGreaterThan(0);
  expect(given.length).toBeLessThan(checked.plans.length);
  expect(await byRule(app)).toEqual([]);

  const { version } = await client.autonomy.set({ text: small, by: 'kim' });
  await expect.poll(async () => (await byRule(app)).length, { timeout: 20_000 }).toBeGreaterThan(0);
  for (const e of await byRule(app)) expect([e.rule, e.rules, given.includes(e.plan)]).toEqual(['small', version, true]);
  const plan = (await byRule(app))[0]?.plan ?? '';
  await expect.poll(async () => (await client.plans.get({ id: plan })).state, { timeout: 60_000 }).toBe('done');
  expect(await client.autonomy.explain({ id: plan })).toMatchObject({ decided: true, autonomy: { rule: 'small', version } });
  const left = (await client.plans.list({ state: 'waiting' })).plans;
  expect(left.length).toBeGreaterThan(0);
  expect(left.every((p) => p.autonomy?.give === 'ask' && p.autonomy.because !== '')).toBe(true);

  writeFileSync(autonomyPath(dataDir), 'rules: [');
  await expect(
    client.plans.decide({ id: left[0]?.id ?? '', hash: left[0]?.hash ?? '', decision: 'approved', by: 'ana', typedContext: TEMPEST }),
  ).rejects.toThrow('cannot be understood');
  const inForce = (await events(app)).flatMap((e) => (e.type === 'autonomy.inForce' ? [[e.by, e.rules, e.problem === null]] : []));
  expect(inForce).toEqual([
    ['kim', 1, true],
    [null, 0, false],
  ]);
  expect((await client.autonomy.history({})).versions.map((v) => v.by)).toEqual([null, 'kim']);
}, 120_000);

test('while held no rule approves anything; a wrong text changes nothing', async () => {
  const { app } = await demoApp({ dataDir: folder() });
  const { client } = app;
  await client.diagnosis.run({ context: TEMPEST });
  await client.hold.set({ by: 'kim' });
  await client.autonomy.set({ text: small, by: 'kim' });
  expect(await byRule(app)).toEqual([]);
  await expect(client.autonomy.set({ text: small.replace('auto', 'always'), by: 'kim' })).rejects.toThrow('rules.0.give');
  expect((await client.autonomy.get({})).text).toBe(small);
});
