import { defineConfig } from 'vitest/config';

/** Tests are foldered by what they need: unit (nothing), headless (threads, loopback, SQLite), the rest a cluster or a browser. */
const root = new URL('..', import.meta.url).pathname;
const project = (name: string, include: string[], more: object = {}) => ({
  root,
  test: { name, include, environment: 'node' as const, pool: 'forks' as const, ...more },
});

export default defineConfig({
  root,
  test: {
    projects: [
      project('unit', ['agents/**/*.test.ts', 'models/**/*.test.ts', 'renderer/**/*.test.ts', 'test/**/*.unit.test.ts'], {
        testTimeout: 30_000,
        isolate: false,
      }),
      project('headless', ['test/headless/**/*.test.ts'], { testTimeout: 120_000, maxWorkers: 4 }),
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 120_000 }),
      project('electron', ['test/electron/**/*.test.ts'], { testTimeout: 120_000 }),
      project('ui', ['test/ui/**/*.test.ts'], { testTimeout: 120_000, fileParallelism: false }),
      project('cluster', ['test/cluster/{cluster,many-clusters}.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
      project('cases', ['test/cases/**/*.test.ts'], { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
