import { expect, test } from 'vitest';
import { TEMPEST, demoApp } from '../fleet.ts';
import { AGENTS } from './registry.ts';

test('a second agent is one folder and one line: it runs in its own thread, and its findings become incidents beside the others', async () => {
  const { client } = (await demoApp({ agents: { list: AGENTS, registry: new URL('./registry.ts', import.meta.url).href } })).app;
  const { incidents } = await client.diagnosis.run({ context: TEMPEST });
  const own = incidents
    .filter((i) => i.rootCause.code === 'LKT-001')
    .map((i) => i.rootCause.resource.name)
    .sort();
  expect(own).toEqual(['labels', 'mail', 'tracking']);
  expect(incidents.filter((i) => i.rootCause.code !== 'LKT-001')).toHaveLength(5);
  const { agents } = await client.agents.list({});
  expect(agents.map((a) => a.id)).toEqual(AGENTS.map((a) => a.id));
  expect(agents.find((a) => a.id === 'lookout')).toMatchObject({ state: 'running', checks: 1 });
});
