import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CatalogueEntry, ModelProgress, Outcome } from '../agents/contract/index.ts';
import { CATALOGUE } from './catalogue.ts';
import { ModelFolder } from './folder.ts';
import { type LibraryOptions, Library, isOwnNetwork } from './library.ts';
import { SettingsFile } from './settings-file.ts';
import { tinyModel } from './testing/gguf-bytes.ts';
import { type HubOptions, startHub } from './testing/hub.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const file = tinyModel('llama', 400_000);
const sha256 = createHash('sha256').update(file).digest('hex');
const none = new AbortController().signal;
const entry: CatalogueEntry = {
  name: 'tiny',
  title: 'Tiny',
  purpose: 'instruct',
  size: 'small',
  file: 'tiny.gguf',
  path: 'owner/tiny/resolve/main/tiny.gguf',
  bytes: file.length,
  sha256,
  licence: 'Apache-2.0',
  memoryBytes: 1_000_000,
  goodFor: 'tests',
  promptFormat: 'none',
};

async function library(hub?: HubOptions, more: Partial<LibraryOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-library-'));
  closers.push(() => rm(folder, { recursive: true }));
  const server = hub === undefined ? undefined : await startHub(hub);
  if (server !== undefined) closers.push(server.close);
  const models = new ModelFolder(folder, join(folder, 'bundled'));
  const settings = new SettingsFile(models.path);
  let key: string | undefined;
  const made = new Library({
    folder: models,
    settings,
    env: server === undefined ? {} : { HF_ENDPOINT: server.url },
    catalogue: [entry],
    limits: { pauseMs: () => 1, tries: 3, stallMs: 300 },
    key: {
      keeps: 'file',
      get: () => Promise.resolve({ ok: true, value: key }),
      set: (secret) => ((key = secret), Promise.resolve({ ok: true, value: undefined })),
      remove: () => ((key = undefined), Promise.resolve({ ok: true, value: undefined })),
    },
    ...more,
  });
  return { library: made, server, folder: models.path, root: folder, settings };
}

async function all(steps: AsyncGenerator<Outcome<ModelProgress>, void>): Promise<Outcome<ModelProgress>[]> {
  const list: Outcome<ModelProgress>[] = [];
  for await (const step of steps) list.push(step);
  return list;
}

test('a pull brings the file whole, states how it was verified, and leaves nothing beside it', async () => {
  const { library: l, folder } = await library({ file });
  const steps = await all(l.pull('tiny', none));
  expect(steps.at(-1)).toEqual({
    ok: true,
    value: { name: 'tiny', stage: 'done', received: file.length, total: file.length, note: 'its sha256 is the one in the catalogue' },
  });
  expect(readFileSync(join(folder, 'tiny.gguf')).equals(file)).toBe(true);
  expect(existsSync(join(folder, 'tiny.gguf.part'))).toBe(false);
  expect((await l.state()).models).toMatchObject([{ name: 'tiny', state: 'here', inUse: false, problem: null }]);
});

test('a download that is cut ten times goes on each time where it was', async () => {
  const { library: l, server, folder } = await library({ file, cutAfter: 30_000, cuts: 10 });
  const steps = await all(l.pull('tiny', none));
  expect(steps.at(-1)).toMatchObject({ ok: true, value: { stage: 'done' } });
  expect(readFileSync(join(folder, 'tiny.gguf')).equals(file)).toBe(true);
  const ranges = (server?.asked ?? []).filter((a) => a.path.startsWith('/store')).map((a) => a.range);
  expect(ranges).toHaveLength(11);
  expect(ranges.slice(1)).toEqual(Array.from({ length: 10 }, (_, i) => `bytes=${String((i + 1) * 30_000)}-`));
});

test('a download that was stopped goes on at the next start; a server without ranges begins anew', async () => {
  for (const noRanges of [false, true]) {
    const { library: l, folder } = await library({ file, cutAfter: 50_000, cuts: 1, noRanges });
    const stop = new AbortController();
    for await (const step of l.pull('tiny', stop.signal)) if (step.ok && step.value.stage === 'waiting') stop.abort();
    expect((await l.state()).models).toMatchObject([{ state: 'partial', received: 50_000 }]);
    expect((await all(l.pull('tiny', none))).at(-1)).toMatchObject({ ok: true, value: { stage: 'done' } });
    expect(readFileSync(join(folder, 'tiny.gguf')).equals(file)).toBe(true);
  }
});

