import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiagnosisSchema } from '../../contract/index.ts';

/** The command over files, as people run it: with no kubeconfig, no data directory and no cluster anywhere. */

const MAIN = join(import.meta.dirname, 'main.ts');
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'quarterdeck-cli-files-'));
  mkdirSync(join(home, 'bundle'));
  writeFileSync(join(home, 'bundle', 'web.yaml'), DUMP);
  writeFileSync(join(home, 'bundle', 'broken.yaml'), 'kind: [\n');
  writeFileSync(join(home, 'plain.yaml'), 'just: words\n');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const DUMP = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: { name: web-1, namespace: shop, uid: u1, resourceVersion: '1', creationTimestamp: '2026-03-01T10:00:00Z' }
    spec: { nodeName: n1, containers: [{ name: app, image: 'Shop/Web:1' }] }
    status:
      phase: Pending
      conditions: [{ type: Ready, status: 'False', lastTransitionTime: '2026-03-01T10:00:00Z' }]
      containerStatuses:
        - name: app
          ready: false
          restartCount: 0
          image: Shop/Web:1
          imageID: ''
          lastState: {}
          state: { waiting: { reason: InvalidImageName, message: 'couldn''t parse image name: \\u001b[31mred' } }
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
function quarterdeck(args: readonly string[], stdin = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: home, env: { PATH: process.env['PATH'], HOME: home }, stdio: 'pipe' });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(stdin);
  });
}

test('a folder is read without any kubeconfig; what cannot be read is named, and the rest is told', async () => {
  const { code, out, err } = await quarterdeck(['diagnose', '-f', 'bundle', '-o', 'json']);
  expect([code, err]).toEqual([0, '']);
  const diagnosis = DiagnosisSchema.parse(JSON.parse(out));
  expect(diagnosis).toMatchObject({ context: 'bundle', objects: 1, cluster: { uid: '' } });
  expect(diagnosis.incidents.map((i) => [i.rootCause.code, i.rootCause.resource.name, i.plans])).toEqual([['IMG-001', 'web-1', []]]);
  expect(diagnosis.incomplete[0]).toEqual({ what: join('bundle', 'broken.yaml:2'), because: expect.stringContaining('it is no YAML') });
});

test('stdin, several paths, an object and an exit status go together', async () => {
  const [piped, both, about, limit] = await Promise.all([
    quarterdeck(['diagnose', '-f', '-'], DUMP),
    quarterdeck(['diagnose', '-f', 'plain.yaml', 'bundle/web.yaml']),
    quarterdeck(['diagnose', 'po/web', '-f', 'bundle']),
    quarterdeck(['diagnose', '--fail-on', 'high', '-f', 'bundle']),
  ]);
  expect(piped.code).toBe(0);
  expect(piped.out).toContain('stdin: 1 incident among 1 objects');
  expect(both.out).toContain('plain.yaml and 1 more: 1 incident');
  expect(both.out).toContain('not read  plain.yaml: there is no Kubernetes object in it');
  expect(about.out).toContain('Pod shop/web-1');
  expect(limit.code).toBe(1);
  // What files say may not do anything to the terminal.
  expect(piped.out).not.toContain('\u001b');
});

test('what cannot be done ends with 2 and a sentence', async () => {
  const ends = await Promise.all([
    quarterdeck(['diagnose', '-f', 'absent.yaml']),
    quarterdeck(['diagnose', '-f', 'plain.yaml']),
    quarterdeck(['diagnose', 'po/wbe-1', '-f', 'bundle']),
    quarterdeck(['diagnose', '-f', '-']),
  ]);
  expect(ends.map((e) => [e.code, e.out])).toEqual([
    [2, ''],
    [2, ''],
    [2, ''],
    [2, ''],
  ]);
  expect(ends[0].err).toContain('absent.yaml: there is no such file');
  expect(ends[1].err).toContain('there is no Kubernetes object in it');
  expect(ends[2].err).toContain('Did you mean pod/web-1?');
  expect(ends[3].err).toContain('There is no Kubernetes object in stdin.');
});
