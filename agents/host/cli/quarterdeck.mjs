#!/usr/bin/env node
// The command's entry. It must run on any Node a machine has: where that one is too old, the Node that the package brings runs the rest.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = new URL('./main.ts', import.meta.url);
if (major > 23 || (major === 22 && minor >= 18)) {
  await import(main.href);
} else {
  const require = createRequire(import.meta.url);
  const node = `${fileURLToPath(new URL('.', `file://${require.resolve('node/package.json')}`))}bin/node`;
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Quarterdeck brings its own Node, and it could not be started: ${error.message}. Run npm ci again.\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => (signal === null ? process.exit(code ?? 1) : process.kill(process.pid, signal)));
}
