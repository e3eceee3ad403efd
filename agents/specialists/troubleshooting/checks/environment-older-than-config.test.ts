import { expect, test } from 'vitest';
import type { Change, Fact, Probe } from '../../../contract/index.ts';
import type { Check } from '../../../core/agent.ts';
import { groupByCause } from '../../../core/cause-graph.ts';
import { NOW, container, examine, logs, running, secret, workload } from '../../testing/cluster.ts';
import { planned, told } from '../../testing/told.ts';
import { restartWithNewValues } from '../remedies/restart-with-new-values.ts';
import { credentialsRefused } from './credentials-refused.ts';
import { environmentOlderThanConfig } from './environment-older-than-config.ts';

const minutes = (before: number) => new Date(NOW - before * 60_000).toISOString();
const SPEC = {
  containers: [
    { name: 'a', image: 'a' },
    {
      name: 'web',
      image: 'w',
      readinessProbe: { httpGet: { path: '/', port: 80 } },
      env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
    },
  ],
};

function look(
  options: {
    changed?: number;
    key?: string;
    started?: number;
    unready?: number;
    isReady?: boolean;
    kind?: 'Deployment' | 'Pod';
  },
  checks: readonly Check[] = [environmentOlderThanConfig],
) {
  const { changed = 10, key = 'password', started = 60, unready = 9, isReady = false, kind = 'Deployment' } = options;
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: minutes(unready) }],
    containerStatuses: [container('web', running(minutes(started)), { ready: isReady, started: true })],
  };
  const resource = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  const change: Change = {
    id: 'c1',
    context: 'test',
    at: minutes(changed),
    seenAt: minutes(changed),
    resource,
    type: 'changed',
    by: { manager: 'rotator', operation: 'Update' },
    fields: [{ path: `data[${key}]`, from: null, to: null, words: `key ${key} changed` }],
    beforeKnown: true,
    summary: `rotator changed key ${key}`,
    count: 1,
  };
  const answer = (probe: Probe): Fact =>
    probe.type === 'changes'
      ? { ok: true, value: { changes: [change] } }
      : probe.type === 'podLogs'
        ? logs('pq: password authentication failed for user "web"')
        : { ok: false, failure: { code: 'not-found', message: 'nothing' } };
  const raws = [...workload({ kind, name: 'web', spec: SPEC, status }), secret('db', { password: 'x', user: 'y' })];
  return examine(checks, [restartWithNewValues], raws, answer);
}

test('a password that was rotated under a running program: it is restarted, and no value is told', () => {
  const report = look({});
  expect(told(report)).toEqual([
    'CFG-012 Deployment/shop/web spec.template.spec.containers[1].env[0].valueFrom.secretKeyRef.name affects db, web-r1-x: container web of Deployment web runs with what Secret db held before it was changed (key password): variable PASSWORD of container web is read at the start only, and since the change 1 pod is not ready; restart it',
  ]);
  expect(planned(report)['CFG-012 Deployment/shop/web']).toEqual([
    'Restart Deployment web, so that it reads the present values',
    'restart-rollout Deployment/shop/web',
  ]);
  expect(look({ kind: 'Pod' }).advice.map((a) => a.text)).toEqual([
    'Delete the pods of Pod web and let them be made again, with the present values.',
  ]);
});

test('started in the very second of the change: its variables were taken before', () => {
  expect(told(look({ changed: 10, started: 10 }))).toHaveLength(1);
});

test('silent: started since, unwell before, another key, and a program that is well', () => {
  expect(told(look({ started: 5 }))).toEqual([]);
  expect(told(look({ unready: 30 }))).toEqual([]);
  expect(told(look({ key: 'user' }))).toEqual([]);
  expect(look({ isReady: true }).asked).toEqual([]);
});

test('that the old password is refused comes of the change: one cause, at what is to be restarted', () => {
  const { findings, relations } = look({}, [environmentOlderThanConfig, credentialsRefused]);
  expect(groupByCause(findings, relations).map(([cause, folded]) => [cause.code, folded.map((f) => f.code)])).toEqual([
    ['CFG-012', ['CFG-014']],
  ]);
});
