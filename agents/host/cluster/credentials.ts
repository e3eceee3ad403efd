import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Failure, Outcome } from '../../contract/index.ts';
import { type PluginCredential, runPlugin } from './exec-plugin.ts';
import type { KubeTarget } from './kubeconfig.ts';

/** What a request carries to say who asks. Kept in memory only. */
export interface Credential {
  /** A list is sent as repeated lines: that is how groups are told apart. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Came from something that can give a new one: a plugin or a file. */
  readonly renewable: boolean;
}

/** Files named by the kubeconfig are read again after this long, or when the server refuses what was in them. */
const FILE_MS = 10_000;
/** A plugin's failure is answered from memory this long, doubling: one that opens a browser must not open it again and again. */
const FAILED_MS = 30_000;
const MOST_FAILED_MS = 600_000;
/** A plugin's answer is renewed this long before it ends. */
const EARLY_MS = 2_000;
const REFUSALS = 2;

interface Known {
  /** The context for which it was asked first; a failure names it. */
  readonly context: string;
  readonly outcome: Promise<Outcome<Credential>>;
  until: number;
}

/**
 * Credentials of all targets of this thread. One plugin process a user entry at a time, whoever asks; its answer serves until it
 * expires or the server refuses it. A plugin whose answers are refused twice in a row is left alone for a while.
 */
export class Credentials {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #pluginLimitMs: number | undefined;
  readonly #known = new Map<string, Known>();
  readonly #refused = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  constructor(env: Readonly<Record<string, string | undefined>>, pluginLimitMs?: number) {
    this.#env = env;
    this.#pluginLimitMs = pluginLimitMs;
  }

  /** Fails with `cluster-unauthorized` or `cluster-certificate-expired`, naming user and file or plugin. */
  async get(target: KubeTarget): Promise<Outcome<Credential>> {
    const { context, outcome } = this.#current(target);
    const answer = await outcome;
    if (answer.ok || context === target.context.name) return answer;
    const message = `Context ${target.context.name}${answer.failure.message.slice(`Context ${context}`.length)}`;
    return { ok: false, failure: { ...answer.failure, message } };
  }

  #current(target: KubeTarget): Known {
    const key = keyOf(target);
    const known = this.#known.get(key);
    if (known !== undefined && Date.now() < known.until) return known;
    const outcome = this.#load(target, (until) => (fresh.until = until));
    const fresh: Known = { context: target.context.name, outcome, until: Infinity };
    this.#known.set(key, fresh);
    return fresh;
  }

  /** The server did not accept this credential. True when asking again may give another one. */
  async refuse(target: KubeTarget, used: Credential): Promise<boolean> {
    const key = keyOf(target);
    const known = this.#known.get(key);
    const current = known === undefined ? undefined : await known.outcome;
    if (!used.renewable) return false;
    // Somebody else had the same refusal and a new one is there, or on its way.
    if (current === undefined || !current.ok || current.value !== used || this.#known.get(key) !== known) return true;
    const refusals = (this.#refused.get(key) ?? 0) + 1;
    this.#refused.set(key, refusals);
    if (refusals >= REFUSALS) {
      this.#refused.delete(key);
      const failure: Failure = {
        code: 'cluster-unauthorized',
        message: `Context ${target.context.name}: the server keeps refusing what the credential source of user ${target.context.user} gives.`,
        hint: 'Log in again, then connect again.',
      };
      this.#known.set(key, {
        context: target.context.name,
        outcome: Promise.resolve({ ok: false, failure }),
        until: Date.now() + this.#patience(key),
      });
      return false;
    }
    this.#known.delete(key);
    return true;
  }

  accepted(target: KubeTarget): void {
    this.#refused.delete(keyOf(target));
    this.#failures.delete(keyOf(target));
  }

  /** Forgets failures, because a person asked to try again now. */
  async forgive(target: KubeTarget): Promise<void> {
    const key = keyOf(target);
    const known = this.#known.get(key);
    this.#failures.delete(key);
    if (known === undefined || known.until === Infinity) return;
    if (!(await known.outcome).ok && this.#known.get(key) === known) this.#known.delete(key);
  }

  /** The kubeconfig says something else now: nothing of what it said before is kept. */
  forget(target: KubeTarget): void {
    const key = keyOf(target);
    this.#known.delete(key);
    this.#refused.delete(key);
    this.#failures.delete(key);
  }

  #patience(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(FAILED_MS * 2 ** failures, MOST_FAILED_MS);
  }

  async #load(target: KubeTarget, keepUntil: (until: number) => void): Promise<Outcome<Credential>> {
    const loaded = await this.#read(target);
    const now = Date.now();
    if (!loaded.ok) {
      keepUntil(now + (target.user.exec ? this.#patience(keyOf(target)) : 1_000));
      return loaded;
    }
    const { credential, until } = loaded.value;
    const ends = endOf(credential.certificate);
    if (ends < now) {
      keepUntil(now + FILE_MS);
      return {
        ok: false,
        failure: {
          code: 'cluster-certificate-expired',
          message: `Context ${target.context.name}: the client certificate of user ${target.context.user} expired on ${new Date(ends).toISOString()}.`,
          hint: 'Have a new one issued, or log in again.',
        },
      };
    }
    keepUntil(Math.min(until, ends));
    return { ok: true, value: credential };
  }

  async #read(target: KubeTarget): Promise<Outcome<{ credential: Credential; until: number }>> {
    const { user } = target;
    const impersonation = impersonationHeaders(user);
    const pair = await certificatePair(target);
    if (!pair.ok) return pair;
    const given = (authorization: string | undefined, plugin?: PluginCredential): Credential => ({
      headers: { ...impersonation, ...(authorization === undefined ? {} : { authorization }) },
      certificate: plugin?.certificate ?? pair.value.certificate,
      key: plugin?.key ?? pair.value.key,
      renewable: plugin !== undefined || user.tokenFile !== undefined || pair.value.fromFile,
    });
    const filed = Date.now() + FILE_MS;
    // The order of client-go: a token file wins over a token, and both over a plugin.
    if (user.tokenFile !== undefined) {
      const token = await readNamed(target, 'tokenFile', user.tokenFile);
      return token.ok ? { ok: true, value: { credential: given(`Bearer ${token.value.trim()}`), until: filed } } : token;
    }
    const until = pair.value.fromFile ? filed : Infinity;
    if (user.token !== undefined) return { ok: true, value: { credential: given(`Bearer ${user.token}`), until } };
    if (user.username !== undefined) {
      const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
      return { ok: true, value: { credential: given(`Basic ${basic}`), until } };
    }
    if (user.exec) {
      const answer = await runPlugin({
        context: target.context.name,
        exec: user.exec,
        kubeconfig: target.userKey.split('\n')[0] ?? '',
        env: this.#env,
        cluster: clusterInfo(target),
        ...(this.#pluginLimitMs === undefined ? {} : { timeLimitMs: this.#pluginLimitMs }),
      });
      if (!answer.ok) return answer;
      const { token, expires } = answer.value;
      const credential = given(token === undefined ? undefined : `Bearer ${token}`, answer.value);
      return { ok: true, value: { credential, until: expires === undefined ? Infinity : expires - EARLY_MS } };
    }
    if (user['auth-provider'])
      return refused(
        target,
        `user ${target.context.user} uses the auth-provider ${user['auth-provider'].name ?? ''}, which Kubernetes no longer has.`,
        'Replace it by an exec entry (kubelogin, gke-gcloud-auth-plugin, …).',
      );
    return { ok: true, value: { credential: given(undefined), until } };
  }
}

