import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.ts';
import { startOf } from './processes.ts';
import { tar } from './images.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'qd-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('lets one in at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withLock(join(folder, 'lock'), 10_000, async () => {
      most = Math.max(most, ++inside);
      await new Promise((r) => setTimeout(r, 20));
      inside--;
    });
  await Promise.all([work(), work(), work()]);
  expect(most).toBe(1);
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

it.each([
  ['that ended', { pid: 2 ** 22 + 1, started: '5' }],
  ['whose pid another program has now', { pid: process.pid, started: '1' }],
])('does not wait for a holder %s', async (_, holder) => {
  writeFileSync(join(folder, 'lock'), JSON.stringify(holder));
  expect(await withLock(join(folder, 'lock'), 1_000, () => Promise.resolve('in'))).toBe('in');
});

it('gives up on a holder that lives, in words', async () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  await expect(withLock(join(folder, 'lock'), 100, () => Promise.resolve())).rejects.toThrow(/Another one has held .*lock for 0 s/);
});

it('frees the lock when the work fails', async () => {
  await expect(withLock(join(folder, 'lock'), 100, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

it('makes the same tar of the same files, in whole blocks', () => {
  const entries = [
    { path: 'bin/', mode: 0o755 },
    { path: 'bin/a', mode: 0o755, body: Buffer.from('hello') },
    { path: 'bin/b', mode: 0o777, link: 'a' },
  ];
  const made = tar(entries);
  expect(made.equals(tar(entries))).toBe(true);
  expect(made.length).toBe(3 * 512 + 512 + 1024);
  expect(made.subarray(512, 517).toString()).toBe('bin/a');
  expect(made.subarray(512 + 257, 512 + 262).toString()).toBe('ustar');
});
