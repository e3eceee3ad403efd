import { afterEach, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { type Script, type ScriptedServer, scriptedServer, sendJson, sendStatus, targetOf } from './scripted-server.ts';
import { ReadOnlyTransport, WritableTransport } from './transport.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  closing.push(() => server.close());
  return server;
}
function speak(target: KubeTarget): ClusterHttp {
  const dispatchers = new Dispatchers({});
  closing.unshift(() => dispatchers.close());
  return new ClusterHttp(target, new Credentials({}), dispatchers);
}
const fine: Script = (_seen, response) => sendJson(response, { gitVersion: 'v1.37.0' });

test('an answer that is not JSON does not come from an API server', async () => {
  const server = await serve((_seen, response) => response.end('<html>Log in</html>'));
  expect(await new ReadOnlyTransport(speak(targetOf(server.url))).get('/version')).toMatchObject({
    ok: false,
    failure: { code: 'cluster-refused' },
  });
});

test('the read-only transport refuses every method but GET, and paths that act, before anything is sent', async () => {
  const server = await serve(fine);
  const transport = new ReadOnlyTransport(speak(targetOf(server.url)));
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'CONNECT', 'HEAD'])
    await expect(transport.request(method, '/api/v1/pods')).rejects.toThrow(`refuses ${method}`);
  for (const path of [
    '/api/v1/namespaces/shop/pods/web/exec',
    '/api/v1/namespaces/shop/pods/web/attach?stdin=true',
    '/api/v1/namespaces/shop/pods/web/portforward',
    '/api/v1/namespaces/shop/services/web/proxy/shutdown',
    '/api/v1/namespaces/shop/pods/web/%65xec',
    '/api/v1/nodes/n/proxy/run',
    '/api/v1/../../exec',
    '/api/v1/namespaces/x%2f..%2fy/pods',
    '//evil/api/v1/pods',
    '/logout',
    'http://evil/api',
    '/api/v1/pods HTTP/1.1\r\nx: y',
  ])
    await expect(transport.get(path), path).rejects.toThrow();
  expect(server.seen).toEqual([]);
  expect(await transport.get('/api/v1/namespaces/shop/pods/exec')).toMatchObject({ ok: true });
});

test('the writable transport sends method, query, content type and body once', async () => {
  const server = await serve((_seen, response) => sendStatus(response, 409));
  const transport = new WritableTransport(speak(targetOf(server.url)));
  const answer = await transport.request('PATCH', '/api/v1/nodes/n', {
    query: { dryRun: 'All' },
    body: [{ op: 'test', path: '/x', value: 1 }],
    contentType: 'application/json-patch+json',
  });
  expect(answer).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(server.seen.map((s) => [s.method, s.path, s.query.get('dryRun'), s.headers['content-type']])).toEqual([
    ['PATCH', '/api/v1/nodes/n', 'All', 'application/json-patch+json'],
  ]);
});
