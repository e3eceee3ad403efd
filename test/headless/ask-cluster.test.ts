import { expect, test } from 'vitest';
import type { Answer, Citation } from '../../agents/contract/index.ts';
import { uncited } from '../../agents/core/ask/draft.ts';
import { readAgain } from './read-again.ts';
import { TEMPEST, demoApp } from './fleet.ts';

/** Questions about what a cluster is, has and does, beside what is wrong with it. */

async function talker() {
  const { client } = (await demoApp()).app;
  let session: string | undefined;
  const ask = async (question: string, context: string | undefined = TEMPEST): Promise<Answer> => {
    const answer = await client.ask.answer({
      question,
      ...(context === undefined ? {} : { context }),
      ...(session === undefined ? {} : { session }),
    });
    session = answer.session;
    expect(uncited(answer)).toEqual([]);
    for (const c of answer.citations) expect(await readAgain(client, c), `${question}: ${c.text}`).toBe(true);
    return answer;
  };
  return { client, ask, anew: () => (session = undefined) };
}
const read = ({ citations }: Answer): readonly Extract<Citation, { kind: 'read' }>[] => citations.filter((c) => c.kind === 'read');
const said = ({ sentences }: Answer, lead: string): string =>
  sentences
    .filter((s) => s.lead === lead)
    .map((s) => s.text)
    .join('\n');

test('an object is asked for its fields, in the words of people; what it does not have is said', async () => {
  const { ask, anew } = await talker();
  const image = await ask('which image does checkout run?');
  expect([image.known, image.from, read(image)[0]?.of]).toEqual([true, 'cluster', 'object']);
  expect(said(image, 'Now')).toMatch(/^spec\.template\.spec\.containers\[.+\]\.image: /);
  expect(said(await ask('and how many replicas does it have?'), 'Now')).toContain('spec.replicas:');
  anew();
  const none = await ask('which timezone does the deployment checkout have?');
  expect([none.known, read(none)]).toEqual([false, []]);
  const price = await ask('who is the vendor of checkout?');
  expect([price.known, price.from]).toEqual([false, 'nothing']);
});

test('few words do, with the slips of haste: a limit, a list, logs, what uses what, who by name', async () => {
  const { ask, anew } = await talker();
  const limit = await ask('mem limit checkout');
  expect(said(limit, 'Now')).toMatch(/^spec\.template\.spec\.containers\[.+\]\.resources\.limits\.memory: \d+Mi$/);
  anew();
  expect(said(await ask('all deployments in shop'), 'Now')).toMatch(/^\d+ Deployments? in shop\n/);
  anew();
  const unready = said(await ask('wich pods are not ready'), 'Now');
  expect(unready).toMatch(/^\d+ Pods in demo-tempest not ready/);
  expect(unready).not.toMatch(/Ready 1\/1/);
  anew();
  expect(read(await ask('logs labels'))[0]?.of).toBe('logs');
  anew();
  const [used] = (await ask('what uses checkout')).sentences;
  expect(used?.text).toMatch(/(?:selects|calls|uses) Deployment shop\/checkout/m);
  anew();
  const nobody = await ask('can zebedee delete pods in shop');
  expect(nobody.sentences[0]).toMatchObject({ frame: 'well', text: expect.stringMatching(/^No: nothing gives zebedee/) });
});

test('what else is ordered is refused in words, and what points back is ordered of what was spoken of', async () => {
  const { client, ask, anew } = await talker();
  for (const question of ['delete namespace shop', 'suspend checkout', 'scale checkout up']) {
    const answer = await ask(question);
    expect([answer.known, answer.plans]).toEqual([false, []]);
    anew();
  }
  expect((await client.plans.list({ state: 'all' })).plans.filter((p) => p.agent === 'person')).toEqual([]);
  await ask('which image does mail run?');
  expect((await ask('restart it')).plans).toMatchObject([{ title: expect.stringContaining('mail') }]);
});

