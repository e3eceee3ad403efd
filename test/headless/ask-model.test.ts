import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HostEvent, QUESTION_IDS } from '../../agents/contract/index.ts';
import { uncited } from '../../agents/core/ask/draft.ts';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { TEMPEST } from './fleet.ts';
import { type ModelEndpoint, type Put, modelEndpoint } from './model-endpoint.ts';

/** One app for all of it, with an endpoint for every kind of question; each test says what the model answers. */
let script: (put: Put) => unknown = () => ({});
const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-ask-model-'));
let model: ModelEndpoint;
let running: Running;
let since = 0;

beforeAll(async () => {
  model = await modelEndpoint((put) => script(put));
  const started = await startApp({ dataDir, demo: true, env: {}, home: dataDir, log: () => undefined });
  if (!started.ok) throw new Error(started.failure.message);
  running = started.value;
  await running.app.client.models.set({
    remote: { url: model.url, model: 'm', contextTokens: 8_192, inputPrice: 1, outputPrice: 2, hide: 'names' },
    where: everywhere('remote'),
  });
}, 240_000);
afterAll(async () => {
  await running.app.close();
  await model.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  model.asked.length = 0;
  since = (await running.app.client.app.info({})).lastEvent;
});

const everywhere = (place: 'remote' | 'off') => Object.fromEntries(QUESTION_IDS.map((id) => [id, place]));
const client = () => running.app.client;
const log = async () => (await client().events.list({ since, limit: 10_000 })).events.map((e) => e.event);
const answered = async () => (await log()).filter((e): e is Extract<HostEvent, { type: 'model.answered' }> => e.type === 'model.answered');
const HOW = 'how do I drain a node before maintenance?';

test('what answers a question is chosen by a model among what is written: quoted whole, cited, and never its own', async () => {
  let sentences: unknown = ['1.2', '1.1'];
  script = () => ({ sentences });
  const ask = () => client().ask.answer({ question: HOW, context: TEMPEST });
  const chosen = await ask();
  expect(chosen).toMatchObject({ known: true, from: 'knowledge', model: 'm' });
  expect(uncited(chosen)).toEqual([]);
  expect(chosen.sentences.map((s) => s.lead)).toEqual(['Written', 'Written']);
  const put = model.asked.at(-1)?.data ?? '';
  for (const { text } of chosen.sentences) expect(put).toContain(text.replaceAll(/\s+/g, ' ').slice(0, 200));

  for (const wrong of [['9.9'], ['Just delete the node.'], 'all of them']) {
    sentences = wrong;
    const composed = await ask();
    expect(composed).toMatchObject({ known: true, model: null });
    expect(uncited(composed)).toEqual([]);
    expect(composed.text).not.toContain('Just delete');
  }
  sentences = [];
  expect(await ask()).toMatchObject({ known: true, model: null });
  expect((await answered()).map((e) => e.outcome)).toEqual(['shown', 'refused', 'refused', 'refused', 'shown']);
}, 240_000);

test('an endpoint is asked without the names in a question; what nobody wrote is asked of no model', async () => {
  script = () => ({ sentences: [] });
  await client().ask.answer({ question: 'why does checkout crash?', context: TEMPEST });
  await client().ask.answer({ question: 'how do I drain a node before maintenance of checkout?', context: TEMPEST });
  expect(model.asked.length).toBeGreaterThan(0);
  expect(model.asked.map((a) => a.data.split('\n')[0]).join()).not.toMatch(/checkout/);
  const before = model.asked.length;
  expect((await client().ask.answer({ question: 'what is the recommended tyre pressure of a bicycle' })).known).toBe(false);
  expect(model.asked).toHaveLength(before);
}, 240_000);

test('whom a request is for is named by a model only where the words leave a doubt; it changes nothing by that', async () => {
  script = ({ data }) => {
    const last = data.split('\n').at(-1) ?? '';
    return { chosen: [last.slice(0, last.indexOf(':'))] };
  };
  const clear = await client().ask.answer({ question: 'when does the tls certificate of shop expire', context: TEMPEST });
  expect(clear.agent).toMatchObject({ id: 'certificate', by: null });
  expect(model.asked.filter((a) => a.instructions.includes('agents'))).toEqual([]);
  const doubtful = await client().ask.answer({ question: 'what is the matter with the thing from monday', context: TEMPEST });
  expect(doubtful.agent.by).toBe('m');
  expect((await log()).filter((e) => /^(?:action|approval)\./.test(e.type))).toEqual([]);
  expect((await log()).some((e) => e.type === 'model.asked' && e.question === 'nameAgent')).toBe(true);
}, 240_000);

