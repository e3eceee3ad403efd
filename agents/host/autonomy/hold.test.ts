import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HoldSwitch } from './hold.ts';

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'qd-hold-'));
  folders.push(dir);
  return dir;
};
afterAll(() => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
const AT = '2026-03-01T12:00:00.000Z';

test('a hold is in a file of its own, outlives who made it, and is gone after the release', () => {
  const dir = folder();
  const one = new HoldSwitch(dir);
  expect(one.refusal()).toBeUndefined();
  expect(one.hold('kim', AT, 'the network is changed')).toMatchObject({ ok: true });
  expect(statSync(one.path).mode & 0o777).toBe(0o600);
  const two = new HoldSwitch(dir);
  expect(two.now()).toEqual({ held: true, by: 'kim', at: AT, reason: 'the network is changed' });
  expect(two.refusal()).toMatchObject({
    code: 'held',
    message: `All agents are held since ${AT}, by kim: the network is changed. Nothing is changed.`,
  });
  let heard = 0;
  two.onRelease(() => heard++);
  expect(two.release()).toMatchObject({ ok: true, value: { held: false } });
  expect([one.now().held, heard]).toEqual([false, 1]);
});

test('a file that says nothing, or says no, or cannot be read, holds all the same', () => {
  for (const text of ['', 'stop!', '{"held":false,"by":null,"at":null,"reason":null}']) {
    const hold = new HoldSwitch(folder());
    writeFileSync(hold.path, text);
    expect(hold.now().held).toBe(true);
    expect(hold.refusal()?.code).toBe('held');
  }
  const hold = new HoldSwitch(folder());
  mkdirSync(hold.path);
  expect(hold.refusal()?.message).toContain('cannot be read');
});

test('where the file cannot be written they are held in this process at least, and that is said', () => {
  const dir = join(folder(), 'gone');
  const hold = new HoldSwitch(dir);
  const outcome = hold.hold('kim', AT, undefined);
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'data-dir-unwritable' } });
  expect(outcome.ok ? '' : outcome.failure.message).toContain('only until Quarterdeck ends');
  expect(hold.now()).toMatchObject({ held: true, by: 'kim' });
  hold.release();
  expect(hold.now().held).toBe(false);
  expect(() => readFileSync(hold.path)).toThrow('ENOENT');
});
