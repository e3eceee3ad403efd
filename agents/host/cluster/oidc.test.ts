import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { OidcLogins } from './oidc.ts';
import { type Pair, dataOf, selfSigned } from './scripted-certificates.ts';
import { connectProxy } from './scripted-proxies.ts';
import { scriptedServer, sendJson, targetOf } from './scripted-server.ts';
import { ServerClocks } from './server-clock.ts';

const dir = mkdtempSync(join(tmpdir(), 'oidc-'));
let idpPair: Pair;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(() => {
  idpPair = selfSigned(dir, 'idp', 'DNS:idp.internal,IP:127.0.0.1');
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (name: string, endsInS: number) =>
  `${part({ alg: 'RS256' })}.${part({ sub: name, exp: Math.floor(Date.now() / 1000) + endsInS })}.c2ln`;

interface Issuer {
  readonly url: string;
  readonly host: string;
  /** Bodies of the requests for a token, with how the client said who it is. */
  readonly asked: { readonly form: Record<string, string>; readonly authorization: string | undefined }[];
  connections(): number;
}

interface Manner {
  /** Seconds the tokens it gives are good for. */
  readonly lasts?: number;
  readonly methods?: readonly string[];
  readonly issuer?: string;
  readonly rotates?: boolean;
  readonly date?: string;
  readonly refuse?: (form: Record<string, string>, authorization: string | undefined) => { status: number; body: unknown } | undefined;
  readonly silent?: boolean;
}

/** A small identity provider: discovery and a token endpoint that takes each refresh-token it has given, rotated ones once. */
async function issuer(
  { lasts = 3600, methods, rotates = false, refuse, silent = false, ...manner }: Manner = {},
  path = '',
): Promise<Issuer> {
  const asked: Issuer['asked'] = [];
  let good = 'refresh-0';
  const server = await scriptedServer(
    (seen, response) => {
      const headers: Record<string, string> = manner.date === undefined ? {} : { date: manner.date };
      if (silent) return;
      if (seen.path === `${path}/.well-known/openid-configuration`) {
        const supported = methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods };
        return sendJson(response, { issuer: manner.issuer ?? url, token_endpoint: `${url}/token`, ...supported }, 200, headers);
      }
      let text = '';
      response.req.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.req.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(text));
        asked.push({ form, authorization: seen.headers.authorization });
        const no = refuse?.(form, seen.headers.authorization);
        if (no !== undefined) return sendJson(response, no.body, no.status, headers);
        if (form['refresh_token'] !== good)
          return sendJson(response, { error: 'invalid_grant', error_description: 'Token is not active' }, 400, headers);
        if (rotates) good = `refresh-${asked.length}`;
        sendJson(
          response,
          { id_token: jwt(`new-${asked.length}`, lasts), token_type: 'Bearer', ...(rotates ? { refresh_token: good } : {}) },
          200,
          headers,
        );
      });
    },
    { ...idpPair },
  );
  const url = `${server.url}${path}`;
  closing.push(() => server.close());
  return { url, host: server.host, asked, connections: server.connections };
}

