import { expect, test } from 'vitest';
import type { Json, Outcome, Probe } from '../../contract/index.ts';
import type { Verdict } from '../cluster/rehearsal.ts';
import type { ReadOnlyTransport } from '../cluster/transport.ts';
import { PROBES } from './index.ts';
import { podOf } from './pod-refused.ts';

const ask = (kind: string): Extract<Probe, { type: 'podRefused' }> => ({
  type: 'podRefused',
  resource: { apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web' },
  revision: '1',
});
const template = { metadata: { labels: { app: 'web' }, annotations: { a: 'b' } }, spec: { containers: [{ name: 'app' }] } };

function run(kind: string, owner: Outcome<Json>) {
  const asked: unknown[] = [];
  const paths: string[] = [];
  const transport = {
    get: (path: string) => {
      paths.push(path);
      return Promise.resolve(owner);
    },
  } as unknown as ReadOnlyTransport;
  const rehearse = {
    pod: (namespace: string, pod: unknown): Promise<Outcome<Verdict>> => {
      asked.push([namespace, pod]);
      return Promise.resolve({ ok: true, value: { verdict: 'refused', message: 'no' } });
    },
  };
  const answer = PROBES.podRefused.run(ask(kind), { transport, rehearse, signal: new AbortController().signal });
  return { answer, asked, paths };
}

test('asks with a pod of the live template, in the namespace of its owner', async () => {
  const { answer, asked, paths } = run('Deployment', { ok: true, value: { spec: { template } } });
  expect(await answer).toEqual({ ok: true, value: { verdict: 'refused', message: 'no' } });
  expect(paths).toEqual(['/apis/apps/v1/namespaces/shop/deployments/web']);
  expect(asked).toEqual([
    [
      'shop',
      { metadata: { generateName: 'web-', namespace: 'shop', labels: { app: 'web' }, annotations: { a: 'b' } }, spec: template.spec },
    ],
  ]);
});

test('a CronJob has its template deeper, a StatefulSet adds the claims it makes', () => {
  expect(podOf({ spec: { jobTemplate: { spec: { template } } } }, 'shop', 'nightly')).toMatchObject({ spec: template.spec });
  const set = { spec: { template, volumeClaimTemplates: [{ metadata: { name: 'data' } }] } };
  expect(podOf(set, 'shop', 'db')?.['spec']).toEqual({
    ...template.spec,
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
  });
});

test('what makes no pods, or is gone, is not asked about', async () => {
  const service = run('Service', { ok: true, value: { spec: {} } });
  expect(await service.answer).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  const gone = run('Deployment', { ok: false, failure: { code: 'not-found', message: 'gone' } });
  expect(await gone.answer).toMatchObject({ ok: false, failure: { code: 'not-found' } });
  expect([...service.asked, ...gone.asked]).toEqual([]);
});

test('needs the right to create pods, by the words of RBAC', () => {
  expect(PROBES.podRefused.needs(ask('Deployment'))).toEqual([{ verb: 'create', group: '', resource: 'pods', namespace: 'shop' }]);
});
