/**
 * The arrows of the house. contract <- core <- specialists, workflows <- host <- shells; models implement a port; the renderer knows the
 * contract alone. Each rule has a deliberate violation under test (walls.test.ts): a rule that matches nothing passes for ever.
 */
const TESTS = '\\.test\\.tsx?$|^test/|/testing/|/fixtures/|/doubles/';
const npm = (...names) => names.map((n) => `node_modules/${n}(/|$)`);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'contract-is-alone',
      severity: 'error',
      from: { path: '^agents/contract/', pathNot: TESTS },
      to: { pathNot: ['^agents/contract/', ...npm('zod', '@orpc/contract')] },
    },
    {
      name: 'core-knows-the-contract',
      severity: 'error',
      from: { path: '^agents/core/', pathNot: TESTS },
      to: { pathNot: ['^agents/(contract|core)/', ...npm('zod', 'xstate', 'yaml', 'diff')] },
    },
    {
      name: 'specialists-know-core',
      severity: 'error',
      from: { path: '^agents/(specialists|workflows)/', pathNot: TESTS },
      to: { pathNot: ['^agents/(contract|core|specialists|workflows)/', ...npm('zod', 'xstate')] },
    },
    {
      name: 'specialists-do-not-know-each-other',
      severity: 'error',
      from: { path: '^agents/specialists/([^/]+)/.+', pathNot: TESTS },
      to: { path: '^agents/specialists/([^/]+)/.+', pathNot: ['^agents/specialists/$1/', '^agents/specialists/testing/'] },
    },
    {
      name: 'host-knows-no-shell',
      severity: 'error',
      from: { path: '^agents/', pathNot: TESTS },
      to: { path: '^(electron|renderer|test)/' },
    },
    {
      name: 'models-implement-a-port',
      severity: 'error',
      from: { path: '^models/', pathNot: TESTS },
      to: { path: '^(agents/(core|specialists|workflows|host)|electron|renderer|test)/' },
    },
    {
      name: 'only-wiring-knows-models',
      severity: 'error',
      from: { path: '^agents/', pathNot: ['^agents/host/wiring\\.ts$', TESTS] },
      to: { path: '^models/' },
    },
    {
      name: 'renderer-knows-the-contract',
      severity: 'error',
      from: { path: '^renderer/', pathNot: TESTS },
      to: { path: '^(agents/(core|specialists|workflows|host)|models|electron|test)/' },
    },
    {
      name: 'renderer-is-a-page',
      severity: 'error',
      from: { path: '^renderer/', pathNot: ['^renderer/(vite\\.config|offline/plugin)\\.ts$', TESTS] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sqlite-behind-the-store',
      severity: 'error',
      from: { path: '^(agents|models|electron|renderer)/', pathNot: ['^agents/host/(store|series|knowledge)/', TESTS] },
      to: { path: npm('better-sqlite3', 'sqlite-vec') },
    },
    {
      name: 'clusters-behind-their-room',
      severity: 'error',
      from: { path: '^(agents|models|electron|renderer)/', pathNot: ['^agents/host/cluster/', TESTS] },
      to: { path: npm('@kubernetes/client-node', 'undici') },
    },
    {
      name: 'llama-behind-models',
      severity: 'error',
      from: { path: '^(agents|electron|renderer)/', pathNot: TESTS },
      to: { path: npm('node-llama-cpp') },
    },
    { name: 'electron-in-its-folder', severity: 'error', from: { pathNot: ['^electron/', '^test/'] }, to: { path: npm('electron') } },
    {
      name: 'one-hand-writes',
      severity: 'error',
      from: {
        path: '^(agents|models|electron|renderer)/',
        pathNot: ['^agents/host/(wiring\\.ts|cluster/writer\\.ts|cluster/writable-clusters\\.ts)$', TESTS],
      },
      to: { path: '^agents/host/cluster/(writer|writable-clusters)\\.ts$' },
    },
    {
      name: 'one-hand-opens',
      severity: 'error',
      from: {
        path: '^(agents|models|electron|renderer)/',
        pathNot: ['^agents/host/(interactive|ports/ports)\\.ts$', '^agents/host/cluster/(interactive/|writable-clusters\\.ts$)', TESTS],
      },
      to: { path: '^agents/host/cluster/interactive/' },
    },
    {
      name: 'only-probes-rehearse',
      severity: 'error',
      from: {
        path: '^(agents|models|electron|renderer)/',
        pathNot: ['^agents/host/(cluster/cluster-line\\.ts$|probes/)', TESTS],
      },
      to: { path: '^agents/host/cluster/rehearsal\\.ts$' },
    },
    { name: 'no-test-in-the-product', severity: 'error', from: { pathNot: [TESTS, '^test/'] }, to: { path: '\\.test\\.tsx?$' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: ['\\?', '^virtual:'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)out/', '(^|/)dist/', '^test/cluster/go/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'agents/tsconfig.host.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
