import { expect, test } from 'vitest';
import type { PlanAutonomy } from '../../contract/index.ts';
import { ASK, roadBench } from '../doubles/road-bench.ts';

/** What the rules say, at the gate. */

const TWO: PlanAutonomy = { ...ASK, people: 2, rule: 'payments-two', version: 'abc', because: 'rule payments-two' };
const decide = (bench: ReturnType<typeof roadBench>, plan: { id: string; hash: string }, by: string) =>
  bench.road.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by });

test('two different people: the first yes waits, the same again is refused, the second sends it on its way', async () => {
  const bench = roadBench();
  bench.marks.autonomy = () => TWO;
  const plan = await bench.propose();
  expect(await decide(bench, plan, 'ana')).toMatchObject({ ok: true, value: { state: 'awaitingApproval', approvals: [{ by: 'ana' }] } });
  expect(bench.cluster.sent).toBe(0);
  expect(await decide(bench, plan, 'ana')).toMatchObject({ ok: false, failure: { code: 'confirmation-needed' } });
  const second = await decide(bench, plan, 'kim');
  expect(second).toMatchObject({ ok: true, value: { state: 'acting', decidedBy: 'kim', approvals: [{ by: 'ana' }, { by: 'kim' }] } });
  const events = (await bench.store.events(0, 100)).map((e) => e.event).filter((e) => e.type.startsWith('approval.'));
  expect(events.slice(1)).toEqual([
    { type: 'approval.given', context: 'prod', plan: plan.id, hash: plan.hash, by: 'ana', have: 1, need: 2 },
    {
      type: 'approval.resolved',
      context: 'prod',
      plan: plan.id,
      hash: plan.hash,
      decision: 'approved',
      by: 'kim',
      rule: 'payments-two',
      rules: 'abc',
    },
  ]);
});

test('one of two may reject, and that is the end', async () => {
  const bench = roadBench();
  bench.marks.autonomy = () => TWO;
  const plan = await bench.propose();
  await decide(bench, plan, 'ana');
  expect(await bench.road.decide({ id: plan.id, hash: plan.hash, decision: 'rejected', by: 'kim' })).toMatchObject({
    ok: true,
    value: { state: 'rejected' },
  });
});

test('a first yes outlives a restart', async () => {
  const bench = roadBench();
  bench.marks.autonomy = () => TWO;
  const plan = await bench.propose();
  await decide(bench, plan, 'ana');
  const next = bench.restart();
  next.marks.autonomy = () => TWO;
  await next.road.recover();
  expect(await decide(next, plan, 'ana')).toMatchObject({ ok: false });
  expect(await decide(next, plan, 'kim')).toMatchObject({ ok: true, value: { state: 'acting' } });
});

test('what may only be looked at asks nobody and cannot be approved; nobody decides under the name of a rule', async () => {
  const bench = roadBench();
  bench.marks.autonomy = () => ({ ...ASK, give: 'observe', rule: 'fridays', because: 'rule fridays gives observe' });
  const plan = await bench.propose();
  expect(await bench.eventTypes()).not.toContain('approval.requested');
  expect(await decide(bench, plan, 'ana')).toMatchObject({ ok: false, failure: { code: 'plan-refused' } });
  bench.marks.autonomy = () => ({ ...ASK, give: 'auto', rule: 'small' });
  expect(await decide(bench, plan, 'rule:small')).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
  expect(bench.cluster.sent).toBe(0);
});