/** Plugins that are told about the cluster may answer differently for each. */
function keyOf(target: KubeTarget): string {
  const perCluster = target.user.exec?.provideClusterInfo === true;
  return perCluster ? `${target.userKey}\n${target.context.file}\n${target.context.cluster}` : target.userKey;
}

function refused(target: KubeTarget, message: string, hint: string): { ok: false; failure: Failure } {
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

/** When a client certificate ends, in milliseconds. A malformed one is left to the TLS layer to refuse. */
function endOf(pem: string | undefined): number {
  if (pem === undefined) return Infinity;
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return Infinity;
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonationHeaders(user: KubeTarget['user']): Record<string, string | string[]> {
  if (user.as === undefined) return {};
  const extra = Object.entries(user['as-user-extra'] ?? {}).map(([key, values]): [string, string[]] => [
    `impersonate-extra-${encodeURIComponent(key.toLowerCase())}`,
    values,
  ]);
  return {
    'impersonate-user': user.as,
    ...(user['as-uid'] === undefined ? {} : { 'impersonate-uid': user['as-uid'] }),
    ...(user['as-groups'] ? { 'impersonate-group': user['as-groups'] } : {}),
    ...Object.fromEntries(extra),
  };
}

function clusterInfo({ cluster }: KubeTarget): Record<string, unknown> {
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] === undefined ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data'] === undefined ? {} : { 'certificate-authority-data': cluster['certificate-authority-data'] }),
    ...(cluster['proxy-url'] === undefined ? {} : { 'proxy-url': cluster['proxy-url'] }),
  };
}
