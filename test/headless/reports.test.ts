import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untraceable } from '../../agents/core/report/traceable.ts';
import { TEMPEST, demoApp, folder } from './fleet.ts';

test('an incident that was repaired has a report on disk, every line of which the log bears out', async () => {
  const dataDir = folder();
  const { client } = (await demoApp({ dataDir })).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const meant = incidents.find((i) => i.rootCause.code === 'SVC-001');
  const [plan] = meant?.plans ?? [];
  if (meant === undefined || plan === undefined) throw new Error('the demo has no Service that selects nothing');
  expect((await client.reports.get({ incident: meant.id })).resolvedAt).toBeNull();
  await client.plans.decide({ id: plan.id, hash: plan.hash, decision: 'approved', by: 'kim' });
  await client.plans.settled({ id: plan.id, timeoutSeconds: 90 });
  await expect.poll(async () => (await client.reports.list({})).reports.map((r) => r.incident)).toEqual([meant.id]);

  const file = join(dataDir, 'reports', `${meant.id}.md`);
  const kept = () => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  await expect.poll(kept).toContain(`${plan.id} is done`);
  const report = await client.reports.get({ incident: meant.id });
  expect(kept()).toBe(report.markdown);
  expect(readdirSync(join(dataDir, 'reports'))).toEqual([`${meant.id}.md`]);
  expect(report).toMatchObject({ incident: meant.id, code: 'SVC-001', context: TEMPEST, resolvedAt: expect.any(String) as string });
  expect(report.sections.map((s) => s.title)).toEqual(expect.arrayContaining(['Timeline', 'Cause', 'Decision', 'Change', 'Result']));
  expect(report.sections.find((s) => s.title === 'Decision')?.lines.map((l) => l.text)).toEqual([`kim approved ${plan.id}`]);
  const { events } = await client.events.list({ limit: 10_000 });
  expect(untraceable(report, events)).toEqual([]);
  await expect(client.reports.get({ incident: 'inc-none' })).rejects.toThrow('There is no incident inc-none in the log.');
});
