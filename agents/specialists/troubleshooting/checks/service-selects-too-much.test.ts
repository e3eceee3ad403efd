import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnose } from '../../../core/diagnose.ts';
import { examine, logs, workload } from '../../testing/cluster.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctSelector } from '../remedies/correct-selector.ts';
import { serviceSelectsTooMuch } from './service-selects-too-much.ts';

const agent = { id: 'test', title: '', description: '', icon: '', checks: [serviceSelectsTooMuch], remedies: [correctSelector] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts: new Map(), now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('tells stray pods from the twins of a canary', () => {
  const report = read('service-overlaps');
  expect(told(report)).toEqual([
    'SVC-002 Service/jobs/api spec.selector: the selector also matches 1 pod of Job jobs/migrate, which does not listen on port 8080 (http), so part of the requests fail; only Deployment jobs/api does',
    'SVC-002 Service/shop/shop spec.selector: the selector also matches 1 pod of Deployment shop/worker, which does not listen on port 8080 (http), so part of the requests fail; only Deployment shop/web does, which component=web would tell apart',
    'SVC-002 Service/three/site spec.selector: the selector also matches 2 pods of Deployment three/metrics, which does not listen on port 8080 (http), so part of the requests fail; only Deployment three/canary and Deployment three/front do, which role=front would tell apart',
  ]);
  expect(planned(report)).toEqual({
    'SVC-002 Service/shop/shop': ['Select only pods with component=web', 'patch Service/shop/shop add /spec/selector/component "web"'],
    'SVC-002 Service/three/site': ['Select only pods with role=front', 'patch Service/three/site add /spec/selector/role "front"'],
  });
  expect(advised(report)).toEqual({
    'SVC-002 Service/jobs/api':
      'No label tells the pods that serve from the others: give the serving workload a label of its own in its template and add it to spec.selector.',
  });
});

test('another program that declares no port is told of as likely, unless it says that it listens there or is the same program', () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'api', namespace: 'shop' },
    spec: { selector: { part: 'api' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const of = (name: string, container: Record<string, unknown>) =>
    workload({
      name,
      spec: { containers: [{ name: 'app', ...container }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'app', image: '', imageID: '', ready: true, restartCount: 0, state: { running: {} }, lastState: {} }],
      },
    }).map((o) => {
      const spec = o['spec'] as { template?: object };
      const labels = { app: name, part: 'api' };
      return {
        ...o,
        metadata: { ...(o['metadata'] as object), labels },
        spec: spec.template === undefined ? spec : { ...spec, template: { ...spec.template, metadata: { labels } } },
      };
    });
  const web = of('web', { image: 'r.example/web:1', ports: [{ containerPort: 8080 }] });
  const look = (other: Record<string, unknown>, ...lines: string[]) =>
    examine([serviceSelectsTooMuch], [], [service, ...web, ...of('batch', other)], () => logs(...lines)).findings;
  expect(look({ image: 'r.example/batch:1' }).map((f) => [f.code, f.severity, f.confidence])).toEqual([['SVC-002', 'medium', 0.6]]);
  expect(look({ image: 'r.example/batch:1' }, 'listening on :8080')).toEqual([]);
  expect(look({ image: 'r.example/web:2' })).toEqual([]);
});
