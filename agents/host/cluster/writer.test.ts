import { expect, test } from 'vitest';
import type { Json, Outcome } from '../../contract/index.ts';
import type { WriteRequest } from '../ports/writer.ts';
import type { WriteOptions } from './transport.ts';
import { createWriter } from './writer.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'checkout' };

function recorded(answer: Outcome<Json> = { ok: true, value: { kind: 'Status' } }) {
  const sent: { context: string; method: string; path: string; options: WriteOptions | undefined }[] = [];
  const writer = createWriter((context) =>
    Promise.resolve({
      ok: true,
      value: {
        request: (method, path, options) => {
          sent.push({ context, method, path, options });
          return Promise.resolve(answer);
        },
      },
    }),
  );
  return { sent, writer };
}

const patch: WriteRequest = { verb: 'patch', target, contentType: 'application/json-patch+json', body: [{ op: 'remove', path: '/x' }] };

test('a change is signed and strictly validated; a rehearsal is the same with dryRun=All', async () => {
  const { sent, writer } = recorded();
  await writer.write('prod', patch);
  await writer.dryRun('prod', patch);
  const [write, rehearsal] = sent;
  expect(write).toMatchObject({
    context: 'prod',
    method: 'PATCH',
    path: '/apis/apps/v1/namespaces/shop/deployments/checkout',
    options: {
      contentType: 'application/json-patch+json',
      body: patch.body,
      query: { fieldManager: 'quarterdeck', fieldValidation: 'Strict' },
    },
  });
  expect(write?.options?.query).not.toHaveProperty('dryRun');
  expect(rehearsal?.options).toEqual({ ...write?.options, query: { ...write?.options?.query, dryRun: 'All' } });
});

test('each verb has its method and path', async () => {
  const { sent, writer } = recorded();
  await writer.write('prod', { verb: 'create', target, body: {} });
  await writer.write('prod', { verb: 'update', target, body: {} });
  await writer.write('prod', { verb: 'delete', target });
  await writer.write('prod', { verb: 'patch', target, subresource: 'scale', body: {} });
  const base = '/apis/apps/v1/namespaces/shop/deployments';
  expect(sent.map((s) => `${s.method} ${s.path}`)).toEqual([
    `POST ${base}`,
    `PUT ${base}/checkout`,
    `DELETE ${base}/checkout`,
    `PATCH ${base}/checkout/scale`,
  ]);
});

test('the rehearsal of a deletion is said in the body, where a server looks first', async () => {
  const { sent, writer } = recorded();
  const remove: WriteRequest = { verb: 'delete', target, body: { preconditions: { uid: 'u' } } };
  await writer.dryRun('prod', remove);
  await writer.write('prod', remove);
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u' } };
  expect(sent.map((s) => s.options?.body)).toEqual([{ ...options, dryRun: ['All'] }, options]);
  expect(sent[0]?.options?.query).toEqual({ dryRun: 'All' });
  expect(sent[1]?.options?.query).toEqual({});
});

test.each<[Json, boolean]>([
  [{ status: { allowed: true } }, true],
  [{ status: { allowed: false, reason: 'no rule' } }, false],
  [{ status: { allowed: true, denied: true } }, false],
  [{ status: { allowed: 'true' } }, false],
  [{}, false],
  [null, false],
])('an access review answered %j means %s', async (answer, allowed) => {
  const { sent, writer } = recorded({ ok: true, value: answer });
  const said = await writer.access('prod', {
    verb: 'patch',
    group: 'apps',
    resource: 'deployments',
    subresource: 'scale',
    namespace: 'shop',
    name: 'checkout',
  });
  expect(said).toMatchObject({ ok: true, value: { allowed } });
  expect(sent[0]).toMatchObject({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    options: {
      body: {
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb: 'patch',
            group: 'apps',
            resource: 'deployments',
            subresource: 'scale',
            namespace: 'shop',
            name: 'checkout',
          },
        },
      },
    },
  });
});

test('reads an object, and lists by labels', async () => {
  const { sent, writer } = recorded({ ok: true, value: { items: [{ a: 1 }] } });
  await writer.read('prod', target);
  expect(await writer.list('prod', target, { app: 'checkout', tier: 'web' })).toEqual({ ok: true, value: [{ a: 1 }] });
  expect(sent.map((s) => [s.method, s.path, s.options?.query])).toEqual([
    ['GET', '/apis/apps/v1/namespaces/shop/deployments/checkout', {}],
    ['GET', '/apis/apps/v1/namespaces/shop/deployments', { labelSelector: 'app=checkout,tier=web' }],
  ]);
});

test('a kind that is not known is neither read nor changed: nothing is sent', async () => {
  const { sent, writer } = recorded();
  const strange = { apiVersion: 'example.com/v1', kind: 'Widget', namespace: 'shop', name: 'w' };
  expect(await writer.read('prod', strange)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  expect(await writer.write('prod', { verb: 'delete', target: strange })).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  expect(sent).toEqual([]);
});

test('the failure of a context that cannot be used is passed on', async () => {
  const failure = { code: 'context-unknown', message: 'There is no context prod.' } as const;
  const writer = createWriter(() => Promise.resolve({ ok: false, failure }));
  expect(await Promise.all([writer.read('prod', target), writer.write('prod', patch), writer.dryRun('prod', patch)])).toEqual(
    Array(3).fill({ ok: false, failure }),
  );
});

test.each<[string, Json, object]>([
  [
    'whole',
    { status: { resourceRules: [{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'] }], incomplete: false } },
    { rules: [{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: [] }], complete: true },
  ],
  ['in part', { status: { resourceRules: [], incomplete: true } }, { rules: [], complete: false }],
  [
    'with an error',
    { status: { resourceRules: [], incomplete: false, evaluationError: 'a role is gone' } },
    { rules: [], complete: false },
  ],
  [
    'oddly',
    { status: { resourceRules: [null, { verbs: '*', apiGroups: [7] }] } },
    { rules: Array(2).fill({ verbs: [], apiGroups: [], resources: [], resourceNames: [] }), complete: false },
  ],
  ['with nothing', null, { rules: [], complete: false }],
])('what is allowed in a namespace, listed %s', async (_, answer, value) => {
  const { sent, writer } = recorded({ ok: true, value: answer });
  expect(await writer.rules('prod', 'shop')).toEqual({ ok: true, value });
  expect(sent[0]).toMatchObject({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    options: { body: { kind: 'SelfSubjectRulesReview', spec: { namespace: 'shop' } } },
  });
});
