import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { exitOf } from './exit.ts';

/** `quarterdeck contexts` as people run it, in a process of its own, on a machine that has no kubeconfig to begin with. */

const MAIN = join(import.meta.dirname, 'main.ts');

function machine() {
  const home = mkdtempSync(join(tmpdir(), 'quarterdeck-contexts-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'clusters'));
  const file = join(home, 'clusters', 'a.yaml');
  const contexts = ['green', 'blue'].map((name) => `- {name: ${name}, context: {cluster: c}}\n`).join('');
  writeFileSync(
    file,
    `current-context: green # today\nclusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]\nusers: []\ncontexts:\n${contexts}`,
  );
  const quarterdeck = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: join(home, 'data') };
      const child = spawn(process.execPath, [MAIN, ...args], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      child.stderr.on('data', (chunk) => (err += String(chunk)));
      child.on('close', (code) => resolve({ code, out, err }));
    });
  return { home, file, quarterdeck };
}

test('a folder is added where there was no kubeconfig, its contexts are marked, used and listed, and it is removed', async () => {
  const { file, quarterdeck } = machine();
  expect(await quarterdeck('contexts')).toMatchObject({ code: 2, err: expect.stringContaining('contexts add PATH') as string });
  expect(await quarterdeck('contexts', 'add', 'clusters')).toMatchObject({
    code: 0,
    out: expect.stringContaining('2 contexts in 1 file') as string,
  });
  const marked = await quarterdeck(
    'contexts',
    'mark',
    'blue',
    '--protected',
    '--read-only',
    '--color',
    'red',
    '--group',
    'pay',
    '--alias',
    'b',
  );
  expect(marked).toMatchObject({ code: 0, out: 'blue: protected, read-only, red, group pay, alias b.\n' });
  const guarded = await quarterdeck('contexts', 'mark', 'b', '--no-protected');
  expect(guarded).toMatchObject({ code: 4, err: expect.stringContaining('--type-context') as string });
  expect(
    await quarterdeck('contexts', 'mark', 'b', '--no-protected', '--type-context', 'blue', '--color', 'none', '--no-group'),
  ).toMatchObject({
    code: 0,
    out: 'blue: read-only, alias b.\n',
  });
  expect(await quarterdeck('contexts', 'use', 'b')).toMatchObject({
    code: 0,
    out: expect.stringContaining('blue is the current context now') as string,
  });
  expect(readFileSync(file, 'utf8')).toMatch(/^current-context: blue # today$/m);
  const table = await quarterdeck('contexts');
  expect(table.out.split('\n')[0]).toMatch(/^CURRENT +NAME +GROUP +SERVER +STATE .*VERSION .*NOTE$/);
  expect(table.out).toMatch(/^\* +blue \(b\) .*read-only$/m);
  const json = JSON.parse((await quarterdeck('contexts', '-o', 'json')).out) as { contexts: { name: string; alias: string | null }[] };
  expect(json.contexts.map((c) => [c.name, c.alias])).toEqual([
    ['green', null],
    ['blue', 'b'],
  ]);
  expect(await quarterdeck('contexts', 'remove', 'clusters')).toMatchObject({ code: 0 });
  expect(await quarterdeck('contexts', 'remove', 'clusters')).toMatchObject({
    code: 2,
    err: expect.stringContaining('not among') as string,
  });
});

test('what is not understood is said in words, with what there is', async () => {
  const { quarterdeck } = machine();
  const wrong = [
    [['contexts', 'mrk', 'x'], 'Did you mean quarterdeck contexts mark?'],
    [['contexts', 'use'], 'needs the name of a context'],
    [['contexts', 'add'], 'needs the path'],
    [['contexts', 'mark', 'green', '--color', 'pink'], 'teal'],
    [['contexts', 'mark', 'green'], 'Nothing was said'],
    [['contexts', 'add', 'nowhere'], 'There is no kubeconfig at'],
  ] as const;
  await quarterdeck('contexts', 'add', 'clusters');
  for (const [args, words] of wrong)
    expect(await quarterdeck(...args)).toMatchObject({ code: 2, err: expect.stringContaining(words) as string });
  const help = await quarterdeck('contexts', '--help');
  for (const words of ['quarterdeck contexts use staging', '--read-only', '--no-read-only', 'contexts.yaml'])
    expect(help.out).toContain(words);
});

test('being refused is 3 where something was read and 4 where a plan was to be carried out', () => {
  expect([exitOf('forbidden'), exitOf('forbidden', true), exitOf('cluster-unreachable', true), exitOf('kubeconfig-unwritable')]).toEqual([
    3, 4, 3, 2,
  ]);
});
