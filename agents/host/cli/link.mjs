// Puts the command `quarterdeck` into node_modules/.bin of this checkout, as npm does for a dependency: so `npx quarterdeck` works here.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));
const entry = fileURLToPath(new URL('./quarterdeck.mjs', import.meta.url));
if (existsSync(join(bin, '..'))) {
  mkdirSync(bin, { recursive: true });
  const link = join(bin, 'quarterdeck');
  rmSync(link, { force: true });
  if (process.platform === 'win32') writeFileSync(`${link}.cmd`, `@node "${entry}" %*\r\n`);
  else {
    symlinkSync('../../agents/host/cli/quarterdeck.mjs', link);
    chmodSync(entry, 0o755);
  }
}
