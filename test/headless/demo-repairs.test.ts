import { expect, test } from 'vitest';
import { FAULTS, TEMPEST, demoApp } from './fleet.ts';

test('every fault of the demo is repaired by its plan, and verified; then nothing is wrong', async () => {
  const { client } = (await demoApp()).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const plans = incidents.flatMap((i) => i.plans.slice(0, 1));
  expect(plans).toHaveLength(FAULTS.length);
  for (const { id, hash } of plans) await client.plans.decide({ id, hash, decision: 'approved', by: 'somebody' });
  const settled = await Promise.all(plans.map(({ id }) => client.plans.settled({ id, timeoutSeconds: 90 })));
  expect(settled.map((p) => `${p.title}: ${p.state}`)).toEqual(plans.map((p) => `${p.title}: done`));
  const after = await client.diagnosis.run({ context: TEMPEST });
  expect(after.incidents.map((i) => i.title)).toEqual([]);
  expect(after.unexplained).toEqual([]);
}, 120_000);
