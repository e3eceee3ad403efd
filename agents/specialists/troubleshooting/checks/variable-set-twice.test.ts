import { expect, test } from 'vitest';
import { container, ended, examine, logs, running, workload } from '../../testing/cluster.ts';
import { advised, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { variableSetTwice } from './variable-set-twice.ts';

type Raw = Record<string, unknown>;
const well = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('web', running(), { ready: true })],
};
const look = (env: readonly Raw[], status: Raw = well, more: Raw = {}, kind: 'Deployment' | 'DaemonSet' = 'Deployment') =>
  examine(
    [variableSetTwice],
    [correctValue],
    workload({
      kind,
      name: 'web',
      spec: {
        containers: [
          { name: 'a', image: 'a' },
          { name: 'web', image: 'w', env, ...more },
        ],
      },
      status,
    }),
    () => logs(),
  );

test('two values of one variable: the later is in force, which matters more where the program fails', () => {
  const env = [
    { name: 'MODE', value: 'safe' },
    { name: 'OTHER', value: 'x' },
    { name: 'MODE', value: 'fast' },
  ];
  const report = look(env);
  expect(told(report)).toEqual([
    'CFG-010 Deployment/shop/web spec.template.spec.containers[1].env[2]: variable MODE of container web is set twice: "safe", then "fast", which wins; take one of them out',
  ]);
  expect(report.findings.map((f) => f.severity)).toEqual(['low']);
  expect(advised(report)['CFG-010 Deployment/shop/web']).toContain('MODE');
  const failing = { ...well, conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [container('web', ended(1))] };
  expect(look(env, failing, {}, 'DaemonSet').findings.map((f) => [f.subject.kind, f.severity])).toEqual([['DaemonSet', 'medium']]);
});

test('the same value twice, a value built on the one before, and env over envFrom are meant', () => {
  expect(told(look([{ name: 'A', value: '1' }, { name: 'A', value: '1' }]))).toEqual([]); // prettier-ignore
  expect(told(look([{ name: 'PATH', value: '/bin' }, { name: 'PATH', value: '$(PATH):/opt' }]))).toEqual([]); // prettier-ignore
  expect(told(look([{ name: 'A', value: '1' }], well, { envFrom: [{ configMapRef: { name: 'defaults' } }] }))).toEqual([]);
});

test('a secret value is never quoted: references are called references', () => {
  const report = look([
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'old' } } },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'new' } } },
  ]);
  expect(report.findings[0]?.message).toBe(
    'variable TOKEN of container web is set twice: a reference, then a reference, which wins; take one of them out',
  );
});
