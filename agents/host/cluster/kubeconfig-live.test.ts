import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { KubeconfigReader } from './kubeconfig.ts';

/** Files that change under the reader. Time is turned by hand, so that what would take seconds takes none. */

const root = mkdtempSync(join(tmpdir(), 'kubeconfig-live-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => {
  const path = join(root, String(++folders));
  mkdirSync(path);
  return path;
};

const config = (names: readonly string[], token = 't'): string => `apiVersion: v1
kind: Config
clusters:
${names.map((n) => `- name: ${n}\n  cluster:\n    server: https://${n}.example:6443`).join('\n')}
contexts:
${names.map((n) => `- name: ${n}\n  context:\n    cluster: ${n}\n    user: ${n}`).join('\n')}
users:
${names.map((n) => `- name: ${n}\n  user:\n    token: ${token}-${n}`).join('\n')}
`;

function reader(path: string) {
  let ahead = 0;
  const clock = { wall: () => Date.now() + ahead, steady: () => performance.now() + ahead };
  const kubeconfig = new KubeconfigReader({ env: {}, home: root, kubeconfigPaths: [path] }, clock);
  return {
    names: async () => (await kubeconfig.read()).contexts.map((c) => c.name),
    problems: async () => (await kubeconfig.read()).problems.map((p) => p.failure),
    token: async (name: string) => {
      const target = (await kubeconfig.read()).target(name);
      return target.ok ? target.value.user.token : target.failure.code;
    },
    read: () => kubeconfig.read(),
    later: (ms: number) => void (ahead += ms),
    again: () => kubeconfig.again,
  };
}

test('a file that changes is read again; one that does not gives the same object', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['before']));
  const at = reader(path);
  const first = await at.read();
  expect(await at.read()).toBe(first);
  writeFileSync(path, config(['after-it']));
  expect(await at.names()).toEqual(['after-it']);
});

test('two writes of one size within one tick of the clock are told apart', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['one']));
  const at = reader(path);
  for (const name of ['two', 'six', 'ten', 'one', 'two']) {
    writeFileSync(path, config([name]));
    expect(await at.names()).toEqual([name]);
  }
});

test('a half-written file keeps what it said, wherever it is cut, and is taken when it is whole', async () => {
  const path = join(folder(), 'config');
  const [before, after] = [config(['a', 'b', 'c']), config(['a', 'b', 'c', 'd'], 'new')];
  for (let cut = 1; cut < after.length - 1; cut += 7) {
    writeFileSync(path, before);
    const at = reader(path);
    await at.read();
    writeFileSync(path, after.slice(0, cut));
    // A cut that leaves nothing dangling and is no shorter cannot be told from a change that is meant; here there is none before the end.
    const cutShort = cut < before.length;
    if (cutShort) expect([cut, await at.names()]).toEqual([cut, ['a', 'b', 'c']]);
    writeFileSync(path, after);
    expect(await at.names()).toEqual(['a', 'b', 'c', 'd']);
    expect(await at.token('a')).toBe('new-a');
  }
});

test('a file that grows is not whole as long as its contexts name users that are not there yet', async () => {
  const path = join(folder(), 'config');
  const [before, after] = [config(['a']), config(['a', 'b', 'c', 'd'])];
  writeFileSync(path, before);
  const at = reader(path);
  await at.read();
  const cut = after.slice(0, after.indexOf('- name: c\n  user'));
  expect([cut.length > before.length, cut.endsWith('\n')]).toEqual([true, true]);
  writeFileSync(path, cut);
  expect(await at.names()).toEqual(['a']);
  writeFileSync(path, after);
  expect(await at.names()).toEqual(['a', 'b', 'c', 'd']);
});

test('a context that is taken out in place is gone as soon as nobody can be writing any more', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['a', 'b']));
  const at = reader(path);
  await at.read();
  writeFileSync(path, config(['a']));
  expect(await at.names()).toEqual(['a', 'b']);
  expect(at.again()).toBeLessThanOrEqual(800);
  at.later(900);
  expect(await at.names()).toEqual(['a']);
  expect(at.again()).toBeUndefined();
});

test('a file replaced by its name says less at once: it was written before', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['a', 'b']));
  const at = reader(path);
  await at.read();
  writeFileSync(`${path}.new`, config(['a']));
  renameSync(`${path}.new`, path);
  expect(await at.names()).toEqual(['a']);
});

test('broken, empty or forbidden contents keep what was said before as long as they are so, and say it', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['a']));
  const at = reader(path);
  await at.read();
  for (const text of ['contexts: [', '', 'just words', '{"contexts":']) {
    writeFileSync(path, text);
    at.later(60_000);
    expect([text, await at.names()]).toEqual([text, ['a']]);
    const [problem, ...more] = await at.problems();
    expect(problem).toMatchObject({ code: 'kubeconfig-invalid', hint: expect.stringContaining('still in use') as string });
    expect(more).toEqual([]);
  }
  writeFileSync(path, config(['b']));
  expect([await at.names(), await at.problems()]).toEqual([['b'], []]);
});

test('an absent file keeps its contexts for two seconds; then they are gone, and come back with it', async () => {
  const path = join(folder(), 'config');
  writeFileSync(path, config(['a']));
  const at = reader(path);
  await at.read();
  unlinkSync(path);
  expect([await at.names(), await at.problems()]).toEqual([['a'], []]);
  at.later(1_900);
  expect(await at.names()).toEqual(['a']);
  at.later(200);
  expect(await at.names()).toEqual([]);
  expect(await at.problems()).toMatchObject([{ code: 'kubeconfig-missing' }]);
  writeFileSync(path, config(['a']));
  expect(await at.names()).toEqual(['a']);
});

test('a file that is renamed in its folder is not shown twice meanwhile', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'old.yaml'), config(['a']));
  const at = reader(dir);
  await at.read();
  renameSync(join(dir, 'old.yaml'), join(dir, 'new.yaml'));
  expect((await at.read()).contexts.map((c) => [c.name, c.file])).toEqual([['a', join(dir, 'new.yaml')]]);
});

test('a file that was no kubeconfig becomes one, and one that becomes another thing is none', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'x.yaml'), 'kind: Pod\n');
  const at = reader(dir);
  expect(await at.names()).toEqual([]);
  writeFileSync(join(dir, 'x.yaml'), config(['a']));
  expect(await at.names()).toEqual(['a']);
  writeFileSync(join(dir, 'x.yaml'), 'kind: Pod\n');
  at.later(5_000);
  expect([await at.names(), await at.problems()]).toEqual([[], []]);
});

test('folders mounted by Kubernetes swap all their files by one link', async () => {
  const dir = folder();
  for (const [version, name] of [
    ['..1', 'a'],
    ['..2', 'b'],
  ] as const) {
    mkdirSync(join(dir, version));
    writeFileSync(join(dir, version, 'config'), config([name]));
  }
  symlinkSync('..1', join(dir, '..data'));
  symlinkSync('..data/config', join(dir, 'config'));
  const [byFolder, byFile] = [reader(dir), reader(join(dir, 'config'))];
  expect([await byFolder.names(), await byFile.names()]).toEqual([['a'], ['a']]);
  symlinkSync('..2', join(dir, '..data_tmp'));
  renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
  expect([await byFolder.names(), await byFile.names()]).toEqual([['b'], ['b']]);
  expect((await byFolder.read()).contexts[0]?.file).toBe(join(dir, 'config'));
});

type Op =
  | { readonly op: 'write' | 'replace' | 'link'; readonly names: readonly string[] }
  | { readonly op: 'break' | 'truncate' | 'delete' | 'look' };

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constantFrom('write' as const, 'replace' as const, 'link' as const), names }),
  fc.record({ op: fc.constantFrom('break' as const, 'truncate' as const, 'delete' as const, 'look' as const) }),
);

test('whatever happens to a file, the end is what it says in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.boolean(), async (steps, inFolder) => {
      const dir = folder();
      const path = join(dir, 'config');
      const at = reader(inFolder ? dir : path);
      // What counts in the end: the last whole contents, if the file is there, and whether the reader ever saw them.
      let there: 'whole' | 'broken' | 'absent' = 'absent';
      let said: readonly string[] = [];
      let seen: readonly string[] = [];
      let versions = 0;
      for (const one of steps) {
        switch (one.op) {
          case 'write':
          case 'replace':
          case 'link': {
            const text = config(one.names, `t${++versions}`);
            if (one.op === 'write') writeFileSync(path, text);
            else if (one.op === 'replace') {
              writeFileSync(join(dir, '.new'), text);
              renameSync(join(dir, '.new'), path);
            } else {
              writeFileSync(join(dir, `.v${versions}`), text);
              symlinkSync(`.v${versions}`, join(dir, '.link'));
              renameSync(join(dir, '.link'), path);
            }
            said = one.names.map((n) => `t${versions}-${n}`);
            there = 'whole';
            break;
          }
          case 'break':
            writeFileSync(path, 'contexts: [');
            there = 'broken';
            break;
          case 'truncate':
            if (there === 'absent') break;
            truncateSync(path, 0);
            there = 'broken';
            break;
          case 'delete':
            if (there !== 'absent') unlinkSync(path);
            there = 'absent';
            break;
          case 'look':
            // A look at once: within the two seconds in which an absent file still speaks.
            await at.read();
            if (there === 'whole') seen = said;
            break;
        }
      }
      const before = (await at.read()).contexts.length;
      at.later(10_000);
      const end = await at.read();
      const tokens = end.contexts.map(({ name }) => {
        const target = end.target(name);
        return target.ok ? target.value.user.token : '';
      });
      if (there === 'whole') {
        expect(tokens).toEqual(said);
        expect(end.problems).toEqual([]);
      } else if (there === 'absent') expect(tokens).toEqual([]);
      // Broken: something it did say, as long as the reader had a look then; and never nothing with no reason given.
      else {
        if (seen.length > 0) expect(tokens.length).toBeGreaterThan(0);
        expect(tokens.length).toBe(before);
        if (!inFolder || tokens.length > 0) expect(end.problems.length).toBeGreaterThan(0);
      }
      expect(await at.read()).toBe(end);
      rmSync(dir, { recursive: true });
    }),
    { numRuns: 300 },
  );
});
