import { createRouterClient, implement, withEventMeta } from '@orpc/server';
import { connect } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract } from '../../contract/index.ts';
import type { Envelope } from '../../contract/index.ts';
import type { Caller } from './tokens.ts';
import { type Carried, type Served, serveHttp } from './serve-http.ts';

const TOKEN = 'a-token-of-the-test';
const TOKENS: Readonly<Record<string, Caller>> = {
  qd_reader: { name: 'grafana', scope: 'read' },
  qd_decider: { name: 'kim-laptop', scope: 'decide' },
};
const AT = '2026-01-01T00:00:00.000Z';
const os = implement(contract);
const entry = (seq: number): Envelope => ({ v: 1, seq, at: AT, prev: '', hash: '', event: { type: 'app.stopped' } });

/** A few of the procedures, scripted; the others are not asked here. */
const router = {
  app: {
    info: os.app.info.handler(() => ({
      version: '0.0.0',
      demo: true,
      dataDir: '/nowhere',
      model: null,
      user: 'kim',
      lastEvent: 3,
      startedAt: AT,
    })),
    doctor: os.app.doctor.handler(() => {
      throw new Error('the password is hunter2');
    }),
  },
  incidents: { list: os.incidents.list.handler(() => ({ incidents: [] })) },
  agents: { list: os.agents.list.handler(() => ({ agents: [] })) },
  plans: {
    list: os.plans.list.handler(() => ({ plans: [] })),
    get: os.plans.get.handler(({ input, errors }) => {
      const message = `There is no plan ${input.id}.`;
      throw errors.FAILED({ message, data: { code: 'plan-unknown', message, hint: 'quarterdeck plans lists them.' } });
    }),
  },
  events: {
    stream: os.events.stream.handler(async function* ({ lastEventId }) {
      for (let seq = Number(lastEventId ?? 0) + 1; seq <= 3; seq++) yield withEventMeta(entry(seq), { id: String(seq) });
    }),
  },
};
const reading = () =>
  Promise.resolve({
    heapBytes: 7,
    longestBlockMs: 12,
    connecting: { trying: 1, peak: 4, waiting: 0 },
    clusters: [{ context: 'east', objects: 41, lists: 2, watches: 3, events: 5, interrupted: [] }],
  });
const tokens = { find: (value: string) => TOKENS[value] };
const app = { router, client: createRouterClient(router), reading, tokens } as unknown as Carried;

const logged: string[] = [];
let served: Served;
let webRoot: string;
beforeAll(async () => {
  webRoot = mkdtempSync(join(tmpdir(), 'quarterdeck-web-'));
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>page</title>');
  served = await serveHttp(app, { host: '127.0.0.1', port: 0, token: TOKEN, webRoot, log: (_, message) => logged.push(message) });
});
afterAll(() => served.close());

const authorization = `Bearer ${TOKEN}`;
const get = (path: string, headers: Record<string, string> = { authorization }) => fetch(served.url + path, { headers });

/** For what `fetch` does not let one send: a request as bytes. */
function raw(lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.write(`${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n`);
  });
}

test('a call without the token, or with another, is refused with a problem and reaches no procedure', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `${TOKEN}` + 'x' }]) {
    const answer = await get('/api/v1/app', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 401, code: 'bad-input', title: 'Unauthorized' });
  }
  expect((await get('/metrics', {})).status).toBe(401);
  expect((await fetch(`${served.url}/rpc/app/info`, { method: 'POST', body: '{}' })).status).toBe(401);
});

test('a call with the token is answered', async () => {
  const answer = await get('/api/v1/app');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ version: '0.0.0', user: 'kim' });
});

test('an expected failure is a problem with its code, sentence and hint', async () => {
  const answer = await get('/api/v1/plans/plan-x');
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'There is no plan plan-x.',
    code: 'plan-unknown',
    hint: 'quarterdeck plans lists them.',
  });
});

test('bad input is a 400 that says which field', async () => {
  const answer = await get('/api/v1/plans?state=sideways');
  expect(answer.status).toBe(400);
  const problem = (await answer.json()) as { detail: string; code: string };
  expect(problem.code).toBe('bad-input');
  expect(problem.detail).toContain('state');
});

test('an unknown key is refused', async () => {
  expect((await get('/api/v1/plans?flavour=sweet')).status).toBe(400);
});

test('what nobody expected is a bare 500: its words and its stack stay in the log', async () => {
  const answer = await get('/api/v1/doctor');
  expect(answer.status).toBe(500);
  const body = await answer.text();
  expect(body).not.toContain('hunter2');
  expect(body).not.toContain('at ');
  expect(logged.join('\n')).toContain('hunter2');
});

test('a request under another host name is refused, so that a page elsewhere cannot rebind its name to us', async () => {
  const port = new URL(served.url).port;
  for (const host of [`evil.example:${port}`, '127.0.0.1:1', 'a b', ''])
    expect(await raw(['GET /healthz HTTP/1.1', `host: ${host}`]), host).toMatch(/^HTTP\/1\.1 (421|400) /);
  expect(await raw(['GET /healthz HTTP/1.1', `host: localhost:${port}`])).toMatch(/^HTTP\/1\.1 200 /);
});

test('a request from another origin is refused and no answer allows one', async () => {
  const answer = await get('/api/v1/app', { authorization, origin: 'https://evil.example' });
  expect(answer.status).toBe(403);
  const fine = await get('/api/v1/app', { authorization, origin: served.url });
  expect(fine.status).toBe(200);
  expect(fine.headers.get('access-control-allow-origin')).toBeNull();
});

test('a body over the limit is refused, said or unsaid', async () => {
  const big = JSON.stringify({ id: 'x', filler: 'x'.repeat(5 * 2 ** 20) });
  const answer = await fetch(`${served.url}/rpc/plans/get`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: big,
  });
  expect(answer.status).toBe(413);
  const unsaid = await fetch(`${served.url}/rpc/plans/get`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: new Blob([big]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(unsaid.status).toBe(413);
});

test('the event stream goes on behind Last-Event-ID', async () => {
  const all = await (await get('/api/v1/events')).text();
  expect(all.match(/^id: .*/gm)).toEqual(['id: 1', 'id: 2', 'id: 3']);
  const rest = await get('/api/v1/events', { authorization, 'last-event-id': '2' });
  expect(rest.headers.get('content-type')).toContain('text/event-stream');
  expect((await rest.text()).match(/^id: .*/gm)).toEqual(['id: 3']);
});

test('the OpenAPI document is 3.1 and has every procedure', async () => {
  const document = (await (await get('/api/openapi.json')).json()) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(Object.keys(document.paths)).toContain('/plans/{id}/decide');
  expect(Object.keys(document.paths)).toContain('/events');
});

test('the page, its docs and the probes need no token and carry a policy', async () => {
  const page = await get('/', {});
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const docs = await get('/api/docs', {});
  expect(docs.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await get('/healthz', {})).status).toBe(200);
  expect((await get('/readyz', {})).status).toBe(200);
  expect((await get('/metrics')).headers.get('content-type')).toContain('version=0.0.4');
});

test.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%', '/assets/none.js', '/.env', '/index.html%00.js'])(
  'no file outside of the page is served: %s',
  async (path) => {
    expect(await raw([`GET ${path} HTTP/1.1`, `host: 127.0.0.1:${new URL(served.url).port}`])).toMatch(/^HTTP\/1\.1 404 /);
  },
);

test('a path that is no procedure is a 404 problem', async () => {
  const answer = await get('/api/v1/nothing');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not-found' });
});