test('with no model at all the same questions are answered', async () => {
  await client().models.set({ where: everywhere('off') });
  try {
    expect(await client().ask.answer({ question: HOW, context: TEMPEST })).toMatchObject({ known: true, model: null, agent: { by: null } });
    expect((await client().explain.log({ lines: ['ERROR no route to host'] })).text).toBe(
      'What it says most of all: ERROR no route to host (once).',
    );
    expect(model.asked).toEqual([]);
  } finally {
    await client().models.set({ where: everywhere('remote') });
  }
}, 240_000);

test('pages to open for an incident: those of its code first, then what a model chose of those found, and no other', async () => {
  let chosen = ['option 2'];
  script = () => ({ chosen });
  const { incidents } = await client().diagnosis.run({ context: TEMPEST });
  const incident = incidents.find((i) => i.rootCause.code === 'SVC-001')?.id ?? '';
  const picked = await client().runbooks.pick({ incident });
  expect(picked.by).toEqual({ model: 'm', where: 'remote' });
  expect(picked.pages[0]).toMatchObject({ own: true });
  expect(picked.pages[0]?.path).toContain('SVC-001');
  const [, second] = (model.asked.at(-1)?.data ?? '').split('\n').filter((line) => line.startsWith('option '));
  expect(picked.pages.filter((p) => !p.own).map((p) => p.heading)).toEqual([expect.stringContaining((second ?? '').slice(10, 30))]);
  chosen = ['option 99'];
  const refused = await client().runbooks.pick({ incident });
  expect(refused).toMatchObject({ by: null, refused: 'it chooses something that was not given' });
  expect(refused.pages[0]).toEqual(picked.pages[0]);
  expect((await answered()).map((e) => e.outcome)).toEqual(['shown', 'refused']);
  await expect(client().runbooks.pick({ incident: 'inc-none' })).rejects.toThrow('There is no incident inc-none');
}, 240_000);

test('a timeline and a log are put into words line by line; an altered time is refused; people are hidden from the endpoint', async () => {
  let careless = false;
  script = ({ data }) => {
    const lines = data.split('\n').map((line) => line.slice(2));
    const said = lines.map((line) => `This happened: ${line}.`).join(' ');
    return { text: careless ? said.replace(/\d\d:\d\d/, '25:61') : said };
  };
  const { incidents } = await client().diagnosis.run({ context: TEMPEST });
  const incident = incidents.find((i) => i.rootCause.code === 'SVC-001');
  const [plan] = incident?.plans ?? [];
  if (incident === undefined || plan === undefined) throw new Error('the demo has no Service that selects nothing');
  await client().plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'kim' });
  await client().plans.settled({ id: plan.id, timeoutSeconds: 90 });
  const told = await client().explain.incident({ id: incident.id, of: 'timeline' });
  expect(told).toMatchObject({ of: 'timeline', by: { model: 'm', where: 'remote' }, refused: null });
  expect(told.text).toContain(`kim approved ${plan.id}`);
  expect(model.asked.at(-1)?.data).not.toMatch(/\bkim\b|\bcart\b/);
  const { events } = await client().events.list({ limit: 10_000 });
  const cited = new Map(events.map((e) => [e.seq, e.event.type]));
  expect(told.events.map((seq) => cited.get(seq))).toEqual(
    expect.arrayContaining(['incident.opened', 'approval.resolved', 'action.started']),
  );
  careless = true;
  const refused = await client().explain.incident({ id: incident.id, of: 'timeline', for: 'manager' });
  expect(refused).toMatchObject({ by: null });
  expect(refused.refused).toContain('it drops or alters');
  expect(refused.text).toContain(`kim approved ${plan.id}`);

  careless = false;
  const said = await client().explain.log({
    lines: ['INFO start', 'ERROR cannot reach 10.0.0.7:5432', 'INFO start', 'password=hunter2secret'],
  });
  expect(said).toMatchObject({ lines: 4, kinds: 3, by: { model: 'm', where: 'remote' } });
  expect(said.text).toMatch(/^This happened: ERROR cannot reach 10\.0\.0\.7:5432 \(once\)\./);
  expect(JSON.stringify([said, model.asked.at(-1)])).not.toContain('hunter2secret');
  expect(model.asked.at(-1)?.data).not.toContain('10.0.0.7');
}, 240_000);
