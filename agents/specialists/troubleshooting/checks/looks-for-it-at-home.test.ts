import { expect, test } from 'vitest';
import { container, ended, examine, logs, waiting, workload } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { looksForItAtHome } from './looks-for-it-at-home.ts';

type Raw = Record<string, unknown>;
const crashed: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 2, lastState: ended(1) })],
};
const service = (name: string, port: number): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ port }] },
});
const app = (more: Raw = {}, beside: readonly Raw[] = []) =>
  workload({ name: 'w', spec: { containers: [{ name: 'app', image: 'a', ...more }, ...beside] }, status: crashed });
const look = (objects: readonly Raw[], line: string) => examine([looksForItAtHome], [correctValue], objects, () => logs('starting', line));

test.each([
  ['Error: connect ECONNREFUSED 127.0.0.1:6379'],
  ['redis: dial tcp [::1]:6379: connect: connection refused'],
  ['Could not connect to Redis at localhost:6379: Connection refused'],
  ['connection to server at "localhost" (127.0.0.1), port 6379 failed: Connection refused'],
])('a program that looks at home for what is a Service: %s', (line) => {
  const report = look([...app({ env: [{ name: 'STORE', value: 'x' }] }), service('cache', 6379), service('web', 80)], line);
  expect(told(report)).toEqual([
    'SVC-017 Deployment/shop/w spec.template.spec.containers[0].env affects w-r1-x: container app looks at its own address for port 6379, where nothing of its pod listens; Service cache has that port: tell the program so (its variables are STORE: see whether it reads one of another name)',
  ]);
  expect(advised(report)['SVC-017 Deployment/shop/w']).toContain('the address cache:6379');
});

test('silent where a sidecar opens the port, no Service has it, another host refused, or nothing was refused', () => {
  const line = 'Error: connect ECONNREFUSED 127.0.0.1:6379';
  expect(look([...app({}, [{ name: 'redis', ports: [{ containerPort: 6379 }] }]), service('cache', 6379)], line).findings).toEqual([]);
  expect(look([...app(), service('web', 80)], line).findings).toEqual([]);
  expect(look([...app(), service('cache', 6379)], 'connect ECONNREFUSED 10.0.0.9:6379').findings).toEqual([]);
  expect(look([...app(), service('cache', 6379)], 'fatal: listening on 127.0.0.1:6379, then ended').findings).toEqual([]);
});
