import { expect, onTestFinished, test } from 'vitest';
import { SCOPES, type Scope, contract } from '../../agents/contract/index.ts';
import type { App } from '../../agents/host/app.ts';
import { serveHttp } from '../../agents/host/http/serve-http.ts';
import { demoApp } from './fleet.ts';

/** Every procedure of the table over HTTP, as it must not be called. */

interface Row {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly scope: Scope;
}

const rows: Row[] = Object.entries(contract).flatMap(([group, procedures]) =>
  Object.entries(procedures).map(([name, procedure]) => {
    const { route, meta } = procedure['~orpc'];
    return { name: `${group}.${name}`, method: route.method as Row['method'], path: route.path ?? '', scope: meta.scope };
  }),
);

interface Api {
  readonly app: App;
  readonly url: string;
  readonly values: ReadonlyMap<Scope, string>;
}

async function api(): Promise<Api> {
  const { app } = await demoApp();
  const served = await serveHttp(app, { host: '127.0.0.1', port: 0, token: 'the-own-token', log: () => undefined });
  onTestFinished(() => served.close());
  const values = new Map<Scope, string>();
  for (const scope of SCOPES) values.set(scope, (await app.client.tokens.create({ name: `t-${scope}`, scope, by: 'kim' })).value);
  return { app, url: served.url, values };
}

const rest = ({ url }: Api, { method, path }: Row, token: string | undefined, body: object = {}) =>
  fetch(`${url}/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}${method === 'GET' ? '?no-such-key=1' : ''}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
const rpc = ({ url }: Api, { name }: Row, token: string) =>
  fetch(`${url}/rpc/${name.replace('.', '/')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ json: { 'no-such-key': 1 } }),
  });

test('the table has procedures of every scope, and what changes something is no GET', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect([...new Set(rows.map((r) => r.scope))].sort()).toEqual([...SCOPES].sort());
  expect(rows.filter((r) => r.method === 'GET' && r.scope !== 'read')).toEqual([]);
});

test('each: refused without a token, 403 with less than its scope, 400 in words for a bad input', async () => {
  const at = await api();
  const wrong: string[] = [];
  for (const row of rows) {
    const say = (what: string, ok: boolean) => (ok ? 0 : wrong.push(`${row.name} (${row.scope}): ${what}`));
    // Strangers that come too often are told so instead.
    const unknown = (await rest(at, row, undefined)).status;
    say(`${unknown} without a token`, unknown === 401 || unknown === 429);
    const less = SCOPES[SCOPES.indexOf(row.scope) - 1];
    if (less !== undefined) {
      const refused = await rest(at, row, at.values.get(less));
      const { code, detail } = (await refused.json()) as { code: string; detail: string };
      say(
        `${refused.status} with ${less}: ${detail}`,
        refused.status === 403 && code === 'forbidden' && detail.includes(`needs ${row.scope}`),
      );
      const called = await rpc(at, row, at.values.get(less) ?? '');
      say(`${called.status} by rpc with ${less}`, called.status === 403);
    }
    const bad = await rest(at, row, at.values.get(row.scope), { 'no-such-key': 1 });
    const { detail } = (await bad.json()) as { detail: string };
    say(`${bad.status} for a bad input: ${detail}`, bad.status === 400 && detail.includes('no-such-key'));
    say(bad.headers.get('content-type') ?? '', bad.headers.get('content-type') === 'application/problem+json');
  }
  expect(wrong).toEqual([]);
});

test('what is done with a token is done under its name, whatever the caller says', async () => {
  const { app, url, values } = await api();
  const held = await fetch(`${url}/api/v1/hold`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${values.get('propose') ?? ''}` },
    body: JSON.stringify({ by: 'the-boss' }),
  });
  expect(await held.json()).toMatchObject({ held: true, by: 't-propose' });
  expect((await app.client.hold.get({})).by).toBe('t-propose');
});

test('a revoked token, and one too often wrong', async () => {
  const at = await api();
  await at.app.client.tokens.revoke({ name: 't-read', by: 'kim' });
  const info = { name: 'app.info', method: 'GET', path: '/app', scope: 'read' } as const;
  expect((await rest(at, info, at.values.get('read'))).status).toBe(401);
  const answers: number[] = [];
  for (let i = 0; i < 200 && !answers.includes(429); i++) answers.push((await rest(at, info, `qd_guess-${i}`)).status);
  expect(answers.at(-1)).toBe(429);
  expect(Number((await rest(at, info, 'qd_once-more')).headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await rest(at, info, 'the-own-token')).status).toBe(400);
});
