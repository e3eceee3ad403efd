import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sealer, fileKeychain, sealedKeychain } from './secret-files.ts';

const SECRET = 'sk-0123456789 über alles';
const done = { ok: true, value: undefined };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'quarterdeck-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A desktop whose key is a number; it can be locked, and its key can be turned. */
const desktop = (key = 0x5a) => ({
  key,
  locked: false,
  seal(secret: string) {
    if (this.locked) return Promise.reject(new Error('the keyring is locked'));
    return Promise.resolve(Buffer.from([this.key, ...Buffer.from(secret).map((b) => b ^ this.key)]));
  },
  open(sealed: Buffer) {
    if (this.locked) return Promise.reject(new Error('the keyring is locked'));
    const [with_ = 0, ...rest] = sealed;
    return Promise.resolve({ secret: Buffer.from(rest.map((b) => b ^ with_)).toString(), again: with_ !== this.key });
  },
});
const files = () => readdirSync(join(dir, 'secrets')).sort();
const holds = (name: string) => readFileSync(join(dir, 'secrets', name), 'utf8');

describe.each([
  ['in files', () => fileKeychain(dir)],
  ['sealed', () => sealedKeychain(dir, desktop())],
])('secrets %s', (_, open) => {
  test('are there at the next start, are replaced, and are gone when removed', async () => {
    const keychain = open();
    expect(await keychain.get('model-key')).toEqual(done);
    expect(await keychain.set('model-key', 'first')).toEqual(done);
    expect(await keychain.set('model-key', SECRET)).toEqual(done);
    expect(await open().get('model-key')).toEqual({ ok: true, value: SECRET });
    expect(await keychain.remove('model-key')).toEqual(done);
    expect(await keychain.remove('model-key')).toEqual(done);
    expect(await open().get('model-key')).toEqual(done);
    expect(files()).toEqual([]);
  });

  test('lie where only this user may read, also where the file was open to others before', async () => {
    await open().set('model-key', SECRET);
    expect(statSync(join(dir, 'secrets')).mode & 0o777).toBe(0o700);
    const file = join(dir, 'secrets', files()[0] ?? '');
    chmodSync(file, 0o644);
    await open().set('model-key', 'another');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each(['../token', 'a/b', '', 'Upper', 'x'.repeat(65), 'a.sealed'])('%j is no name', async (name) => {
    await expect(open().set(name, SECRET)).rejects.toThrow('no name of a secret');
  });

  test('a folder that is none is said in words', async () => {
    writeFileSync(join(dir, 'secrets'), '');
    expect(await open().set('model-key', SECRET)).toMatchObject({ ok: false, failure: { code: 'data-dir-unwritable' } });
  });
});

test('a sealed secret is nowhere in the clear', async () => {
  await sealedKeychain(dir, desktop()).set('model-key', SECRET);
  expect(files()).toEqual(['model-key.sealed']);
  expect(Buffer.from(holds('model-key.sealed'), 'base64').toString()).not.toContain('0123');
});

test('what was in a file before the desktop had a keychain is sealed when it is read, and the file is gone', async () => {
  await fileKeychain(dir).set('model-key', SECRET);
  expect(await sealedKeychain(dir, desktop()).get('model-key')).toEqual({ ok: true, value: SECRET });
  expect(files()).toEqual(['model-key.sealed']);
});

test('a desktop with a new key seals anew', async () => {
  await sealedKeychain(dir, desktop(1)).set('model-key', SECRET);
  const before = holds('model-key.sealed');
  expect(await sealedKeychain(dir, desktop(2)).get('model-key')).toEqual({ ok: true, value: SECRET });
  expect(holds('model-key.sealed')).not.toBe(before);
});

test('a locked keychain refuses in words, and nothing is lost or left in the open', async () => {
  const locked: Sealer & { locked: boolean } = desktop();
  const keychain = sealedKeychain(dir, locked);
  await keychain.set('model-key', SECRET);
  locked.locked = true;
  for (const answer of [await keychain.get('model-key'), await keychain.set('model-key', 'another')])
    expect(answer).toMatchObject({
      ok: false,
      failure: { code: 'forbidden', message: 'The keychain of the desktop refused: the keyring is locked.' },
    });
  expect(files()).toEqual(['model-key.sealed']);
  locked.locked = false;
  expect(await keychain.get('model-key')).toEqual({ ok: true, value: SECRET });
});

test('the command line says that a secret is in the keychain of the desktop app; entering it anew takes its place', async () => {
  await sealedKeychain(dir, desktop()).set('model-key', SECRET);
  const keychain = fileKeychain(dir);
  expect(await keychain.get('model-key')).toMatchObject({ ok: false, failure: { code: 'forbidden' } });
  expect(existsSync(join(dir, 'secrets', 'model-key.sealed'))).toBe(true);
  await keychain.set('model-key', 'another');
  expect(await keychain.get('model-key')).toEqual({ ok: true, value: 'another' });
  expect(files()).toEqual(['model-key']);
});
