import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../contract/index.ts';
import { type Served, serveHttp } from './http/serve-http.ts';
import { type Running, type StartOptions, startApp } from './wiring.ts';

/** The plain-Node shell: the same core as the desktop window, with the page and the API on a loopback port. */

export interface ServeRequest extends StartOptions {
  readonly host?: string;
  readonly port?: number;
  /** Where the token is written, for this user only; default `token` in the data directory. It is made anew at every start. */
  readonly tokenFile?: string | undefined;
}

export interface ServedApp {
  readonly url: string;
  /** With the token in the fragment, which no server and no log ever sees. */
  readonly link: string;
  readonly token: string;
  readonly running: Running;
  close(): Promise<void>;
}

export const WEB_ROOT = fileURLToPath(new URL('../../out/renderer', import.meta.url));

/** Starts the app and listens. The running app can then be found by the command line through the data directory. */
export async function serve(request: ServeRequest): Promise<Outcome<ServedApp>> {
  const started = await startApp(request);
  if (!started.ok) return started;
  const running = started.value;
  const tokenFile = request.tokenFile ?? join(request.dataDir, 'token');
  const token = randomBytes(32).toString('base64url');
  let served: Served;
  try {
    writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
    // The mode above is for a new file only.
    chmodSync(tokenFile, 0o600);
    served = await serveHttp(running.app, {
      host: request.host ?? '127.0.0.1',
      port: request.port ?? 0,
      token,
      webRoot: existsSync(WEB_ROOT) ? WEB_ROOT : undefined,
      log: running.log,
    });
  } catch (error) {
    await running.close();
    return { ok: false, failure: listenFailure(error, request.port ?? 0, tokenFile) };
  }
  running.app.goOn();
  if (running.demo) watchAll(running);
  const announced = running.lock.announce({ url: served.url, tokenFile });
  if (!announced.ok) running.log('warn', announced.failure.message);
  return {
    ok: true,
    value: {
      url: served.url,
      link: `${served.url}/#token=${token}`,
      token,
      running,
      close: async () => {
        await served.close();
        await running.close();
      },
    },
  };
}

/** The recorded clusters are ours, so nobody needs to be asked before they are watched. One of them cannot be reached; its row says so. */
export function watchAll({ app }: Running): void {
  void app.client.contexts
    .list({})
    .then(({ contexts }) => Promise.allSettled(contexts.map((c) => app.client.cluster.connect({ context: c.name }))))
    // It was closed before it had begun; then there is nothing to watch.
    .catch(() => undefined);
}

function listenFailure(error: unknown, port: number, tokenFile: string) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return {
      code: 'bad-input' as const,
      message: `Port ${port} is taken by another program.`,
      hint: 'Choose another with --port, or leave it out to take a free one.',
    };
  if (code === 'EACCES' || code === 'ENOENT' || code === 'EROFS')
    return {
      code: 'bad-input' as const,
      message: `The token file ${tokenFile} cannot be written: ${message}.`,
      hint: 'Choose another place with --token-file.',
    };
  return { code: 'internal' as const, message: `The server could not start: ${message}` };
}
