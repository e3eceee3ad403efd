import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AutonomyBook, parseAutonomy } from './autonomy-book.ts';

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'qd-autonomy-'));
  folders.push(dir);
  return dir;
};
afterAll(() => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
const words = (text: string) => {
  const parsed = parseAutonomy(text);
  return parsed.ok ? 'fine' : parsed.failure.message;
};

test('what is wrong is said with its line and field', () => {
  expect(words('version: 1\nrules: [')).toMatch(/^Line 2, column \d+ is not valid YAML/);
  expect(words('version: 1\nrules:\n  - id: a\n    give: always\n')).toMatch(/^Line 4: rules\.0\.give: /);
  expect(words('version: 1\nrules:\n  - id: a\n    give: auto\n    match: { context: [x] }\n')).toMatch(/rules\.0\.match: .*context/);
  expect(words('version: 1\nrules:\n  - { id: a, give: ask }\n  - { id: a, give: auto }\n')).toBe(
    'Two rules are called a; an entry of the log must name one.',
  );
  expect(words('version: 1\nrules:\n  - { id: a, give: ask, give: auto }\n')).toMatch(/^Line 3, .*unique/);
  expect(words('version: 2')).toMatch(/^Line 1: version: /);
  expect(words('rules: []')).toMatch(/^version: /);
  expect(words('version: 1\nx: &a [ask]\nrules: *a\n')).not.toBe('fine');
  expect(words(`version: 1\n#${'x'.repeat(70_000)}`)).toMatch(/larger than 64 KiB/);
  expect(words('version: 1\nquietHours: [{ from: "25:00" }]')).toMatch(/must be a time like 08:30/);
});

test('an edit by hand holds at once; a file that is wrong or cannot be read lets nothing be approved', () => {
  const book = new AutonomyBook(folder());
  expect(book.now()).toMatchObject({ version: '', rules: { rules: [] }, problem: null });
  writeFileSync(book.path, 'version: 1\nrules: [{ id: a, give: observe }]\n');
  const first = book.now();
  expect(first.rules?.rules.map((r) => r.id)).toEqual(['a']);
  writeFileSync(book.path, 'version: 1\nrules: [{ id: b, give: observe }]\n');
  expect(book.now().rules?.rules.map((r) => r.id)).toEqual(['b']);
  expect(book.now().version).not.toBe(first.version);
  expect(book.refusal()).toBeUndefined();
  writeFileSync(book.path, 'rules: yes please');
  expect(book.now().rules).toBeNull();
  expect(book.refusal()?.message).toMatch(/cannot be understood, so nothing is approved/);
  rmSync(book.path);
  mkdirSync(book.path);
  expect(book.refusal()?.message).toMatch(/cannot be read/);
});

test('set writes what is right, and nothing when it is wrong; an empty text takes the rules away', () => {
  const book = new AutonomyBook(folder());
  const text = '# ours\nversion: 1\nrules: [{ id: a, give: auto }]\n';
  expect(book.set(text)).toMatchObject({ ok: true, value: { text } });
  expect(book.set('version: 1\nrules: [{ id: A }]')).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
  expect(book.now().text).toBe(text);
  expect(book.set(' \n')).toMatchObject({ ok: true, value: { version: '' } });
  const gone = new AutonomyBook(join(folder(), 'absent'));
  expect(gone.set(text)).toMatchObject({ ok: false, failure: { code: 'data-dir-unwritable' } });
});
