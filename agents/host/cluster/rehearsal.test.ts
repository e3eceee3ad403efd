import { expect, test } from 'vitest';
import type { Outcome } from '../../contract/index.ts';
import type { ClusterHttp } from './http.ts';
import { failureOfStatus } from './failures.ts';
import { Rehearsal } from './rehearsal.ts';

const where = { context: 'prod', host: '127.0.0.1:1' };
type Request = Parameters<ClusterHttp['read']>[0];

function recorded(answer: Outcome<string>) {
  const sent: Request[] = [];
  const http = {
    read: (request: Request) => {
      sent.push(request);
      return Promise.resolve(answer);
    },
  };
  return { sent, http };
}
const refused = (status: number, message: string): Outcome<string> => ({
  ok: false,
  failure: failureOfStatus(where, { verb: 'create', group: '', resource: 'pods', namespace: 'shop', name: undefined }, status, { message }),
});
const pod = { metadata: { generateName: 'web-' }, spec: { containers: [] } };

test('it knows one request, and that is always a dry run', async () => {
  const { sent, http } = recorded({ ok: true, value: '{}' });
  const rehearsal = new Rehearsal(http);
  expect(await rehearsal.pod('shop', { ...pod, kind: 'Secret', apiVersion: 'apps/v1' })).toEqual({
    ok: true,
    value: { verdict: 'admitted', message: '' },
  });
  expect(sent.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
    { method: 'POST', path: '/api/v1/namespaces/shop/pods', query: { dryRun: 'All' } },
  ]);
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
  expect(Object.getOwnPropertyNames(Rehearsal.prototype)).toEqual(['constructor', 'pod']);
  expect(Object.keys(rehearsal)).toEqual([]);
});

test('a namespace cannot lead it to another path', async () => {
  const { sent, http } = recorded({ ok: true, value: '{}' });
  await new Rehearsal(http).pod('shop/pods/web/eviction?x=', pod);
  expect(sent[0]?.path).toBe('/api/v1/namespaces/shop%2Fpods%2Fweb%2Feviction%3Fx%3D/pods');
});

test('what admission says is the answer, whatever its status', async () => {
  for (const [status, message] of [
    [403, 'pods "web-" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'],
    [403, 'pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found'],
    [422, 'Pod "web-" is invalid: spec.containers[0].image: Required value'],
    [500, 'Internal error occurred: failed calling webhook "a.b.c": no endpoints available for service "hook"'],
  ] as const)
    expect(await new Rehearsal(recorded(refused(status, message)).http).pod('shop', pod)).toEqual({
      ok: true,
      value: { verdict: 'refused', message },
    });
});

test('what says nothing about the pod is a failure: the rights of who asks, a time limit', async () => {
  const ask = (answer: Outcome<string>) => new Rehearsal(recorded(answer).http).pod('shop', pod);
  const own = 'pods is forbidden: User "jo" cannot create resource "pods" in API group "" in the namespace "shop"';
  expect(await ask(refused(403, own))).toMatchObject({ ok: false, failure: { code: 'forbidden' } });
  expect(await ask({ ok: false, failure: { code: 'cluster-timeout', message: 'late' } })).toMatchObject({ ok: false });
});
