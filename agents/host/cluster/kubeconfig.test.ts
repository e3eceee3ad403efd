import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { NO_MARKS } from '../contexts/marks.ts';
import { placeOf } from '../known/place.ts';
import { KubeconfigReader } from './kubeconfig.ts';
import { parsePlainYaml } from './plain-yaml.ts';

const dir = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

const config = (names: readonly string[], current = '') => `apiVersion: v1
kind: Config
current-context: ${current}
clusters:
${names.map((n) => `- name: c-${n}\n  cluster:\n    server: https://${n}.example:6443\n    certificate-authority: ca.pem`).join('\n')}
contexts:
${names.map((n) => `- name: ${n}\n  context:\n    cluster: c-${n}\n    user: u-${n}\n    namespace: shop`).join('\n')}
users:
${names.map((n) => `- name: u-${n}\n  user:\n    token: t-${n}`).join('\n')}
`;
async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}
const read = (...kubeconfigPaths: string[]) => new KubeconfigReader({ env: {}, home: dir, kubeconfigPaths }).read();

test('a file gives its contexts, the current one marked, and certificate paths from its own folder', async () => {
  const path = await file('one', config(['dev', 'prod'], 'prod'));
  const loaded = await read(path);
  expect(loaded.problems).toEqual([]);
  expect(loaded.contexts).toEqual(
    ['dev', 'prod'].map((name) => ({
      name,
      cluster: `c-${name}`,
      user: `u-${name}`,
      server: `https://${name}.example:6443`,
      namespace: 'shop',
      file: path,
      current: name === 'prod',
      demo: false,
      nameInFile: name,
      place: placeOf({ server: `https://${name}.example:6443`, 'certificate-authority': join(dir, 'ca.pem') }),
      ...NO_MARKS,
    })),
  );
  const target = loaded.target('dev');
  expect(target.ok && target.value.cluster['certificate-authority']).toBe(join(dir, 'ca.pem'));
  expect(target.ok && target.value.user.token).toBe('t-dev');
});

test('$KUBECONFIG is a list, and without it ~/.kube/config is read', async () => {
  const a = await file('list-a', config(['a']));
  const b = await file('list-b', config(['b'], 'b'));
  const listed = await new KubeconfigReader({ env: { KUBECONFIG: `${a}:${b}:${a}` }, home: dir }).read();
  expect(listed.contexts.map((c) => [c.name, c.current])).toEqual([
    ['a', false],
    ['b', true],
  ]);
  await mkdir(join(dir, '.kube'));
  await writeFile(join(dir, '.kube', 'config'), config(['home']));
  expect((await new KubeconfigReader({ env: {}, home: dir }).read()).contexts.map((c) => c.name)).toEqual(['home']);
});

test('names that repeat across files are shown as file/context, the others as they are', async () => {
  const a = await file('east', config(['prod', 'only-east']));
  const b = await file('west', config(['prod']));
  const loaded = await read(a, b);
  expect(loaded.contexts.map((c) => c.name)).toEqual(['east/prod', 'only-east', 'west/prod']);
  expect(loaded.target('west/prod')).toMatchObject({ ok: true, value: { context: { file: b } } });
  expect(loaded.target('prod')).toMatchObject({ ok: false, failure: { code: 'context-unknown' } });
});

test('files of one name in two folders that repeat a context are told apart by their whole path', async () => {
  await mkdir(join(dir, 'x'));
  await mkdir(join(dir, 'y'));
  const [a, b] = [await file('x/config', config(['prod'])), await file('y/config', config(['prod']))];
  expect((await read(a, b)).contexts.map((c) => c.name)).toEqual([`${a}/prod`, `${b}/prod`]);
});

test('a context may use a cluster and a user that another file of the list defines', async () => {
  const a = await file('split-a', 'contexts:\n- name: joint\n  context: {cluster: c-far, user: u-far}\n');
  const b = await file('split-b', config(['far']));
  expect((await read(a, b)).target('joint')).toMatchObject({ ok: true, value: { cluster: { server: 'https://far.example:6443' } } });
});

