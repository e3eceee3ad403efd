import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Failure, HostEvent } from '../../contract/index.ts';
import { failureOf } from '../cli/exit.ts';
import { type Running, startApp } from '../wiring.ts';

/** The commands about contexts, through the whole app. No cluster is there: nothing here needs one. */

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const config = (names: readonly string[], current = ''): string =>
  `# mine\ncurrent-context: ${current}\nclusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]\nusers: []\ncontexts:\n${names.map((n) => `- {name: ${n}, context: {cluster: c}}\n`).join('')}`;

async function app(files: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(tmpdir(), 'contexts-'));
  closing.push(() => rmSync(dir, { recursive: true, force: true }));
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  });
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir);
  const options = { dataDir, demo: false, env: { KUBECONFIG: paths.join(':') }, home: dir, log: () => undefined };
  const started = await startApp({
    ...options,
    agents: { list: [], registry: new URL('../../specialists/index.ts', import.meta.url).href },
  });
  if (!started.ok) throw new Error(started.failure.message);
  const running: Running = started.value;
  closing.push(() => running.close());
  const { client } = running.app;
  const by = 'ann';
  return {
    dir,
    client,
    marksFile: join(dataDir, 'contexts.yaml'),
    row: async (name: string) => (await client.contexts.list({})).contexts.find((c) => c.name === name),
    mark: (context: string, marks: object) => client.contexts.mark({ context, by, ...marks }),
    use: (context: string) => client.contexts.use({ context, by }),
    add: (path: string) => client.contexts.addFile({ path, by }),
    remove: (path: string) => client.contexts.removeFile({ path, by }),
    events: async () => (await client.events.list({ since: 0, limit: 1_000 })).events.map((e): HostEvent => e.event),
  };
}
const refused = async (work: Promise<unknown>): Promise<Failure | undefined> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
};

test('marks are shown with the context, kept in the data directory and written into the log; the kubeconfig is not touched', async () => {
  const at = await app({ one: config(['a', 'b'], 'a') });
  const marks = { protected: true, readOnly: true, color: 'red', group: 'pay', alias: 'p' };
  expect(await at.mark('b', marks)).toMatchObject({ name: 'b', ...marks });
  expect(await at.row('b')).toMatchObject(marks);
  expect(await at.row('a')).toMatchObject({ protected: false, readOnly: false, color: null, group: null, alias: null });
  expect((await at.events()).filter((e) => e.type === 'context.marked')).toEqual([
    { type: 'context.marked', context: 'b', marks, by: 'ann' },
  ]);
  expect(readFileSync(join(at.dir, 'one'), 'utf8')).toBe(config(['a', 'b'], 'a'));
  expect(await at.mark('b', { color: null, group: null })).toMatchObject({ color: null, group: null, alias: 'p' });
});

test('taking a guard away needs the name of the context, putting one there does not', async () => {
  const at = await app({ one: config(['a']) });
  await at.mark('a', { protected: true, readOnly: true });
  for (const guard of [{ protected: false }, { readOnly: false }]) {
    expect(await refused(at.mark('a', guard))).toMatchObject({ code: 'confirmation-needed' });
    expect(await refused(at.mark('a', { ...guard, typedContext: 'A' }))).toMatchObject({ code: 'confirmation-needed' });
  }
  expect(await at.row('a')).toMatchObject({ protected: true, readOnly: true });
  expect(await at.mark('a', { protected: false, readOnly: false, typedContext: 'a' })).toMatchObject({ protected: false, readOnly: false });
  expect(await refused(at.mark('a', { protected: false }))).toBeUndefined();
});

test('an alias means its context wherever one is named; names win, and two of one kind mean nothing', async () => {
  const at = await app({ one: config(['a', 'b', 'c']) });
  await at.mark('a', { alias: 'x' });
  expect(await at.mark('x', { group: 'by-alias' })).toMatchObject({ name: 'a', group: 'by-alias' });
  expect(await refused(at.client.diagnosis.run({ context: 'x', namespaces: [], plans: false }))).toMatchObject({
    code: 'cluster-unreachable',
  });
  expect(await refused(at.mark('b', { alias: 'x' }))).toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('alias of a') as string,
  });
  expect(await refused(at.mark('b', { alias: 'c' }))).toMatchObject({ code: 'bad-input' });
  writeFileSync(at.marksFile, 'contexts: [{name: a, alias: c}, {name: b, alias: y}, {name: c, alias: y}]\n');
  expect(await at.mark('c', { group: 'g' })).toMatchObject({ name: 'c' });
  expect(await refused(at.mark('y', { group: 'g' }))).toMatchObject({
    code: 'context-unknown',
    message: expect.stringContaining('several') as string,
  });
  expect(await refused(at.mark('z', { group: 'g' }))).toMatchObject({ code: 'context-unknown' });
});

