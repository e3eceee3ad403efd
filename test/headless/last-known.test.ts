import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import { startDemoFleet } from '../../agents/host/doubles/demo-fleet.ts';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { TEMPEST, folder } from './fleet.ts';

/** What the app shows when nothing can be reached: the last known state, with its age, in honest words. */

const GONE = 'demo-foghorn';
const HARBOR = 'demo-harbor';

async function fleetIn(dir: string): Promise<DemoFleet> {
  const fleet = await startDemoFleet({ dir: join(dir, 'fleet') });
  onTestFinished(() => fleet.close());
  return fleet;
}

/** An app over the kubeconfig of a fleet that may be gone. */
async function appIn(dir: string): Promise<Running> {
  const started = await startApp({
    dataDir: join(dir, 'data'),
    kubeconfigPaths: [join(dir, 'fleet', 'kubeconfig')],
    demo: false,
    env: {},
    home: dir,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  onTestFinished(() => started.value.close());
  return started.value;
}

const all = { contexts: [], namespaces: [], search: '', sort: 'name', limit: 1000 };

test('every cluster gone and the app started anew: rows, incidents and words are there at once, with their age', async () => {
  const dir = folder();
  const fleet = await fleetIn(dir);
  const first = await appIn(dir);
  await first.app.client.diagnosis.run({ context: TEMPEST });
  await first.app.client.cluster.connect({ context: HARBOR });
  const live = await first.app.client.rows.list({ ...all, kind: 'pods', contexts: [TEMPEST, HARBOR] });
  expect(live.clusters.map((c) => [c.context, c.state, c.failure])).toEqual([
    [TEMPEST, 'connected', null],
    [HARBOR, 'connected', null],
  ]);
  expect(live.rows.length).toBeGreaterThan(5);
  const before = await first.app.client.incidents.list({ context: TEMPEST });
  expect(before.incidents.length).toBeGreaterThan(0);
  await first.close();
  const closedAt = Date.now();
  await fleet.close();

  const begun = performance.now();
  const { client } = (await appIn(dir)).app;
  const { contexts } = await client.contexts.list({});
  const known = await client.rows.list({ ...all, kind: 'Pod' });
  const { incidents } = await client.incidents.list({});
  const took = performance.now() - begun;
  console.log(`last known state: ${known.rows.length} rows and ${incidents.length} incidents ${Math.round(took)} ms after the start`);
  expect(took).toBeLessThan(5_000);

  expect(contexts.map((c) => [c.name, c.state, c.asOf !== null])).toEqual([
    [TEMPEST, 'unknown', true],
    [HARBOR, 'unknown', true],
    [GONE, 'unknown', false],
  ]);
  expect(contexts[0]?.counts['Pod']).toBe(live.clusters[0]?.total);
  const names = (rows: readonly { context: string; namespace: string | null; name: string }[]) =>
    rows.map((r) => `${r.context} ${r.namespace ?? ''}/${r.name}`);
  expect(names(known.rows)).toEqual(names(live.rows));
  expect(known.clusters.map((c) => [c.context, c.total, c.failure?.message ?? null])).toEqual([
    [TEMPEST, live.clusters[0]?.total, null],
    [HARBOR, live.clusters[1]?.total, null],
    [GONE, 0, `Context ${GONE} has never been read.`],
  ]);
  const age = closedAt - Date.parse(known.clusters[0]?.asOf ?? '');
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(20_000);
  expect(incidents.map((i) => i.id).sort()).toEqual(before.incidents.map((i) => i.id).sort());
  for (const incident of incidents) expect(closedAt - Date.parse(incident.lastSeen)).toBeLessThan(20_000);

  // Asked for, it says that it is offline and why, and still shows what was known, with the same age.
  await expect(client.cluster.connect({ context: TEMPEST })).rejects.toThrow(TEMPEST);
  const offline = (await client.contexts.list({})).contexts[0];
  expect(offline).toMatchObject({ state: 'offline', asOf: known.clusters[0]?.asOf, failure: { code: 'cluster-unreachable' } });
  const still = await client.rows.list({ ...all, kind: 'Pod', contexts: [TEMPEST] });
  expect(still.rows.length).toBe(live.clusters[0]?.total);
  expect(still.clusters[0]).toMatchObject({ state: 'offline', asOf: known.clusters[0]?.asOf, failure: { code: 'cluster-unreachable' } });
});

test('a cluster that goes away while it is watched is offline, its rows and their age are shown, and it is connected when it is back', async () => {
  const dir = folder();
  const fleet = await fleetIn(dir);
  const { client } = (await appIn(dir)).app;
  await client.cluster.connect({ context: TEMPEST });
  const state = async () => (await client.contexts.list({})).contexts[0];
  const pods = (await client.rows.list({ ...all, kind: 'po', contexts: [TEMPEST] })).clusters[0]?.total;
  const server = fleet.servers[TEMPEST];
  await server?.faults.down();
  await expect.poll(async () => (await state())?.state, { timeout: 40_000 }).toBe('offline');
  const lost = await state();
  const rows = await client.rows.list({ ...all, kind: 'po', contexts: [TEMPEST] });
  expect(rows.clusters[0]).toMatchObject({ state: 'offline', total: pods, asOf: lost?.asOf });
  expect(Date.now() - Date.parse(lost?.asOf ?? '')).toBeLessThan(40_000);
  const { events } = await client.events.list({ since: 0 });
  expect(events.map((e) => e.event.type)).toContain('cluster.wentOffline');
  await server?.faults.up();
  await expect.poll(async () => (await state())?.state, { timeout: 60_000 }).toBe('connected');
  expect(await state()).toMatchObject({ failure: null, stale: [] });
});

test('a cluster that answers and lets pods be watched no more is stale: it says which kind, and since when', async () => {
  const dir = folder();
  const fleet = await fleetIn(dir);
  const { client } = (await appIn(dir)).app;
  await client.cluster.connect({ context: TEMPEST });
  const cutAt = Date.now();
  fleet.servers[TEMPEST]?.faults.forbidden.add('watch/pods');
  fleet.servers[TEMPEST]?.faults.cutWatches();
  const state = async () => (await client.contexts.list({})).contexts[0];
  await expect.poll(async () => (await state())?.state, { timeout: 30_000 }).toBe('stale');
  expect(await state()).toMatchObject({ stale: ['Pod'], failure: null });
  const ages = async (kind: string) => (await client.rows.list({ ...all, kind, contexts: [TEMPEST] })).clusters[0]?.asOf ?? '';
  expect(Math.abs(Date.parse(await ages('Pod')) - cutAt)).toBeLessThan(5_000);
  expect(Date.now() - Date.parse(await ages('Deployment'))).toBeLessThan(1_000);
  const { incomplete } = await client.diagnosis.run({ context: TEMPEST, plans: false });
  expect(incomplete).toContainEqual({ what: 'Pod', because: expect.stringContaining('judged as known at') as string });
});

test('a login that is refused is unauthorised, not offline', async () => {
  const dir = folder();
  await fleetIn(dir);
  const file = join(dir, 'fleet', 'kubeconfig');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/token: \S+/, 'token: wrong'));
  const { client } = (await appIn(dir)).app;
  await expect(client.cluster.connect({ context: TEMPEST })).rejects.toThrow();
  expect((await client.contexts.list({})).contexts[0]).toMatchObject({ state: 'unauthorised', asOf: null, counts: {} });
});

