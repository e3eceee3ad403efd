import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Lock, lockDataDir, processStart, readRunning } from './lock.ts';
import type { Outcome } from '../../contract/index.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-lock-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
function must(lock: Outcome<Lock>): Lock {
  if (!lock.ok) throw new Error(lock.failure.message);
  cleanups.push(() => lock.value.release());
  return lock.value;
}
const running = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
};

test('a second one on the same directory is refused, and told who holds it', () => {
  const dir = folder();
  must(lockDataDir(dir));
  const second = lockDataDir(dir, { pid: process.pid + 1, startedAt: '1' });
  expect(second).toMatchObject({ ok: false, failure: { code: 'data-dir-locked' } });
  expect(second.ok ? '' : second.failure.message).toContain(`process ${process.pid}`);
});

test('a released lock can be taken again', () => {
  const dir = folder();
  must(lockDataDir(dir)).release();
  expect(lockDataDir(dir).ok).toBe(true);
});

test('the lock of a process that is gone is taken over', async () => {
  const dir = folder();
  const child = await running();
  const pid = child.pid ?? 0;
  expect(lockDataDir(dir, { pid, startedAt: processStart(pid) }).ok).toBe(true);
  expect(lockDataDir(dir).ok).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  must(lockDataDir(dir));
});

test('the lock of an earlier process whose id now belongs to another one is taken over', () => {
  const dir = folder();
  expect(processStart(process.pid)).not.toBeNull();
  // Same process id, alive, but not the process that took the lock.
  expect(lockDataDir(dir, { pid: process.pid, startedAt: '1' }).ok).toBe(true);
  must(lockDataDir(dir, { pid: process.pid + 1, startedAt: '2' }));
});

test('a lock file that says nothing sensible is taken over', () => {
  const dir = folder();
  writeFileSync(join(dir, 'running.json'), '{"pid":');
  must(lockDataDir(dir));
});

test('of many that start at once exactly one gets the lock', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'running.json'), JSON.stringify({ pid: 2 ** 22 - 7, startedAt: '1', url: null, tokenFile: null }));
  const module = new URL('./lock.ts', import.meta.url).href;
  const script = `const { lockDataDir } = await import(${JSON.stringify(module)}); const l = lockDataDir(${JSON.stringify(dir)}); console.log(l.ok ? 'got' : 'refused'); setInterval(() => undefined, 1e6);`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  cleanups.push(() => children.forEach((c) => c.kill('SIGKILL')));
  const said = await Promise.all(children.map(async (c) => String((await once(c.stdout, 'data'))[0]).trim()));
  expect(said.filter((s) => s === 'got')).toEqual(['got']);
}, 30_000);

test('a running app is found by its directory, and not after it ended', () => {
  const dir = folder();
  expect(readRunning(dir)).toBeUndefined();
  const lock = must(lockDataDir(dir));
  expect(readRunning(dir)).toBeUndefined();
  expect(lock.announce({ url: 'http://127.0.0.1:4321', tokenFile: join(dir, 'token') }).ok).toBe(true);
  expect(readRunning(dir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:4321', tokenFile: join(dir, 'token') });
  expect(lockDataDir(dir, { pid: process.pid + 1, startedAt: '1' }).ok).toBe(false);
  lock.release();
  expect(readRunning(dir)).toBeUndefined();
});

test("releasing does not remove a lock that is somebody else's by now", () => {
  const dir = folder();
  const lock = must(lockDataDir(dir));
  const other = JSON.stringify({ pid: process.pid, startedAt: 'other', url: null, tokenFile: null });
  writeFileSync(join(dir, 'running.json'), other);
  lock.release();
  expect(readFileSync(join(dir, 'running.json'), 'utf8')).toBe(other);
});

test('the lock file is for its owner only, in a directory for its owner only', () => {
  const dir = join(folder(), 'data');
  must(lockDataDir(dir));
  expect([statSync(dir).mode & 0o777, statSync(join(dir, 'running.json')).mode & 0o777]).toEqual([0o700, 0o600]);
});

test('a directory that is a file fails in words', () => {
  const file = join(folder(), 'data');
  writeFileSync(file, '');
  expect(lockDataDir(file)).toMatchObject({ ok: false, failure: { code: 'data-dir-unwritable' } });
});