test('a missing file, a pipe, an empty file and broken YAML are problems with a hint, and the good file beside them is used', async () => {
  const good = await file('good', config(['dev']));
  const missing = join(dir, 'nowhere');
  const empty = await file('empty', '\n  \n');
  const broken = await file('broken', 'apiVersion: v1\nclusters:\n- name: "a\n  cluster: [\n');
  const pipe = '/dev/null';
  const loaded = await read(missing, pipe, empty, broken, good);
  expect(loaded.contexts.map((c) => c.name)).toEqual(['dev']);
  expect(loaded.problems.map((p) => [p.file, p.failure.code])).toEqual([
    [missing, 'kubeconfig-missing'],
    [pipe, 'kubeconfig-unreadable'],
    [empty, 'kubeconfig-invalid'],
    [broken, 'kubeconfig-invalid'],
  ]);
  expect(loaded.problems.every((p) => (p.failure.hint ?? '').length > 0)).toBe(true);
  expect(loaded.problems[3]?.failure.message).toMatch(/broken is not valid YAML: line \d+, column \d+: /);
});

test('text that is no kubeconfig is invalid, and never an exception', async () => {
  for (const [index, text] of [
    'just words',
    '[1, 2]',
    'clusters: 7',
    '{"clusters": {}}',
    '- a\n- b',
    '\u0000\u0001',
    '&a [*a]',
  ].entries()) {
    const loaded = await read(await file(`odd-${index}`, text));
    expect([text, loaded.problems.map((p) => p.failure.code)]).toEqual([text, ['kubeconfig-invalid']]);
  }
});

test('an error message about a broken file does not repeat the credential on the broken line', async () => {
  const path = await file('secretive', 'users:\n- name: u\n  user:\n    token: "s3cr3t-t0ken\n    other: x: y: z s3cr3t-t0ken\n');
  const { problems } = await read(path);
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain('s3cr3t');
});

test('unknown fields and extensions are ignored; a bad entry is a problem of its own', async () => {
  const path = await file(
    'mixed',
    `preferences: {colors: true}
extensions: [{name: x, extension: {a: 1}}]
clusters:
- {name: ok, cluster: {server: "https://ok:6443", future-field: [1]}}
- {name: ok, cluster: {server: "https://second:6443"}}
- {cluster: {server: "https://nameless:6443"}}
contexts:
- {name: fine, context: {cluster: ok}}
- {name: lost, context: {cluster: absent, user: nobody}}
- {name: 7, context: {cluster: ok, user: nobody}}
users: null
`,
  );
  const loaded = await read(path);
  expect(loaded.contexts.map((c) => c.name)).toEqual(['fine', 'lost', '7']);
  expect(loaded.target('fine')).toMatchObject({ ok: true, value: { cluster: { server: 'https://ok:6443' } } });
  expect(loaded.target('lost')).toMatchObject({ ok: false, failure: { code: 'kubeconfig-invalid' } });
  expect(loaded.problems.map((p) => p.failure.message.slice(path.length + 2))).toEqual([
    'cluster "ok" is there twice; the first one is used.',
    'cluster number 3 has no usable name.',
    'context "lost" names cluster "absent", which is in no file.',
    'context "7" names user "nobody", which is in no file.',
  ]);
});

test('2,000 contexts with certificates are read in a moment', async () => {
  const data = 'LS0tLS1CRUdJTiBDRVJU'.repeat(100);
  const names = Array.from({ length: 2_000 }, (_, i) => `ctx-${i}`);
  const text = config(names, 'ctx-7').replaceAll('certificate-authority: ca.pem', `certificate-authority-data: ${data}`);
  const path = await file('many', text);
  // The best of three readers that start from nothing: other work on the machine slows one of them, a slow reader all.
  const took: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const loaded = await read(path);
    took.push(performance.now() - start);
    expect(loaded.contexts).toHaveLength(2_000);
  }
  expect(Math.min(...took)).toBeLessThan(2_500);
});

test('the quick parser agrees with the full one wherever it answers', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9:/._@=+~"' #{}[\]&*!|>%-]{0,12}$/),
    fc.constantFrom('null', 'True', 'yes', '1e3', '0x1f', '-1', '--x', '-', '"a b"', "'c'", '~', '{}', '[]', '.inf', 'a: b', '|', 'x #y'),
  );
  const line = fc.tuple(fc.constantFrom('', '  ', '    ', '- ', '  - ', '   '), fc.constantFrom('', 'name:', 'user: ', 'a-b: '), word);
  let answered = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const text = lines.map((parts) => parts.join('')).join('\n');
      const quick = parsePlainYaml(text);
      if (quick === undefined) return;
      answered++;
      expect(quick).toEqual(parse(text, { logLevel: 'silent' }));
    }),
    { numRuns: 5_000 },
  );
  expect(answered).toBeGreaterThan(50);
});
