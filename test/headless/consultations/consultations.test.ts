import { CONSULTATIONS } from '../../../agents/contract/index.ts';
import { expect, test } from 'vitest';
import { TEMPEST, demoApp } from '../fleet.ts';
import { AGENTS } from './registry.ts';

const app = async (agents = AGENTS) =>
  (await demoApp({ agents: { list: agents, registry: new URL('./registry.ts', import.meta.url).href } })).app;
const message = async (a: Awaited<ReturnType<typeof app>>, name: string) =>
  (await a.client.diagnosis.run({ context: TEMPEST, plans: false })).incidents.find((i) => i.rootCause.resource.name === name)?.rootCause
    .message;

test('a check asks another agent in its own thread, is run again with the answer, and the log says who asked whom, once', async () => {
  const a = await app();
  expect(await message(a, 'checkout')).toBe('heard CHECKOUT');
  const told = (await a.client.events.list({ limit: 10_000 })).events.flatMap(({ event }) =>
    event.type === 'consultation.asked' || event.type === 'consultation.answered' ? [event] : [],
  );
  expect(told.filter((e) => e.type === 'consultation.asked').every((e) => e.by === 'asker' && e.name === 'documentation.search')).toBe(
    true,
  );
  expect(told.length).toBeGreaterThan(2);
  await message(a, 'checkout');
  const again = (await a.client.events.list({ limit: 10_000 })).events.filter(({ event }) => event.type.startsWith('consultation.'));
  expect(again).toHaveLength(told.length);
});

test('an agent that is absent or paused is unavailable, and the asker says so in its own words', async () => {
  const [asker] = AGENTS;
  const alone = await app(asker === undefined ? [] : [asker]);
  expect(await message(alone, 'checkout')).toBe(
    'There is no agent documentation here that could say passages of what is known beforehand.',
  );
  const a = await app();
  await a.client.agents.pause({ id: 'documentation', by: 'kim' });
  expect(await message(a, 'checkout')).toBe('Answerer is paused.');
});

test('an offer that throws, or answers in another form, is unavailable; its thread goes on', async () => {
  const { orchestrator } = await app();
  const ask = (text: string) => orchestrator.consultations.ask('test', null, 'documentation.search', { text });
  expect(await ask('throws')).toEqual({
    ok: false,
    failure: { code: 'agent-unavailable', message: 'Answerer could not answer: no idea' },
  });
  expect(await ask('wrongly')).toMatchObject({ ok: false, failure: { code: 'agent-unavailable' } });
  expect(await ask('well')).toMatchObject({ ok: true, value: { results: [{ text: 'WELL' }] } });
  expect(orchestrator.agentRows().find((r) => r.id === 'documentation')?.restarts).toBe(0);
  expect(await ask('')).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
});

test('one whose thread dies over a question leaves nobody waiting, is not asked it again, and answers the next', async () => {
  const { orchestrator } = await app();
  const ask = (text: string) => orchestrator.consultations.ask('test', null, 'documentation.search', { text });
  const fell = await ask('fall');
  expect(fell).toMatchObject({ ok: false, failure: { code: 'agent-unavailable' } });
  expect(fell.ok ? '' : fell.failure.message).toMatch(/^Answerer fell before it answered/);
  await expect.poll(async () => (await ask('well')).ok).toBe(true);
  expect(orchestrator.agentRows().find((r) => r.id === 'documentation')?.restarts).toBe(1);
});

test('one that never ends its answer is unavailable after the time limit, and so is whoever waits behind it', async () => {
  const { orchestrator } = await app();
  const begun = performance.now();
  const limit = CONSULTATIONS['documentation.search'].timeLimitMs;
  const answers = await Promise.all(
    ['for ever', 'well'].map((text) => orchestrator.consultations.ask('test', null, 'documentation.search', { text })),
  );
  expect(answers).toEqual([
    { ok: false, failure: { code: 'agent-unavailable', message: `Answerer did not answer within ${limit / 1_000} s.` } },
    { ok: false, failure: { code: 'agent-unavailable', message: `Answerer did not answer within ${limit / 1_000} s.` } },
  ]);
  expect(performance.now() - begun).toBeLessThan(limit + 3_000);
});

test('an offer reads the objects of the cluster it is asked about, asks the host, and needs a cluster where it declares kinds', async () => {
  const a = await app();
  const { consultations } = a.orchestrator;
  await message(a, 'checkout');
  expect(await consultations.ask('test', TEMPEST, 'documentation.bestPractice', { words: 'config' })).toMatchObject({
    value: { passages: [{ text: 'config true' }] },
  });
  expect(await consultations.ask('test', null, 'documentation.bestPractice', { words: 'config' })).toMatchObject({
    failure: { code: 'bad-input' },
  });
  expect(await consultations.ask('test', null, 'documentation.similarIncidents', { words: '' })).toEqual({
    ok: true,
    value: { incidents: [] },
  });
});
