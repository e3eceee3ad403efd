import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** What the app reads and no checkout holds, each made by a program of its own into this folder. */
const MADE = [
  // The embedding model.
  'models/pack.ts',
  // The fields of the kinds, from the declarations of the client, which is no part of the package as files.
  'agents/host/knowledge/built-in/pack-kinds.ts',
];

/** Called by electron-builder before each installer: an app without these would start, and know less than it says. */
export function beforePack(_context: unknown, resources = join(ROOT, 'resources')): void {
  for (const program of MADE) execFileSync(process.execPath, [join(ROOT, program), resources], { stdio: ['ignore', 'inherit', 'inherit'] });
}
