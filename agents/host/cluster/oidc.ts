import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SecureContext } from 'node:tls';
import type { ErrorCode, Outcome } from '../../contract/index.ts';
import { redact } from '../../core/redact.ts';
import { ConnectLimit } from './connect-limit.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { type Asking, type ProviderAnswer, askProvider } from './oidc-request.ts';
import { ProxyFailed } from './proxy-tunnel.ts';
import type { ServerClocks } from './server-clock.ts';
import { secureContextOf } from './tls-settings.ts';

/**
 * The OpenID Connect login of kubeconfigs that were written before plugins (`auth-provider: oidc`), as kubectl still has it: the
 * id-token of the file until it ends, then a new one for the refresh-token. What a provider gives instead of a used refresh-token is
 * kept in memory only (docs/decisions/2026-11-23-oidc.md).
 */

const TIMEOUT_MS = 10_000;
/** A token is renewed this long before it ends. */
const EARLY_MS = 10_000;

export interface OidcToken {
  readonly token: string;
  /** By the clock of the provider, milliseconds since 1970; undefined where the token does not say. */
  readonly expires: number | undefined;
}

interface Tokens {
  id: string | undefined;
  refresh: string | undefined;
}

type Config = Readonly<Record<string, string>>;

export class OidcLogins {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #clocks: ServerClocks;
  readonly #limit: ConnectLimit;
  readonly #timeoutMs: number;
  /** By what the kubeconfig says of them: a file that was written anew begins anew. */
  readonly #tokens = new Map<string, Tokens>();

  constructor(
    env: Readonly<Record<string, string | undefined>>,
    clocks: ServerClocks,
    { limit = new ConnectLimit(), timeoutMs = TIMEOUT_MS }: { readonly limit?: ConnectLimit; readonly timeoutMs?: number } = {},
  ) {
    this.#env = env;
    this.#clocks = clocks;
    this.#limit = limit;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * A token that is good for a while yet. One call a user at a time (the caller sees to it). Fails with `cluster-unauthorized` where
   * somebody has to log in or correct the kubeconfig, with `cluster-unreachable` where the provider cannot be asked now.
   */
  async token(target: KubeTarget, signal: AbortSignal): Promise<Outcome<OidcToken>> {
    const config = target.user['auth-provider']?.config ?? {};
    const tokens = this.#of(target, config);
    const now = Date.now();
    if (tokens.id !== undefined) {
      const expires = expiryOf(tokens.id);
      const issuer = URL.parse(config['idp-issuer-url'] ?? '');
      const ahead = issuer === null ? 0 : this.#clocks.ahead(issuer.origin);
      if (expires === undefined || expires > now + ahead + EARLY_MS) return { ok: true, value: { token: tokens.id, expires } };
    }
    if (tokens.refresh === undefined)
      return this.#fail(target, 'the id-token has ended, and there is no refresh-token to get another.', LOGIN_AGAIN);
    return this.#refresh(target, config, tokens, signal);
  }

  /** The server refused the token: the next call gets another, though this one has not ended. */
  refused(target: KubeTarget): void {
    this.#of(target, target.user['auth-provider']?.config ?? {}).id = undefined;
  }

  #of(target: KubeTarget, config: Config): Tokens {
    const key = JSON.stringify([target.userKey, config]);
    const known = this.#tokens.get(key) ?? { id: textOf(config['id-token']), refresh: textOf(config['refresh-token']) };
    this.#tokens.set(key, known);
    return known;
  }

