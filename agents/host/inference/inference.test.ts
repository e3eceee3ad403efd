import { expect, test } from 'vitest';
import { type Script, scripted, scriptedEngine } from '../../../models/scripted.ts';
import { type HostEvent, type Incident, ModelSettingsSchema } from '../../contract/index.ts';
import { explain } from '../../core/questions/explain.ts';
import { systemClock } from '../clock.ts';
import { Inference } from './inference.ts';
import { Turns } from './turns.ts';

const incident: Pick<Incident, 'id' | 'rootCause' | 'symptoms' | 'affects' | 'advice'> = {
  id: 'inc-1',
  rootCause: {
    code: 'CFG-001',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
    message:
      'Container app of Deployment checkout reads ConfigMap app-config, which does not exist; token=abcdef0123456789xyz was in its log.',
    confidence: 1,
  },
  symptoms: [],
  affects: [],
  advice: 'Create ConfigMap app-config',
};
const asked = explain(incident, [], 'operator');

function inference(script: Script, settings: Record<string, unknown> = {}, where: 'local' | 'remote' = 'local') {
  const events: HostEvent[] = [];
  let n = 0;
  const port = scripted({ [where]: scriptedEngine(script, where) }, ModelSettingsSchema.parse(settings));
  const made = new Inference({
    port,
    clock: systemClock,
    ids: { next: (prefix) => `${prefix}-${String(++n)}` },
    append: (event) => (events.push(event), Promise.resolve()),
  });
  return { made, events };
}
const person = { priority: 'person' } as const;
const good = JSON.stringify({ text: `There is a problem. ${asked.template}` });

test('an answer that holds to the facts is shown, and both are in the log', async () => {
  const { made, events } = inference(() => ({ text: good, inputTokens: 200, outputTokens: 60 }));
  const answered = await made.ask(asked, person);
  expect(answered).toMatchObject({
    ok: true,
    value: { value: `There is a problem. ${asked.template}`, by: { model: 'scripted', where: 'local' }, refused: null },
  });
  expect(events).toMatchObject([
    { type: 'model.asked', question: 'explain', about: 'inc-1', hidden: 'credentials', text: asked.prompt.data },
    { type: 'model.answered', outcome: 'shown', because: null, inputTokens: 200, outputTokens: 60, cost: 0, text: good },
  ]);
});

test.each<[string, string | { text: string; cutOff: boolean }, string]>([
  ['a changed value', good.replace('app-config', 'app-confg'), 'it drops or alters'],
  ['a name that was not given', good.replace('problem', 'problem in payments'), 'it says "payments", which was not given'],
  ['half an answer', { text: good.slice(0, 40), cutOff: true }, 'the answer was cut off before its end'],
  ['no JSON', 'Sure! Here is what I think:', 'the answer is not in the form that was asked for'],
  ['another form', '{"answer":1}', 'it holds no text'],
])('%s is refused: the template answers, and the log says why', async (_, answer, because) => {
  const { made, events } = inference(() => answer);
  const answered = await made.ask(asked, person);
  expect(answered).toMatchObject({ ok: true, value: { value: asked.template, by: null } });
  expect(answered.ok && answered.value.refused).toContain(because);
  expect(events.at(-1)).toMatchObject({ type: 'model.answered', outcome: 'refused' });
});

test('no credential reaches a model or the log', async () => {
  const seen: string[] = [];
  const { made, events } = inference((prompt) => (seen.push(JSON.stringify(prompt)), good));
  await made.ask({ ...asked, prompt: { ...asked.prompt, data: `${asked.prompt.data}\npassword: hunter2hunter2` } }, person);
  expect(seen.join()).not.toMatch(/abcdef0123456789xyz|hunter2/);
  expect(JSON.stringify(events)).not.toMatch(/abcdef0123456789xyz|hunter2/);
});

const remote = { url: 'https://api.example.com/v1', model: 'm', inputPrice: 2, outputPrice: 10 };

test('by default nothing goes to an endpoint, even where one is set', async () => {
  const { made, events } = inference(() => good, { remote }, 'remote');
  expect(await made.ask(asked, person)).toMatchObject({ ok: true, value: { by: null, refused: null } });
  expect(events).toEqual([]);
});

test('where the rule sends it there the endpoint sees no names, the reader does, and what it cost is in the log', async () => {
  const seen: string[] = [];
  const { made, events } = inference(
    (prompt) => {
      seen.push(prompt.data);
      const [object = '', cause = '', remedy = ''] = prompt.data.split('\n').map((l) => l.slice(2));
      return { text: JSON.stringify({ text: `Look at ${object}. ${cause}. ${remedy}.` }), inputTokens: 1_000_000, outputTokens: 100_000 };
    },
    { remote, where: { explain: 'remote' } },
    'remote',
  );
  const answered = await made.ask(asked, person);
  expect(seen.join()).not.toMatch(/checkout|shop/);
  expect(answered).toMatchObject({ ok: true, value: { by: { where: 'remote' } } });
  expect(answered.ok && answered.value.value).toContain('Look at Deployment shop/checkout. Container app of Deployment checkout reads');
  expect(events).toMatchObject([{ hidden: 'names' }, { outcome: 'shown', cost: 3 }]);
});

test('a kind of question that is off is asked of nobody', async () => {
  const { made, events } = inference(() => good, { where: { explain: 'off' } });
  expect(await made.ask(asked, person)).toMatchObject({ ok: true, value: { by: null, refused: null } });
  expect(events).toEqual([]);
});

test('a model that never stops is stopped by the limit; a person who leaves stops it at once', async () => {
  let stopped = 0;
  const { made } = inference((_, stop) => (void stop.then(() => (stopped += 1)), new Promise<string>(() => undefined)));
  const late = await made.ask(asked, { ...person, limitMs: 20 });
  expect(late).toMatchObject({ ok: true, value: { by: null, refused: 'scripted did not answer within 0.02 seconds' } });
  const leave = new AbortController();
  const given = made.ask(asked, { ...person, signal: leave.signal });
  leave.abort();
  expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  await expect.poll(() => stopped).toBe(1);
});

test('a person goes before an agent, and an agent before the background', async () => {
  const turns = new Turns(1);
  const order: string[] = [];
  const signal = new AbortController().signal;
  const free = new AbortController();
  const first = turns.take('background', signal, () => new Promise<void>((done) => free.signal.addEventListener('abort', () => done())));
  const rest = (['background', 'agent', 'person', 'agent'] as const).map((p, i) =>
    turns.take(p, signal, () => (order.push(`${p} ${String(i)}`), Promise.resolve())),
  );
  const leaves = new AbortController();
  const gone = turns.take('person', leaves.signal, () => (order.push('gone'), Promise.resolve()));
  leaves.abort();
  await expect.poll(() => turns.waiting).toBe(4);
  free.abort();
  await Promise.all([first, ...rest, gone]);
  expect(order).toEqual(['person 2', 'agent 1', 'agent 3', 'background 0']);
});
