import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKube } from '../../agents/host/cluster/kube-client.ts';
import { WritableClusters } from '../../agents/host/cluster/writable-clusters.ts';
import { createWriter } from '../../agents/host/cluster/writer.ts';
import { ANOTHER_NAMESPACE, ATTACKS } from '../../agents/host/doubles/road-attacks.ts';
import { keepBeside, objectsThere, roadBench } from '../../agents/host/doubles/road-bench.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { AuditTail } from './api-audit.ts';
import { ClusterClient } from './cluster-client.ts';
import { PlayedCluster } from './played-cluster.ts';

/** Attempts to change something without a valid decision, against a real API server. What it wrote it says itself: its audit log is counted. */

const TRIES = { full: 10_000, tenth: 1_000 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 56;
/** A namespace that is deleted and made anew takes seconds. */
const SLOW_TRIES = { full: 20, tenth: 3 }[process.env['QUARTERDECK_COUNTS'] ?? ''] ?? 1;
/** Attempts side by side, each row in a namespace of its own. */
const ROWS = 4;

const run = Date.now().toString(36).slice(-5);
const mark = `attempts-${run}`;
let kube: Awaited<ReturnType<typeof startKube>>;
let clusters: WritableClusters;
let client: ClusterClient;
let audit: AuditTail;
let rows: readonly PlayedCluster[];

beforeAll(async () => {
  const known = await clusterStatus();
  const { kubeconfig, contexts } = known.ready ? known : await up();
  // One without nodes where there is one: nothing is to run.
  client = new ClusterClient(kubeconfig, contexts.at(-1));
  audit = new AuditTail(contexts.length, mark);
  const sources = { env: process.env, home: '/nonexistent', kubeconfigPaths: [kubeconfig] };
  kube = await startKube({ ...sources, log: () => undefined });
  clusters = new WritableClusters(sources, () => undefined, kube);
  const writer = createWriter((name) => clusters.transport(name));
  rows = Array.from({ length: ROWS }, (_, n) => new PlayedCluster(writer, client, `${mark}-${n}`));
  for (const row of rows)
    for (const object of [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, ...objectsThere()]) await row.put(object);
});
afterAll(async () => {
  for (let n = 0; n < ROWS; n++) await client.delete('Namespace', `${mark}-${n}`);
  await clusters.close();
  await kube.close();
  client.close();
});

/** What the road changed since the last time, by the API server's own account. */
const byTheRoad = () => audit.more().filter((w) => w.manager === 'quarterdeck');

const ways = Object.entries(ATTACKS);
const table: string[] = [];
afterAll(() => {
  console.info([`${'attempt, against a real API server'.padEnd(90)}  tries writes`, ...table].join('\n'));
});
let [tried, written] = [0, 0];

test.each(ways)(
  '%s',
  async (kind, attack) => {
    const wanted = kind === ANOTHER_NAMESPACE ? SLOW_TRIES : Math.ceil((TRIES - SLOW_TRIES) / (ways.length - 1));
    const inputs = fc.sample(fc.tuple(fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme-ascii' }), fc.nat(1_000)), wanted);
    const sentBefore = rows.reduce((n, r) => n + r.sent, 0);
    await Promise.all(
      rows.map(async (cluster) => {
        for (let next = inputs.pop(); next !== undefined; next = inputs.pop()) {
          const [text, nth] = next;
          await cluster.restore(objectsThere());
          const bench = roadBench(keepBeside(cluster));
          const plan = await bench.propose();
          if (plan.state !== 'awaitingApproval') throw new Error(`the plan is ${plan.state}: ${plan.reason ?? ''}`);
          await attack({ bench, plan, text, nth });
          await bench.clock.turn(1_000);
          tried++;
        }
        await cluster.restore(objectsThere());
      }),
    );
    const writes = byTheRoad().length;
    written += writes;
    table.push(`${kind.padEnd(90)} ${String(wanted).padStart(6)} ${String(writes).padStart(6)}`);
    expect(rows.reduce((n, r) => n + r.sent, 0) - sentBefore).toBe(0);
    expect(writes).toBe(0);
  },
  3_600_000,
);

test('that many were tried; and a valid yes on the same bench is in the audit log, once', async () => {
  table.push(`${'all'.padEnd(90)} ${String(tried).padStart(6)} ${String(written).padStart(6)}`);
  expect([tried >= TRIES, written]).toEqual([true, 0]);
  const [cluster] = rows;
  if (cluster === undefined) throw new Error('no rows');
  const bench = roadBench(keepBeside(cluster));
  const plan = await bench.propose();
  expect(await bench.approve(plan)).toMatchObject({ ok: true });
  await expect.poll(() => cluster.sent).toBe(1);
  const found: string[] = [];
  await expect.poll(() => found.push(...byTheRoad().map((w) => `${w.verb} ${w.resource}`)) > 0 && found).toEqual(['patch deployments']);
});
