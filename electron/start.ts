import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtBefore, newest } from '../agents/host/page-build.ts';

/**
 * `npm start`: the desktop window where there is a display and an Electron binary can be had, else the same page in a browser, served on
 * a loopback port. Arguments go on to `quarterdeck serve`; `--browser` wants the browser in any case.
 */

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2).filter((a) => a !== '--browser');
const { env, platform } = process;

const display = platform === 'win32' || platform === 'darwin' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
const wanted = !process.argv.includes('--browser') && env['QUARTERDECK_SHELL'] !== 'browser' && args.every((a) => a === '--demo');

const say = (words: string) => process.stderr.write(`${words}\n`);

/** The binary the electron package has brought, or brings now; undefined when none can be had. */
function electronBinary(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const there = () => {
    if (!existsSync(pathFile)) return undefined;
    const binary = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'));
    return existsSync(binary) ? binary : undefined;
  };
  const brought = there();
  if (brought !== undefined || !existsSync(join(folder, 'install.js')) || env['ELECTRON_SKIP_BINARY_DOWNLOAD'] !== undefined)
    return brought;
  say('fetching the Electron binary, once …');
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'ignore'], timeout: 300_000 });
  return there();
}

/** Builds the desktop bundles when there are none, or when they are older than their sources. */
function buildShell(): boolean {
  const sources = ['agents', 'electron', 'models', 'renderer'].map((folder) => newest(join(root, folder)));
  if (builtBefore(join(root, 'out', 'main', 'main.js'), Math.max(...sources))) return true;
  say('building the desktop app …');
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const config = join(root, 'electron', 'vite.config.ts');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0;
}

/** Runs a program in our place: its output, its end, and the signals we get. */
function become(program: string, given: readonly string[], more: NodeJS.ProcessEnv = {}): void {
  const child = spawn(program, given, { cwd: root, stdio: 'inherit', env: { ...env, ...more } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`${program} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}

const binary = display && wanted ? electronBinary() : undefined;
if (binary !== undefined && buildShell()) {
  become(binary, [root], args.includes('--demo') ? { QUARTERDECK_DEMO: '1' } : {});
} else {
  if (wanted)
    say(
      display
        ? 'No Electron binary can be had, so the page is served for a browser.'
        : 'There is no display, so the page is served for a browser.',
    );
  become(process.execPath, [join(root, 'agents', 'host', 'cli', 'main.ts'), 'serve', ...(display ? ['--open'] : []), ...args]);
}
