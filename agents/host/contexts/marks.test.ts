import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MarkBook } from './marks-file.ts';
import { ALL_CLOSED, NO_MARKS, type Place } from './marks.ts';

const dir = mkdtempSync(join(tmpdir(), 'marks-'));
const path = join(dir, 'contexts.yaml');
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => rmSync(path, { force: true }));

const place = (name: string, file = '/kube/config', nameInFile = name): Place => ({ name, nameInFile, file });
const text = () => readFileSync(path, 'utf8');
function book(source: string | undefined, ...known: Place[]): MarkBook {
  if (source !== undefined) writeFileSync(path, source);
  const marks = new MarkBook(dir, '/home/me');
  marks.know(known);
  return marks;
}

test('without a file nothing is marked', () => {
  expect(book(undefined).of(place('a'))).toEqual(NO_MARKS);
  expect(book(undefined).isProtected('a')).toBe(false);
});

test('a name and a file mark one context; a name alone every context that is called or shown so', () => {
  const [east, west] = [place('east/prod', '/home/me/east', 'prod'), place('west/prod', '/west', 'prod')];
  const exact = book('contexts:\n- {name: prod, file: ~/east, readOnly: true, color: red, alias: e}\n', east, west);
  expect(exact.of(east)).toEqual({ ...NO_MARKS, readOnly: true, color: 'red', alias: 'e' });
  expect(exact.of(west)).toEqual(NO_MARKS);
  for (const source of ['protected: [prod]\n', 'contexts: [{name: prod, protected: true}]\n']) {
    const loose = book(source, east, west);
    expect([loose.of(east).protected, loose.of(west).protected]).toEqual([true, true]);
  }
  const shown = book('protected: [east/prod]\n', east, west);
  expect([shown.of(east).protected, shown.of(west).protected]).toEqual([true, false]);
});

test('a file that is renamed does not lose what protects its contexts, even where another file has the name too', () => {
  const source = 'contexts:\n- {name: prod, file: /old, protected: true, readOnly: true}\n';
  const [moved, other] = [place('new/prod', '/new', 'prod'), place('west/prod', '/west', 'prod')];
  expect(book(source, moved).of(moved)).toMatchObject({ protected: true, readOnly: true });
  // Nobody can tell which of the two it was: both are guarded until somebody says.
  expect(book(source, moved, other).of(other)).toMatchObject({ protected: true, readOnly: true });
});