function login(
  config: Record<string, string>,
  options: ConstructorParameters<typeof Credentials>[1] = {},
  env: Record<string, string> = {},
) {
  const credentials = new Credentials(env, { paceMs: 0, ...options });
  const target = targetOf('https://c:6443', { 'auth-provider': { name: 'oidc', config } }, {}, 'prod');
  const get = async () => {
    const answer = await credentials.get(target);
    return answer.ok ? subject(String(answer.value.headers['authorization'])) : answer.failure;
  };
  return { credentials, target, get };
}
const subject = (header: string) => (JSON.parse(Buffer.from(header.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub;
const configOf = (idp: Issuer, more: Record<string, string> = {}) => ({
  'idp-issuer-url': idp.url,
  'client-id': 'kubernetes',
  'client-secret': 'top secret+',
  'id-token': jwt('old', -60),
  'refresh-token': 'refresh-0',
  'idp-certificate-authority-data': dataOf(idpPair.cert),
  ...more,
});
const basic = `Basic ${Buffer.from('kubernetes:top+secret%2B').toString('base64')}`;

test('the id-token of the file is used until shortly before it ends, and nobody is asked', async () => {
  const idp = await issuer();
  expect(await login(configOf(idp, { 'id-token': jwt('mine', 600) })).get()).toBe('mine');
  expect(idp.connections()).toBe(0);
  expect(await login(configOf(idp, { 'id-token': jwt('mine', 5) })).get()).toBe('new-1');
});

test('an ended one is renewed once for all who ask, over TLS with the authority of the file, and kept', async () => {
  const idp = await issuer({}, '/realms/ops');
  const { get } = login(configOf(idp));
  expect(await Promise.all(Array.from({ length: 20 }, get))).toEqual(Array.from({ length: 20 }, () => 'new-1'));
  expect(await get()).toBe('new-1');
  expect(idp.asked).toEqual([{ form: { grant_type: 'refresh_token', refresh_token: 'refresh-0' }, authorization: basic }]);
});

test('the client says who it is in the header or in the body, as the provider wants it; one without a secret needs none', async () => {
  const posted = await issuer({ methods: ['client_secret_post'] });
  expect(await login(configOf(posted)).get()).toBe('new-1');
  expect(posted.asked[0]).toMatchObject({ form: { client_id: 'kubernetes', client_secret: 'top secret+' }, authorization: undefined });
  const either = await issuer({
    refuse: (form) => (form['client_secret'] === undefined ? { status: 401, body: { error: 'invalid_client' } } : undefined),
  });
  expect(await login(configOf(either)).get()).toBe('new-2');
  const open = await issuer();
  const { 'client-secret': _secret, ...withoutSecret } = configOf(open);
  expect(await login(withoutSecret).get()).toBe('new-1');
  expect(open.asked[0]).toEqual({
    form: { grant_type: 'refresh_token', refresh_token: 'refresh-0', client_id: 'kubernetes' },
    authorization: undefined,
  });
});

test('a rotated refresh-token is used the next time; a refused id-token is renewed though it has not ended', async () => {
  const idp = await issuer({ rotates: true });
  const { credentials, target, get } = login(configOf(idp));
  expect(await get()).toBe('new-1');
  const used = await credentials.get(target);
  expect(used.ok && (await credentials.refuse(target, used.value))).toBe(true);
  expect(await get()).toBe('new-2');
  expect(idp.asked.map((a) => a.form['refresh_token'])).toEqual(['refresh-0', 'refresh-1']);
});

test('what a provider refuses is said, with what to do, and without a token or a secret', async () => {
  const said = async (manner: Manner, more: Record<string, string> = {}) => {
    const idp = await issuer(manner);
    const failure = await login(configOf(idp, more)).get();
    expect(JSON.stringify(failure)).not.toMatch(/top secret|refresh-0|stale-refresh|c2ln/);
    return { failure, idp };
  };
  const stale = await said({}, { 'refresh-token': 'stale-refresh' });
  expect(stale.failure).toEqual({
    code: 'cluster-unauthorized',
    message: `Context prod: user me: ${stale.idp.host} does not accept the refresh-token any more (invalid_grant: Token is not active).`,
    hint: 'Log in again with the tool that wrote this user into the kubeconfig, so that it writes new tokens.',
  });
  const client = await said({ refuse: () => ({ status: 401, body: { error: 'invalid_client' } }) });
  expect(client.failure).toMatchObject({
    message: expect.stringContaining('does not accept client-id or client-secret (invalid_client)') as string,
  });
  const down = await said({ refuse: () => ({ status: 503, body: 'x' }) });
  expect(down.failure).toMatchObject({
    code: 'cluster-unreachable',
    message: expect.stringContaining('cannot give a token now (status 503)') as string,
  });
  const without = await said({ refuse: () => ({ status: 200, body: { access_token: 'c2lnbg' } }) });
  expect(without.failure).toMatchObject({ message: expect.stringContaining('answered without an id_token') as string });
  const other = await said({ issuer: 'https://evil.example' });
  expect(other.failure).toMatchObject({ message: expect.stringContaining('another issuer than idp-issuer-url') as string });
  expect(other.idp.asked).toEqual([]);
  const noRefresh = await said({}, { 'refresh-token': '' });
  expect(noRefresh.failure).toMatchObject({
    message: 'Context prod: user me: the id-token has ended, and there is no refresh-token to get another.',
  });
});

test('a provider that is not trusted, not there, not one, or silent', async () => {
  const idp = await issuer();
  const { 'idp-certificate-authority-data': _ca, ...untrusted } = configOf(idp);
  expect(await login(untrusted).get()).toMatchObject({
    code: 'cluster-unreachable',
    message: expect.stringContaining('(DEPTH_ZERO_SELF_SIGNED_CERT)') as string,
  });
  expect(await login(configOf(idp, { 'idp-issuer-url': 'https://127.0.0.1:1' })).get()).toMatchObject({
    message: 'Context prod: user me: the identity provider 127.0.0.1:1 cannot be asked for a new token (ECONNREFUSED).',
  });
  expect(await login(configOf(idp, { 'idp-issuer-url': `${idp.url}/nowhere` })).get()).toMatchObject({ code: 'cluster-unauthorized' });
  expect(await login(configOf(idp, { 'idp-issuer-url': 'not a url' })).get()).toMatchObject({
    message: expect.stringContaining('no usable idp-issuer-url') as string,
  });
  const fromFile = { ...untrusted, 'idp-certificate-authority': join(dir, 'idp.pem') };
  expect(await login(fromFile).get()).toMatch(/^new-/);
  expect(await login({ ...untrusted, 'idp-certificate-authority': join(dir, 'absent.pem') }).get()).toMatchObject({
    message: expect.stringContaining('(ENOENT)') as string,
  });
});

test('a silent provider is given up after the time limit, and at once when nobody waits any more', async () => {
  const silent = await issuer({ silent: true });
  const patient = login(configOf(silent));
  const waiting = patient.get();
  await expect.poll(silent.connections).toBe(1);
  patient.credentials.leave('prod');
  expect(await waiting).toMatchObject({ code: 'cancelled' });
  const logins = new OidcLogins({}, new ServerClocks(), { timeoutMs: 150 });
  expect(await logins.token(patient.target, new AbortController().signal)).toMatchObject({
    failure: { code: 'cluster-unreachable', message: expect.stringContaining('(no answer within 0.15 s)') as string },
  });
});

test('the proxy of the environment is used', async () => {
  const idp = await issuer();
  const port = idp.host.split(':')[1] ?? '';
  const proxy = await connectProxy(undefined, { 'idp.internal': '127.0.0.1' });
  closing.push(() => proxy.close());
  const url = `https://idp.internal:${port}`;
  const failure = await login(configOf(idp, { 'idp-issuer-url': url }), {}, { HTTPS_PROXY: `http://${proxy.host}` }).get();
  // It answers as another issuer than the one it was asked as: that it answered at all is the proxy's doing.
  expect(failure).toMatchObject({ message: expect.stringContaining('another issuer') as string });
  expect(proxy.opened).toEqual([`idp.internal:${port}`]);
});

test('tokens that are always ended by this machine’s clock are not asked for with every request, and the clock is named', async () => {
  const date = new Date(Date.now() - 7_200_000).toUTCString();
  const idp = await issuer({ lasts: -3_600, date });
  const { credentials, target } = login(configOf(idp), { paceMs: 10_000 });
  for (let i = 0; i < 10; i++) expect(await credentials.get(target)).toMatchObject({ ok: true });
  expect(idp.asked).toHaveLength(1);
  expect(credentials.doubts(target)).toContain('it had ended already when it came: check that clock');
});
