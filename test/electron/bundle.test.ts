import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WEB_PREFERENCES } from '../../electron/security.ts';

/** What `npm run build` makes, run unmodified in plain Node with a double of the `electron` module: bundles, threads, port, policy. */

const root = join(import.meta.dirname, '..', '..');

interface Told {
  readonly asked: readonly (readonly [string, ...unknown[]])[];
  readonly page: { readonly status: number; readonly policy: string; readonly text: string };
  readonly outside: number;
  readonly refused: string;
  readonly agents: readonly string[];
  readonly incidents: number;
}

let told: Told;
let ended: number | null;
let dataDir: string;

beforeAll(async () => {
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', '--config', join(root, 'electron', 'vite.config.ts'), '--logLevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stderr}${built.stdout}`);
  dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-electron-'));
  const child = spawn(
    process.execPath,
    ['--import', join(import.meta.dirname, 'electron-hooks.mjs'), join(root, 'out', 'main', 'main.js')],
    {
      env: { PATH: process.env['PATH'], HOME: dataDir, QUARTERDECK_DATA_DIR: join(dataDir, 'data'), QUARTERDECK_DEMO: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let stderr = '';
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const message = new Promise<unknown>((resolve) => child.once('message', resolve));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = await Promise.race([message, exit.then((code) => ({ error: `it ended with ${code}: ${stderr}` }))]);
  if (typeof first === 'object' && first !== null && 'error' in first) throw new Error(String(first.error));
  told = first as Told;
  ended = await exit;
}, 120_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const asked = (what: string) => told.asked.filter(([name]) => name === what).map(([, ...rest]) => rest);

test('the bundled host runs its agents in threads and diagnoses the demo fleet over the window’s port', () => {
  expect(told.agents.length).toBeGreaterThan(0);
  expect(told.agents.every((state) => state === 'running')).toBe(true);
  expect(told.incidents).toBeGreaterThan(0);
});

test('a port from another page than ours is closed unanswered', () => expect(told.refused).toBe('refused'));

test('the window has the settings of the list and loads our scheme', () => {
  expect(asked('window')[0]?.[0]).toMatchObject({ webPreferences: WEB_PREFERENCES });
  expect(asked('load')[0]).toEqual(['app://quarterdeck/']);
  expect(asked('enableSandbox')).toEqual([[]]);
});

test('the page comes with its policy and nothing beside it is served', () => {
  expect(told.page.status).toBe(200);
  expect(told.page.policy).toContain("default-src 'none'");
  expect(told.page.text).toContain('<div id="page">');
  expect(told.outside).toBe(404);
});

test('permissions, foreign pages, foreign requests and new windows are denied', () => {
  expect(asked('permission')).toEqual([[false]]);
  expect(asked('permissionCheck')).toEqual([[false]]);
  expect(asked('devicePermission')).toEqual([[false]]);
  expect(asked('request')).toEqual([[{ cancel: true }]]);
  expect(asked('navigationPrevented').length).toBeGreaterThan(0);
  expect(asked('windowOpen')).toEqual([[{ action: 'deny' }, { action: 'deny' }]]);
  expect(asked('openExternal')).toEqual([['https://kubernetes.io/docs/']]);
});

test('a decision that waits is told outside the window, and a click leads to it', () => {
  const [note] = asked('note')[0] as [{ title: string; body: string }];
  expect(note.title).toContain('demo-tempest');
  expect(asked('load')[1]?.[0]).toMatch(/^app:\/\/quarterdeck\/#\/(approvals|incidents)/);
  expect(Number(asked('badge').at(-1)?.[0])).toBeGreaterThan(0);
  const menu = asked('trayMenu').at(-1)?.[0] as { label?: string; enabled?: boolean }[];
  expect(menu.map((item) => item.label)).toContain('Hold all agents');
  expect(menu.some((item) => /decisions? waits?$/.test(item.label ?? '') && item.enabled === true)).toBe(true);
});

test('a link of ours shows its place, another one only the window', () => {
  expect(asked('protocolClient')).toEqual([['quarterdeck']]);
  expect(asked('load').slice(2)).toEqual([['app://quarterdeck/#/incidents/inc-1']]);
  expect(asked('linkPrevented')).toHaveLength(1);
});

test('a page that ends is loaded again, three times in a minute, and then it is said', () => {
  expect(asked('reload')).toHaveLength(3);
  expect(String(asked('errorBox')[0]?.[1])).toContain('go on without it');
});

test('where the window was is kept', () => {
  expect(JSON.parse(readFileSync(join(dataDir, 'data', 'window.json'), 'utf8'))).toEqual({
    x: 20,
    y: 30,
    width: 1200,
    height: 800,
    maximized: true,
  });
});

test('quitting closes the host in order', () => expect(ended).toBe(0));

test('the preload script is CommonJS, which a sandboxed window loads, and exposes one constant', () => {
  const preload = readFileSync(join(root, 'out', 'preload', 'preload.cjs'), 'utf8');
  expect(preload).toContain('require("electron")');
  expect(preload.match(/exposeInMainWorld\([^)]*\)/g)).toEqual(['exposeInMainWorld("quarterdeckShell", "electron")']);
});