test('before it is known which contexts there are, whatever could mean a name guards it', () => {
  const marks = book('protected: [prod]\ncontexts:\n- {name: db, file: /x, protected: true}\n');
  expect(['prod', 'east/prod', 'x/db', 'db', 'dev', 'notprod'].map((n) => marks.isProtected(n))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('a malformed file protects everything, makes everything read-only, says so, and is not written over', () => {
  for (const source of ['contexts: [', 'protected: prod', 'contexts:\n- {name: a, protected: yes}', 'just words', '[1]']) {
    const marks = book(source, place('a'));
    expect([source, marks.of(place('a')), marks.isProtected('other')]).toEqual([source, ALL_CLOSED, true]);
    expect(marks.problem()?.message).toContain('every context is protected and read-only');
    expect(marks.refusal(place('a'))?.message).toContain('contexts.yaml');
    expect(marks.mark(place('a'), { protected: false })).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
    expect(text()).toBe(source);
  }
  expect(book('', place('a')).of(place('a'))).toEqual(NO_MARKS);
});

test('an edit by hand holds at once, also within one tick of the clock', () => {
  const marks = book('protected: [a]\n', place('a'), place('b'));
  for (let i = 0; i < 20; i++) {
    const name = i % 2 === 0 ? 'b' : 'a';
    writeFileSync(path, `protected: [${name}]\n`);
    expect([marks.isProtected('a'), marks.isProtected('b')]).toEqual([name === 'a', name === 'b']);
  }
});

test('a read-only context is refused with a sentence that says where that is changed', () => {
  const marks = book('contexts: [{name: a, readOnly: true}]\n', place('a'), place('b'));
  expect(marks.refusal(place('b'))).toBeUndefined();
  expect(marks.refusal(place('a'))).toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('a is marked read-only here') as string,
    hint: expect.stringContaining('--no-read-only') as string,
  });
});

test('marking keeps comments, order and keys that are not ours, in a file only we can read', () => {
  const source = `# ours, do not touch\nteam: payments   # unknown key\ncontexts:\n  # the big one\n  - name: prod\n    file: /kube/config\n    owner: ann # she knows\n    color: red\nfiles:\n  - ~/clusters\n`;
  const marks = book(source, place('prod'), place('dev'));
  expect(marks.mark(place('prod'), { readOnly: true, alias: 'p' })).toEqual({
    ok: true,
    value: { ...NO_MARKS, readOnly: true, color: 'red', alias: 'p' },
  });
  expect(marks.mark(place('dev'), { group: 'shop' })).toMatchObject({ ok: true });
  for (const kept of ['# ours, do not touch', '# unknown key', '# the big one', 'owner: ann # she knows', '- ~/clusters'])
    expect(text()).toContain(kept);
  expect(parse(text())).toEqual({
    team: 'payments',
    contexts: [
      { name: 'prod', file: '/kube/config', owner: 'ann', color: 'red', readOnly: true, alias: 'p' },
      { name: 'dev', file: '/kube/config', group: 'shop' },
    ],
    files: ['~/clusters'],
  });
  marks.mark(place('dev'), { group: null });
  marks.mark(place('prod'), { readOnly: false, alias: null });
  expect(parse(text())).toMatchObject({ contexts: [{ name: 'prod', owner: 'ann', color: 'red' }] });
  rmSync(path);
  marks.mark(place('dev'), { protected: true });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(text()).toMatch(/^# What Quarterdeck keeps/);
});

test('files are added once and removed again', () => {
  const marks = book('# mine\n');
  expect([marks.setFile('/a', true), marks.setFile('/a', true), marks.setFile('/b', false)]).toEqual([
    { ok: true, value: true },
    { ok: true, value: false },
    { ok: true, value: false },
  ]);
  expect(parse(text())).toEqual({ files: ['/a'] });
  expect(text()).toContain('# mine');
  expect(marks.setFile('/a', false)).toEqual({ ok: true, value: true });
  expect(parse(text())).toEqual({ files: [] });
});

test('unmarking one context never takes a guard from another, from whatever line it came', () => {
  const name = fc.constantFrom('prod', 'dev', 'east/prod');
  const file = fc.constantFrom('/east', '/west', '/gone');
  const flag = fc.option(fc.boolean(), { nil: undefined });
  const entry = fc.record({ name, file: fc.option(file, { nil: undefined }), protected: flag, readOnly: flag });
  const known = [place('east/prod', '/east', 'prod'), place('west/prod', '/west', 'prod'), place('dev', '/east')];
  fc.assert(
    fc.property(fc.array(name), fc.array(entry, { maxLength: 4 }), fc.nat(2), flag, flag, (listed, contexts, at, guarded, readOnly) => {
      const marks = book(JSON.stringify({ protected: listed, contexts }), ...known);
      const target = known[at] ?? place('dev');
      const before = known.map((p) => marks.of(p));
      const outcome = marks.mark(target, { protected: guarded, readOnly });
      expect(outcome.ok).toBe(true);
      const expected = known.map((p, i) => {
        const was = before[i] ?? NO_MARKS;
        return p === target ? { ...was, protected: guarded ?? was.protected, readOnly: readOnly ?? was.readOnly } : was;
      });
      expect(known.map((p) => marks.of(p))).toEqual(expected);
      expect(outcome.ok && outcome.value).toEqual(expected[at]);
    }),
    { numRuns: 300 },
  );
});

test('2,000 contexts with 2,000 marks are looked up in well under 100 ms', () => {
  const all = Array.from({ length: 2_000 }, (_, i) => place(`c${i}`, `/f${i}`));
  const contexts = all.map((p) => ({ name: p.name, file: p.file, color: 'blue' }));
  const marks = book(JSON.stringify({ contexts }), ...all);
  marks.of(place('c1', '/f1'));
  const took = [1, 2, 3].map(() => {
    const start = performance.now();
    expect(marks.all(all).every((c) => c.color === 'blue')).toBe(true);
    return performance.now() - start;
  });
  expect(Math.min(...took)).toBeLessThan(100);
});