test('objects are listed and counted, of a namespace, of a node and of a workload', async () => {
  const { ask, anew } = await talker();
  const all = await ask('how many pods are there in shop?');
  expect(said(all, 'Now')).toMatch(/^\d+ Pods in shop\n/);
  anew();
  const own = await ask('which pods belong to checkout?');
  expect(
    said(own, 'Now')
      .split('\n')
      .slice(1)
      .every((line) => line.startsWith('shop/checkout-')),
  ).toBe(true);
  anew();
  const where = await ask('on which node does checkout run?');
  expect(said(where, 'Now')).toMatch(/^\d+ Pods? of Deployment shop\/checkout\n/);
  anew();
  expect(said(await ask('which clusters do I have?'), 'Now')).toContain('demo-foghorn');
});

test('what changed, since when, and by whom; where nothing is recorded that is said', async () => {
  const { client, ask, anew } = await talker();
  const order = await ask('scale mail to 3');
  const [plan] = order.plans;
  if (plan === undefined) throw new Error(order.text);
  await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'kim' });
  expect(await client.plans.settled({ id: plan.id, timeoutSeconds: 60 })).toMatchObject({ state: 'done' });
  anew();
  const changed = await ask('who scaled mail today?');
  expect([changed.from, read(changed)[0]?.of]).toEqual(['cluster', 'changes']);
  expect(said(changed, 'Changed')).toMatch(/mail: replicas \d → 3/);
  anew();
  expect(said(await ask('what did you do today?'), 'Done')).toContain(plan.title);
  anew();
  expect((await ask('who changed catalog in the last minute?')).sentences[0]).toMatchObject({ frame: 'well' });
});

test('the last lines of a workload', async () => {
  const { ask } = await talker();
  const logs = await ask('show me the logs of labels');
  expect(read(logs)[0]?.of).toBe('logs');
  expect(said(logs, 'Logged').length).toBeGreaterThan(0);
});

test('who may do something', async () => {
  const { ask } = await talker();
  const may = await ask('can I delete pods in shop?');
  expect(said(may, 'Now')).toMatch(/^(?:Yes|No): delete pods in shop/);
});

test('an order becomes a plan that waits; nothing is done by asking', async () => {
  const { client, ask, anew } = await talker();
  expect((await ask('what waits for approval?')).sentences[0]).toMatchObject({ frame: 'well' });
  anew();
  const order = await ask('scale mail to 3');
  expect([order.from, order.plans.length]).toEqual(['plan', 1]);
  const plan = await client.plans.get({ id: order.plans[0]?.id ?? '' });
  expect(plan).toMatchObject({ state: 'awaitingApproval', hash: order.plans[0]?.hash, remedy: 'order', agent: 'person' });
  expect(plan.actions).toMatchObject([{ spec: { type: 'scale', replicas: 3 } }]);
  anew();
  expect(said(await ask('what waits for approval?'), 'Waiting')).toContain(plan.title);
  anew();
  const restart = await ask('restart mail password=hunter2secret');
  expect(said(restart, 'Plan')).toContain('mail');
  expect((await client.plans.get({ id: restart.plans[0]?.id ?? '' })).because).not.toContain('hunter2secret');
  const { events } = await client.events.list({ limit: 10_000 });
  expect(events.filter((e) => e.event.type === 'approval.resolved' || e.event.type === 'action.started')).toEqual([]);
  expect((await ask('what did you do today?')).sentences[0]).toMatchObject({ frame: 'well', text: expect.stringContaining('No plan') });
});

test('a part of the cluster that is well is said to be, though something else is wrong; a word of the field is explained', async () => {
  const { ask, anew } = await talker();
  const dns = await ask('is dns working?');
  expect([dns.sentences[0]?.frame, dns.about.incidents]).toEqual(['well', []]);
  expect(dns.text).toContain('incidents are open');
  anew();
  const word = await ask('what is OOMKilled?');
  expect([word.from, word.citations[0]?.kind]).toEqual(['knowledge', 'passage']);
  anew();
  expect(said(await ask('when did checkout start failing?'), 'Since')).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('of metrics that nobody measures nothing is made up', async () => {
  const { ask, anew } = await talker();
  const none = await ask('how long do requests to mail take?');
  expect([none.known, none.sentences[0]?.frame]).toEqual([false, 'unread']);
  anew();
  expect((await ask('how much memory does the payroll engine use?')).known).toBe(false);
});
