import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveHttp } from '../http/serve-http.ts';
import { lockDataDir } from '../store/lock.ts';
import { contract } from '../../contract/index.ts';
import { implement } from '@orpc/server';

/** The command as people run it, in a process of its own. No cluster is there: what is tested is what it says and how it ends. */

const MAIN = join(import.meta.dirname, 'main.ts');
let home: string;
let kubeconfig: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'quarterdeck-cli-'));
  kubeconfig = join(home, 'config');
  // Port 9 of loopback: nobody listens there.
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: staging
clusters: [{ name: c, cluster: { server: 'http://127.0.0.1:9' } }]
users: [{ name: u, user: { token: secret-token-value } }]
contexts:
  - { name: staging, context: { cluster: c, user: u } }
  - { name: production, context: { cluster: c, user: u, namespace: shop } }
`,
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function quarterdeck(
  args: readonly string[],
  env: Record<string, string> = {},
  hear: (err: string) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: join(home, 'data'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
      hear(err);
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('help names every verb and each verb has examples', async () => {
  const [all, one] = await Promise.all([quarterdeck(['--help']), quarterdeck(['diagnose', '--help'])]);
  expect(all.code).toBe(0);
  for (const verb of [
    'contexts',
    'diagnose',
    'fix',
    'plans',
    'approve',
    'reject',
    'undo',
    'events',
    'agents',
    'incidents',
    'doctor',
    'serve',
  ])
    expect(all.out).toMatch(new RegExp(`^ +${verb} `, 'm'));
  expect(one.out).toContain('Examples:');
  expect(one.out).toContain('--fail-on');
  expect(one.out).toContain('--kubeconfig');
});

test('wrong usage ends with 2 and a sentence, on stderr, without a stack', async () => {
  const wrong = [
    ['diagnoze'],
    ['diagnose', '-o', 'xml'],
    ['diagnose', '--fail-on', 'awful'],
    ['fix', '--max-risk', 'huge'],
    ['events', '--since', 'yesterday'],
    ['serve', '--port', '99999'],
    ['approve'],
  ];
  const ends = await Promise.all(wrong.map((args) => quarterdeck(args)));
  for (const [i, { code, out, err }] of ends.entries()) {
    expect(code, String(wrong[i])).toBe(2);
    expect(out).toBe('');
    expect(err.trim()).not.toBe('');
    expect(err).not.toMatch(/^\s+at /m);
  }
  expect(ends[0]?.err).toContain('diagnose');
});

test('without any kubeconfig it says so and what to do, and ends with 2', async () => {
  const { code, err } = await quarterdeck(['diagnose']);
  expect(code).toBe(2);
  expect(err).toContain('No kubeconfig was found');
  expect(err).toContain('--demo');
});

test('a named kubeconfig that is not there is an error with its path', async () => {
  const { code, err } = await quarterdeck(['diagnose', '--kubeconfig', join(home, 'absent')]);
  expect(code).toBe(2);
  expect(err).toContain(join(home, 'absent'));
});

test('contexts lists what is configured without asking any cluster; flags work before and after the verb', async () => {
  const [before, after] = await Promise.all([
    quarterdeck(['--kubeconfig', kubeconfig, '--data-dir', join(home, 'one'), '-o', 'json', 'contexts']),
    quarterdeck(['contexts', '--kubeconfig', kubeconfig, '--data-dir', join(home, 'two'), '-o', 'json']),
  ]);
  expect(before.code).toBe(0);
  const rows = (JSON.parse(before.out) as { contexts: { name: string; current: boolean; namespace: string; reachable: null }[] }).contexts;
  expect(rows.map((r) => [r.name, r.current, r.namespace, r.reachable])).toEqual([
    ['staging', true, 'default', null],
    ['production', false, 'shop', null],
  ]);
  expect(after.out).toBe(before.out);
  expect(before.out).not.toContain('secret-token-value');
});

test('an unknown context ends with 2 and names the near one', async () => {
  const { code, err } = await quarterdeck([
    'diagnose',
    '--context',
    'producton',
    '--kubeconfig',
    kubeconfig,
    '--data-dir',
    join(home, 'd3'),
  ]);
  expect(code).toBe(2);
  expect(err).toContain('producton');
  expect(err).toContain('Did you mean production?');
});

test('a cluster that does not answer ends with 3, says which, and puts nothing on stdout', async () => {
  const { code, out, err } = await quarterdeck(['diagnose', '-o', 'json', '--kubeconfig', kubeconfig, '--data-dir', join(home, 'd4')]);
  expect(code).toBe(3);
  expect(out).toBe('');
  expect(err).toContain('127.0.0.1:9');
  expect(err).not.toMatch(/^\s+at /m);
});

test('a data directory that cannot be used ends with 2 and names it', async () => {
  const file = join(home, 'a-file');
  writeFileSync(file, '');
  const { code, err } = await quarterdeck(['contexts', '--kubeconfig', kubeconfig, '--data-dir', file]);
  expect(code).toBe(2);
  expect(err).toContain(file);
});

test('who comes while another verb has the data directory waits for it, and then goes on', async () => {
  const dir = join(home, 'busy');
  const other = lockDataDir(dir);
  if (!other.ok) throw new Error(other.failure.message);
  const { code, out, err } = await quarterdeck(['contexts', '--kubeconfig', kubeconfig, '--data-dir', dir], {}, (said) => {
    if (said.includes('Waiting')) other.value.release();
  });
  expect([code, err]).toEqual([0, expect.stringContaining('already runs on the data directory')]);
  expect(out).toContain('staging');
});

test('a running app is asked over HTTP, and refused when it was started with other clusters', async () => {
  const dataDir = join(home, 'running');
  const os = implement(contract);
  const app = {
    router: { contexts: { list: os.contexts.list.handler(() => ({ contexts: [], problems: [], demo: false, added: [] })) } },
    client: {},
  } as unknown as Parameters<typeof serveHttp>[0];
  const served = await serveHttp(app, { host: '127.0.0.1', port: 0, token: 'told', log: () => undefined });
  const lock = lockDataDir(dataDir);
  if (!lock.ok) throw new Error(lock.failure.message);
  const tokenFile = join(home, 'token');
  writeFileSync(tokenFile, 'told\n');
  lock.value.announce({ url: served.url, tokenFile });
  try {
    const [plain, other] = await Promise.all([
      quarterdeck(['contexts', '-o', 'json', '--data-dir', dataDir]),
      quarterdeck(['contexts', '--kubeconfig', kubeconfig, '--data-dir', dataDir]),
    ]);
    expect(plain.code).toBe(0);
    expect(JSON.parse(plain.out)).toEqual({ contexts: [], problems: [], demo: false, added: [] });
    expect(other.code).toBe(2);
    expect(other.err).toContain('already runs');
  } finally {
    lock.value.release();
    await served.close();
  }
});

test('a namespace narrows what is known as it narrows what is looked at', async () => {
  const demo = ['--demo', '--data-dir', join(home, 'narrow'), '-o', 'json'];
  expect((await quarterdeck(['diagnose', '--context', 'demo-tempest', ...demo])).code).toBe(0);
  const namesOf = async (...args: string[]) => {
    const { out } = await quarterdeck(['incidents', ...args, ...demo]);
    return (JSON.parse(out) as { incidents: { rootCause: { resource: { namespace: string } } }[] }).incidents.map(
      (i) => i.rootCause.resource.namespace,
    );
  };
  expect(await namesOf('-n', 'office')).toEqual(['office']);
  expect((await namesOf('-n', 'office', '-A')).length).toBeGreaterThan(3);
  const { out } = await quarterdeck(['plans', '-n', 'office', ...demo]);
  const { plans } = JSON.parse(out) as { plans: { actions: { spec: { target: { namespace: string } } }[] }[] };
  expect(plans.flatMap((p) => p.actions.map((a) => a.spec.target.namespace)).every((n) => n === 'office')).toBe(true);
}, 60_000);
