import { expect, test } from 'vitest';
import { type HostEvent, QUESTION_IDS } from '../../agents/contract/index.ts';
import { uncited } from '../../agents/core/ask/draft.ts';
import { TEMPEST, demoApp, folder } from './fleet.ts';
import { type Put, modelEndpoint } from './model-endpoint.ts';

/** The app with an endpoint for all questions. */
async function withModel(script: (put: Put) => unknown) {
  const model = await modelEndpoint(script);
  const { client } = (await demoApp({ dataDir: folder() })).app;
  await client.models.set({
    remote: { url: model.url, model: 'm', contextTokens: 8_192, inputPrice: 1, outputPrice: 2, hide: 'names' },
    where: Object.fromEntries(QUESTION_IDS.map((id) => [id, 'remote'])),
  });
  const log = async () => (await client.events.list({ limit: 10_000 })).events.map((e) => e.event);
  const answered = async () =>
    (await log()).filter((e): e is Extract<HostEvent, { type: 'model.answered' }> => e.type === 'model.answered');
  return { client, model, log, answered };
}
const HOW = 'how do I drain a node before maintenance?';

test('what answers a question is chosen by a model among what is written: quoted whole, cited, and never its own', async () => {
  let sentences: unknown = ['1.2', '1.1'];
  const { client, model, answered } = await withModel(() => ({ sentences }));
  const ask = () => client.ask.answer({ question: HOW, context: TEMPEST });
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
});

test('an endpoint is asked about a question without the names in it; what nobody wrote is asked of no model', async () => {
  const { client, model } = await withModel(() => ({ sentences: [] }));
  await client.ask.answer({ question: 'why does checkout crash?', context: TEMPEST });
  await client.ask.answer({ question: 'how do I drain a node that runs checkout-confg and checkout?', context: TEMPEST });
  expect(model.asked.length).toBeGreaterThan(0);
  expect(model.asked.map((a) => a.data.split('\n')[0]).join()).not.toMatch(/checkout/);
  const before = model.asked.length;
  expect((await client.ask.answer({ question: 'what is the recommended tyre pressure of a bicycle' })).known).toBe(false);
  expect(model.asked).toHaveLength(before);
});

test('whom a request is for is named by a model only where the words leave a doubt; it changes nothing by that', async () => {
  const { client, model, log } = await withModel(({ data }) => {
    const last = data.split('\n').at(-1) ?? '';
    return { chosen: [last.slice(0, last.indexOf(':'))] };
  });
  const clear = await client.ask.answer({ question: 'when does the tls certificate of shop expire', context: TEMPEST });
  expect(clear.agent).toMatchObject({ id: 'certificate', by: null });
  expect(model.asked.filter((a) => a.instructions.includes('agents'))).toEqual([]);
  const doubtful = await client.ask.answer({ question: 'something about the old one', context: TEMPEST });
  expect(doubtful.agent.by).toBe('m');
  const { events } = await client.events.list({ limit: 10_000 });
  expect(events.filter((e) => /^(?:action|approval\.resolved|approval\.given)/.test(e.event.type))).toEqual([]);
  expect((await log()).some((e) => e.type === 'model.asked' && e.question === 'nameAgent')).toBe(true);
});

test('a model that does not answer leaves the answer as it is without one', async () => {
  const { client, answered } = await withModel(() => {
    throw new Error('the endpoint is broken');
  });
  const stop = new AbortController();
  const asked = client.ask.answer({ question: HOW, context: TEMPEST }, { signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toThrow();
  expect(await answered()).toEqual([]);
});

test('pages to open for an incident: those of its code first, then what a model chose of those found, and no other', async () => {
  let chosen = ['option 2'];
  const { client, answered } = await withModel(() => ({ chosen }));
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const incident = incidents.find((i) => i.rootCause.code === 'SVC-001')?.id ?? '';
  const plain = await client.models.set({ where: { pickRunbooks: 'off' } }).then(() => client.runbooks.pick({ incident }));
  expect(plain).toMatchObject({ by: null, refused: null });
  expect(plain.pages[0]).toMatchObject({ own: true });
  expect(plain.pages[0]?.path).toContain('SVC-001');
  const others = plain.pages.filter((p) => !p.own);
  expect(others.length).toBeGreaterThan(1);

  await client.models.set({ where: { pickRunbooks: 'remote' } });
  const picked = await client.runbooks.pick({ incident });
  expect(picked.by).toEqual({ model: 'm', where: 'remote' });
  expect(picked.pages.filter((p) => !p.own)).toEqual([others[1]]);
  chosen = ['option 99'];
  expect(await client.runbooks.pick({ incident })).toMatchObject({
    by: null,
    refused: 'it chooses something that was not given',
    pages: plain.pages,
  });
  expect((await answered()).map((e) => e.outcome)).toEqual(['shown', 'refused']);
  await expect(client.runbooks.pick({ incident: 'inc-none' })).rejects.toThrow('There is no incident inc-none');
});

test('a timeline and a log are put into words line by line; an altered time is refused; people are hidden from the endpoint', async () => {
  let careless = false;
  const { client, model } = await withModel(({ data }) => {
    const lines = data.split('\n').map((line) => line.slice(2));
    const said = lines.map((line) => `This happened: ${line}.`).join(' ');
    return { text: careless ? said.replace(/\d\d:\d\d/, '25:61') : said };
  });
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const incident = incidents.find((i) => i.rootCause.code === 'SVC-001');
  const [plan] = incident?.plans ?? [];
  if (incident === undefined || plan === undefined) throw new Error('the demo has no Service that selects nothing');
  await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'kim' });
  await client.plans.settled({ id: plan.id, timeoutSeconds: 90 });
  const told = await client.explain.incident({ id: incident.id, of: 'timeline' });
  expect(told).toMatchObject({ of: 'timeline', by: { model: 'm', where: 'remote' }, refused: null });
  expect(told.text).toContain(`kim approved ${plan.id}`);
  expect(model.asked.at(-1)?.data).not.toMatch(/\bkim\b|\bcart\b/);
  const { events } = await client.events.list({ limit: 10_000 });
  const cited = new Map(events.map((e) => [e.seq, e.event.type]));
  expect(told.events.map((seq) => cited.get(seq))).toEqual(
    expect.arrayContaining(['incident.opened', 'approval.resolved', 'action.started']),
  );
  careless = true;
  const refused = await client.explain.incident({ id: incident.id, of: 'timeline', for: 'manager' });
  expect(refused).toMatchObject({ by: null });
  expect(refused.refused).toContain('it drops or alters');
  expect(refused.text).toContain(`kim approved ${plan.id}`);

  careless = false;
  const log = await client.explain.log({
    lines: ['INFO start', 'ERROR cannot reach 10.0.0.7:5432', 'INFO start', 'password=hunter2secret'],
  });
  expect(log).toMatchObject({ lines: 4, kinds: 3, by: { model: 'm', where: 'remote' } });
  expect(log.text).toMatch(/^This happened: ERROR cannot reach 10\.0\.0\.7:5432 \(once\)\./);
  expect(JSON.stringify([log, model.asked.at(-1)])).not.toContain('hunter2secret');
  expect(model.asked.at(-1)?.data).not.toContain('10.0.0.7');
}, 120_000);
