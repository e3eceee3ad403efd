import { z } from 'zod';
import type { Failure, Outcome } from '../../contract/index.ts';
import { redact } from '../../core/redact.ts';
import { type Ended, type PluginRun, runProcess } from './exec-plugin-process.ts';
import type { LoginPath } from './login-path.ts';

/** Runs a credential plugin as client-go does (client.authentication.k8s.io), and says in words what went wrong with it. */

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
  /** Milliseconds since 1970, by the clock of whoever issued it; undefined = until refused. */
  readonly expires: number | undefined;
}

/**
 * Where the plugin, or a program it needs, is not found, it is tried once more with the PATH of the login shell.
 * @returns the credential, `cancelled`, or `cluster-unauthorized` with what the plugin said, how to install it, or that it took too long.
 */
export async function runPlugin(run: PluginRun, loginPath?: LoginPath): Promise<Outcome<PluginCredential>> {
  const { exec, context } = run;
  const fail = (message: string, hint: string): { ok: false; failure: Failure } => ({
    ok: false,
    failure: { code: 'cluster-unauthorized', message: `Context ${context}: the credential plugin ${exec.command} ${message}`, hint },
  });
  if (exec.interactiveMode === 'Always')
    return fail(
      'needs a terminal, and there is none here.',
      'Log in with it in a terminal, or have its interactiveMode set to IfAvailable.',
    );
  let ended = await runProcess(run);
  if (isNotFound(ended)) {
    const path = await loginPath?.get();
    if (path !== undefined) ended = await runProcess({ ...run, env: { ...run.env, PATH: path } });
  }
  switch (ended.type) {
    case 'absent':
      return fail('is not installed, or not on the PATH.', exec.installHint ?? `Install ${exec.command}, or name it with its full path.`);
    case 'failed':
      return fail(`cannot be started (${ended.code}).`, 'Check that it is a program your user may execute.');
    case 'cancelled':
      return { ok: false, failure: { code: 'cancelled', message: `Context ${context}: the login with ${exec.command} was cancelled.` } };
    case 'timeout':
      return fail(
        `did not finish within ${ended.seconds} s.${said(ended.stderr)}`,
        'Connect again to log in again, or run it in a terminal to see what it waits for.',
      );
    case 'ended':
      return ended.status === 0
        ? read(ended, fail)
        : fail(`ended with status ${ended.status}.${said(ended.stderr)}`, 'Log in again with it in a terminal.');
  }
}

function read(
  { stdout, stderr }: Extract<Ended, { type: 'ended' }>,
  fail: (message: string, hint: string) => { ok: false; failure: Failure },
): Outcome<PluginCredential> {
  const parsed = CredentialSchema.safeParse(parseJson(stdout));
  if (!parsed.success) return fail(`answered with something that is no ExecCredential.${said(stderr)}`, 'Check its version.');
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

/** Itself, or as shells and `env` say it of a program it starts (POSIX: status 127). */
const isNotFound = (ended: Ended): boolean => ended.type === 'absent' || (ended.type === 'ended' && ended.status === 127);

const said = (stderr: string): string => (stderr.trim() === '' ? '' : ` It says: ${redact(stderr.trim()).slice(-600)}`);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
