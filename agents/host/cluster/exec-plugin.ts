import { spawn } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Failure, Outcome } from '../../contract/index.ts';
import { redact } from '../../core/redact.ts';
import type { ExecEntry } from './kubeconfig-file.ts';

/** Runs a credential plugin as client-go does (client.authentication.k8s.io): no shell, no terminal, a time limit, its words shown. */

const TIME_LIMIT_MS = 60_000;
const MOST_OUTPUT = 1 << 20;

const CredentialSchema = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  }),
});

export interface PluginCredential {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since 1970; undefined = until refused. */
  readonly expires: number | undefined;
}

interface PluginRun {
  readonly context: string;
  readonly exec: ExecEntry;
  /** A relative command with a slash is meant from this file's folder. */
  readonly kubeconfig: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told to the plugin where the entry asks for it (`provideClusterInfo`). */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly timeLimitMs?: number;
}

/** @returns the credential, or `cluster-unauthorized` with what the plugin said, how to install it, or that it took too long. */
export async function runPlugin(run: PluginRun): Promise<Outcome<PluginCredential>> {
  const { exec } = run;
  const fail = (message: string, hint: string): { ok: false; failure: Failure } => ({
    ok: false,
    failure: { code: 'cluster-unauthorized', message: `Context ${run.context}: the credential plugin ${exec.command} ${message}`, hint },
  });
  if (exec.interactiveMode === 'Always')
    return fail(
      'needs a terminal, and there is none here.',
      'Log in with it in a terminal, or have its interactiveMode set to IfAvailable.',
    );
  const ended = await runProcess(run);
  switch (ended.type) {
    case 'absent':
      return fail('is not installed, or not on the PATH.', exec.installHint ?? `Install ${exec.command}, or name it with its full path.`);
    case 'failed':
      return fail(`cannot be started (${ended.code}).`, 'Check that it is a program your user may execute.');
    case 'timeout':
      return fail(`did not finish within ${ended.seconds} s.${said(ended.stderr)}`, 'Run it in a terminal: it may wait for a login.');
    case 'ended': {
      if (ended.status !== 0) return fail(`ended with status ${ended.status}.${said(ended.stderr)}`, 'Log in again with it in a terminal.');
      const parsed = CredentialSchema.safeParse(parseJson(ended.stdout));
      if (!parsed.success) return fail(`answered with something that is no ExecCredential.${said(ended.stderr)}`, 'Check its version.');
      const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
      if (token === undefined && (clientCertificateData === undefined || clientKeyData === undefined))
        return fail('gave neither a token nor a certificate with its key.', 'Check its configuration.');
      return {
        ok: true,
        value: {
          token,
          certificate: clientCertificateData,
          key: clientKeyData,
          expires: typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : undefined,
        },
      };
    }
  }
}

const said = (stderr: string): string => (stderr.trim() === '' ? '' : ` It says: ${redact(stderr.trim()).slice(-600)}`);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Ended =
  | { readonly type: 'absent' }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'timeout'; readonly stderr: string; readonly seconds: number }
  | { readonly type: 'ended'; readonly status: number | string; readonly stdout: string; readonly stderr: string };

function runProcess({ exec, kubeconfig, env, cluster, timeLimitMs = TIME_LIMIT_MS }: PluginRun): Promise<Ended> {
  const relative = /[\\/]/.test(exec.command) && !isAbsolute(exec.command);
  const command = relative ? join(dirname(kubeconfig), exec.command) : exec.command;
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster } : {}) },
  };
  const own = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(command, exec.args, {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const finish = (ended: Ended): void => {
      clearTimeout(timer);
      // A grandchild may hold the pipes open after the plugin has ended.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ended);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      finish({ type: 'timeout', stderr, seconds: timeLimitMs / 1000 });
    }, timeLimitMs);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-8_192)));
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ENOENT' ? { type: 'absent' } : { type: 'failed', code: error.code ?? 'unknown' }),
    );
    child.on('close', (status, signal) => finish({ type: 'ended', status: status ?? signal ?? 'unknown', stdout, stderr }));
  });
}