  #fail(target: KubeTarget, what: string, hint: string, code: ErrorCode = 'cluster-unauthorized'): Outcome<never> {
    return { ok: false, failure: { code, message: `Context ${target.context.name}: user ${target.context.user}: ${what}`, hint } };
  }

  async #refresh(target: KubeTarget, config: Config, tokens: Tokens, signal: AbortSignal): Promise<Outcome<OidcToken>> {
    const issuer = URL.parse(config['idp-issuer-url'] ?? '');
    const client = textOf(config['client-id']);
    if (issuer === null || !/^https?:$/.test(issuer.protocol) || client === undefined)
      return this.#fail(
        target,
        'its auth-provider has no usable idp-issuer-url and client-id.',
        'Correct the user entry of the kubeconfig.',
      );
    const context = await this.#trust(target, config);
    if (!context.ok) return context;
    const asking: Asking = { env: this.#env, limit: this.#limit, context: context.value, timeoutMs: this.#timeoutMs, signal };
    try {
      const discovery = await askProvider(new URL(`${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`), asking);
      this.#clocks.heard(issuer.origin, discovery.date);
      const endpoint = URL.parse(textOf(discovery.body?.['token_endpoint']) ?? '');
      const same = (textOf(discovery.body?.['issuer']) ?? '').replace(/\/$/, '') === issuer.href.replace(/\/$/, '');
      if (discovery.status !== 200 || endpoint === null)
        return this.#fail(
          target,
          `${issuer.host} answered ${discovery.status} without saying where tokens are to be had: it does not seem to be the identity provider.`,
          'Correct idp-issuer-url.',
        );
      if (!same) return this.#fail(target, `${issuer.host} says that it is another issuer than idp-issuer-url.`, 'Correct idp-issuer-url.');
      // A secret is never sent in the clear where the issuer itself is reached over TLS.
      if (issuer.protocol === 'https:' && endpoint.protocol !== 'https:')
        return this.#fail(target, `${issuer.host} wants tokens to be asked for without TLS.`, 'Have the identity provider corrected.');
      const answer = await askForToken(endpoint, asking, discovery, {
        client,
        secret: textOf(config['client-secret']),
        refresh: tokens.refresh ?? '',
      });
      return this.#take(target, issuer, answer, tokens);
    } catch (error) {
      if (signal.aborted)
        return {
          ok: false,
          failure: { code: 'cancelled', message: `Context ${target.context.name}: the login at ${issuer.host} was cancelled.` },
        };
      return this.#fail(
        target,
        `the identity provider ${issuer.host} cannot be asked for a new token (${reason(error, this.#timeoutMs)}).`,
        CHECK,
        'cluster-unreachable',
      );
    }
  }

  #take(target: KubeTarget, issuer: URL, { status, body, date }: ProviderAnswer, tokens: Tokens): Outcome<OidcToken> {
    this.#clocks.heard(issuer.origin, date);
    const error = textOf(body?.['error']);
    const described = textOf(body?.['error_description']);
    const words = `${error ?? `status ${status}`}${described === undefined ? '' : `: ${redact(described).slice(0, 300)}`}`;
    if (error === 'invalid_grant')
      return this.#fail(target, `${issuer.host} does not accept the refresh-token any more (${words}).`, LOGIN_AGAIN);
    if (error === 'invalid_client' || error === 'unauthorized_client')
      return this.#fail(
        target,
        `${issuer.host} does not accept client-id or client-secret (${words}).`,
        'Correct the user entry of the kubeconfig.',
      );
    if (status >= 500)
      return this.#fail(target, `the identity provider ${issuer.host} cannot give a token now (${words}).`, CHECK, 'cluster-unreachable');
    if (status !== 200) return this.#fail(target, `${issuer.host} gives no new token (${words}).`, LOGIN_AGAIN);
    const rotated = textOf(body?.['refresh_token']);
    if (rotated !== undefined) tokens.refresh = rotated;
    const id = textOf(body?.['id_token']);
    if (id === undefined)
      return this.#fail(
        target,
        `${issuer.host} answered without an id_token.`,
        'The scope openid must have been asked for at login: log in again.',
      );
    tokens.id = id;
    return { ok: true, value: { token: id, expires: expiryOf(id) } };
  }

  async #trust(target: KubeTarget, config: Config): Promise<Outcome<SecureContext>> {
    const data = config['idp-certificate-authority-data'];
    const path = config['idp-certificate-authority'];
    let ca = data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
    if (ca === undefined && path !== undefined) {
      const file = resolve(dirname(target.userKey.split('\n')[0] ?? ''), path);
      try {
        ca = await readFile(file, 'utf8');
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        return this.#fail(target, `idp-certificate-authority ${file} cannot be read (${code}).`, 'Check the path in the kubeconfig.');
      }
    }
    const context = secureContextOf(target.context.name, { ca, cert: undefined, key: undefined, servername: undefined, verify: true });
    return context.ok
      ? context
      : this.#fail(
          target,
          'idp-certificate-authority holds no certificate that can be read.',
          'Put the PEM certificate of the provider’s authority there.',
        );
  }
}

const LOGIN_AGAIN = 'Log in again with the tool that wrote this user into the kubeconfig, so that it writes new tokens.';
const CHECK = 'Check the network, the VPN and the proxy between you and the identity provider.';

/**
 * As RFC 6749, 6. The client says who it is as the provider wants it; where the provider does not say, in the header first and, refused,
 * in the body. No scope is asked for: without one the new token has those of the old, extra-scopes included.
 */
async function askForToken(
  endpoint: URL,
  asking: Asking,
  discovery: ProviderAnswer,
  { client, secret, refresh }: { client: string; secret: string | undefined; refresh: string },
): Promise<ProviderAnswer> {
  const body = { grant_type: 'refresh_token', refresh_token: refresh };
  const inBody = () => {
    const form = new URLSearchParams({ ...body, client_id: client, ...(secret === undefined ? {} : { client_secret: secret }) });
    return askProvider(endpoint, asking, { body: form.toString(), headers: {} });
  };
  const offered = discovery.body?.['token_endpoint_auth_methods_supported'];
  const methods = Array.isArray(offered) ? (offered as unknown[]) : ['client_secret_basic', 'client_secret_post'];
  if (secret === undefined || !methods.includes('client_secret_basic')) return inBody();
  const login = Buffer.from(`${formText(client)}:${formText(secret)}`).toString('base64');
  const answer = await askProvider(endpoint, asking, {
    body: new URLSearchParams(body).toString(),
    headers: { authorization: `Basic ${login}` },
  });
  const refused = answer.status === 401 || answer.body?.['error'] === 'invalid_client';
  return refused && methods.includes('client_secret_post') ? inBody() : answer;
}

const formText = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The claim `exp` of a JWT, in milliseconds. Nothing is verified: that is the API server's part. */
function expiryOf(token: string): number | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function reason(error: unknown, timeoutMs: number): string {
  if (error instanceof ProxyFailed) return error.message.replace(/\.$/, '');
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { code?: string } };
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') return `no answer within ${timeoutMs / 1000} s`;
  return code ?? cause?.code ?? 'the connection broke';
}