test('who stops while nothing comes does not wait for more', async () => {
  const half: HubOptions['answer'] = (request, response) => {
    if (request.url?.startsWith('/store/') !== true) return false;
    response.writeHead(200, { 'content-length': String(file.length) }).write(file.subarray(0, 50_000));
    return true;
  };
  // Longer than this test may take.
  const { library: l } = await library({ file, answer: half }, { limits: { pauseMs: () => 1, tries: 1, stallMs: 600_000 } });
  const stop = new AbortController();
  const steps: Awaited<ReturnType<typeof all>>[number][] = [];
  for await (const step of l.pull('tiny', stop.signal)) {
    if (steps.push(step) === 1) setTimeout(() => stop.abort(), 50);
  }
  expect(steps.at(-1)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
});

const failing: [string, HubOptions, Partial<CatalogueEntry>, string][] = [
  ['a wrong sum', { file }, { sha256: 'a'.repeat(64) }, 'The file is not the one that was meant: its sha256 is'],
  [
    'a sum the server states, and does not keep',
    { file, states: `"${'b'.repeat(64)}"` },
    { sha256: null },
    'The file is not the one that was meant',
  ],
  [
    'a page of a proxy',
    { file, answer: (_q, r) => (r.writeHead(200, { 'content-type': 'text/html' }), r.end('<html>Sign in</html>'), true) },
    {},
    'In place of the model came a web page from',
  ],
  [
    'a page that says it is a file',
    {
      file,
      answer: (_q, r) => (
        r.writeHead(200, { 'content-length': String(file.length) }),
        r.end(Buffer.concat([Buffer.from('<!doctype html>'), file]).subarray(0, file.length)),
        true
      ),
    },
    {},
    'In place of the model came a web page: a proxy or a sign-in page answers in its stead.',
  ],
  ['another file of that name', { file }, { bytes: 17 }, 'has another file of that name'],
  ['a file that is not there', { file, answer: (_q, r) => (r.writeHead(404), r.end(), true) }, {}, 'has no such file'],
  [
    'a licence that was not accepted',
    { file, answer: (_q, r) => (r.writeHead(401), r.end(), true) },
    {},
    'does not give this file to everybody',
  ],
  [
    'a proxy that wants a name',
    { file, answer: (_q, r) => (r.writeHead(407), r.end(), true) },
    {},
    'The proxy wants a name and a password',
  ],
  [
    'addresses without end',
    { file, answer: (_q, r) => (r.writeHead(302, { location: '/again' }), r.end(), true) },
    {},
    'leads from one address to the next without end',
  ],
  ['a server that is away each time', { file, answer: (_q, r) => (r.writeHead(503), r.end(), true) }, {}, 'cannot serve it now (503)'],
  [
    'a server that says nothing',
    { file, answer: (_q, r) => (r.writeHead(200, { 'content-length': String(file.length) }), r.flushHeaders(), true) },
    {},
    'is cut each time before anything comes',
  ],
];

test.each(failing)('%s is said in a sentence, and no file is left standing', async (_, hub, change, words) => {
  const { library: l, folder } = await library(hub, { catalogue: [{ ...entry, ...change }] });
  const last = (await all(l.pull('tiny', none))).at(-1);
  expect(last).toMatchObject({ ok: false });
  expect(last?.ok === false && last.failure.message).toContain(words);
  expect(existsSync(join(folder, 'tiny.gguf'))).toBe(false);
});

test('where no sum is known that of the server is taken, and where it states none that is said', async () => {
  const stated = await library({ file }, { catalogue: [{ ...entry, sha256: null }] });
  expect((await all(stated.library.pull('tiny', none))).at(-1)).toMatchObject({
    ok: true,
    value: { note: 'its sha256 is the one its server states' },
  });
  const silent = await library({ file, states: null }, { catalogue: [{ ...entry, sha256: null }] });
  expect((await all(silent.library.pull('tiny', none))).at(-1)).toMatchObject({
    ok: true,
    value: { note: `no sum is known for it; its sha256 is ${sha256}` },
  });
});

test('a proxy that is set is gone through', async () => {
  const through: string[] = [];
  const proxy = createServer((request, response) => {
    through.push(request.url ?? '');
    response.writeHead(200, { 'content-length': String(file.length), 'content-type': 'application/octet-stream' });
    response.end(file);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => (proxy.closeAllConnections(), proxy.close(done))));
  const { library: l } = await library(undefined, { env: { HF_ENDPOINT: 'http://models.invalid' } });
  await l.set({ proxy: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}` });
  expect((await all(l.pull('tiny', none))).at(-1)).toMatchObject({ ok: true, value: { stage: 'done' } });
  expect(through).toEqual(['http://models.invalid/owner/tiny/resolve/main/tiny.gguf']);
});

test('too little room and too little memory are said beforehand', async () => {
  const narrow = await library({ file }, { machine: () => ({ memoryBytes: 2e9, availableBytes: 1e9, freeDiskBytes: 1_000 }) });
  expect(await all(narrow.library.pull('tiny', none))).toMatchObject([{ ok: false, failure: { code: 'data-dir-full' } }]);
  expect(narrow.server?.asked).toEqual([]);
  const small = await library(undefined, { machine: () => ({ memoryBytes: 2e9, availableBytes: 1_000, freeDiskBytes: 1e12 }) });
  await mkdir(small.folder, { recursive: true });
  await writeFile(join(small.folder, 'tiny.gguf'), file);
  expect(await small.library.use('tiny', undefined)).toMatchObject({
    ok: false,
    failure: { code: 'bad-input', message: 'tiny needs 1 MB of memory, and 0 MB are free now.' },
  });
});

test('a file from a stick is taken in, held against its sum, used and removed', async () => {
  const { library: l, root, folder, settings } = await library();
  const stick = join(root, 'stick.gguf');
  await writeFile(stick, file);
  expect((await all(l.import(stick, 'c'.repeat(64), none))).at(-1)).toMatchObject({ ok: false });
  expect((await all(l.import(stick, sha256.toUpperCase(), none))).at(-1)).toMatchObject({ ok: true, value: { stage: 'done' } });
  expect((await all(l.import(stick, undefined, none))).at(-1)).toMatchObject({
    ok: false,
    failure: { message: 'There is a model stick.gguf already.' },
  });
  expect(await l.use('stick.gguf', 'embedding')).toMatchObject({
    ok: false,
    failure: { message: 'stick.gguf is a model that writes, and makes no vectors.' },
  });
  expect(await l.use('stick', undefined)).toMatchObject({ ok: true });
  expect(settings.read().instruct).toBe('stick.gguf');
  expect(await l.remove('stick.gguf')).toMatchObject({ ok: true });
  expect([settings.read().instruct, existsSync(join(folder, 'stick.gguf'))]).toEqual([null, false]);
});

test.each<[string, Buffer, string]>([
  ['a truncated one', file.subarray(0, 100_000), 'is cut off: it has 100000 of at least'],
  ['a corrupted one', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(200, 255)]), 'can be read'],
  ['a page', Buffer.from('<html>'), 'is a web page, not a model.'],
  ['another format', Buffer.from('PK\u0003\u0004'), 'is not a GGUF file.'],
])('%s is not taken in', async (_, bytes, words) => {
  const { library: l, root, folder } = await library();
  await writeFile(join(root, 'x.gguf'), bytes);
  const last = (await all(l.import(join(root, 'x.gguf'), undefined, none))).at(-1);
  expect(last?.ok === false && last.failure.message).toContain(words);
  expect(existsSync(join(folder, 'x.gguf'))).toBe(false);
});

test('the key goes into the keychain and nowhere else; an endpoint far away must be https', async () => {
  const { library: l, folder } = await library();
  const remote = {
    url: 'https://api.example.com/v1',
    model: 'm',
    contextTokens: 8192,
    inputPrice: 1,
    outputPrice: 2,
    hide: 'names',
  } as const;
  expect(await l.set({ remote, key: 'sk-very-secret' })).toMatchObject({ ok: true });
  const state = await l.state();
  expect([state.remoteKey, JSON.stringify(state).includes('sk-very-secret')]).toEqual(['file', false]);
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).not.toContain('sk-very-secret');
  expect(await l.set({ remote: { ...remote, url: 'http://api.example.com/v1' } })).toMatchObject({
    ok: false,
    failure: { message: 'api.example.com would be asked without encryption.' },
  });
  expect(['localhost', '127.0.0.1', '192.168.1.4', 'ollama', '10.1.2.3', '[::1]'].filter((h) => !isOwnNetwork(h))).toEqual([]);
  expect(['api.example.com', '8.8.8.8', '172.32.0.1', '127.evil.com'].filter(isOwnNetwork)).toEqual([]);
});

test('the catalogue names each model and file once, and each sum is one', () => {
  for (const of of ['name', 'file'] as const) expect(new Set(CATALOGUE.map((e) => e[of])).size).toBe(CATALOGUE.length);
  for (const { sha256: sum, path, file: name } of CATALOGUE) {
    if (sum !== null) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    if (path !== null) expect(path.endsWith(`/resolve/main/${name}`)).toBe(true);
  }
});
