import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { setTimeout as pause } from 'node:timers/promises';
import { Clusters } from '../../../agents/host/cluster/clusters.ts';
import type { AgentEndReport } from './agent-end.ts';
import { heapAfterGc, longestBlock, tell } from './measure.ts';

/** Our reading: the code of the kube worker, run in the main thread of a process of its own so that heap and loop are its alone. */

const [task = '', kubeconfig = '', rounds = '1'] = process.argv.slice(2);
const wall = () => performance.timeOrigin + performance.now();

function start() {
  const clusters = new Clusters({ env: process.env, home: '/nonexistent', kubeconfigPaths: [kubeconfig] }, () => undefined);
  const end = new Worker(new URL('./agent-end.ts', import.meta.url));
  const attach = () => {
    const { port1, port2 } = new MessageChannel();
    end.postMessage({ port: port2 }, [port2]);
    clusters.attach('bench', task === 'churn' ? ['Pod', 'ReplicaSet', 'Deployment'] : ['Pod'], port1);
  };
  const report = () => new Promise<AgentEndReport>((resolve) => void end.once('message', resolve).postMessage({ report: true }));
  const until = async (done: (report: AgentEndReport) => boolean): Promise<AgentEndReport> => {
    for (;;) {
      const now = await report();
      if (done(now)) return now;
      await pause(20);
    }
  };
  return { clusters, end, attach, report, until };
}

async function connect(clusters: Clusters, context: string): Promise<void> {
  const connected = await clusters.connect(context, ['Pod']);
  if (!connected.ok) throw new Error(connected.failure.message);
}

/** One list of everything, again and again, each from a new connection. */
async function list(): Promise<void> {
  // Once: what a round leaves behind for a while must not count as having been there.
  let before: number | undefined;
  for (let round = 0; round < Number(rounds); round++) {
    const { clusters, end, attach, report } = start();
    await new Promise((resolve) => end.once('online', resolve));
    attach();
    // The agent's end loads its checks meanwhile.
    await report();
    before ??= await heapAfterGc();
    const begun = wall();
    const { blockMs } = await longestBlock(() => connect(clusters, 'c0'));
    const listedAt = wall();
    let seen: AgentEndReport = { first200At: undefined, syncedAt: undefined, lags: [] };
    while (seen.syncedAt === undefined) {
      await pause(20);
      const now = await report();
      seen = { ...now, first200At: seen.first200At ?? now.first200At };
    }
    const heap = (await heapAfterGc()) - before;
    tell({ listMs: listedAt - begun, first200Ms: (seen.first200At ?? NaN) - begun, toldMs: (seen.syncedAt ?? NaN) - begun, blockMs, heap });
    await clusters.close();
    await end.terminate();
  }
}

/** Many clusters held and watched. */
async function resident(count: number): Promise<void> {
  const { clusters } = start();
  const before = await heapAfterGc();
  const begun = wall();
  const { blockMs } = await longestBlock(() => Promise.all(Array.from({ length: count }, (_, n) => connect(clusters, `c${n}`))));
  tell({ listMs: wall() - begun, blockMs, heap: (await heapAfterGc()) - before });
}