test('a context that now leads elsewhere shows nothing of the cluster it led to', async () => {
  const dir = folder();
  const fleet = await fleetIn(dir);
  const first = await appIn(dir);
  await first.app.client.cluster.connect({ context: TEMPEST });
  await first.close();
  const file = join(dir, 'fleet', 'kubeconfig');
  const [tempest, harbor] = [fleet.servers[TEMPEST]?.url ?? '', fleet.servers[HARBOR]?.url ?? ''];
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replaceAll(tempest, 'http://between.invalid')
      .replaceAll(harbor, tempest)
      .replaceAll('http://between.invalid', harbor),
  );
  const { client } = (await appIn(dir)).app;
  expect((await client.contexts.list({})).contexts[0]).toMatchObject({ name: TEMPEST, state: 'unknown', asOf: null, counts: {} });
  expect((await client.rows.list({ ...all, kind: 'Pod', contexts: [TEMPEST] })).rows).toEqual([]);
  await client.cluster.connect({ context: TEMPEST });
  const { rows } = await client.rows.list({ ...all, kind: 'Namespace', contexts: [TEMPEST] });
  expect(rows.map((r) => r.name)).not.toContain('freight');
});

test('pages of many clusters are one list in order; words that mean nothing are refused with those that do', async () => {
  const dir = folder();
  await fleetIn(dir);
  const { client } = (await appIn(dir)).app;
  for (const context of [TEMPEST, HARBOR]) await client.cluster.connect({ context });
  const whole = await client.rows.list({ ...all, kind: 'Pod', sort: '-restarts' });
  const paged: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await client.rows.list({ ...all, kind: 'Pod', sort: '-restarts', limit: 3, ...(after === undefined ? {} : { after }) });
    paged.push(...page.rows.map((r) => r.uid));
    if (page.next === null) break;
    after = page.next;
  }
  expect(paged).toEqual(whole.rows.map((r) => r.uid));
  const restarts = whole.rows.map((r) => Number(r.cells['restarts']));
  expect(restarts).toEqual([...restarts].sort((a, b) => b - a));
  await expect(client.rows.list({ ...all, kind: 'Pod', sort: 'colour' })).rejects.toThrow('cannot be sorted by colour');
  await expect(client.rows.list({ ...all, kind: 'Moon' })).rejects.toThrow('no kind Moon');
  await expect(client.rows.list({ ...all, kind: 'Pod', contexts: ['demo-tempset'] })).rejects.toThrow('demo-tempset');
  await expect(client.rows.list({ ...all, kind: 'Pod', after: 'nonsense' })).rejects.toThrow('after');
});
