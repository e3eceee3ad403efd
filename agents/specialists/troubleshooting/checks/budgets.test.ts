import { expect, test } from 'vitest';
import { container, examine, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { disruptionBudgetAllowsNone } from './disruption-budget-allows-none.ts';
import { disruptionBudgetHeldByUnhealthy } from './disruption-budget-held-by-unhealthy.ts';
import { disruptionBudgetMatchesNothing } from './disruption-budget-matches-nothing.ts';

type Raw = Record<string, unknown>;
const CHECKS = [disruptionBudgetAllowsNone, disruptionBudgetMatchesNothing, disruptionBudgetHeldByUnhealthy];
const READY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', { running: {} }, { ready: true })],
};
const UNREADY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', { running: {} })],
};
const web = (status: Raw, kind: 'Deployment' | 'StatefulSet' = 'Deployment') =>
  workload({ kind, name: 'web', spec: { containers: [{ name: 'app', image: 'a' }] }, status });
const budget = (spec: Raw, healthy: number, expected: number, allowed = 0, app = 'web'): Raw => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'keep', namespace: 'shop' },
  spec: { selector: { matchLabels: { app } }, ...spec },
  status: { currentHealthy: healthy, desiredHealthy: expected, expectedPods: expected, disruptionsAllowed: allowed },
});
const node = (spec: Raw, conditions: Raw[] = []): Raw => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  spec,
  status: { conditions },
});

test.each([
  [{ minAvailable: 3 }, 3, 'test /spec/minAvailable 3; replace /spec/minAvailable 2'],
  [{ maxUnavailable: 0 }, 3, 'test /spec/maxUnavailable 0; replace /spec/maxUnavailable 1'],
])('a budget %j of %i pods lets none go; one less would do', (spec, pods, patch) => {
  const report = examine(CHECKS, [correctValue], [...web(READY), budget(spec, pods, pods)]);
  expect(report.findings.map((f) => f.code)).toEqual(['PDB-001']);
  expect(Object.values(planned(report))[0]?.[1]).toContain(patch);
});

test('per cent, and a single pod, are for a person to decide', () => {
  for (const [spec, pods] of [
    [{ minAvailable: '100%' }, 4],
    [{ maxUnavailable: '0%' }, 4],
    [{ minAvailable: 1 }, 1],
  ] as const) {
    const report = examine(CHECKS, [correctValue], [...web(READY), budget(spec, pods, pods)]);
    expect(report.findings.map((f) => f.code)).toEqual(['PDB-001']);
    expect(report.drafts).toEqual([]);
    expect(Object.values(advised(report))[0]).toContain('at least two pods');
  }
});

test('a budget that lets one go, that waits for pods to get ready, or is of what is scaled to zero, is well', () => {
  for (const object of [budget({ minAvailable: 2 }, 3, 3, 1), budget({ minAvailable: 3 }, 2, 3), budget({ minAvailable: 1 }, 0, 0)])
    expect(examine(CHECKS, [], [...web(READY), object, node({})]).findings).toEqual([]);
});

test.each(['Deployment', 'StatefulSet'] as const)('a selector that matches no pod of a %s, with a near label', (kind) => {
  const report = examine(CHECKS, [correctValue], [...web(READY, kind), budget({}, 0, 0, 0, 'wbe')]);
  expect(told(report)).toEqual([
    'PDB-002 PodDisruptionBudget/shop/keep spec.selector.matchLabels.app: the selector app=wbe matches no pod in shop, so nothing is protected; was web meant?',
  ]);
  expect(Object.values(planned(report))[0]?.[1]).toContain('replace /spec/selector/matchLabels/app "web"');
});

test('pods that are not ready use up the budget: said only where a node is to be left', () => {
  const objects = [...web(UNREADY), budget({ minAvailable: 2 }, 1, 2)];
  const words = (n: Raw) => told(examine(CHECKS, [], [...objects, n]), 'symptom');
  expect(words(node({ unschedulable: true }))[0]).toContain('so none may be evicted, and node node-1 (cordoned) cannot be drained');
  expect(words(node({}, [{ type: 'DiskPressure', status: 'True' }]))[0]).toContain('node-1 (DiskPressure)');
  expect(words(node({}))).toEqual([]);
});
