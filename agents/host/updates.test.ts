import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TurnedClock } from './doubles/turned-clock.ts';
import { UpdateWatch, isNewer } from './updates.ts';

/** A real feed on a loopback port, with a real signature. */

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
const other = generateKeyPairSync('ed25519').privateKey;
const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-updates-'));
const NEWER = {
  version: '0.2.0',
  notes: 'More.',
  files: [{ name: 'a.deb', url: 'https://downloads.example/a.deb', sha256: 'a'.repeat(64) }],
};

let served: Readonly<Record<string, string | Buffer>> = {};
let asked = 0;
let server: Server;
let url: string;
const watches: UpdateWatch[] = [];

const serve = (feed: string, signer = privateKey) =>
  (served = { '/feed.json': feed, '/feed.json.sig': sign(null, Buffer.from(feed), signer).toString('base64') });
function watch(clock = new TurnedClock()) {
  const made = new UpdateWatch(dir, '0.1.0', clock);
  watches.push(made);
  return made;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    const body = served[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`;
});
afterEach(() => {
  for (const made of watches.splice(0)) made.close();
  rmSync(join(dir, 'updates.json'), { force: true });
  asked = 0;
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(dir, { recursive: true, force: true });
});

test('nothing is asked of anybody unless somebody has named a feed', async () => {
  const clock = new TurnedClock();
  const made = watch(clock);
  await clock.turn(3 * 86_400_000);
  await made.check();
  expect(asked).toBe(0);
  expect(existsSync(join(dir, 'updates.json'))).toBe(false);
  expect(made.now()).toEqual({ feed: null, publicKey: null, checkedAt: null, found: null, problem: null });
});

test('a newer version in a feed with the right signature is told, and remembered over a restart as the feed, not as the answer', async () => {
  serve(JSON.stringify(NEWER));
  const made = watch();
  await made.follow({ url, publicKey: key });
  expect(made.now()).toMatchObject({ feed: url, found: NEWER, problem: null });
  made.close();
  expect(watch().now()).toMatchObject({ feed: url, publicKey: key, found: null });
});

test.each([
  ['signed with another key', () => serve(JSON.stringify(NEWER), other), 'not signed with the key'],
  [
    'changed after it was signed',
    () => (serve(JSON.stringify(NEWER)), (served = { ...served, '/feed.json': JSON.stringify({ ...NEWER, version: '9.0.0' }) })),
    'not signed with the key',
  ],
  ['without a signature', () => (served = { '/feed.json': JSON.stringify(NEWER) }), 'answered 404'],
  ['signed nonsense', () => serve('{"version":"latest"}'), 'cannot be understood'],
  ['larger than a feed can be', () => serve(' '.repeat(70_000)), 'larger than a feed'],
  [
    'with a file that is fetched without encryption',
    () => serve(JSON.stringify({ ...NEWER, files: [{ ...NEWER.files[0], url: 'http://x.example/a' }] })),
    'cannot be understood',
  ],
])('of a feed %s not a word is taken', async (_how, put, says) => {
  put();
  const made = watch();
  await made.follow({ url, publicKey: key });
  expect(made.now().found).toBeNull();
  expect(made.now().problem?.message).toContain(says);
});

test('plain http is for this very machine', async () => {
  const made = watch();
  await made.follow({ url: 'http://downloads.example/feed.json', publicKey: key });
  expect(made.now().problem?.message).toContain('is not https');
});

test('the same version, and an older one, is no news', async () => {
  for (const version of ['0.1.0', '0.0.9']) {
    serve(JSON.stringify({ ...NEWER, version }));
    const made = watch();
    await made.follow({ url, publicKey: key });
    expect(made.now()).toMatchObject({ found: null, problem: null });
  }
});

test('it is asked once a day, and no more once the feed is taken away', async () => {
  serve(JSON.stringify(NEWER));
  const clock = new TurnedClock();
  const made = watch(clock);
  await made.follow({ url, publicKey: key });
  expect(asked).toBe(2);
  await clock.turn(86_400_000);
  await expect.poll(() => asked).toBe(4);
  await made.follow(null);
  await clock.turn(5 * 86_400_000);
  expect(asked).toBe(4);
  expect(made.now()).toMatchObject({ feed: null, found: null });
});

test('versions are compared as numbers; a release is newer than what came before it', () => {
  expect(isNewer('0.10.0', '0.9.9')).toBe(true);
  expect(isNewer('0.9.9', '0.10.0')).toBe(false);
  expect(isNewer('1.0.0', '1.0.0-rc.1')).toBe(true);
  expect(isNewer('1.0.0', '1.0.0')).toBe(false);
});
