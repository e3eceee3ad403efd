#!/usr/bin/env node
// The command's entry. It must run on any Node a machine has: where that one is too old, the Node that the package brings runs the rest.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = new URL('./main.ts', import.meta.url);
// Compiled code is kept between runs: it halves the start. In the user's own cache, where nobody else can put code.
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'quarterdeck', 'code');

if (major > 23 || (major === 22 && minor >= 18)) {
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? cache);
  // Threads look here when they start.
  process.env.NODE_COMPILE_CACHE ??= cache;
  await import(main.href);
} else {
  const packaged = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin');
  const node = join(packaged, process.platform === 'win32' ? 'node.exe' : 'node');
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Quarterdeck brings its own Node, and it could not be started: ${error.message}. Run npm ci again.\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const ours of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(ours);
    process.kill(process.pid, signal);
  });
}
