import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';

/** Every wall has a hole made on purpose here, which it must report: a rule that matches nothing passes for ever. */

const ROOT = join(import.meta.dirname, '..', '..');
const CONFIG = join(import.meta.dirname, 'dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string }[] };

/** One row a rule: the file that breaks it, and what that file imports. */
const HOLES: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  'no-circular': ['agents/host/chicken.ts', './egg.ts'],
  'contract-is-alone': ['agents/contract/reaches.ts', '../core/view.ts'],
  'core-knows-the-contract': ['agents/core/reaches.ts', '../host/bus.ts'],
  'specialists-know-core': ['agents/specialists/one/reaches.ts', '../../host/bus.ts'],
  'specialists-do-not-know-each-other': ['agents/specialists/one/asks.ts', '../two/agent.ts'],
  'host-knows-no-shell': ['agents/host/opens.ts', '../../electron/windows.ts'],
  'models-implement-a-port': ['models/reaches.ts', '../agents/core/view.ts'],
  'only-wiring-knows-models': ['agents/host/thinks.ts', '../../models/none.ts'],
  'renderer-knows-the-contract': ['renderer/reaches.tsx', '../agents/core/view.ts'],
  'renderer-is-a-page': ['renderer/reads.ts', 'node:fs'],
  'sqlite-behind-the-store': ['agents/host/stores.ts', 'better-sqlite3'],
  'clusters-behind-their-room': ['agents/host/calls.ts', 'undici'],
  'llama-behind-models': ['agents/host/runs.ts', 'node-llama-cpp'],
  'electron-in-its-folder': ['renderer/opens.ts', 'electron'],
  'one-hand-writes': ['agents/host/writes.ts', './cluster/writer.ts'],
  'one-hand-opens': ['agents/host/probes/opens.ts', '../cluster/interactive/transport.ts'],
  'only-probes-rehearse': ['agents/host/rehearses.ts', './cluster/rehearsal.ts'],
  'no-test-in-the-product': ['agents/host/tests.ts', './bus.test.ts'],
  resolvable: ['agents/host/imagines.ts', './nowhere.ts'],
};

/** What is allowed, and close to what is not. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'agents/contract/ids.ts': ['zod'],
  'agents/core/view.ts': ['../contract/ids.ts', 'xstate'],
  'agents/specialists/two/agent.ts': ['../../core/view.ts', './check.ts'],
  'agents/specialists/two/check.ts': ['../../contract/ids.ts'],
  'agents/specialists/index.ts': ['./two/agent.ts'],
  'agents/host/bus.ts': ['../core/view.ts', 'node:fs'],
  'agents/host/bus.test.ts': ['./bus.ts'],
  'agents/host/wiring.ts': ['../../models/none.ts', './cluster/writer.ts', '../specialists/index.ts'],
  'agents/host/cluster/writer.ts': ['undici'],
  'agents/host/cluster/interactive/transport.ts': ['undici'],
  'agents/host/cluster/rehearsal.ts': ['../../contract/ids.ts'],
  'agents/host/probes/asks.ts': ['../cluster/rehearsal.ts'],
  'agents/host/interactive.ts': ['./cluster/interactive/transport.ts'],
  'agents/host/store/store.ts': ['better-sqlite3'],
  'models/none.ts': ['../agents/contract/ids.ts', 'node-llama-cpp'],
  'electron/windows.ts': ['electron', '../agents/host/wiring.ts'],
  'renderer/page.tsx': ['../agents/contract/ids.ts'],
};

const PACKAGES = ['zod', 'xstate', 'undici', 'better-sqlite3', 'node-llama-cpp', 'electron'];

function tree(files: Readonly<Record<string, readonly string[]>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'walls-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  write('agents/tsconfig.host.json', '{}');
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  write('package.json', JSON.stringify({ name: 'house', type: 'module', dependencies: Object.fromEntries(PACKAGES.map((p) => [p, '1'])) }));
  for (const [file, imports] of Object.entries(files))
    write(
      file,
      `${imports.map((from, i) => `import * as x${i} from '${from}';`).join('\n')}\nexport const here = [${imports.map((_, i) => `x${i}`).join(', ')}];\n`,
    );
  return dir;
}

/** The violations the walls report about a tree: `rule: from -> to`. */
function violations(dir: string): string[] {
  const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cli, '--config', CONFIG, '--output-type', 'json', 'agents', 'models', 'electron', 'renderer'];
  // It ends with the number of violations as its code, which is no failure here.
  const { stdout } = spawnSync(process.execPath, args, {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };
  return summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
}

test('every wall is tested', () => {
  expect(Object.keys(HOLES).sort()).toEqual(forbidden.map((r) => r.name).sort());
});

test('what is allowed is not reported', () => {
  expect(violations(tree(DOORS))).toEqual([]);
});

test('each wall reports the hole made in it', () => {
  const holes = Object.fromEntries(Object.values(HOLES).map(([file, imports]) => [file, [imports]]));
  const found = violations(tree({ ...DOORS, ...holes, 'agents/host/egg.ts': ['./chicken.ts'] }));
  const missed = Object.entries(HOLES).filter(([rule, [file]]) => !found.some((f) => f.startsWith(`${rule}: ${file} -> `)));
  expect(missed.map(([rule]) => rule)).toEqual([]);
});

const eslint = new ESLint({ cwd: ROOT, overrideConfigFile: join(import.meta.dirname, 'eslint.config.js') });
const complaints = async (code: string, filePath: string) => {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, filePath) });
  return result?.messages.map((m) => m.ruleId) ?? [];
};

test.each([
  ['a clock', 'export const at = Date.now();\n'],
  ['a clock in another dress', 'export const at = new Date();\n'],
  ['dice', 'export const n = Math.random();\n'],
  ['waiting', 'export async function f() {\n  return 1;\n}\n'],
  ['waiting in an arrow', 'export const f = async () => 1;\n'],
])('a pure zone may not have %s; the host may', async (_, code) => {
  for (const zone of ['contract', 'core', 'specialists/troubleshooting', 'workflows'])
    expect(await complaints(code, `agents/${zone}/made-up.ts`), zone).toContain('no-restricted-syntax');
  expect(await complaints(code, 'agents/host/made-up.ts')).toEqual([]);
  expect(await complaints('export const at = new Date(0);\n', 'agents/core/made-up.ts')).toEqual([]);
});

test('in a pure zone the effects of Node and of a browser do not exist', () => {
  const file = join(ROOT, 'agents/tsconfig.pure.json');
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, (f) => readFileSync(f, 'utf8')).config, ts.sys, dirname(file));
  const names = ['process', 'fetch', 'setTimeout', 'console', 'Buffer', 'document', 'crypto', 'performance'];
  const text = [...names.map((n) => `void ${n};`), "import 'node:fs';", 'void Math.max(1);'].join('\n');
  const host = ts.createCompilerHost(options);
  const made = join(ROOT, 'agents/core/made-up.ts');
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, version, ...rest) =>
    name === made ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, name, version, ...rest);
  host.fileExists = (name) => name === made || fileExists.call(host, name);
  const program = ts.createProgram([made], { ...options, incremental: false }, host);
  const source = program.getSourceFile(made);
  const lines = program
    .getSemanticDiagnostics(source)
    .map((d) => source?.getLineAndCharacterOfPosition(d.start ?? 0).line ?? -1)
    .sort((a, b) => a - b);
  expect([...new Set(lines)]).toEqual([...names, 'node:fs'].map((_, i) => i));
});
