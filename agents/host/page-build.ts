import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

/** When the youngest file below a folder was written, milliseconds since 1970; 0 for none. */
export function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && !/\.(test|md)\./.test(e.name))
      .map((e) => statSync(join(e.parentPath, e.name)).mtimeMs),
  );
}

/** Whether a built file is there and no older than that. */
export const builtBefore = (file: string, than: number): boolean => existsSync(file) && statSync(file).mtimeMs >= than;

/** Builds the web page when a checkout has none, or one older than its sources. An installed product brings it built. */
export async function buildPage(quiet: boolean): Promise<void> {
  const sources = join(ROOT, 'renderer');
  const config = join(sources, 'vite.config.ts');
  if (!existsSync(config)) return;
  const youngest = Math.max(newest(sources), newest(join(ROOT, 'agents', 'contract')));
  if (builtBefore(join(ROOT, 'out', 'renderer', 'index.html'), youngest)) return;
  if (!quiet) process.stderr.write('building the web page …\n');
  await new Promise<void>((done, fail) => {
    // In a process of its own: how it is built must not depend on the NODE_ENV of whoever wants it.
    const child = spawn(process.execPath, [VITE, 'build', '--config', config, '--logLevel', 'warn'], {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', fail);
    child.on('exit', (code) =>
      code === 0 ? done() : fail(new Error(`the web page could not be built: vite ended with ${code ?? 'a signal'}`)),
    );
  });
}
