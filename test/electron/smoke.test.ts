import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** With the real binary, where there is one and a display: the window opens and stays. */

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'node_modules', 'electron');
const pathFile = join(folder, 'path.txt');
const binary = existsSync(pathFile)
  ? join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'))
  : undefined;
const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const missing = binary === undefined || !existsSync(binary) ? 'no Electron binary' : !display ? 'no display' : undefined;
if (missing !== undefined) process.stdout.write(`SKIPPED electron: the real window, for there is ${missing} on this machine\n`);

test.skipIf(missing !== undefined)('the real window opens on the demo fleet and announces no error', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-window-'));
  const child = spawn(binary ?? '', [root, '--enable-logging'], {
    env: { ...process.env, QUARTERDECK_DEMO: '1', QUARTERDECK_DATA_DIR: join(dataDir, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const log = join(dataDir, 'data', 'running.json');
  const begun = Date.now();
  while (!existsSync(log) && child.exitCode === null && Date.now() - begun < 60_000)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(child.exitCode, said).toBeNull();
  expect(existsSync(log), said).toBe(true);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  expect(said).not.toMatch(/Uncaught|Refused to/);
  rmSync(dataDir, { recursive: true, force: true });
});
