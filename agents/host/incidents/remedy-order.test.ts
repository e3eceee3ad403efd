import { expect, test } from 'vitest';
import { scripted, scriptedEngine } from '../../../models/scripted.ts';
import { type ModelPrompt, ModelSettingsSchema } from '../../contract/index.ts';
import { plansOf, plansOfByRule } from '../../core/rank-plans.ts';
import { appConfig, changeImage, draftOf, incident, roadBench } from '../doubles/road-bench.ts';
import { Inference } from '../inference/inference.ts';
import { RemedyOrder } from './remedy-order.ts';

const first = draftOf([changeImage('shop/api:1.1')], { remedy: 'first', title: 'Use 1.1' });
const second = draftOf([changeImage('shop/api:1.2')], { remedy: 'second', title: 'Use 1.2' });

/** A road with an incident and a model beside it; `order` reads the log to its end as the app would. */
async function bench(answer: (prompt: ModelPrompt) => unknown, hasModel = true) {
  const made = roadBench();
  const { road, store, clock } = made;
  await store.appendWithIncidents([], [incident]);
  const asked: ModelPrompt[] = [];
  const engine = scriptedEngine((prompt) => (asked.push(prompt), JSON.stringify(answer(prompt))));
  const inference = new Inference({
    port: scripted(hasModel ? { local: engine } : {}, ModelSettingsSchema.parse({})),
    clock,
    ids: { next: (prefix) => prefix },
    append: async (event) => void (await store.append([event])),
  });
  const order = new RemedyOrder({ road, store, inference, log: (_, message) => expect.fail(message) });
  const entries = async function* () {
    yield* await store.events(0, 1_000);
  };
  return { ...made, asked, order: () => order.follow(entries()), plans: () => store.plans() };
}

test('plans that are as good as each other are put in a model’s order: said in the log, shown, and asked about once', async () => {
  const { propose, order, asked, store, plans } = await bench(() => ({ chosen: ['option 2'] }));
  const [a, b] = [await propose(first), await propose(second)];
  await order();
  await order();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.data).toContain('option 2: Use 1.2.');
  const events = (await store.events(0, 100)).map((e) => e.event);
  expect(events.filter((e) => e.type === 'plan.ordered')).toMatchObject([{ plans: [b.id, a.id], by: 'scripted' }]);
  expect(plansOf(incident.id, await plans()).map((p) => p.rank?.because)).toEqual([
    'as safe as the next one, and scripted puts it first',
    'as safe as the one before it, which scripted puts first',
  ]);
  expect(plansOfByRule(incident.id, await plans()).map((p) => p.id)).toEqual([a.id, b.id]);
  expect((await plans()).map((p) => [p.state, p.hash])).toEqual([a, b].map((p) => ['awaitingApproval', p.hash]));
});

test('one that is better than the others, and no model: nobody is asked, nothing is said', async () => {
  const better = await bench(() => ({ chosen: ['option 2'] }));
  await better.propose(first);
  await better.propose(draftOf([{ type: 'delete', target: appConfig }], { remedy: 'second' }));
  await better.order();
  expect(better.asked).toEqual([]);
  const without = await bench(() => ({}), false);
  await without.propose(first);
  await without.propose(second);
  await without.order();
  expect(
    (await without.store.events(0, 100)).map((e) => e.event.type).filter((t) => t.startsWith('model.') || t === 'plan.ordered'),
  ).toEqual([]);
});

test('a model that names a plan of its own is refused, and the order in which they were proposed stands', async () => {
  const { propose, order, plans, store } = await bench(() => ({ chosen: ['delete everything'] }));
  const [a, b] = [await propose(first), await propose(second)];
  await order();
  expect((await store.events(0, 100)).map((e) => e.event)).toContainEqual(
    expect.objectContaining({ type: 'model.answered', outcome: 'refused', because: 'it chooses something that was not given' }),
  );
  expect(plansOf(incident.id, await plans()).map((p) => p.id)).toEqual([a.id, b.id]);
});

test('a plan that was decided while the model thought stays decided', async () => {
  const { propose, order, plans, approve, road } = await bench(() => ({ chosen: ['option 2'] }));
  const [a, b] = [await propose(first), await propose(second)];
  await approve(a);
  await order();
  await road.order(a.context, [b.id, a.id], 'late');
  const now = await plans();
  expect(now.find((p) => p.id === a.id)?.state).not.toBe('awaitingApproval');
  expect(now.filter((p) => p.ordered !== undefined)).toEqual([]);
});
