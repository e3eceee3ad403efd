import { X509Certificate, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Failure, Outcome } from '../../contract/index.ts';
import type { Credential } from './credential.ts';
import { runPlugin } from './exec-plugin.ts';
import type { PluginLimits } from './exec-plugin-process.ts';
import type { KubeTarget } from './kubeconfig.ts';
import type { LoginPath } from './login-path.ts';
import type { OidcLogins } from './oidc.ts';

/** What a user entry says, made into a credential: files read, a plugin run, a token renewed. */

/** Files named by the kubeconfig are read again after this long, or when the server refuses what was in them. */
export const FILE_MS = 10_000;

export interface Means {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: Partial<PluginLimits> | undefined;
  readonly loginPath: LoginPath;
  readonly oidc: OidcLogins;
}

export interface Reading {
  readonly credential: Credential;
  /** To be looked at again after that many milliseconds; Infinity = when it is refused. */
  readonly keepMs: number;
  /** When it ends by the clock of whoever issued it, milliseconds since 1970. */
  readonly expires: number | undefined;
}

/** Fails with `cluster-unauthorized`, `cluster-unreachable` (an identity provider) or `cancelled`. */
export async function readCredential(
  target: KubeTarget,
  { env, limits, loginPath, oidc }: Means,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<Outcome<Reading>> {
  const { user, context } = target;
  const impersonation = impersonationHeaders(target);
  if (!impersonation.ok) return impersonation;
  const pair = await certificatePair(target);
  if (!pair.ok) return pair;
  const given = (authorization: string | undefined, more: Partial<Credential> = {}): Credential => ({
    id: randomUUID(),
    headers: { ...impersonation.value, ...(authorization === undefined ? {} : { authorization }) },
    certificate: pair.value.certificate,
    key: pair.value.key,
    renewable: pair.value.fromFile,
    ...more,
  });
  const fixed = (authorization: string | undefined): Outcome<Reading> => ({
    ok: true,
    value: { credential: given(authorization), keepMs: pair.value.fromFile ? FILE_MS : Infinity, expires: undefined },
  });
  // The order of client-go: a token file wins over a token, and both over a plugin.
  if (user.tokenFile !== undefined) {
    const token = await readNamed(target, 'tokenFile', user.tokenFile);
    if (!token.ok) return token;
    const credential = given(`Bearer ${token.value.trim()}`, { renewable: true });
    return { ok: true, value: { credential, keepMs: FILE_MS, expires: undefined } };
  }
  if (user.token !== undefined) return fixed(`Bearer ${user.token}`);
  if (user.username !== undefined) return fixed(`Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`);
  if (user.exec) {
    const kubeconfig = target.userKey.split('\n')[0] ?? '';
    const run = { context: context.name, exec: user.exec, kubeconfig, env, cluster: clusterInfo(target), limits, say, signal };
    const answer = await runPlugin(run, loginPath);
    if (!answer.ok) return answer;
    const { token, certificate, key, expires } = answer.value;
    const pem = certificate !== undefined && key !== undefined ? { certificate, key } : {};
    const credential = given(token === undefined ? undefined : `Bearer ${token}`, { ...pem, renewable: true });
    return { ok: true, value: { credential, keepMs: Infinity, expires } };
  }
  if (user['auth-provider']?.name === 'oidc') {
    const answer = await oidc.token(target, signal);
    if (!answer.ok) return answer;
    const credential = given(`Bearer ${answer.value.token}`, { renewable: true });
    return { ok: true, value: { credential, keepMs: Infinity, expires: answer.value.expires } };
  }
  if (user['auth-provider'])
    return refused(
      target,
      `user ${context.user} uses the auth-provider ${user['auth-provider'].name ?? ''}, which Kubernetes no longer has.`,
      'Replace it by an exec entry (kubelogin, gke-gcloud-auth-plugin, …).',
    );
  return fixed(undefined);
}

/** Whether getting the credential starts a program or asks another server, so that it must not be tried again at once. */
export const isCostly = ({ user }: KubeTarget): boolean =>
  user.tokenFile === undefined &&
  user.token === undefined &&
  user.username === undefined &&
  (Boolean(user.exec) || user['auth-provider']?.name === 'oidc');

export function refused(target: KubeTarget, message: string, hint: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'cluster-unauthorized', message: `Context ${target.context.name}: ${message}`, hint } };
}

async function readNamed(target: KubeTarget, field: string, path: string): Promise<Outcome<string>> {
  try {
    return { ok: true, value: await readFile(path, 'utf8') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return refused(
      target,
      `${field} ${path} cannot be read (${reason}).`,
      'Check the path in the kubeconfig and your right to read the file.',
    );
  }
}

async function certificatePair(
  target: KubeTarget,
): Promise<Outcome<{ certificate: string | undefined; key: string | undefined; fromFile: boolean }>> {
  const { user } = target;
  const part = async (field: 'client-certificate' | 'client-key'): Promise<Outcome<string | undefined>> => {
    const data = user[`${field}-data`];
    if (data !== undefined) return { ok: true, value: Buffer.from(data, 'base64').toString('utf8') };
    const path = user[field];
    return path === undefined ? { ok: true, value: undefined } : readNamed(target, field, path);
  };
  const certificate = await part('client-certificate');
  if (!certificate.ok) return certificate;
  const key = await part('client-key');
  if (!key.ok) return key;
  const fromFile = user['client-certificate-data'] === undefined && user['client-certificate'] !== undefined;
  return { ok: true, value: { certificate: certificate.value, key: key.value, fromFile } };
}

/** When a client certificate begins and ends, in milliseconds. A malformed one is left to the TLS layer to refuse. */
export function validityOf(pem: string | undefined): { readonly from: number; readonly to: number } {
  try {
    if (pem === undefined) return { from: -Infinity, to: Infinity };
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return { from: validFromDate.getTime(), to: validToDate.getTime() };
  } catch {
    return { from: -Infinity, to: Infinity };
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonationHeaders(target: KubeTarget): Outcome<Record<string, string | string[]>> {
  const { user } = target;
  if (user.as === undefined) {
    const more =
      (user['as-groups'] ?? []).length > 0 || user['as-uid'] !== undefined || Object.keys(user['as-user-extra'] ?? {}).length > 0;
    // Asked as oneself instead, more would be allowed than was meant.
    return more
      ? refused(
          target,
          `user ${target.context.user} has as-groups, as-uid or as-user-extra and no as.`,
          'Add as: with the user to be impersonated.',
        )
      : { ok: true, value: {} };
  }
  const extra = Object.entries(user['as-user-extra'] ?? {}).map(([key, values]): [string, string[]] => [
    `impersonate-extra-${headerPart(key.toLowerCase())}`,
    values,
  ]);
  return {
    ok: true,
    value: {
      'impersonate-user': user.as,
      ...(user['as-uid'] === undefined ? {} : { 'impersonate-uid': user['as-uid'] }),
      ...(user['as-groups'] ? { 'impersonate-group': user['as-groups'] } : {}),
      ...Object.fromEntries(extra),
    },
  };
}

/** Percent-encoded where a character may not stand in the name of a header. */
const headerPart = (text: string): string =>
  encodeURIComponent(text).replace(/[()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function clusterInfo({ cluster }: KubeTarget): Record<string, unknown> {
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] === undefined ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data'] === undefined ? {} : { 'certificate-authority-data': cluster['certificate-authority-data'] }),
    ...(cluster['proxy-url'] === undefined ? {} : { 'proxy-url': cluster['proxy-url'] }),
  };
}