test('a malformed marks file is a problem in the list, and every row is closed', async () => {
  const at = await app({ one: config(['a']) });
  writeFileSync(at.marksFile, 'contexts: [');
  const { contexts, problems } = await at.client.contexts.list({});
  expect(contexts).toMatchObject([{ protected: true, readOnly: true }]);
  expect(problems).toMatchObject([{ file: at.marksFile, failure: { code: 'forbidden' } }]);
});

test('use writes current-context into the file of the context, keeps its comments, and is logged', async () => {
  const at = await app({ one: config(['a', 'b'], 'a') });
  expect(await at.use('b')).toMatchObject({ name: 'b', current: true });
  expect(readFileSync(join(at.dir, 'one'), 'utf8')).toBe(config(['a', 'b'], 'b'));
  expect((await at.events()).find((e) => e.type === 'context.used')).toEqual({
    type: 'context.used',
    context: 'b',
    file: join(at.dir, 'one'),
    by: 'ann',
  });
});

test('use of a context in a later file wins over the file that is read first, as kubectl would have it', async () => {
  const at = await app({ one: config(['a'], 'a'), two: config(['b', 'a2']) });
  expect(await at.use('b')).toMatchObject({ current: true });
  expect([readFileSync(join(at.dir, 'one'), 'utf8'), readFileSync(join(at.dir, 'two'), 'utf8')]).toEqual([
    config(['a'], 'b'),
    config(['b', 'a2'], 'b'),
  ]);
  expect((await at.row('a'))?.current).toBe(false);
});

test('use of a name that the first file has too is written, and says that the first file wins', async () => {
  const at = await app({ one: config(['prod'], 'prod'), two: config(['prod']) });
  expect(await at.use('two/prod')).toMatchObject({ name: 'two/prod', current: false });
  expect(readFileSync(join(at.dir, 'two'), 'utf8')).toBe(config(['prod'], 'prod'));
  expect(await at.row('one/prod')).toMatchObject({ current: true });
});

test('files and folders are added and removed; their contexts come and go at once, and the log says so', async () => {
  const at = await app({ one: config(['a']) });
  // A change is one to what was read before.
  await at.client.contexts.list({});
  const folder = join(at.dir, 'more');
  mkdirSync(folder);
  expect(await refused(at.add(folder))).toMatchObject({
    code: 'kubeconfig-missing',
    message: expect.stringContaining('holds no context') as string,
  });
  expect(await refused(at.add('more'))).toMatchObject({ code: 'bad-input' });
  expect(await refused(at.add(join(at.dir, 'nowhere')))).toMatchObject({ code: 'kubeconfig-missing' });
  writeFileSync(join(folder, 'x.yaml'), config(['x', 'y']));
  writeFileSync(join(folder, 'z.yaml'), config(['z']));
  expect(await at.add(folder)).toMatchObject({ path: folder, folder: true, files: 2, contexts: 3, changed: true });
  expect(await at.add(`${folder}/`)).toMatchObject({ changed: false });
  const list = await at.client.contexts.list({});
  expect([list.contexts.map((c) => c.name), list.added]).toEqual([['a', 'x', 'y', 'z'], [folder]]);
  expect(await at.remove(folder)).toMatchObject({ contexts: 3, changed: true });
  expect(await refused(at.remove(folder))).toMatchObject({ code: 'not-found' });
  expect((await at.client.contexts.list({})).contexts.map((c) => c.name)).toEqual(['a']);
  const events = (await at.events()).filter((e) => e.type.startsWith('kubeconfig.'));
  expect(events).toEqual([
    { type: 'kubeconfig.fileAdded', path: folder, contexts: 3, by: 'ann' },
    { type: 'kubeconfig.changed', added: ['x', 'y', 'z'], removed: [], changed: [], problems: 0 },
    { type: 'kubeconfig.fileRemoved', path: folder, by: 'ann' },
    { type: 'kubeconfig.changed', added: [], removed: ['x', 'y', 'z'], changed: [], problems: 0 },
  ]);
});
