import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = join(ROOT, 'out', 'renderer', 'index.html');

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => statSync(join(e.parentPath, e.name)).mtimeMs),
  );
}

/** Builds the web page when a checkout has none, or one older than its sources. An installed product brings it built. */
export async function buildPage(quiet: boolean): Promise<void> {
  const sources = join(ROOT, 'renderer');
  if (!existsSync(join(sources, 'vite.config.ts'))) return;
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= Math.max(newest(sources), newest(join(ROOT, 'agents', 'contract')))) return;
  if (!quiet) process.stderr.write('building the web page …\n');
  const { build } = await import('vite');
  await build({ configFile: join(sources, 'vite.config.ts'), logLevel: 'warn' });
}
