import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { stderrLog } from '../app-log.ts';
import { serve } from '../serve.ts';
import { EXIT, Refusal } from './exit.ts';
import { print } from './print.ts';
import { dataDirOf, isDemo } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = async (_args, flags) => {
  const port = Number(flags['port']);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Refusal({ code: 'bad-input', message: '--port takes a number from 0 to 65535.' });
  const format = flags['logFormat'];
  if (format !== 'text' && format !== 'json') throw new Refusal({ code: 'bad-input', message: '--log-format takes text or json.' });
  const kubeconfigPaths = flags.kubeconfig === undefined ? undefined : [flags.kubeconfig];
  const demo = isDemo(flags);
  const { buildPage } = await import('../page-build.ts');
  await buildPage(flags.quiet === true);
  const tokenFile = typeof flags['tokenFile'] === 'string' ? resolve(flags['tokenFile']) : undefined;
  const served = await serve({
    dataDir: dataDirOf(flags),
    kubeconfigPaths,
    demo,
    env: process.env,
    log: stderrLog(flags.quiet === true, format),
    host: String(flags['host']),
    port,
    tokenFile,
  });
  if (!served.ok) throw new Refusal(served.failure);
  const { link, close } = served.value;
  if (flags.output === 'json') print(JSON.stringify({ url: served.value.url, link, demo, pid: process.pid }));
  else
    print(
      `${demo ? 'No kubeconfig is used: this is the demo fleet of recorded clusters.\n' : ''}Quarterdeck is at ${link}\nPress Ctrl+C to stop.`,
    );
  if (flags['open'] === true) openBrowser(link);
  await new Promise<void>((done) => {
    const alive = setInterval(() => undefined, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        clearInterval(alive);
        done();
      });
  });
  await close();
  return EXIT.ok;
};

/** Shows the page in the system's browser; that none opens is no failure, since the link was printed. */
function openBrowser(link: string): void {
  const [program, ...before] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  if (program === undefined) return;
  spawn(program, [...before, link], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
