import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Diagnosis, FixReport } from '../../agents/contract/index.ts';
import { TEMPEST, demoApp, folder } from './fleet.ts';

const bin = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');

const quarterdeck = (dataDir: string, ...args: string[]) =>
  spawnSync(process.execPath, [bin, ...args, '--demo', '--data-dir', dataDir], {
    encoding: 'utf8',
    env: { ...process.env, HOME: dataDir, KUBECONFIG: '' },
  });

const by = 'ann';
const namespaces = ['freight'];

test('in a context that is marked read-only causes are found and every plan is refused, until the mark is taken away', async () => {
  const { app } = await demoApp();
  const { client } = app;
  await client.contexts.mark({ context: TEMPEST, readOnly: true, by });
  const closed: Diagnosis = await client.diagnosis.run({ context: TEMPEST, namespaces });
  expect(closed.incidents).toHaveLength(1);
  const plans = closed.incidents.flatMap((i) => i.plans);
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) expect(plan).toMatchObject({ state: 'refused', failure: { code: 'forbidden' } });
  expect(plans[0]?.reason).toContain('read-only');
  await client.contexts.mark({ context: TEMPEST, readOnly: false, typedContext: TEMPEST, by });
  const report: FixReport = await client.fix.run({ context: TEMPEST, namespaces, approve: true, maxRisk: 'high', by });
  expect(report.plans.filter((p) => p.outcome === 'done')).toHaveLength(1);
});

test('a plan that waits when the mark is set is not carried out', async () => {
  const { app } = await demoApp();
  const { client } = app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST, namespaces });
  const plan = incidents.flatMap((i) => i.plans).find((p) => p.state === 'awaitingApproval');
  await client.contexts.mark({ context: TEMPEST, readOnly: true, by });
  const decided = client.plans.decide({ id: plan?.id ?? '', hash: plan?.hash ?? '', decision: 'approved', by });
  await expect(decided).rejects.toMatchObject({ data: { code: 'forbidden' } });
  const { events } = await client.events.list({ since: 0, limit: 1_000 });
  expect(events.filter((e) => e.event.type === 'action.started')).toEqual([]);
  expect((await client.plans.get({ id: plan?.id ?? '' })).state).toBe('awaitingApproval');
});

test('on the command line that is exit status 4', () => {
  const dataDir = folder();
  expect(quarterdeck(dataDir, 'contexts', 'mark', TEMPEST, '--read-only').status).toBe(0);
  const fixed = quarterdeck(dataDir, 'fix', '--yes', '-n', 'freight', '--context', TEMPEST, '-o', 'json');
  expect((JSON.parse(fixed.stdout) as FixReport).plans).toMatchObject([
    { outcome: 'refused', reason: expect.stringContaining('read-only') as string },
  ]);
  expect(fixed.status).toBe(4);
});
