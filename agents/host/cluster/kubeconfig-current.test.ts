import { chmodSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withCurrentContext, writeCurrentContext } from './kubeconfig-current.ts';

const dir = mkdtempSync(join(tmpdir(), 'kubeconfig-current-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const changed = (text: string, name: string): string => {
  const outcome = withCurrentContext(text, name);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
};

test('only the value of one line is different: comments, order, quotes and line ends stay', () => {
  const text = (value: string, end = '\n') =>
    ['# mine', 'apiVersion: v1', `current-context: ${value}   # for today`, 'contexts:   # all', '- {name: a}', '- name: "b"', ''].join(
      end,
    );
  expect(changed(text('a'), 'b')).toBe(text('b'));
  expect(changed(text('"a b"'), 'b')).toBe(text('b'));
  expect(changed(text("'a # b'"), 'b')).toBe(text('b'));
  expect(changed(text('a#1', '\r\n'), 'b')).toBe(text('b', '\r\n'));
  expect(changed('current-context:\nkind: Config\n', 'b')).toBe('current-context: b\nkind: Config\n');
  expect(changed('current-context: ""\n', 'arn:aws:eks:eu-west-1:1:cluster/x')).toBe(
    'current-context: arn:aws:eks:eu-west-1:1:cluster/x\n',
  );
  expect(changed('kind: Config', 'b')).toBe('kind: Config\ncurrent-context: b\n');
  expect(changed('current-context: a\n', 'yes')).toBe('current-context: "yes"\n');
});

test('a line of the same words inside a text is not taken for the key', () => {
  const text = 'users:\n- name: u\n  user:\n    token: |\n      x\ncurrent-context: a\nnote: |\n  current-context: z\n';
  expect(changed(text, 'b')).toBe(text.replace('\ncurrent-context: a', '\ncurrent-context: b'));
});

test('JSON and flow style are changed too', () => {
  expect(changed('{\n  "current-context": "a",\n  "kind": "Config"\n}\n', 'b')).toBe(
    '{\n  "current-context": "b",\n  "kind": "Config"\n}\n',
  );
  expect(JSON.parse(changed('{\n  "kind": "Config"\n}\n', 'b'))).toEqual({ kind: 'Config', 'current-context': 'b' });
  expect(parse(changed('{kind: Config, current-context: a}\n', 'b'))).toEqual({ kind: 'Config', 'current-context': 'b' });
});

test('whatever the file and the name, the name is what is read back, and nothing else is different', () => {
  const word = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('true', '~', '0x1', 'a: b', '#', '- x', "it's", '"q"', 'a\\b', 'on'));
  const value = fc.oneof(word, fc.record({ a: word }), fc.array(word));
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), value),
      fc.option(word),
      word,
      fc.constantFrom('yaml', 'json', 'pretty'),
      (rest, before, name, style) => {
        const object = { ...rest, kind: 'Config', ...(before === null ? {} : { 'current-context': before }) };
        const text =
          style === 'yaml'
            ? Object.entries(object)
                .map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}\n`)
                .join('')
            : JSON.stringify(object, null, style === 'json' ? undefined : 4);
        expect(parse(changed(text, name))).toEqual({ ...object, 'current-context': name });
      },
    ),
    { numRuns: 500 },
  );
});

test('the file keeps its mode and a link stays a link', () => {
  const path = join(dir, 'config');
  writeFileSync(path, 'current-context: a\n');
  chmodSync(path, 0o640);
  symlinkSync('config', join(dir, 'link'));
  expect(writeCurrentContext(join(dir, 'link'), 'b')).toEqual({ ok: true, value: undefined });
  expect(readFileSync(path, 'utf8')).toBe('current-context: b\n');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readlinkSync(join(dir, 'link'))).toBe('config');
  expect(existsSync(join(dir, 'link.lock'))).toBe(false);
});

test('what cannot be written is left as it is, and said: read-only, a circle of links, another writer, broken, away', () => {
  const path = join(dir, 'kept');
  const fails = (file: string, code: string) => {
    const outcome = writeCurrentContext(file, 'b');
    expect(outcome).toMatchObject({ ok: false, failure: { code, message: expect.stringContaining(file) as string } });
    if (existsSync(file)) expect(readFileSync(file, 'utf8')).not.toContain('b');
  };
  writeFileSync(path, 'current-context: a\n');
  writeFileSync(`${path}.lock`, '');
  fails(path, 'conflict');
  expect(existsSync(`${path}.lock`)).toBe(true);
  rmSync(`${path}.lock`);
  chmodSync(path, 0o444);
  fails(path, 'kubeconfig-unwritable');
  symlinkSync('circle', join(dir, 'circle'));
  fails(join(dir, 'circle'), 'kubeconfig-unwritable');
  fails(join(dir, 'nowhere'), 'kubeconfig-missing');
  writeFileSync(join(dir, 'odd'), 'x: [');
  fails(join(dir, 'odd'), 'kubeconfig-invalid');
  expect(existsSync(join(dir, 'odd.lock'))).toBe(false);
});