/** The whole app, all clusters connected, its agent having looked at each. */
async function app(count: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-app-'));
  const { startApp } = await import('../../../agents/host/wiring.ts');
  const started = await startApp({ dataDir, kubeconfigPaths: [kubeconfig], demo: false, env: process.env, log: () => undefined });
  if (!started.ok) throw new Error(started.failure.message);
  const { orchestrator } = started.value.app;
  const contexts = Array.from({ length: count }, (_, n) => `c${n}`);
  await Promise.all(contexts.map((context) => orchestrator.connect(context)));
  for (const context of contexts) await orchestrator.examine(context);
  await heapAfterGc();
  // The resident set follows the heap with some delay.
  await pause(5_000);
  tell({ rss: process.memoryUsage.rss() });
  await started.value.close();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Has the app know all clusters, and leaves what it knows behind. */
async function seed(count: number): Promise<void> {
  const { startApp } = await import('../../../agents/host/wiring.ts');
  const started = await startApp({
    dataDir: dataDirOf(kubeconfig),
    kubeconfigPaths: [kubeconfig],
    demo: false,
    env: process.env,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  const { orchestrator } = started.value.app;
  await Promise.all(Array.from({ length: count }, (_, n) => orchestrator.connect(`c${n}`)));
  await started.value.close();
  tell({ seeded: count });
}

/** From the start of this process to rows, contexts and incidents on hand, with every cluster gone. */
async function gone(): Promise<void> {
  const { startApp } = await import('../../../agents/host/wiring.ts');
  const started = await startApp({
    dataDir: dataDirOf(kubeconfig),
    kubeconfigPaths: [kubeconfig],
    demo: false,
    env: process.env,
    log: () => undefined,
  });
  if (!started.ok) throw new Error(started.failure.message);
  const { client } = started.value.app;
  const [{ contexts }, page] = await Promise.all([
    client.contexts.list({}),
    client.rows.list({ kind: 'Pod', limit: 200 }),
    client.incidents.list({}),
  ]);
  tell({ startMs: performance.now(), contexts: contexts.length, rows: page.rows.length });
  await started.value.close();
}

const dataDirOf = (file: string): string => join(file, '..', 'data');

/** The contexts of one kubeconfig, from its text on disk; nothing is connected. */
async function contexts(): Promise<void> {
  const { KubeconfigReader } = await import('../../../agents/host/cluster/kubeconfig.ts');
  const begun = performance.now();
  const reading = await new KubeconfigReader({ env: {}, home: '/nonexistent', kubeconfigPaths: [kubeconfig] }).read();
  tell({ listMs: performance.now() - begun, contexts: reading.contexts.length });
}

/** Says `ready`, is then told that the churn is over, and says what it cost. */
async function churn(): Promise<void> {
  const { clusters, attach, report, until } = start();
  attach();
  await connect(clusters, 'c0');
  await until((r) => r.syncedAt !== undefined);
  // The first changes make the forms that all later ones use.
  const before = await heapAfterGc();
  await report();
  tell({ ready: 1 });
  await new Promise((resolve) => process.once('message', resolve));
  await pause(500);
  const { lags } = await report();
  const at = (share: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? NaN;
  tell({ heapGrowth: (await heapAfterGc()) - before, changes: lags.length, medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) });
}

/** Watches that have nothing to say. */
async function quiet(): Promise<void> {
  const { clusters } = start();
  await connect(clusters, 'c0');
  tell({ ready: 1 });
  await new Promise((resolve) => process.once('message', resolve));
}

async function reads(): Promise<void> {
  const { clusters } = start();
  const begun = wall();
  for (let n = 0; n < 100; n++) await clusters.get('c0', '/api/v1/namespaces/kube-system');
  const oneByOneMs = wall() - begun;
  await Promise.all(Array.from({ length: 100 }, () => clusters.get('c0', '/api/v1/namespaces/kube-system')));
  tell({ oneByOneMs });
}

/** 20 first calls at once of a context whose user has a login plugin. */
async function logins(): Promise<void> {
  const { clusters } = start();
  const answers = await Promise.all(Array.from({ length: 20 }, () => clusters.get('c0', '/version')));
  tell({ answered: answers.filter((a) => a.ok).length });
}

switch (task) {
  case 'list':
    await list();
    break;
  case 'resident':
    await resident(Number(rounds));
    break;
  case 'app':
    await app(Number(rounds));
    break;
  case 'seed':
    await seed(Number(rounds));
    break;
  case 'gone':
    await gone();
    break;
  case 'contexts':
    await contexts();
    break;
  case 'churn':
    await churn();
    break;
  case 'quiet':
    await quiet();
    break;
  case 'reads':
    await reads();
    break;
  case 'logins':
    await logins();
    break;
}
process.exit(0);
