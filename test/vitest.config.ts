import { defineConfig } from 'vitest/config';
import './compile-cache.ts';

/** Tests are foldered by what they need: unit (nothing), headless (threads, loopback, SQLite), the rest a cluster or a browser. */
const root = new URL('..', import.meta.url).pathname;
const project = (name: string, include: string[], more: object = {}) => ({
  root,
  // A condition that is awaited has the time a loaded machine takes; a test that fails takes it, no other one does.
  test: { name, include, environment: 'node' as const, pool: 'forks' as const, expect: { poll: { timeout: 20_000 } }, ...more },
});

/** Tests that start the product as processes, or wait for what takes its time: not in the inner loop. */
const SLOW = [
  'agents/host/cli/{contexts,diagnose-files,main}.test.ts',
  'agents/host/cluster/{exec-plugin,faults}.test.ts',
  'agents/host/cluster/explore/on-demand.test.ts',
  'agents/host/store/{log-witness,store,store-faults}.test.ts',
  'agents/host/cluster/{dispatchers,kube-client,kubeconfig-reload,reflector,shared-login}.test.ts',
  'agents/host/knowledge/built-in/{api-server,kubectl}.test.ts',
  'agents/host/knowledge/{exports,knowledge,knowledge-vectors,large-input}.test.ts',
  'agents/host/logs/container-log.test.ts',
  'agents/host/metrics/bad-input.test.ts',
  'agents/host/procedures/contexts.test.ts',
  'agents/host/series/series-database.test.ts',
  'models/{embedder,local-engine}.test.ts',
  'test/headless/consultations/consultations.test.ts',
  'test/headless/{ask,ask-cluster,ask-model}.test.ts',
  'test/headless/{autonomy,canaries,changes,demo-repairs,fix-yes,hold,http-table,killed-while-acting,last-known,map,many-dead-clusters,read-only,sign-in}.test.ts',
  'test/headless/{metrics,promql-scripts,signal-verbs}.test.ts',
];

/** The listed cases in `npm test`; variants of them, and smaller accounts, are other ones in each run: `npm run soak`. */
const CASES = [
  'attempts',
  'access',
  'cases',
  'changes',
  'killed',
  'logs',
  'observability',
  'offline',
  'runbook-commands',
  'unattended',
  ...(process.env['QUARTERDECK_COUNTS'] === 'full' ? ['variants', 'honesty'] : []),
].map((name) => `test/cases/${name}.test.ts`);

export default defineConfig({
  root,
  test: {
    // A file that reads as it did is not transformed again.
    fsModuleCache: true,
    fsModuleCachePath: `${root}.cache/vitest`,
    projects: [
      project(
        'unit',
        ['agents/**/*.test.ts', 'models/**/*.test.ts', 'renderer/**/*.test.ts', 'electron/**/*.test.ts', 'test/**/*.unit.test.ts'],
        {
          exclude: SLOW,
          testTimeout: 30_000,
          isolate: false,
          maxWorkers: 2,
        },
      ),
      project('headless', ['test/headless/**/*.test.ts'], { exclude: SLOW, testTimeout: 120_000, maxWorkers: 4 }),
      project('slow', SLOW, { testTimeout: 180_000, maxWorkers: 3 }),
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000, maxWorkers: 2 }),
      project('electron', ['test/electron/**/*.test.ts'], { testTimeout: 120_000 }),
      project('ui', ['test/ui/**/*.test.ts'], { testTimeout: 120_000, fileParallelism: false }),
      project('cluster', ['test/cluster/{cluster,many-clusters,metrics}.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
      project('cases', CASES, { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
