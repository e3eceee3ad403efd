import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type KubeObject, isKind, objectKey, project } from '../../contract/index.ts';
import { byUrl, prometheusServices } from './prometheus.ts';

/** Who is asked, how, and with which secret: over real sockets. */

async function serving(answer: (request: IncomingMessage) => { status?: number; body: unknown }) {
  const server = createServer((request, response) => {
    const { status = 200, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
function secretFile(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-secret-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'secret');
  writeFileSync(path, `${text}\n`);
  return path;
}
const ask = (prometheus: ReturnType<typeof byUrl>) => prometheus.get('query', { query: 'up' }, AbortSignal.timeout(5_000));
const vector = { status: 'success', data: { resultType: 'vector', result: [{ metric: { pod: 'a' }, value: [1, '2'] }] } };

test('a token or a password is read from its file and sent; who refuses it is said, and the secret never', async () => {
  const url = await serving(({ headers }) =>
    headers.authorization === 'Bearer geheim-1' || headers.authorization === `Basic ${Buffer.from('ada:geheim-2').toString('base64')}`
      ? { body: vector }
      : { status: 401, body: { status: 'error', error: 'who are you' } },
  );
  expect(await ask(byUrl({ url, tokenFile: secretFile('geheim-1') }))).toMatchObject({ ok: true });
  expect(await ask(byUrl({ url: `${url}/`, user: 'ada', passwordFile: secretFile('geheim-2') }))).toMatchObject({ ok: true });
  const refused = await ask(byUrl({ url, tokenFile: secretFile('geheim-3') }));
  expect(refused).toMatchObject({
    ok: false,
    failure: { code: 'forbidden', message: expect.stringContaining('status 401: who are you') as string },
  });
  expect(JSON.stringify(refused)).not.toContain('geheim');
  expect(await ask(byUrl({ url, tokenFile: '/nowhere/token' }))).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
});

test('VictoriaMetrics answers with more than Prometheus does, and behind a path of its own', async () => {
  const paths: string[] = [];
  const url = await serving((request) => {
    paths.push(new URL(request.url ?? '', 'http://x').pathname);
    return { body: { ...vector, isPartial: false, stats: { seriesFetched: '1', executionTimeMsec: 3 } } };
  });
  const answer = await ask(byUrl({ url: `${url}/select/0/prometheus` }));
  expect(answer).toEqual({ ok: true, value: [{ metric: { pod: 'a' }, points: [[1, 2]] }] });
  expect(paths).toEqual(['/select/0/prometheus/api/v1/query']);
});

test('among the Services those that answer like a Prometheus are found, each with its path through the API server', () => {
  const service = (name: string, port: number, labels: Record<string, string> = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'watch', labels },
    spec: { ports: [{ port }] },
  });
  const objects = [
    service('kube-prometheus-stack-alertmanager', 9093),
    service('prometheus-operator', 8080),
    service('prometheus-node-exporter', 9100),
    service('vmselect-main', 8481, { 'app.kubernetes.io/name': 'vmselect' }),
    service('vmsingle-main', 8429),
    service('prometheus-operated', 9090),
    service('web', 80),
  ].flatMap((o) => (isKind(o.kind) ? [project(o.kind, o)] : [])) as KubeObject<'Service'>[];
  const session = {
    keys: () => objects.map((o) => objectKey(o.metadata)),
    object: (_kind: string, key: string) => objects.find((o) => objectKey(o.metadata) === key),
  };
  const found = prometheusServices(session as unknown as Parameters<typeof prometheusServices>[0]);
  expect(found.map((s) => [s.name, s.path])).toEqual([
    ['watch/vmselect-main:8481', '/api/v1/namespaces/watch/services/vmselect-main:8481/proxy/select/0/prometheus/api/v1'],
    ['watch/vmsingle-main:8429', '/api/v1/namespaces/watch/services/vmsingle-main:8429/proxy/api/v1'],
    ['watch/prometheus-operated:9090', '/api/v1/namespaces/watch/services/prometheus-operated:9090/proxy/api/v1'],
  ]);
});
